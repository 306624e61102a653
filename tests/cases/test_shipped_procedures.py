"""Every procedure that comes with the program, walked to the last state: no path ends but in an end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import jineng
from jineng.cases.facts import vocabulary
from jineng.cases.procedures import Read, parse
from jineng.engines.casework import Actor, Flow, Refused, Situation, State, Type, act, expire, offers, start
from jineng.engines.casework.cutting import Status
from jineng.engines.casework.form import FieldKind
from jineng.engines.casework.machine import THE_SYSTEM

FILES = sorted(Path(jineng.__file__).parent.glob("*/data/procedures/*.yaml"))
BEGUN = datetime(2021, 9, 6, 9, tzinfo=UTC)
LONG = timedelta(days=4000)
"""So long that whatever waits for time has it."""
KNOWN: dict[str, tuple[Any, ...]] = {
    "review_status": (None, *map(str, Status)),
    "upheld_objections": (Decimal(0), Decimal(1)),
    # Somebody can always settle it: an objection gets its answer.
    "open_objections": (Decimal(0),),
}
BY_TYPE: dict[Type, tuple[Any, ...]] = {
    Type.FLAG: (True, False),
    Type.NUMBER: (None, Decimal(0), Decimal(1), Decimal(10**6)),
    Type.DATE: (BEGUN.date(),),
    Type.TEXT: (None, ""),
}
Facts = tuple[tuple[str, Any], ...]
MEMBERS = ("m1", "m2")


@cache
def shipped(path: Path) -> Read:
    return parse(path.read_text(encoding="utf-8"))


def calendar(day: date, days: int) -> date:
    return day + timedelta(days=days)


def grid(known: Read) -> Iterator[tuple[Facts, Facts]]:
    """Every combination of the facts and answers that the flow's conditions name."""
    text = json.dumps(known.flow.to_data(), ensure_ascii=False)
    terms = vocabulary().facts
    names = sorted(set(re.findall(r"facts\.(\w+)", text)))
    facts = {name: KNOWN.get(name) or BY_TYPE[terms[name].type] for name in names}
    conditions = " ".join(re.findall(r'"when": "(.*?)(?<!\\)"', text))
    fields = {
        key: {FieldKind.FLAG: (None, True, False), FieldKind.NUMBER: (None, "0", "1000000")}.get(
            field.kind, (None, *(choice.value for choice in field.choices))
        )
        for key, field in known.form.fields.items()
        if re.search(rf"(?<![\w.]){key}(?!\w)", conditions)
    }
    for values in product(*facts.values()):
        for answers in product(*fields.values()):
            yield (
                tuple(zip(facts, values, strict=True)),
                tuple((key, kept) for key, kept in zip(fields, answers, strict=True) if kept is not None),
            )


def essence(state: State) -> tuple[Any, ...]:
    """What of a state decides where it may lead, whenever it was entered."""
    return state.stage, state.sent_from, state.came_by, state.signed, min(state.returns, 3)


def ways(flow: Flow, state: State, situation: Situation) -> Iterator[State]:
    """Every state to which somebody, or time, may bring the case at once or later."""
    actors = [Actor(party.key, member) for party in flow.parties for member in MEMBERS]
    entered = datetime.combine(state.entered_on, BEGUN.time(), UTC)
    for moment in (entered, entered + LONG):
        for actor in actors:
            for offer in offers(flow, state, [actor], moment, situation):
                if offer.open:
                    yield act(
                        flow, state, offer.action.key, by=actor, at=moment, situation=situation,
                        reason="因故", files=("f",),
                    ).state  # fmt: skip
    try:
        step = expire(flow, state, entered + LONG, situation)
    except Refused:
        return
    if step is not None:
        yield step.state


def explored(known: Read, facts: Facts, answers: Facts) -> tuple[dict[Any, set[Any]], set[Any]]:
    """The graph of all states that can be reached while these facts hold, and which of them are ends."""
    parties = {party.key: MEMBERS for party in known.flow.parties}
    situation = Situation(calendar, None, dict(answers), dict(facts), parties, vocabulary())
    first = start(known.flow, BEGUN, Actor(known.flow.stages[0].actor, MEMBERS[0])).state
    graph: dict[Any, set[Any]] = {}
    ends, waiting = set(), [first]
    while waiting:
        state = waiting.pop()
        if essence(state) in graph:
            continue
        following = [] if state.ended else list(ways(known.flow, state, situation))
        graph[essence(state)] = {essence(each) for each in following}
        if state.ended:
            ends.add(essence(state))
        waiting += following
    return graph, ends


def test_there_are_procedures_of_several_rooms() -> None:
    assert len(FILES) >= 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_path_ends_outside_a_final_state(path: Path) -> None:
    """From every state that can be reached an end can, whatever the facts are, without their ever changing."""
    known = shipped(path)
    reached: set[str] = set()
    for facts, answers in grid(known):
        graph, ends = explored(known, facts, answers)
        good = set(ends)
        while more := {state for state, following in graph.items() if state not in good and following & good}:
            good |= more
        assert set(graph) == good, f"stuck with {facts} {answers}: {set(graph) - good}"
        reached |= {state[0] for state in graph}
    assert reached == set(known.flow.by_key) | set(known.flow.ends_by_key), "every stage and end is walked"


def test_how_many_are_chosen_is_for_the_office_of_a_year_to_say() -> None:
    """What comes with the program knows a part of the applications, and no number of places of any year."""
    cuts = {path.stem: known.review.ranking["cut"] for path in FILES if (known := shipped(path)).review}
    assert len(cuts) >= 6
    for code, cut in cuts.items():
        assert "share" in cut, code
        assert not {"number", "numbers"} & set(cut), code


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_time_alone_gets_a_draft_out_of_the_way(path: Path) -> None:
    """A draft that nobody hands in does not stay for ever where its stage closes."""
    known = shipped(path)
    stage = known.flow.stages[0]
    if stage.deadline is None or not stage.deadline.closes:
        return
    first = start(known.flow, BEGUN, Actor(stage.actor, MEMBERS[0])).state
    facts = {name: BEGUN.date() for name in ("opens_on", "closes_on")}
    step = expire(known.flow, first, BEGUN + LONG, Situation(calendar, None, {}, facts, vocabulary=vocabulary()))
    assert step is not None
    assert step.state.outcome == "lapsed"
    assert step.entry.by == THE_SYSTEM
