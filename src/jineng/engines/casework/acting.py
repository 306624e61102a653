"""Doing things: what may be done, by whom and why not; doing it; what the system does when time is up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from jineng.engines.casework.answers import check, visible
from jineng.engines.casework.deadlines import Situation, deadline_of, due, values_at
from jineng.engines.casework.faults import AnswerFault, Refused, Words
from jineng.engines.casework.flow import SYSTEM, Action, Flow, Need, Signing, Stage
from jineng.engines.casework.flow_checks import flow_terms
from jineng.engines.casework.form import Form
from jineng.engines.casework.machine import THE_SYSTEM, Actor, Deed, Entry, State, Step, after, moment
from jineng.engines.casework.reading import fault, is_empty
from jineng.engines.casework.values import Values
from jineng.engines.casework.wording import unmet


@dataclass(frozen=True)
class Offer:
    """An action that somebody may do now (`open`), or might but for what `why` says."""

    action: Action
    by: Actor
    why: tuple[Words, ...] = ()

    @property
    def open(self) -> bool:
        """Whether nothing stands against it but what it needs to be given."""
        return not self.why


def start(flow: Flow, at: datetime, by: Actor) -> Step:
    """A new case, at the first stage."""
    entry = Entry(1, Deed.START, moment(at), by, to=flow.stages[0].key)
    return Step(after(None, entry), (), entry)


def opened(flow: Flow, form: Form, stage: str) -> frozenset[str]:
    """The fields that may be edited at a stage; at an end none."""
    found = flow.by_key.get(stage)
    return frozenset(key for name in found.opens for key in form.keys_of(name)) if found else frozenset()


def offers(flow: Flow, state: State, actors: Iterable[Actor], at: datetime, situation: Situation) -> tuple[Offer, ...]:
    """What these actors (all of one person) may do now, and what they may not yet and why, in the flow's order."""
    if state.ended:
        return ()
    stage = flow.by_key[state.stage]
    given = tuple(actors)
    values = values_at(flow, state, at, situation)
    found = []
    for action in stage.actions:
        parties = stage.parties_of(action)
        asked = [Offer(action, by, tuple(why for _, why in _bars(flow, state, action, by, at, values, situation)))
                 for by in given if by.party in parties]  # fmt: skip
        found += sorted(asked, key=lambda offer: not offer.open)[:1]
    return tuple(found)


def act(
    flow: Flow,
    state: State,
    action: str,
    *,
    by: Actor,
    at: datetime,
    situation: Situation,
    reason: str = "",
    files: tuple[str, ...] = (),
    seen: int | None = None,
) -> Step:
    """Do an action. `seen` is `steps` of the state that the actor decided upon, where it was shown to somebody.

    Raises Refused, which says why not; MissingFact where the room did not give what a condition asks for.
    """
    stage, found = _allowed(flow, state, action, by, seen)
    values = values_at(flow, state, at, situation)
    for code, words in _bars(flow, state, found, by, at, values, situation):
        raise Refused(code, words.zh, words.en)
    _refuse_lacking(flow, stage, found, reason, files, situation)
    signature = _is_signature(flow, state, found, by, situation)
    to = "" if signature else _target(flow, state, found, values)
    end = flow.ends_by_key.get(to)
    effects = () if signature else (*found.effects, *(end.effects if end else ()))
    entry = Entry(
        number=state.steps + 1,
        deed=Deed.ACT,
        at=moment(at),
        by=by,
        stage=state.stage,
        action=action,
        to=to,
        outcome=str(end.outcome) if end else "",
        sent_back=found.sends_back and not signature,
        signature=signature,
        reason=reason.strip(),
        files=files,
        effects=effects,
    )
    return Step(after(state, entry), effects, entry)


def expire(flow: Flow, state: State, at: datetime, situation: Situation) -> Step | None:
    """What the system does where the time given is over; None where it is not, or nothing is to be done.

    Raises Refused where the action is barred (such as a notice with objections still open): ask again later.
    """
    found = due(flow, state, situation)
    if found is None or not found.over(at.date()) or not found.then:
        return None
    return act(flow, state, found.then, by=THE_SYSTEM, at=at, situation=situation)


def extend(
    flow: Flow, state: State, until: date, *, by: Actor, at: datetime, reason: str, situation: Situation
) -> Step:
    """Give more time. Raises Refused where there is no deadline, no reason, or it would not be later."""
    found = due(flow, state, situation)
    if state.ended or deadline_of(flow, state) is None or found is None:
        raise Refused("no_deadline", "这里没有期限，不必延期。", "There is no deadline to extend.")
    if not reason.strip():
        raise Refused("reason", "请写明延期的理由。", "Say why more time is given.")
    if until <= found.on:
        raise Refused("not_later", f"新的期限要晚于 {found.on}。", f"The new day must be after {found.on}.")
    entry = Entry(state.steps + 1, Deed.EXTEND, moment(at), by, stage=state.stage, reason=reason.strip(), until=until)
    return Step(after(state, entry), (), entry)


