"""Reading a form, and everything that can be wrong with one beyond its shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields as attributes
from typing import Any

from jineng.engines.casework.condition import Condition
from jineng.engines.casework.faults import DefinitionError, Fault
from jineng.engines.casework.form import ALL, FORM, NUMBERS, REFERENCES, TEXTS, Field, FieldKind, Form, Rule
from jineng.engines.casework.loading import Path, fault_at, load
from jineng.engines.casework.terms import NO_VOCABULARY, Term, Vocabulary

_SEVERAL = REFERENCES | {FieldKind.CHOICE, FieldKind.FILE}
_BELONGS: Mapping[str, Collection[FieldKind]] = {
    "unit": NUMBERS, "min": NUMBERS, "max": NUMBERS, "places": {FieldKind.NUMBER},
    "earliest": {FieldKind.DATE}, "latest": {FieldKind.DATE},
    "min_length": TEXTS, "max_length": TEXTS, "format": {FieldKind.TEXT},
    "choices": {FieldKind.CHOICE}, "many": _SEVERAL,
    "min_items": _SEVERAL | {FieldKind.TABLE}, "max_items": _SEVERAL | {FieldKind.TABLE},
    "columns": {FieldKind.TABLE}, "unique": {FieldKind.TABLE}, "rules": {FieldKind.TABLE},
    "accept": {FieldKind.FILE}, "max_bytes": {FieldKind.FILE}, "filter": REFERENCES,
}  # fmt: skip
_DEFAULTS = {item.name: item.default for item in attributes(Field)} | {"filter": {}}
_RANGES = (("min", "max"), ("earliest", "latest"), ("min_length", "max_length"), ("min_items", "max_items"))


def load_form(data: Any, vocabulary: Vocabulary = NO_VOCABULARY) -> Form:
    """The form that plain data writes. Raises DefinitionError with all faults."""
    form = load(FORM, data)
    faults = list(_Checker(data, form, vocabulary).faults())
    if faults:
        raise DefinitionError(faults)
    return form


def duplicates(names: Sequence[str]) -> Iterator[int]:
    """Where in the list a name stands for a second time."""
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            yield at
        seen.add(name)


class _Checker:
    def __init__(self, data: Any, form: Form, vocabulary: Vocabulary) -> None:
        self._data = data
        self._form = form
        self._vocabulary = vocabulary

    def _fault(self, path: Path, code: str, zh: str, en: str) -> Fault:
        return fault_at(self._data, path, code, zh, en)

    def faults(self) -> Iterator[Fault]:
        yield from self._keys()
        earlier: dict[str, Term] = dict(self._vocabulary.terms)
        for at, section in enumerate(self._form.sections):
            path: Path = ("sections", at)
            yield from self._condition((*path, "visible_when"), section.visible_when, earlier)
            for number, item in enumerate(section.fields):
                yield from self._field((*path, "fields", number), item, earlier)
                earlier[item.key] = item.term
        yield from self._rules((), self._form.rules, self._form.fields, earlier)

    def _keys(self) -> Iterator[Fault]:
        sections = [section.key for section in self._form.sections]
        taken = {*sections, ALL}
        for at in duplicates(sections):
            yield self._duplicate(("sections", at, "key"), sections[at])
        for at, key in enumerate(sections):
            if key == ALL:
                yield self._duplicate(("sections", at, "key"), key)
        for at, section in enumerate(self._form.sections):
            for number, item in enumerate(section.fields):
                if item.key in taken:
                    yield self._duplicate(("sections", at, "fields", number, "key"), item.key)
                taken.add(item.key)

    def _duplicate(self, path: Path, name: str) -> Fault:
        return self._fault(path, "duplicate", f"{name} 已经用过，请换一个", f"{name} is taken already; choose another")

    def _field(self, path: Path, item: Field, earlier: Mapping[str, Term]) -> Iterator[Fault]:
        yield from self._attributes(path, item)
        yield from self._condition((*path, "visible_when"), item.visible_when, earlier)
        yield from self._condition((*path, "required_when"), item.required_when, earlier)
        if item.required and item.required_when:
            yield self._fault(
                (*path, "required_when"),
                "both",
                "已经必填，不必再写 required_when，请删去其一",
                "it is required already; remove one of required and required_when",
            )
        values = [choice.value for choice in item.choices]
        for at in duplicates(values):
            yield self._duplicate((*path, "choices", at, "value"), values[at])
        if item.kind is FieldKind.TABLE:
            yield from self._table(path, item, earlier)
        known = (self._vocabulary.filters or {}).get(item.kind, () if self._vocabulary.filters is not None else None)
        for name in item.filter:
            if known is not None and name not in known:
                listed = "、".join(known) or "无"
                yield self._fault(
                    (*path, "filter", name),
                    "unknown_filter",
                    f"不能按 {name} 筛选；可用：{listed}",
                    f"cannot be filtered by {name}; known: {', '.join(known) or 'none'}",
                )

    def _attributes(self, path: Path, item: Field) -> Iterator[Fault]:
        kind = item.kind
        for name, kinds in _BELONGS.items():
            if kind not in kinds and getattr(item, name) != _DEFAULTS[name]:
                yield self._fault(
                    (*path, name),
                    "not_for_kind",
                    f"{kind} 类型的填写项没有 {name}，请删去或改类型",
                    f"a field of kind {kind} has no {name}; remove it or change the kind",
                )
        for low, high in _RANGES:
            least, most = getattr(item, low), getattr(item, high)
            if least is not None and most is not None and least > most:
                yield self._fault((*path, low), "range", f"{low} 大于 {high}", f"{low} is larger than {high}")
        needed = {FieldKind.CHOICE: "choices", FieldKind.TABLE: "columns"}.get(kind, "")
        if needed and not getattr(item, needed):
            yield self._fault((*path, needed), "missing", f"缺少 {needed}，请补上", f"{needed} is missing; add it")
        one = kind is not FieldKind.TABLE and not item.many
        if one and kind in _SEVERAL and (item.min_items or item.max_items):
            yield self._fault(
                (*path, "many"),
                "not_many",
                "只能填一个却规定了个数，请写 many: true 或删去个数",
                "it takes one answer but counts them; write many: true or remove the counts",
            )

    def _table(self, path: Path, item: Field, earlier: Mapping[str, Term]) -> Iterator[Fault]:
        keys = [column.key for column in item.columns]
        for at in duplicates(keys):
            yield self._duplicate((*path, "columns", at, "key"), keys[at])
        for at, name in enumerate(item.unique):
            if name not in keys:
                yield self._fault(
                    (*path, "unique", at), "unknown", f"没有名为 {name} 的列", f"there is no column {name}"
                )
        scope = dict(earlier)
        for at, column in enumerate(item.columns):
            if column.kind is FieldKind.TABLE:
                yield self._fault(
                    (*path, "columns", at, "kind"),
                    "nested",
                    "表格里不能再有表格，请另设填写项",
                    "a table cannot stand in a table; make it a field of its own",
                )
                continue
            yield from self._field((*path, "columns", at), column, scope)
            scope[column.key] = column.term
        yield from self._rules(path, item.rules, keys, scope)

    def _rules(
        self, path: Path, rules: Sequence[Rule], fields: Collection[str], terms: Mapping[str, Term]
    ) -> Iterator[Fault]:
        for at, rule in enumerate(rules):
            if rule.field not in fields:
                yield self._fault(
                    (*path, "rules", at, "field"),
                    "unknown",
                    f"没有名为 {rule.field} 的填写项或列",
                    f"there is no field or column {rule.field}",
                )
            yield from self._condition((*path, "rules", at, "holds"), rule.holds, terms)

    def _condition(self, path: Path, condition: Condition | None, terms: Mapping[str, Term]) -> Iterator[Fault]:
        if condition is None:
            return
        late = [name for name in condition.names if name.partition(".")[0] in self._form.fields.keys() - terms.keys()]
        if late:
            yield self._fault(
                path,
                "later",
                f"条件只能引用排在前面的填写项，{'、'.join(late)} 在后面（或就是自己），请调整顺序",
                f"a condition may only name earlier fields; {', '.join(late)} comes later or is itself; reorder them",
            )
            return
        for words in condition.faults(terms):
            yield self._fault(path, "condition", f"条件“{condition.text}”：{words.zh}", f"condition: {words.en}")
