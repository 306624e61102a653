"""What each audience reads of a case: staff all of it, applicants what concerns them, the public little."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jineng.engines.casework.faults import Words
from jineng.engines.casework.flow import OUTCOMES, SYSTEM, Action, Flow, Outcome, Role, StageKind
from jineng.engines.casework.machine import Deed, Entry, State

_UNDER_REVIEW = Words("评审中", "Under review")
_IN_PROGRESS = Words("办理中", "In progress")
_SYSTEM = Words("系统", "the system")
_INNER = frozenset({StageKind.REVIEW, StageKind.DECIDE})
"""Stages of which an applicant reads only that the case is under review, unless the flow says otherwise."""


class Audience(StrEnum):
    """Who reads."""

    STAFF = "staff"
    APPLICANT = "applicant"
    PUBLIC = "public"


@dataclass(frozen=True)
class Told:
    """One line of a case's history: how the case is called from then on and, where the audience may know it, what was
    done, by which party and member, and why."""

    at: datetime
    stage: Words
    deed: Words | None = None
    by: Words | None = None
    member: str = ""
    reason: str = ""


def told(flow: Flow, state: State, audience: Audience) -> Words:
    """How an audience reads where the case stands."""
    return called(flow, state.stage, state.outcome, audience)


def timeline(entries: Iterable[Entry], audience: Audience, *flows: Flow) -> tuple[Told, ...]:
    """A case's history as an audience may read it, oldest first. `flows` are the versions it went through.

    What changes nothing for the audience leaves no line, so that nobody can count the inner stages. Raises ValueError
    where the log tells of more migrations than there are flows.
    """
    versions = iter(flows)
    flow = next(versions)
    lines: list[Told] = []
    for entry in entries:
        if entry.deed is Deed.MIGRATE:
            following = next(versions, None)
            if following is None:
                raise ValueError("the log tells of a migration to a flow that was not given")
            lines += _line(flow, entry, audience, lines, following)
            flow = following
        else:
            lines += _line(flow, entry, audience, lines, flow)
    return tuple(lines)


def _line(flow: Flow, entry: Entry, audience: Audience, before: list[Told], now: Flow) -> list[Told]:
    stage = called(now, entry.to or entry.stage, entry.outcome, audience)
    deed = _deed(flow, entry)
    if audience is Audience.STAFF:
        by = _SYSTEM if entry.by.party == SYSTEM else _party(flow, entry.by.party)
        return [Told(entry.at, stage, deed, by, entry.by.member, entry.reason)]
    line = Told(entry.at, stage)
    if audience is Audience.APPLICANT and _concerns_applicant(flow, entry):
        line = Told(entry.at, stage, deed, reason=entry.reason)
    changed = not before or before[-1].stage != stage or line.deed is not None
    return [line] if changed else []


def called(flow: Flow, key: str, outcome: str, audience: Audience) -> Words:
    """How an audience reads a stage, or an end with its outcome, by its key; as :func:`told`, with no state at hand."""
    if outcome:
        end = flow.ends_by_key[key]
        return OUTCOMES[Outcome(outcome)] if audience is Audience.PUBLIC else end.words
    stage = flow.by_key[key]
    tells = stage.tells
    if audience is Audience.STAFF:
        return _or(tells.staff, tells.staff_en, stage.words)
    if audience is Audience.APPLICANT:
        return _or(tells.applicant, tells.applicant_en, _UNDER_REVIEW if stage.kind in _INNER else stage.words)
    return _or(tells.public, tells.public_en, stage.words if stage.kind is StageKind.NOTICE else _IN_PROGRESS)


def _or(zh: str, en: str, otherwise: Words) -> Words:
    return Words(zh, en or zh) if zh else otherwise


def _party(flow: Flow, key: str) -> Words:
    party = flow.parties_by_key.get(key)
    return party.words if party else Words(key, key)


def _deed(flow: Flow, entry: Entry) -> Words:
    if entry.deed is Deed.START:
        return Words("开始", "Start")
    if entry.deed is Deed.MIGRATE:
        return Words("改用新版流程", "Move to a new version of the flow")
    if entry.deed is Deed.EXTEND:
        return Words(f"期限延至 {entry.until}", f"More time, until {entry.until}")
    words = _action(flow, entry).words
    return Words(f"{words.zh}（待其他人签署）", f"{words.en} (others have yet to sign)") if entry.signature else words


def _action(flow: Flow, entry: Entry) -> Action:
    return flow.by_key[entry.stage].by_key[entry.action]


def _concerns_applicant(flow: Flow, entry: Entry) -> bool:
    """What the applicant did, what gives the applicant something to do or more time, and what is said to be shown."""
    if _is_applicant(flow, entry.by.party):
        return True
    stage = flow.by_key.get(entry.to or entry.stage)
    to_act = stage is not None and _is_applicant(flow, stage.actor)
    if entry.deed is Deed.ACT:
        return _action(flow, entry).shows_reason or (to_act and entry.to != "")
    return entry.deed is Deed.EXTEND and to_act


def _is_applicant(flow: Flow, key: str) -> bool:
    party = flow.parties_by_key.get(key)
    return party is not None and party.role is Role.APPLICANT
