"""Answers on pages: the fields that are open as a form, and what was filled in as sections of a record.

A form of Django's is made for the fields that are open at the case's stage. It checks nothing: whatever was typed goes
to the verb that keeps it, and what is lacking is told by the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from jineng.cases.books import hide
from jineng.engines.casework import Field, FieldKind, Form, Section, from_post, visible
from jineng.engines.casework.form import REFERENCES
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.references import look_up
from jineng.registry.models import Organisation
from jineng.registry.scope import visible as in_sight
from jineng.registry.web.records import Cell
from jineng.registry.web.records import Section as Shown

BLANK_ROWS = 3
"""Empty rows that a table offers beyond those filled in; saved, it offers as many again."""
YES_OR_NO = (("", "—"), ("yes", "是 Yes"), ("no", "否 No"))
HEADINGS = ("项目 Item", "内容 Answer")


@dataclass(frozen=True)
class Asked:
    """A field on the page: its control, or for a table a grid of controls under headings."""

    field: Field
    control: Any = None
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A section of the form on the page."""

    section: Section
    asked: tuple[Asked, ...]


class AnswerForm(forms.Form):
    """The open fields of a case's form, filled with what is kept."""

    def __init__(
        self, form: Form, opened: frozenset[str], answers: Mapping[str, Any], facts: Mapping[str, Any], data: Any = None
    ):
        super().__init__(data)
        self.asked_form, self.kept = form, answers
        shown = visible(form, answers, facts)
        self.open = [key for key in form.fields if key in opened and key in shown]
        for key in self.open:
            for name, control in _controls(form.fields[key], key, answers.get(key)):
                self.fields[name] = control

    def parts(self) -> list[Part]:
        """What the page shows, section by section."""
        found = []
        for section in self.asked_form.sections:
            asked = tuple(self._asked(field) for field in section.fields if field.key in self.open)
            if asked:
                found.append(Part(section, asked))
        return found

    def _asked(self, field: Field) -> Asked:
        if field.kind is FieldKind.FILE:
            kept = self.kept.get(field.key) or []
            given = tuple(each["name"] for each in (kept if isinstance(kept, list) else [kept]))
            return Asked(field, self[field.key], given=given)
        if field.kind is not FieldKind.TABLE:
            return Asked(field, self[field.key])
        count = _row_count(field, self.kept.get(field.key))
        rows = tuple(tuple(self[f"{field.key}-{row}-{column.key}"] for column in field.columns) for row in range(count))
        return Asked(field, None, tuple(_label(column) for column in field.columns), rows)


def raw_answers(
    form: Form,
    opened: frozenset[str],
    kept: Mapping[str, Any],
    data: QueryDict,
    facts: Mapping[str, Any],
    actor: Actor,
) -> dict[str, Any]:
    """What was typed into the open fields, as the engine takes it; references by their codes. Files come otherwise."""
    shown = visible(form, kept, facts)
    asked = {key for key, field in form.fields.items() if field.kind is not FieldKind.FILE} & opened & shown
    pairs = ((name, line) for name, values in data.lists() for text in values for line in _lines(form, name, text))
    known = {found[name]: found for found in _references(kept) for name in ("label", "code") if found.get(name)}
    return from_post(form, pairs, asked, lambda field, text: known.get(text) or _refer(actor, field, text))


def _references(kept: Any) -> Iterator[Mapping[str, str]]:
    """References among what is kept, in tables, too: they stay, whoever saves the form and whatever they see."""
    if isinstance(kept, Mapping) and {"id", "label"} <= kept.keys():
        yield kept
    elif isinstance(kept, Mapping | list):
        for part in kept.values() if isinstance(kept, Mapping) else kept:
            yield from _references(part)


def _lines(form: Form, name: str, text: str) -> list[str]:
    """A field of several references is one control with a code on each line."""
    field = form.fields.get(name)
    return text.splitlines() if field is not None and _is_list(field) else [text]


def _is_list(field: Field) -> bool:
    return field.many and field.kind in REFERENCES


def shown_answers(form: Form, answers: Mapping[str, Any], facts: Mapping[str, Any], *, masked: bool) -> list[Shown]:
    """What was filled in, as sections of the case's page; ``masked`` hides what is personal."""
    shown = visible(form, answers, facts)
    found = []
    for section in form.sections:
        rows: list[tuple[Cell, ...]] = []
        for field in section.fields:
            if field.key in shown:
                rows.append((Cell(field.label), Cell(_shown(field, answers.get(field.key), masked))))
        if rows:
            found.append(Shown(section.name, section.name_en, f"form-{section.key}", HEADINGS, rows))
    return found


