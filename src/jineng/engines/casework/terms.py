"""What conditions may name: terms with a type and a label, and the vocabulary that a room gives its definitions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jineng.engines.casework.faults import Words


class Type(StrEnum):
    """What kind of value a term has."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    LIST = "list"
    """Several texts."""
    TABLE = "table"
    THING = "thing"
    """A file or a reference: it is there or not, and there may be several."""


TYPE_WORDS: Mapping[Type, Words] = {
    Type.TEXT: Words("文字", "text"),
    Type.NUMBER: Words("数", "a number"),
    Type.DATE: Words("日期", "a date"),
    Type.FLAG: Words("是/否", "yes or no"),
    Type.LIST: Words("多项选择", "a list"),
    Type.TABLE: Words("表格", "a table"),
    Type.THING: Words("文件或引用", "a file or reference"),
}


@dataclass(frozen=True)
class Term:
    """A name that a condition may use: its type, what people call it, the labels of its values where these are known,
    and of a table the columns."""

    type: Type
    label: str
    label_en: str = ""
    choices: Mapping[str, Words] = field(default_factory=dict)
    columns: Mapping[str, Term] = field(default_factory=dict)


CASE_TERMS: Mapping[str, Term] = {
    "case.today": Term(Type.DATE, "今天", "today"),
    "case.started_on": Term(Type.DATE, "办件开始日期", "the day the case began"),
    "case.entered_on": Term(Type.DATE, "进入本环节的日期", "the day this stage began"),
    "case.days": Term(Type.NUMBER, "在本环节的天数", "days in this stage"),
    "case.months": Term(Type.NUMBER, "在本环节的整月数", "whole months in this stage"),
    "case.returns": Term(Type.NUMBER, "被退回的次数", "times sent back"),
    "case.overdue": Term(Type.FLAG, "本环节已逾期", "this stage is overdue"),
}
"""What every flow knows of its own case."""


@dataclass(frozen=True)
class Vocabulary:
    """What a room offers to the definitions it loads.

    `facts` are named in conditions as `facts.<name>`. `effects` are the names before the colon of an effect, and
    `levels`, `filters` (by kind of reference) likewise what may be written there; None leaves these open.
    """

    facts: Mapping[str, Term] = field(default_factory=dict)
    effects: Collection[str] | None = None
    levels: Collection[str] | None = None
    filters: Mapping[str, Collection[str]] | None = None

    @property
    def terms(self) -> dict[str, Term]:
        """The facts by the names that conditions use."""
        return {f"facts.{name}": term for name, term in self.facts.items()}


NO_VOCABULARY = Vocabulary()