def _allowed(flow: Flow, state: State, action: str, by: Actor, seen: int | None) -> tuple[Stage, Action]:
    if seen is not None and seen != state.steps:
        raise Refused(
            "stale",
            "办件已有新的进展，请刷新页面后再办。",
            "The case has moved on since; reload the page and look again.",
        )
    if state.ended:
        raise Refused("ended", "办件已经结束，不能再办。", "The case has ended.")
    stage = flow.by_key[state.stage]
    found = stage.by_key.get(action)
    if found is None:
        raise Refused(
            "not_here",
            f"环节“{stage.words.zh}”没有这项操作；办件可能已到别的环节，请刷新页面。",
            f"This cannot be done at “{stage.words.en}”; the case may have moved on, reload the page.",
        )
    if by.party not in stage.parties_of(found):
        names = [flow.parties_by_key[key].words for key in stage.parties_of(found) if key != SYSTEM]
        zh = "、".join(words.zh for words in names) or "系统"
        en = ", ".join(words.en for words in names) or "the system"
        raise Refused("not_yours", f"“{found.words.zh}”由{zh}办理。", f"“{found.words.en}” is for {en}.")
    return stage, found


def _bars(
    flow: Flow, state: State, action: Action, by: Actor, at: datetime, values: Values, situation: Situation
) -> Iterator[tuple[str, Words]]:
    """What stands against an action, by code and in words."""
    found = due(flow, state, situation)
    if by != THE_SYSTEM and found and found.closes and found.over(at.date()):
        yield "closed", Words(f"已于 {found.on} 截止。", f"This closed on {found.on}.")
    if action.when and not action.when.holds(values):
        if action.why:
            yield "condition", Words(action.why, action.why_en or action.why)
        else:
            for words in unmet(action.when, flow_terms(situation.form, situation.vocabulary), values):
                yield "condition", Words(f"须{words.zh}。", f"Needed: {words.en}.")
    if action.signing is not Signing.ANY and by != THE_SYSTEM:
        yield from _signing_bars(flow, state, action, by, situation)


def _signing_bars(
    flow: Flow, state: State, action: Action, by: Actor, situation: Situation
) -> Iterator[tuple[str, Words]]:
    waiting = _waiting(flow, state, action, situation)
    if (action.key, by.party, by.member) in state.signed:
        yield "signed", Words("您已签署，尚待其他人签署。", "You have signed; others have yet to.")
    elif by not in waiting:
        yield "not_member", Words("您不在签署人之列。", "You are not among those who sign.")
    elif action.signing is Signing.ORDERED and waiting[0] != by:
        yield "not_your_turn", Words("还没轮到您签署。", "It is not your turn to sign.")


def _waiting(flow: Flow, state: State, action: Action, situation: Situation) -> list[Actor]:
    """Who of all parties to an action has yet to do it, in order."""
    stage = flow.by_key[state.stage]
    return [
        Actor(party, member)
        for party in stage.parties_of(action)
        for member in situation.members.get(party, ())
        if (action.key, party, member) not in state.signed
    ]


def _refuse_lacking(
    flow: Flow, stage: Stage, action: Action, reason: str, files: tuple[str, ...], situation: Situation
) -> None:
    if Need.REASON in action.needs and not reason.strip():
        raise Refused("reason", f"“{action.words.zh}”要写明理由。", f"“{action.words.en}” needs a reason.")
    if Need.FILE in action.needs and not files:
        raise Refused("file", f"“{action.words.zh}”要附上材料。", f"“{action.words.en}” needs a file.")
    faults = tuple(_lacking(flow, stage, action, situation))
    if faults:
        zh, en = f"还有 {len(faults)} 处要补正。", f"To be put right: {len(faults)}."
        raise Refused("form", zh, en, faults)


def _lacking(flow: Flow, stage: Stage, action: Action, situation: Situation) -> Iterator[AnswerFault]:
    form = situation.form
    if form is None:
        return
    told = set()
    if Need.FORM in action.needs:
        only = opened(flow, form, stage.key)
        for wrong in check(form, situation.answers, situation.facts, only, situation.resolve):
            told.add(wrong.field)
            yield wrong
    shown = visible(form, situation.answers, situation.facts)
    for key in action.fields:
        if key in shown and key not in told and is_empty(situation.answers.get(key)):
            yield fault(form.fields[key], "required", f"是“{action.words.zh}”所必需的",
                        f"is needed to “{action.words.en}”")  # fmt: skip


def _is_signature(flow: Flow, state: State, action: Action, by: Actor, situation: Situation) -> bool:
    """Whether others have to do the same before it is done."""
    if action.signing is Signing.ANY or by == THE_SYSTEM:
        return False
    return _waiting(flow, state, action, situation) != [by]


def _target(flow: Flow, state: State, action: Action, values: Values) -> str:
    if action.resumes:
        for key in reversed(state.sent_from):
            if key in flow.by_key:
                return key
    for route in action.routes:
        if route.when.holds(values):
            return route.to
    return action.to