def _label(field: Field) -> str:
    unit = f"（{field.shown_unit}）" if field.shown_unit else ""
    return f"{field.label}{unit} {field.label_en}".strip()


def _controls(field: Field, name: str, kept: Any) -> Iterator[tuple[str, forms.Field]]:
    if field.kind is FieldKind.TABLE:
        rows = kept if isinstance(kept, list) else []
        for row in range(_row_count(field, kept)):
            values = rows[row] if row < len(rows) and isinstance(rows[row], dict) else {}
            for column in field.columns:
                for cell, control in _controls(column, f"{name}-{row}-{column.key}", values.get(column.key)):
                    control.widget.attrs["aria-label"] = f"{field.label} {row + 1} {column.label}"
                    yield cell, control
        return
    plain: dict[str, Any] = {
        "label": _label(field),
        "help_text": field.help,
        "required": False,
        "initial": _typed(kept),
    }
    if field.kind is FieldKind.LONG_TEXT:
        yield name, forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), **plain)
    elif _is_list(field):
        plain["initial"] = "\n".join(_typed(each) for each in (kept if isinstance(kept, list) else []))
        plain["help_text"] = f"{field.help} 每行一个代码。 One code on each line.".strip()
        yield name, forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **plain)
    elif field.kind is FieldKind.FLAG:
        plain["initial"] = {True: "yes", False: "no"}.get(kept, "")
        yield name, forms.ChoiceField(choices=YES_OR_NO, **plain)
    elif field.kind is FieldKind.CHOICE:
        choices = [(choice.value, f"{choice.label} {choice.label_en}".strip()) for choice in field.choices]
        if field.many:
            plain["initial"] = kept or []
            yield name, forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **plain)
        else:
            yield name, forms.ChoiceField(choices=[("", "—"), *choices], **plain)
    elif field.kind is FieldKind.FILE:
        yield name, forms.FileField(**{**plain, "initial": None})
    else:
        attrs = {"type": "date"} if field.kind is FieldKind.DATE else {}
        if field.kind in (FieldKind.NUMBER, FieldKind.MONEY):
            attrs = {"inputmode": "decimal"}
        yield name, forms.CharField(widget=forms.TextInput(attrs=attrs), **plain)


def _typed(kept: Any) -> str:
    """What stands in a control for what is kept; a reference shows its code."""
    if isinstance(kept, dict):
        return str(kept.get("code") or kept.get("label") or "")
    return "" if kept is None else str(kept)


def _row_count(field: Field, kept: Any) -> int:
    filled = len(kept) if isinstance(kept, list) else 0
    return min(filled + BLANK_ROWS, field.max_items or filled + BLANK_ROWS)


def _refer(actor: Actor, field: Field, code: str) -> dict[str, str] | None:
    """What a code leads to in the actor's sight, as answers name it; ``None`` where it leads nowhere."""
    if field.kind is FieldKind.ORGANISATION:
        found = in_sight(actor, Organisation).filter(STANDS, code=code).first()
        return {"id": str(found.pk), "label": found.name, "code": code} if found else None
    try:
        reference = look_up(str(field.kind), actor, [code]).get(code)
    except LookupError:
        return None
    return {"id": str(reference.id), "label": reference.label, "code": code} if reference else None


def _shown(field: Field, kept: Any, masked: bool) -> str:
    if kept in (None, "", []):
        return "—"
    if field.kind is FieldKind.TABLE and isinstance(kept, list):
        rows = ("，".join(f"{column.label} {_shown(column, row.get(column.key), masked)}" for column in field.columns
                         if isinstance(row, dict)) for row in kept)  # fmt: skip
        return "；".join(rows)
    if isinstance(kept, list):
        return "、".join(_shown(field, each, masked) for each in kept)
    if isinstance(kept, dict):
        return str(kept.get("label") or kept.get("name") or "")
    if isinstance(kept, bool):
        return "是" if kept else "否"
    text = field.labels[kept].zh if kept in field.labels else str(kept)
    if masked and field.personal:
        return hide(text)
    return f"{text} {field.shown_unit}".strip()
