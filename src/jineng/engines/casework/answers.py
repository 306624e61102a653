"""All answers of a form: drafts that lose nothing, the check before they are handed in, what may still be changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jineng.engines.casework.condition import Condition
from jineng.engines.casework.faults import AnswerFault
from jineng.engines.casework.form import REFERENCES, Field, FieldKind, Form, Rule
from jineng.engines.casework.reading import Json, Reading, fault, in_cell, is_empty, plain, read_answer, rows_of
from jineng.engines.casework.values import NO_FACTS, Facts, Values, value_of

Answers = Mapping[str, Json]
Resolve = Callable[[Field, str], str | None]
"""The label of what a field refers to by an id, or None if there is none that its filter lets through."""


@dataclass(frozen=True)
class Draft:
    """What was typed so far, tidied where it could be read, with what is wrong with it so far."""

    values: dict[str, Json]
    faults: tuple[AnswerFault, ...]


def draft(form: Form, raw: Mapping[str, Any]) -> Draft:
    """Keep whatever was typed. What the form does not know is kept, too, so that no other version loses it."""
    values: dict[str, Json] = {}
    faults: list[AnswerFault] = []
    for key, given in raw.items():
        if key in form.fields:
            read = read_answer(form.fields[key], given)
            faults += read.faults
            kept = read.value
        else:
            kept = plain(given)
        if not is_empty(kept):
            values[key] = kept
    return Draft(values, tuple(faults))


def visible(form: Form, values: Answers, facts: Facts = NO_FACTS) -> frozenset[str]:
    """The fields that are asked, for these answers. What is hidden counts as empty for what comes after it."""
    shown: set[str] = set()
    scope = Values(form, values, facts, shown)
    for section in form.sections:
        if _holds(section.visible_when, scope):
            for item in section.fields:
                # Conditions name earlier fields only, so what they ask about is decided by now.
                if _holds(item.visible_when, scope):
                    shown.add(item.key)
    return frozenset(shown)


def check(
    form: Form,
    values: Answers,
    facts: Facts = NO_FACTS,
    only: Collection[str] | None = None,
    resolve: Resolve | None = None,
) -> tuple[AnswerFault, ...]:
    """All that stands against handing the answers in; of the fields in `only`, where it is given.

    `resolve` looks references up; without it they are taken as they are.
    """
    return tuple(_Check(form, values, facts, only, resolve).faults())


def submitted(form: Form, values: Answers, facts: Facts = NO_FACTS) -> dict[str, Json]:
    """The answers that are handed in: those of visible fields and columns, in the order of the form."""
    shown = visible(form, values, facts)
    scope = Values(form, values, facts, shown)
    found: dict[str, Json] = {}
    for key, item in form.fields.items():
        value = read_answer(item, values.get(key)).value if key in shown else None
        rows = rows_of(value) if item.kind is FieldKind.TABLE else None
        if rows is not None:
            value = [row for row in (_submitted_row(item, row, scope) for row in rows) if row]
        if not is_empty(value):
            found[key] = value
    return found


def frozen_changes(form: Form, before: Answers, after: Answers, opened: Collection[str]) -> tuple[AnswerFault, ...]:
    """Answers that were changed though their fields are not open."""
    return tuple(
        fault(item, "frozen", "在本环节不能修改，请恢复原值", "cannot be changed at this stage; put it back")
        for key, item in form.fields.items()
        if key not in opened and read_answer(item, before.get(key)).value != read_answer(item, after.get(key)).value
    )


def _holds(condition: Condition | None, scope: Mapping[str, Any]) -> bool:
    return condition is None or condition.holds(scope)


def _row(table: Field, row: Mapping[str, Json], scope: Values) -> tuple[list[Field], Values]:
    """The visible columns of a row, and what conditions within it may name."""
    cells: dict[str, Any] = dict.fromkeys((column.key for column in table.columns), None)
    inner = scope.under(cells)
    shown = []
    for column in table.columns:
        if _holds(column.visible_when, inner):
            cells[column.key] = value_of(column, row.get(column.key))
            shown.append(column)
    return shown, inner


def _submitted_row(table: Field, row: Mapping[str, Json], scope: Values) -> dict[str, Json]:
    return {column.key: row[column.key] for column in _row(table, row, scope)[0] if column.key in row}


class _Check:
    def __init__(
        self, form: Form, values: Answers, facts: Facts, only: Collection[str] | None, resolve: Resolve | None
    ) -> None:
        self._form = form
        self._resolve = resolve
        shown = visible(form, values, facts)
        self._scope = Values(form, values, facts, shown)
        self._read = {key: read_answer(item, values.get(key)) for key, item in form.fields.items() if key in shown}
        self._asked = [form.fields[key] for key in self._read if only is None or key in only]

    def faults(self) -> Iterator[AnswerFault]:
        for item in self._asked:
            read = self._read[item.key]
            if item.kind is FieldKind.TABLE and read.value is not None:
                yield from self._table(item, read)
            else:
                yield from read.faults
            yield from self._presence(item, read.value, self._scope)
            if not read.faults:
                yield from self._references(item, read.value)
        yield from self._rules()

    def _presence(self, item: Field, value: Json, scope: Mapping[str, Any]) -> Iterator[AnswerFault]:
        if value is None:
            needed = item.required or (item.required_when is not None and item.required_when.holds(scope))
            if needed:
                yield fault(item, "required", "是必填项，请填写", "is required; fill it in")
            return
        if not isinstance(value, list):
            return
        unit, unit_en = ("行", "rows") if item.kind is FieldKind.TABLE else ("个", "items")
        if len(value) < item.min_items:
            zh = f"至少要有 {item.min_items} {unit}，现有 {len(value)} {unit}"
            yield fault(item, "too_few", zh, f"needs at least {item.min_items} {unit_en}, there are {len(value)}")
        if item.max_items is not None and len(value) > item.max_items:
            zh = f"最多 {item.max_items} {unit}，现有 {len(value)} {unit}"
            yield fault(item, "too_many", zh, f"takes at most {item.max_items} {unit_en}, there are {len(value)}")

    def _table(self, item: Field, read: Reading) -> Iterator[AnswerFault]:
        """Faults of a table but for those in hidden cells, which are not handed in."""
        rows = rows_of(read.value)
        if rows is None:
            yield from read.faults
            return
        broken: dict[tuple[int | None, str], list[AnswerFault]] = {}
        for wrong in read.faults:
            if wrong.column is None:
                yield wrong
            else:
                broken.setdefault((wrong.row, wrong.column), []).append(wrong)
        for at, row in enumerate(rows):
            columns, inner = _row(item, row, self._scope)
            sound = set()
            for column in columns:
                if (at, column.key) in broken:
                    yield from broken[at, column.key]
                    continue
                cell = row.get(column.key)
                sound |= {column.key} if cell is not None else set()
                for wrong in (*self._presence(column, cell, inner), *self._references(column, cell)):
                    yield in_cell(item, column, at, wrong)
            for rule in self._broken_rules(item.rules, sound, item.by_key, inner):
                column = item.by_key[rule.field]
                zh, en = column.words
                message_en = f"“{en}”: {rule.message_en or rule.message}"
                yield in_cell(item, column, at, AnswerFault(rule.field, "rule", f"“{zh}”：{rule.message}", message_en))

    def _references(self, item: Field, value: Json) -> Iterator[AnswerFault]:
        if item.kind not in REFERENCES or self._resolve is None or value is None:
            return
        for at, one in enumerate(value if isinstance(value, list) else [value]):
            if self._resolve(item, one["id"]) is None:
                zh = f"“{one['label'] or one['id']}”不在可选范围内，请重新选择"
                wrong = fault(item, "unknown_reference", zh, f"“{one['label'] or one['id']}” is not among the choices")
                yield replace(wrong, row=at) if item.many else wrong

    def _rules(self) -> Iterator[AnswerFault]:
        asked = {item.key for item in self._asked}
        for rule in self._broken_rules(self._form.rules, asked, {}, self._scope):
            yield AnswerFault(rule.field, "rule", rule.message, rule.message_en or rule.message)

    def _broken_rules(
        self, rules: Collection[Rule], asked: Collection[str], columns: Mapping[str, Field], scope: Values
    ) -> Iterator[Rule]:
        """Rules that do not hold, of those whose field is asked and all of whose names are filled in without faults;
        `asked` are the sound cells of a row where `columns` are given."""
        for rule in rules:
            named = {name.partition(".")[0] for name in rule.holds.names}
            ready = all(
                name in asked if name in columns else name not in self._form.fields or self._ready(name)
                for name in named
            )
            if rule.field in asked and ready and not rule.holds.holds(scope):
                yield rule

    def _ready(self, key: str) -> bool:
        read = self._read.get(key)
        return read is not None and read.value is not None and not read.faults
