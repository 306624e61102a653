"""Flows as data: stages, who acts in them, where actions lead, by when, and what each audience is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field as Bound
from pydantic import TypeAdapter, with_config

from jineng.engines.casework.faults import Words
from jineng.engines.casework.loading import STRICT_KEYS, Code, Key, Label, Listed, Read, Some, dump

SYSTEM = "system"
"""The party that acts by itself when time is up; every flow has it."""
ENTERED = "entered"
STARTED = "started"


class StageKind(StrEnum):
    """What the room offers at a stage; the machine treats all alike."""

    APPLY = "apply"
    RECOMMEND = "recommend"
    """Candidates are ranked within a quota."""
    CHECK = "check"
    REVIEW = "review"
    """A panel scores by a rubric."""
    DECIDE = "decide"
    NOTICE = "notice"
    """Public notice, with objections."""
    BUILD = "build"
    """Milestones of something under construction."""
    REPORT = "report"
    STEP = "step"


class Role(StrEnum):
    """What a party is to the case."""

    APPLICANT = "applicant"
    RECOMMENDER = "recommender"
    """An authority above the applicant, at the party's level."""
    OFFICE = "office"
    """Who runs the call."""
    REVIEWERS = "reviewers"
    DECIDERS = "deciders"
    COUNTERPART = "counterpart"
    """The other side of an agreement."""


class Signing(StrEnum):
    """Who must act before an action is done: of the parties that may do it, in the order in which these are named."""

    ANY = "any"
    """Any one of them."""
    ALL = "all"
    """Every member of every party, in whatever order."""
    ORDERED = "ordered"
    """Every member, party by party, in the order in which each lists them."""


class Need(StrEnum):
    """What an action asks for besides the will to do it."""

    REASON = "reason"
    FORM = "form"
    """What is open at the stage must be filled in without faults."""
    FILE = "file"
    """A file that goes with the act, such as minutes or an order."""


class Outcome(StrEnum):
    """What became of a case, the same for all flows."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By the applicant."""
    LAPSED = "lapsed"
    """Because a time ran out."""
    REVOKED = "revoked"
    """What was granted is taken back."""
    COMPLETED = "completed"
    """Done, where there was nothing to grant."""


OUTCOMES: Mapping[Outcome, Words] = {
    Outcome.GRANTED: Words("通过", "granted"), Outcome.REFUSED: Words("未通过", "refused"),
    Outcome.WITHDRAWN: Words("已撤回", "withdrawn"), Outcome.LAPSED: Words("逾期失效", "lapsed"),
    Outcome.REVOKED: Words("已撤销", "revoked"), Outcome.COMPLETED: Words("已办结", "completed"),
}  # fmt: skip

