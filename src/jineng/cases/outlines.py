"""Procedures in words: what a form asks for and what each stage of a flow wants, for people who read no YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jineng.engines.casework import FIELD_KINDS, NEEDS, STAGE_KINDS, Action, Condition, Field, Flow, Form, Term, worded
from jineng.engines.casework.diagram import to_text
from jineng.engines.casework.faults import Words
from jineng.engines.casework.flow_checks import flow_terms
from jineng.engines.casework.form import NUMBERS, TEXTS, FieldKind, TextFormat
from jineng.engines.casework.terms import Vocabulary

_MIB = 1024 * 1024
_FORMATS: Mapping[TextFormat, Words] = {
    TextFormat.MOBILE: Words("手机号码", "a mobile number"),
    TextFormat.EMAIL: Words("电子邮箱", "an e-mail address"),
    TextFormat.CREDIT_CODE: Words("统一社会信用代码", "a unified social credit code"),
    TextFormat.SCHOOL_CODE: Words("学校代码", "a school code"),
}


@dataclass(frozen=True)
class FieldOutline:
    """A field: its name, kind, whether it has to be filled in, its limits in words, and the columns of a table."""

    label: Words
    kind: Words
    required: Words
    limits: tuple[Words, ...]
    columns: tuple[FieldOutline, ...] = ()

    @property
    def always(self) -> bool:
        """Whether it has to be filled in whatever else is answered."""
        return self.required == _REQUIRED


@dataclass(frozen=True)
class SectionOutline:
    """A section with its fields; ``when`` says when it is shown, and is empty where it always is."""

    name: Words
    when: Words
    fields: tuple[FieldOutline, ...]


@dataclass(frozen=True)
class StageOutline:
    """A stage: its kind and heading, its deadline and actions, and what these ask for."""

    heading: Words
    kind: Words
    lines: tuple[Words, ...]
    opens: Words


_NOTHING = Words("", "")
_REQUIRED, _OPTIONAL = Words("必填", "required"), Words("选填", "optional")


def outline_form(form: Form, vocabulary: Vocabulary) -> tuple[SectionOutline, ...]:
    """What a form asks for, section by section."""
    terms = flow_terms(form, vocabulary)
    return tuple(
        SectionOutline(
            Words(section.name, section.name_en or section.name),
            _condition(section.visible_when, terms),
            tuple(_field(item, terms) for item in section.fields),
        )
        for section in form.sections
    )


def outline_rules(form: Form, vocabulary: Vocabulary) -> tuple[Words, ...]:
    """What answers have to be to each other."""
    terms = flow_terms(form, vocabulary)
    told = []
    for rule in form.rules:
        holds = worded(rule.holds, terms)
        told.append(Words(f"{holds.zh}（{rule.message}）", f"{holds.en} ({rule.message_en or rule.message})"))
    return tuple(told)


def outline_flow(flow: Flow, form: Form, vocabulary: Vocabulary) -> tuple[StageOutline, ...]:
    """The stages in the order of the drawing, with what each of their actions asks for."""
    terms = flow_terms(form, vocabulary)
    outlines = []
    for outline in to_text(flow, form, vocabulary):
        stage = flow.by_key[outline.key]
        # The drawing's lines are the deadline, where there is one, and then the actions in their order.
        timed, actions = outline.lines[: -len(stage.actions)], outline.lines[-len(stage.actions) :]
        asked = (_asked(line, action, terms) for line, action in zip(actions, stage.actions, strict=True))
        opened = _opened(form, stage.opens)
        outlines.append(StageOutline(outline.heading, STAGE_KINDS[stage.kind], (*timed, *asked), opened))
    return tuple(outlines)


def _asked(line: Words, action: Action, terms: Mapping[str, Term]) -> Words:
    """An action's line, with what it asks for."""
    zh, en = [line.zh], [line.en]
    if action.when:
        condition = worded(action.when, terms)
        zh.append(f"须{condition.zh}")
        en.append(f"only if {condition.en}")
    if action.needs:
        zh.append(f"需要{'、'.join(NEEDS[need].zh for need in action.needs)}")
        en.append(f"needs {', '.join(NEEDS[need].en for need in action.needs)}")
    return Words("；".join(zh), "; ".join(en))


