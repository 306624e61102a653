"""What can be wrong, in words that say what to do: of a definition, of an answer, of an act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a definition.

    `path` leads to it in the data ("stages[3].actions[1].to", counted from 0; empty: the whole); `zh` and `en` name
    the place in the definition's own words, what is wrong there and what to do.
    """

    path: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class AnswerFault:
    """One thing wrong in what was filled in.

    `field` is the field's key; `row` (from 0) and `column` say which cell of a table, `row` alone which of several
    answers or files.
    """

    field: str
    code: str
    zh: str
    en: str
    row: int | None = None
    column: str | None = None


class DefinitionError(ValueError):
    """A definition that cannot be used, with everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{fault.path}: {fault.zh} / {fault.en}" for fault in self.faults))


class Refused(Exception):
    """An act that may not be done now. `code` is for programs, `zh` and `en` tell the person why."""

    def __init__(self, code: str, zh: str, en: str, faults: Iterable[AnswerFault] = ()) -> None:
        super().__init__(f"{zh} / {en}")
        self.code = code
        self.zh = zh
        self.en = en
        self.faults = tuple(faults)
