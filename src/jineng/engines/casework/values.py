"""What the names of conditions stand for: answers, facts and what the case knows of itself, looked up when asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from jineng.engines.casework.condition import Value
from jineng.engines.casework.form import NUMBERS, Field, FieldKind, Form
from jineng.engines.casework.reading import Json, read_answer, rows_of

Facts = Mapping[str, Any]
NO_FACTS: Facts = MappingProxyType({})


def value_of(field: Field, kept: Json) -> Value:
    """An answer as conditions see it; None where it is empty or cannot be read."""
    read = read_answer(field, kept)
    if read.value is None:
        return None
    if field.kind is FieldKind.TABLE:
        return _rows(field, read.value)
    if read.faults:
        # What is out of bounds may still be compared; what cannot be read may not.
        readable = all(wrong.code in _BOUNDS for wrong in read.faults)
        if not readable:
            return None
    if field.kind in NUMBERS:
        return Decimal(read.value)
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(read.value)
    if isinstance(read.value, list):
        return tuple(one if isinstance(one, str) else one.get("id", one.get("file")) for one in read.value)
    if isinstance(read.value, dict):
        return str(read.value.get("id", read.value.get("file")))
    value: str | bool = read.value
    return value


_BOUNDS = frozenset({"out_of_range", "too_precise", "too_long", "too_short", "repeated", "file_too_big", "wrong_file"})


def fact_value(name: str, raw: Any) -> Value:
    """A fact as conditions see it. Raises TypeError for what is no value."""
    if raw is None or isinstance(raw, bool | str | Decimal | date):
        return raw
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, list | tuple):
        return tuple(raw)
    raise TypeError(
        f"facts.{name} is {type(raw).__name__}; facts are text, whole numbers, Decimal, date, bool or lists"
    )


class Values(Mapping[str, Value]):
    """Answers of visible fields, facts as `facts.<name>`, and more names laid over them."""

    def __init__(
        self,
        form: Form | None,
        answers: Mapping[str, Json],
        facts: Facts,
        shown: Collection[str],
        over: Mapping[str, Value | Callable[[], Value]] = NO_FACTS,
    ) -> None:
        self.answers = answers
        self._form = form
        self._facts = facts
        self._shown = shown
        self._over = over

    def under(self, over: Mapping[str, Value | Callable[[], Value]]) -> Values:
        """The same with other names laid over it; what is callable is called when it is asked for."""
        return Values(self._form, self.answers, self._facts, self._shown, over)

    def __getitem__(self, name: str) -> Value:
        if name in self._over:
            found = self._over[name]
            return found() if callable(found) else found
        if name.startswith("facts."):
            fact = name.removeprefix("facts.")
            return fact_value(fact, self._facts[fact])
        if self._form is None:
            raise KeyError(name)
        field = self._form.fields[name]
        return value_of(field, self.answers.get(name)) if name in self._shown else None

    def __iter__(self) -> Iterator[str]:
        yield from self._over
        yield from (f"facts.{name}" for name in self._facts)
        yield from self._form.fields if self._form else ()

    def __len__(self) -> int:
        return len(list(iter(self)))


def _rows(field: Field, value: Json) -> tuple[Any, ...] | None:
    rows = rows_of(value)
    if rows is None:
        return None
    return tuple({column.key: value_of(column, row.get(column.key)) for column in field.columns} for row in rows)