Names = Annotated[tuple[str, ...], Listed]


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Party:
    """Who takes part: a role, at a level where the role has several."""

    key: Key
    name: Label
    role: Role
    name_en: str = ""
    level: str = ""

    @property
    def words(self) -> Words:
        """The name in both languages."""
        return Words(self.name, self.name_en or self.name)


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Deadline:
    """By when something has to be done at a stage.

    `days` (working days of the calendar where `working`) and `months` count from `after`: `entered` (the day the
    stage was entered), `started` (the day the case began), a date fact (`facts.closes_on`) or a date of the form. The
    last day belongs to the time given. Once it is over the system does `then`; `closes` keeps people from acting
    late. `remind` counts days before the last one, working days where `working`; `escalate` names the parties told
    that it is over.
    """

    days: Annotated[int, Bound(ge=0, le=1000)] = 0
    months: Annotated[int, Bound(ge=0, le=120)] = 0
    working: bool = False
    after: str = ENTERED
    then: str = ""
    closes: bool = False
    remind: Annotated[tuple[Annotated[int, Bound(ge=0, le=365)], ...], Listed] = ()
    escalate: Names = ()


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Route:
    """Where an action leads instead, if a condition holds when it is done."""

    when: Read
    to: str


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Action:
    """What may be done at a stage.

    `to` is a stage or an end; empty: the case stays. The first of `routes` that holds goes before it. `by` names
    parties (or `system`); empty: the stage's own. `when` must hold, else the action is refused, with `why` or with
    the condition in words. `fields` must be filled in. `sends_back` counts as a return; `resumes` leads to the stage
    that sent the case back, where one did. `within` is the deadline of the stage it leads to, instead of that stage's
    own. `effects` are names that the room acts upon, with an argument behind a colon. `shows_reason` lets the
    applicant read the reason (always so where the applicant has to act next).
    """

    key: Key
    name: Label
    name_en: str = ""
    to: str = ""
    routes: tuple[Route, ...] = ()
    by: Names = ()
    signing: Signing = Signing.ANY
    when: Read | None = None
    why: str = ""
    why_en: str = ""
    needs: Annotated[tuple[Need, ...], Listed] = ()
    fields: Names = ()
    sends_back: bool = False
    resumes: bool = False
    within: Deadline | None = None
    effects: Names = ()
    shows_reason: bool = False

    @property
    def words(self) -> Words:
        """The name in both languages."""
        return Words(self.name, self.name_en or self.name)


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Tells:
    """How a stage is called to those who should not read its name."""

    staff: str = ""
    staff_en: str = ""
    applicant: str = ""
    applicant_en: str = ""
    public: str = ""
    public_en: str = ""


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Stage:
    """Where a case stands, who has to act, and what may be done.

    `actor` is a party; it may edit what the stage `opens`: fields, sections, or `all`. `uses` names other data of
    the stage, such as its rubric or quota, in words that the room understands.
    """

    key: Key
    name: Label
    kind: StageKind
    actor: str
    actions: Annotated[tuple[Action, ...], Some]
    name_en: str = ""
    opens: Names = ()
    deadline: Deadline | None = None
    tells: Tells = field(default_factory=Tells)
    uses: dict[str, str] = field(default_factory=dict)
    help: str = ""
    help_en: str = ""

    @property
    def words(self) -> Words:
        """The name in both languages."""
        return Words(self.name, self.name_en or self.name)

    @property
    def by_key(self) -> dict[str, Action]:
        """The actions by their keys."""
        return {action.key: action for action in self.actions}

    def parties_of(self, action: Action) -> tuple[str, ...]:
        """Who may do the action: parties, or `system`."""
        return action.by or (self.actor,)


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class End:
    """How a case may end; `effects` follow those of the action that led here."""

    key: Key
    name: Label
    outcome: Outcome
    name_en: str = ""
    effects: Names = ()

    @property
    def words(self) -> Words:
        """The name in both languages."""
        return Words(self.name, self.name_en or self.name)


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Flow:
    """A flow; a case begins at the first stage. Made by `load_flow`, which vouches for it."""

    code: Code
    name: Label
    parties: Annotated[tuple[Party, ...], Some]
    stages: Annotated[tuple[Stage, ...], Some]
    ends: Annotated[tuple[End, ...], Some]
    name_en: str = ""

    @cached_property
    def by_key(self) -> dict[str, Stage]:
        """The stages by their keys, in order."""
        return {stage.key: stage for stage in self.stages}

    @cached_property
    def ends_by_key(self) -> dict[str, End]:
        """The ends by their keys, in order."""
        return {end.key: end for end in self.ends}

    @cached_property
    def parties_by_key(self) -> dict[str, Party]:
        """The parties by their keys, in order."""
        return {party.key: party for party in self.parties}

    @cached_property
    def senders(self) -> dict[str, tuple[str, ...]]:
        """For each stage the stages that may send a case back to it."""
        found: dict[str, list[str]] = {stage.key: [] for stage in self.stages}
        for stage in self.stages:
            for action in stage.actions:
                if action.sends_back:
                    for target in (action.to, *(route.to for route in action.routes)):
                        found.setdefault(target, []).append(stage.key)
        return {key: tuple(dict.fromkeys(stages)) for key, stages in found.items()}

    @cached_property
    def effects(self) -> frozenset[str]:
        """The effects that a case may have, without what stands behind the colon."""
        found = [effect for stage in self.stages for action in stage.actions for effect in action.effects]
        found += [effect for end in self.ends for effect in end.effects]
        return frozenset(effect.partition(":")[0] for effect in found)

    def targets(self, stage: Stage, action: Action) -> tuple[str, ...]:
        """All stages and ends that the action may lead to; empty where the case stays."""
        found = [route.to for route in action.routes]
        if action.to:
            found.append(action.to)
        if action.resumes:
            found.extend(self.senders[stage.key])
        return tuple(dict.fromkeys(found))

    def moves(self) -> Iterator[tuple[Stage, Action, str]]:
        """Every way from a stage to a stage or end."""
        for stage in self.stages:
            for action in stage.actions:
                for target in self.targets(stage, action):
                    yield stage, action, target

    def to_data(self) -> dict[str, Any]:
        """The flow as plain JSON data; `load_flow` reads it back."""
        return dump(FLOW, self)


FLOW: TypeAdapter[Flow] = TypeAdapter(Flow)
