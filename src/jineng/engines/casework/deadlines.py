"""By when something has to be done, who is reminded before and told after."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from jineng.engines.casework.answers import Answers, Resolve, visible
from jineng.engines.casework.condition import MissingFact, Value
from jineng.engines.casework.flow import ENTERED, STARTED, Deadline, Flow
from jineng.engines.casework.form import Form
from jineng.engines.casework.machine import Calendar, State
from jineng.engines.casework.terms import NO_VOCABULARY, Vocabulary
from jineng.engines.casework.values import Facts, Values


@dataclass(frozen=True)
class Situation:
    """What the room knows of a case at this moment.

    `facts` may be a mapping that looks each up when it is asked for. `members` names, for parties of whom several have
    to sign, all of them in their order.
    """

    calendar: Calendar
    form: Form | None = None
    answers: Answers = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vocabulary: Vocabulary = NO_VOCABULARY
    resolve: Resolve | None = None


@dataclass(frozen=True)
class Due:
    """A deadline that holds now: its last day, what the system does after it, and on which days to remind of it."""

    on: date
    then: str
    closes: bool
    remind_on: tuple[date, ...]
    escalate: tuple[str, ...]

    def over(self, day: date) -> bool:
        """Whether the time given is over on that day."""
        return day > self.on


class NoticeKind(StrEnum):
    """Why somebody is told of a deadline."""

    REMINDER = "reminder"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Notice:
    """Whom to tell of a deadline, and since which day."""

    kind: NoticeKind
    party: str
    on: date
    due_on: date


def deadline_of(flow: Flow, state: State) -> Deadline | None:
    """The deadline that holds: that of the action which led here, or else that of the stage."""
    if state.ended:
        return None
    stage = flow.by_key[state.stage]
    if state.came_by:
        source, name = state.came_by
        action = flow.by_key[source].by_key.get(name) if source in flow.by_key else None
        if action and action.within:
            return action.within
    return stage.deadline


def due(flow: Flow, state: State, situation: Situation) -> Due | None:
    """The deadline of where the case stands; None where there is none, or the date it counts from is not known yet."""
    deadline = deadline_of(flow, state)
    if deadline is None:
        return None
    on = state.extended_to or _last_day(deadline, state, situation)
    if on is None:
        return None
    remind_on = {
        situation.calendar(on, -days) if deadline.working else on - timedelta(days=days) for days in deadline.remind
    }
    return Due(on, deadline.then, deadline.closes, tuple(sorted(remind_on)), deadline.escalate)


def notices(flow: Flow, state: State, today: date, situation: Situation) -> tuple[Notice, ...]:
    """Everybody to be told of the deadline up to today, oldest first: reminders go to whoever has to act.

    The same is said again on a later day, with the same `on`; who tells keeps note of what was told.
    """
    found = due(flow, state, situation)
    if found is None:
        return ()
    actor = flow.by_key[state.stage].actor
    told = [
        Notice(NoticeKind.REMINDER, actor, max(day, state.entered_on), found.on)
        for day in found.remind_on
        if day <= today
    ]
    if found.over(today):
        first = found.on + timedelta(days=1)
        told += [Notice(NoticeKind.OVERDUE, party, first, found.on) for party in (actor, *found.escalate)]
    return tuple(dict.fromkeys(told))


def next_telling(flow: Flow, state: State, after: date, situation: Situation) -> date | None:
    """The first day later than `after` on which somebody is to be told of the deadline; None where nobody is."""
    found = due(flow, state, situation)
    if found is None:
        return None
    days = {max(day, state.entered_on) for day in found.remind_on} | {found.on + timedelta(days=1)}
    return min((day for day in days if day > after), default=None)


def values_at(flow: Flow, state: State, at: datetime, situation: Situation) -> Values:
    """What the conditions of a flow may name, at a moment; looked up only when asked."""
    shown = visible(situation.form, situation.answers, situation.facts) if situation.form else frozenset()
    plain = Values(situation.form, situation.answers, situation.facts, shown)
    today = at.date()

    def overdue() -> bool:
        found = due(flow, state, situation)
        return found is not None and found.over(today)

    return plain.under(
        {
            "case.today": today,
            "case.started_on": state.started_on,
            "case.entered_on": state.entered_on,
            "case.days": Decimal((today - state.entered_on).days),
            "case.months": Decimal(whole_months(state.entered_on, today)),
            "case.returns": Decimal(state.returns),
            "case.overdue": overdue,
        }
    )


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(since: date, until: date) -> int:
    """How many whole months have passed."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1


def _last_day(deadline: Deadline, state: State, situation: Situation) -> date | None:
    if deadline.after == ENTERED:
        start: Value = state.entered_on
    elif deadline.after == STARTED:
        start = state.started_on
    else:
        shown = visible(situation.form, situation.answers, situation.facts) if situation.form else frozenset()
        values = Values(situation.form, situation.answers, situation.facts, shown)
        try:
            start = values[deadline.after]
        except KeyError as error:
            raise MissingFact(f"{deadline.after} was not given") from error
    if not isinstance(start, date):
        return None
    start = add_months(start, deadline.months)
    if not deadline.days:
        return start
    return situation.calendar(start, deadline.days) if deadline.working else start + timedelta(days=deadline.days)
