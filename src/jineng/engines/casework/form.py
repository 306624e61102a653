"""Forms as data: what a case asks for. Which fields may be edited when is the flow's to say, not the form's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field as Bound
from pydantic import TypeAdapter, with_config

from jineng.engines.casework.faults import Words
from jineng.engines.casework.loading import STRICT_KEYS, Code, Key, Label, Listed, Number, Read, Some, dump
from jineng.engines.casework.terms import Term, Type


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    """One line."""
    LONG_TEXT = "long_text"
    """Paragraphs."""
    NUMBER = "number"
    """A number with `places` decimals (none unless said), in `unit`."""
    MONEY = "money"
    """An amount with two decimals, in `unit` (元 unless said)."""
    DATE = "date"
    FLAG = "flag"
    """Yes or no."""
    CHOICE = "choice"
    TABLE = "table"
    FILE = "file"
    ORGANISATION = "organisation"
    PERSON = "person"
    MAJOR = "major"
    AWARD = "award"
    """An earlier award."""


REFERENCES = frozenset({FieldKind.ORGANISATION, FieldKind.PERSON, FieldKind.MAJOR, FieldKind.AWARD})
NUMBERS = frozenset({FieldKind.NUMBER, FieldKind.MONEY})
TEXTS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})


class FileKind(StrEnum):
    """Kinds of files that can be told apart by their content."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    OFD = "ofd"
    JPG = "jpg"
    PNG = "png"
    MP4 = "mp4"
    ZIP = "zip"


class TextFormat(StrEnum):
    """Shapes that a text may have to have."""

    MOBILE = "mobile"
    EMAIL = "email"
    CREDIT_CODE = "credit_code"
    SCHOOL_CODE = "school_code"


DEFAULT_ACCEPT = (FileKind.PDF, FileKind.JPG, FileKind.PNG)
DEFAULT_BYTES = 20 * 1024 * 1024
DEFAULT_LENGTH: Mapping[FieldKind, int] = {FieldKind.TEXT: 200, FieldKind.LONG_TEXT: 5000}

_TYPES: Mapping[FieldKind, Type] = {
    FieldKind.TEXT: Type.TEXT, FieldKind.LONG_TEXT: Type.TEXT, FieldKind.NUMBER: Type.NUMBER,
    FieldKind.MONEY: Type.NUMBER, FieldKind.DATE: Type.DATE, FieldKind.FLAG: Type.FLAG, FieldKind.CHOICE: Type.TEXT,
    FieldKind.TABLE: Type.TABLE,
}  # fmt: skip

Keys = Annotated[tuple[str, ...], Listed]


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; `value` is kept, `label` is shown."""

    value: Annotated[str, Bound(min_length=1, max_length=60)]
    label: Label
    label_en: str = ""


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Field:
    """One thing asked for.

    `many` lets a choice, a reference or a file be given several times; `min_items` and `max_items` count these, and
    the rows of a table. `unique` names the columns that tell two rows of a table apart; `rules` hold within each
    row, their `field` being a column. `filter` narrows what a
    reference may point to, in words that the room understands. Bounds are inclusive. `personal` marks what is shown
    masked.
    """

    key: Key
    label: Label
    kind: FieldKind
    label_en: str = ""
    required: bool = False
    required_when: Read | None = None
    visible_when: Read | None = None
    help: str = ""
    help_en: str = ""
    unit: str = ""
    min: Number | None = None
    max: Number | None = None
    places: Annotated[int, Bound(ge=0, le=6)] = 0
    earliest: date | None = None
    latest: date | None = None
    min_length: Annotated[int, Bound(ge=0)] = 0
    max_length: Annotated[int, Bound(ge=1)] | None = None
    format: TextFormat | None = None
    choices: tuple[Choice, ...] = ()
    many: bool = False
    min_items: Annotated[int, Bound(ge=0)] = 0
    max_items: Annotated[int, Bound(ge=1)] | None = None
    columns: tuple[Field, ...] = ()
    unique: Keys = ()
    rules: tuple[Rule, ...] = ()
    accept: Annotated[tuple[FileKind, ...], Listed] = ()
    max_bytes: Annotated[int, Bound(ge=1)] | None = None
    filter: dict[str, Annotated[tuple[str, ...], Listed]] = field(default_factory=dict)
    personal: bool = False

    @property
    def words(self) -> Words:
        """The label in both languages."""
        return Words(self.label, self.label_en or self.label)

    @property
    def decimals(self) -> int:
        """How many decimals a number may have."""
        return 2 if self.kind is FieldKind.MONEY else self.places

    @property
    def shown_unit(self) -> str:
        """The unit that stands behind a number."""
        return self.unit or ("元" if self.kind is FieldKind.MONEY else "")

    @property
    def longest(self) -> int:
        """The most characters that a text may have."""
        return self.max_length or DEFAULT_LENGTH[self.kind]

    @property
    def accepted(self) -> tuple[FileKind, ...]:
        """The kinds of files taken."""
        return self.accept or DEFAULT_ACCEPT

    @property
    def most_bytes(self) -> int:
        """The most bytes that a file may have."""
        return self.max_bytes or DEFAULT_BYTES

    @property
    def labels(self) -> dict[str, Words]:
        """The labels of the choices by their values."""
        return {choice.value: Words(choice.label, choice.label_en or choice.label) for choice in self.choices}

    @property
    def by_key(self) -> dict[str, Field]:
        """The columns of a table."""
        return {column.key: column for column in self.columns}

    @property
    def term(self) -> Term:
        """What conditions may do with the answer."""
        chosen = self.kind is FieldKind.CHOICE and self.many
        kind = Type.LIST if chosen else _TYPES.get(self.kind, Type.THING)
        columns = {column.key: column.term for column in self.columns}
        return Term(kind, self.label, self.label_en, self.labels, columns)


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Section:
    """A part of a form under a heading of its own."""

    key: Key
    name: Label
    fields: Annotated[tuple[Field, ...], Some]
    name_en: str = ""
    help: str = ""
    help_en: str = ""
    visible_when: Read | None = None


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Rule:
    """What answers have to be to each other: `holds` must hold once every field that it names is filled in."""

    field: str
    holds: Read
    message: Label
    message_en: str = ""


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Form:
    """A form: sections of fields, and rules across fields. Made by `load_form`, which vouches for it."""

    code: Code
    name: Label
    sections: Annotated[tuple[Section, ...], Some]
    name_en: str = ""
    rules: tuple[Rule, ...] = ()

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields by their keys, in the order of the form."""
        return {item.key: item for section in self.sections for item in section.fields}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """What conditions may name of the answers."""
        return {key: item.term for key, item in self.fields.items()}

    def keys_of(self, name: str) -> tuple[str, ...]:
        """The fields that a flow opens by `name`: a field, a whole section, or `all`. Raises KeyError."""
        if name == ALL:
            return tuple(self.fields)
        for section in self.sections:
            if section.key == name:
                return tuple(item.key for item in section.fields)
        return (self.fields[name].key,)

    def to_data(self) -> dict[str, Any]:
        """The form as plain JSON data; `load_form` reads it back."""
        return dump(FORM, self)


ALL = "all"
"""Stands for every field of a form; no section or field may be called so."""

FORM: TypeAdapter[Form] = TypeAdapter(Form)
