"""Reading a flow, and everything that can be wrong with one beyond its shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from jineng.engines.casework.condition import Condition
from jineng.engines.casework.faults import DefinitionError, Fault
from jineng.engines.casework.flow import ENTERED, FLOW, STARTED, SYSTEM, Action, Deadline, Flow, Role, Stage, StageKind
from jineng.engines.casework.flow_paths import dead_ends, machine_loops, unreachable
from jineng.engines.casework.form import ALL, Form
from jineng.engines.casework.form_checks import duplicates
from jineng.engines.casework.loading import Path, fault_at, load
from jineng.engines.casework.terms import CASE_TERMS, NO_VOCABULARY, Term, Type, Vocabulary

_ACTORS: Mapping[StageKind, frozenset[Role]] = {
    StageKind.APPLY: frozenset({Role.APPLICANT}),
    StageKind.RECOMMEND: frozenset({Role.RECOMMENDER}),
}
"""Kinds of stages at which the room needs somebody of that role."""
_NAMING = {"stage": ("环节或结局", "stage or end"), "party": ("参与方", "party"), "field": ("填写项", "field"),
           "action": ("操作", "action"), "date": ("日期", "date"), "level": ("层级", "level"),
           "effect": ("效果", "effect")}  # fmt: skip


def load_flow(data: Any, form: Form | None = None, vocabulary: Vocabulary = NO_VOCABULARY) -> Flow:
    """The flow that plain data writes, to be used with `form`. Raises DefinitionError with all faults."""
    flow = load(FLOW, data)
    faults = list(_Checker(data, flow, form, vocabulary).faults())
    if faults:
        raise DefinitionError(faults)
    return flow


def flow_terms(form: Form | None, vocabulary: Vocabulary) -> dict[str, Term]:
    """What the conditions of a flow may name: answers, facts, and what every case knows of itself."""
    return {**(form.terms if form else {}), **vocabulary.terms, **CASE_TERMS}


class _Checker:
    def __init__(self, data: Any, flow: Flow, form: Form | None, vocabulary: Vocabulary) -> None:
        self._data = data
        self._flow = flow
        self._form = form
        self._vocabulary = vocabulary
        self._terms = flow_terms(form, vocabulary)
        self._parties = {party.key for party in flow.parties}
        self._places = [*(stage.key for stage in flow.stages), *(end.key for end in flow.ends)]
        self._dates = [ENTERED, STARTED, *(name for name, term in self._terms.items() if term.type is Type.DATE)]

    def _fault(self, path: Path, code: str, zh: str, en: str) -> Fault:
        return fault_at(self._data, path, code, zh, en)

    def faults(self) -> Iterator[Fault]:
        yield from self._keys()
        yield from self._levels()
        sound = True
        for at, stage in enumerate(self._flow.stages):
            for fault in self._stage(("stages", at), stage):
                sound = sound and fault.code != "unknown_stage"
                yield fault
        for at, end in enumerate(self._flow.ends):
            yield from self._effects(("ends", at), end.effects)
        if sound:
            # Where an action leads nowhere, what it cannot reach would only be said again.
            yield from self._ways()

    def _keys(self) -> Iterator[Fault]:
        groups: list[tuple[Path, list[str]]] = [
            (("parties",), [party.key for party in self._flow.parties]),
            (("stages",), [stage.key for stage in self._flow.stages]),
        ]
        for at, stage in enumerate(self._flow.stages):
            groups.append((("stages", at, "actions"), [action.key for action in stage.actions]))
        for path, keys in groups:
            for at in duplicates(keys):
                yield self._taken((*path, at, "key"), keys[at])
        stages = len(self._flow.stages)
        for at in duplicates(self._places):
            if at >= stages:
                yield self._taken(("ends", at - stages, "key"), self._places[at])
        for at, party in enumerate(self._flow.parties):
            if party.key == SYSTEM:
                yield self._taken(("parties", at, "key"), SYSTEM)

    def _taken(self, path: Path, name: str) -> Fault:
        return self._fault(path, "duplicate", f"{name} 已经用过，请换一个", f"{name} is taken already; choose another")

    def _levels(self) -> Iterator[Fault]:
        known = self._vocabulary.levels
        for at, party in enumerate(self._flow.parties):
            path: Path = ("parties", at, "level")
            if party.level and known is not None:
                yield from self._named(path, "level", party.level, known)
            if party.role is Role.RECOMMENDER and not party.level:
                yield self._fault(
                    path,
                    "missing",
                    "推荐方要写明层级（level），如 city",
                    "a recommender needs a level such as city",
                )

    def _named(self, path: Path, what: str, name: str, known: Collection[str]) -> Iterator[Fault]:
        if name in known:
            return
        zh, en = _NAMING[what]
        near = get_close_matches(name, known, 1, 0.6)
        hint, hint_en = (f"；是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
        listed = "、".join(list(known)[:12])
        yield self._fault(
            path,
            f"unknown_{what}",
            f"没有名为 {name} 的{zh}{hint or f'；可用：{listed}'}",
            f"there is no {en} {name}{hint_en or '; there are: ' + listed.replace('、', ', ')}",
        )

    def _stage(self, path: Path, stage: Stage) -> Iterator[Fault]:
        yield from self._named((*path, "actor"), "party", stage.actor, self._parties)
        party = self._flow.parties_by_key.get(stage.actor)
        wanted = _ACTORS.get(stage.kind)
        if party and wanted and party.role not in wanted:
            (role,) = wanted
            yield self._fault(
                (*path, "actor"),
                "wrong_role",
                f"{stage.kind} 类环节要由角色 {role} 的参与方办理",
                f"a stage of kind {stage.kind} is for a party of role {role}",
            )
        for at, name in enumerate(stage.opens):
            yield from self._opened((*path, "opens", at), name)
        if stage.deadline:
            yield from self._deadline((*path, "deadline"), stage.deadline)
        then = stage.deadline.then if stage.deadline else ""
        if then:
            yield from self._then((*path, "deadline", "then"), then, stage)
        elif not self._people(stage):
            yield self._fault(
                (*path, "actions"),
                "nobody",
                "这里没有人能办，期满也没有操作；请让某方能办，或写期限的 then",
                "nobody can act here and no deadline does; let a party act or give the deadline a 'then'",
            )
        if stage.deadline is None and stage.kind is StageKind.NOTICE:
            yield self._fault(
                (*path, "deadline"),
                "missing",
                "公示环节要有期限，如 {days: 5, working: true, then: …}",
                "a notice needs a deadline such as {days: 5, working: true, then: …}",
            )
        for at, action in enumerate(stage.actions):
            yield from self._action((*path, "actions", at), stage, action)

    def _opened(self, path: Path, name: str) -> Iterator[Fault]:
        if self._form is None:
            yield self._fault(path, "no_form", f"没有表单，无从开放 {name}", f"there is no form to open {name} of")
            return
        sections = [section.key for section in self._form.sections]
        yield from self._named(path, "field", name, [ALL, *sections, *self._form.fields])

    def _within(self, path: Path, deadline: Deadline, targets: tuple[str, ...]) -> Iterator[Fault]:
        """A deadline that an action brings along has to fit each stage to which it leads."""
        yield from self._deadline(path, deadline)
        for target in targets:
            stage = self._flow.by_key.get(target)
            if stage and (deadline.then or not self._people(stage)):
                yield from self._then((*path, "then"), deadline.then, stage)

    def _people(self, stage: Stage) -> bool:
        """Whether somebody other than the system may do something there."""
        return any(party != SYSTEM for action in stage.actions for party in stage.parties_of(action))

    def _deadline(self, path: Path, deadline: Deadline) -> Iterator[Fault]:
        yield from self._named((*path, "after"), "date", deadline.after, self._dates)
        if deadline.after in (ENTERED, STARTED) and not deadline.days and not deadline.months:
            yield self._fault(
                (*path, "days"), "missing", "期限是零天，请写 days 或 months", "no time is given; write days or months"
            )
        if not (deadline.then or deadline.closes or deadline.remind or deadline.escalate):
            yield self._fault(
                path,
                "leads_nowhere",
                "期限到了什么也不发生；请写 then、closes、remind 或 escalate",
                "nothing comes of this deadline; write then, closes, remind or escalate",
            )
        for at, name in enumerate(deadline.escalate):
            yield from self._named((*path, "escalate", at), "party", name, self._parties)

    def _then(self, path: Path, name: str, stage: Stage) -> Iterator[Fault]:
        yield from self._named(path, "action", name, stage.by_key)
        action = stage.by_key.get(name)
        if action is None:
            return
        if SYSTEM not in stage.parties_of(action):
            yield self._fault(
                path,
                "not_by_system",
                f"期满由系统执行 {name}，但它不由系统办理；请在该操作的 by 中加上 system",
                f"the system is to do {name} but may not; add system to its 'by'",
            )
        if not self._flow.targets(stage, action):
            yield self._fault(
                path,
                "stays",
                f"期满后执行 {name} 仍停在本环节，会反复执行；请给它去向",
                f"{name} stays at this stage and would be done again and again; give it a target",
            )
        if action.needs:
            yield self._fault(
                path,
                "system_needs",
                f"系统给不出 {name} 所要的理由、材料或填写；请删去 needs 或另设操作",
                f"the system cannot give what {name} needs; remove needs or make another action",
            )

    def _action(self, path: Path, stage: Stage, action: Action) -> Iterator[Fault]:
        for at, name in enumerate(action.by):
            yield from self._named((*path, "by", at), "party", name, [SYSTEM, *self._parties])
        if action.to:
            yield from self._named((*path, "to"), "stage", action.to, self._places)
        elif action.routes or action.sends_back or action.resumes or action.within:
            yield self._fault(
                (*path, "to"),
                "missing",
                "有去向条件、退回、续办或限期的操作要写明去向 to",
                "an action with routes, sends_back, resumes or within needs a target 'to'",
            )
        for at, route in enumerate(action.routes):
            yield from self._named((*path, "routes", at, "to"), "stage", route.to, self._places)
            yield from self._condition((*path, "routes", at, "when"), route.when)
        yield from self._condition((*path, "when"), action.when)
        for at, name in enumerate(action.fields):
            yield from self._named((*path, "fields", at), "field", name, self._form.fields if self._form else ())
        yield from self._effects(path, action.effects)
        if action.sends_back:
            yield from self._sent_back(path, action)
        if action.within:
            yield from self._within((*path, "within"), action.within, self._flow.targets(stage, action))

    def _sent_back(self, path: Path, action: Action) -> Iterator[Fault]:
        for target in (action.to, *(route.to for route in action.routes)):
            if target in self._flow.ends_by_key:
                yield self._fault(
                    (*path, "sends_back"),
                    "back_to_end",
                    f"退回要回到环节，{target} 是结局",
                    f"a case is sent back to a stage; {target} is an end",
                )

    def _effects(self, path: Path, effects: tuple[str, ...]) -> Iterator[Fault]:
        known = self._vocabulary.effects
        for at, effect in enumerate(effects):
            if known is not None:
                yield from self._named((*path, "effects", at), "effect", effect.partition(":")[0], known)

    def _condition(self, path: Path, condition: Condition | None) -> Iterator[Fault]:
        for words in condition.faults(self._terms) if condition else ():
            assert condition
            yield self._fault(path, "condition", f"条件“{condition.text}”：{words.zh}", f"condition: {words.en}")

    def _ways(self) -> Iterator[Fault]:
        at = {stage.key: number for number, stage in enumerate(self._flow.stages)}
        for key in unreachable(self._flow):
            path: Path = ("stages", at[key]) if key in at else ("ends", list(self._flow.ends_by_key).index(key))
            yield self._fault(
                path,
                "unreachable",
                "没有操作通到这里，请删去，或让某个操作通到这里",
                "no action leads here; remove it or let an action lead here",
            )
        for key in dead_ends(self._flow):
            yield self._fault(
                ("stages", at[key]),
                "no_way_out",
                "从这里到不了任何结局，请加一个通向结局的操作",
                "no end can be reached from here; add an action that leads to one",
            )
        for loop in machine_loops(self._flow):
            ring = " → ".join((*loop, loop[0]))
            yield self._fault(
                ("stages", at[loop[0]], "deadline"),
                "loops_by_itself",
                f"期满后系统会自己兜圈子：{ring}；请让其中一步由人办理",
                f"the system would go round by itself: {ring}; let a person do one of these steps",
            )