def _opened(form: Form, opens: tuple[str, ...]) -> Words:
    sections = {section.key: Words(section.name, section.name_en or section.name) for section in form.sections}
    sections["all"] = Words("全部内容", "everything")
    named = [sections.get(key) or form.fields[key].words for key in opens]
    return Words("、".join(words.zh for words in named), ", ".join(words.en for words in named))


def _field(item: Field, terms: Mapping[str, Term]) -> FieldOutline:
    inner = {**terms, **{column.key: column.term for column in item.columns}}
    return FieldOutline(
        item.words,
        FIELD_KINDS[item.kind],
        _required(item, terms),
        tuple(_limits(item, terms)),
        tuple(_field(column, inner) for column in item.columns),
    )


def _required(item: Field, terms: Mapping[str, Term]) -> Words:
    if item.required_when:
        when = _condition(item.required_when, terms)
        return Words(f"当{when.zh}时必填", f"required when {when.en}")
    return _REQUIRED if item.required else _OPTIONAL


def _condition(condition: Condition | None, terms: Mapping[str, Term]) -> Words:
    return worded(condition, terms) if condition else _NOTHING


def _limits(item: Field, terms: Mapping[str, Term]) -> list[Words]:
    found = []
    if item.visible_when:
        when = _condition(item.visible_when, terms)
        found.append(Words(f"当{when.zh}时显示", f"shown when {when.en}"))
    if item.kind in NUMBERS:
        found += _between(item.min, item.max, item.shown_unit)
    elif item.kind in TEXTS:
        found.append(Words(f"最多 {item.longest} 字", f"at most {item.longest} characters"))
        if item.min_length:
            found.append(Words(f"至少 {item.min_length} 字", f"at least {item.min_length} characters"))
    elif item.kind is FieldKind.DATE:
        found += _between(item.earliest, item.latest, "")
    elif item.kind is FieldKind.FILE:
        kinds = "、".join(kind.upper() for kind in item.accepted)
        size = f"{item.most_bytes / _MIB:.3g} MB"
        found.append(Words(f"{kinds}，每个不超过 {size}", f"up to {size} each"))
    elif item.kind is FieldKind.CHOICE:
        labels = item.labels.values()
        found.append(Words("、".join(label.zh for label in labels), ", ".join(label.en for label in labels)))
    if item.format:
        found.append(_FORMATS[item.format])
    return found + _counted(item)


def _counted(item: Field) -> list[Words]:
    """How many answers or rows, which columns tell rows apart, and whether it is personal."""
    found = [Words("可填多个", "several answers")] if item.many else []
    what, what_en = ("行", "rows") if item.kind is FieldKind.TABLE else ("个", "of them")
    if item.min_items:
        found.append(Words(f"至少 {item.min_items} {what}", f"at least {item.min_items} {what_en}"))
    if item.max_items:
        found.append(Words(f"最多 {item.max_items} {what}", f"at most {item.max_items} {what_en}"))
    if item.unique:
        columns = [item.by_key[key].words for key in item.unique]
        zh, en = "、".join(words.zh for words in columns), ", ".join(words.en for words in columns)
        found.append(Words(f"各行的{zh}不得重复", f"rows differ in {en}"))
    if item.personal:
        found.append(Words("个人信息，遮盖显示", "personal, shown masked"))
    return found


def _between(least: object, most: object, unit: str) -> list[Words]:
    found = [Words(f"单位：{unit}", f"in {unit}")] if unit else []
    if least is not None and most is not None:
        return [*found, Words(f"{least} 至 {most}", f"{least} to {most}")]
    if least is not None:
        return [*found, Words(f"不小于 {least}", f"at least {least}")]
    return [*found, Words(f"不大于 {most}", f"at most {most}")] if most is not None else found
