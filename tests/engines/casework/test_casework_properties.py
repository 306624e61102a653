"""What holds for every flow: random valid flows are walked at random."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.casework.examples import at, weekdays

from jineng.engines.casework import (
    Actor,
    DefinitionError,
    Entry,
    Flow,
    Refused,
    Situation,
    State,
    Term,
    Type,
    Vocabulary,
    act,
    compare,
    due,
    expire,
    extend,
    load_flow,
    migrate,
    migration,
    offers,
    replay,
    start,
    timeline,
    told,
)
from jineng.engines.casework.flow_paths import dead_ends, machine_loops, unreachable
from jineng.engines.casework.telling import Audience

PARTIES = ("school", "city", "office", "panel")
MEMBERS = {"panel": ("a", "b", "c"), "office": ("a",), "city": ("a",), "school": ("a", "b")}
ACTORS = tuple(Actor(party, member) for party, members in MEMBERS.items() for member in members)
FACTS = Vocabulary(facts={"ready": Term(Type.FLAG, "就绪", "ready"), "score": Term(Type.NUMBER, "得分", "score")})
CONDITIONS = ("facts.ready", "facts.score > 60", "case.returns < 2", "not facts.ready and case.days >= 1")
SEEDS = st.integers(0, 2**32 - 1)
EXAMPLES = 1000 if os.environ.get("JINENG_DEEP") == "1" else 20
MOST_STEPS = 60
"""A random flow has six stages at most, at each of which three sign at most, and may be sent back once on the way."""


def random_flow(random: Random) -> dict[str, Any]:
    """A flow that is valid by its making: every stage leads on to the next, deadlines only lead on."""
    count = random.randint(2, 6)
    stages = []
    for number in range(count):
        onward = [f"s{later}" for later in range(number + 1, count)] + ["good", "bad"]
        anywhere = [f"s{one}" for one in range(count)]
        following = onward[0] if number + 1 < count else "good"
        actions: list[dict[str, Any]] = [
            {"key": "go", "name": "办结", "to": following, "resumes": random.random() < 0.5,
             "signing": random.choice(["any", "all", "ordered"])},
            {"key": "fail", "name": "否决", "to": "bad", "needs": "reason", "by": random.choice(PARTIES)},
        ]  # fmt: skip
        if random.random() < 0.6:
            actions.append({"key": "back", "name": "退回", "to": random.choice(anywhere), "sends_back": True,
                            "by": [random.choice(PARTIES)]})  # fmt: skip
            if random.random() < 0.5:
                actions[-1]["within"] = {"days": random.randint(1, 9), "remind": 1}
        if random.random() < 0.5:
            route = {"when": random.choice(CONDITIONS), "to": random.choice(anywhere)}
            actions.append({"key": "jump", "name": "转办", "to": random.choice(onward + anywhere),
                            "when": random.choice(CONDITIONS), "routes": [route]})  # fmt: skip
        if random.random() < 0.3:
            actions.append(
                {"key": "note", "name": "备注", "signing": random.choice(["any", "all"]), "effects": "noted"}
            )
        stage: dict[str, Any] = {
            "key": f"s{number}", "name": f"第{number}步", "actions": actions,
            "kind": random.choice(["step", "check", "review", "decide", "build", "report"]),
            "actor": random.choice(PARTIES),
        }  # fmt: skip
        if random.random() < 0.5:
            stage["deadline"] = {"days": random.randint(1, 20), "working": random.random() < 0.5,
                                 "closes": random.random() < 0.3, "remind": [3, 1], "escalate": "office"}  # fmt: skip
            if random.random() < 0.6:
                stage["deadline"]["then"] = "late"
                actions.append({"key": "late", "name": "期满", "to": random.choice(onward), "by": "system"})
        stages.append(stage)
    return {
        "code": "random", "name": "随机流程", "stages": stages,
        "parties": [
            {"key": "school", "name": "学校", "role": "applicant"},
            {"key": "city", "name": "市州", "role": "recommender", "level": "city"},
            {"key": "office", "name": "省厅", "role": "office"},
            {"key": "panel", "name": "专家", "role": "reviewers"},
        ],
        "ends": [{"key": "good", "name": "通过", "outcome": "granted", "effects": "award"},
                 {"key": "bad", "name": "未过", "outcome": "refused"}],
    }  # fmt: skip


class Walk:
    """A case that somebody keeps moving without a plan."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.flow = load_flow(random_flow(self.random), None, FACTS)
        self.now = at("2026-03-02")
        begun = start(self.flow, self.now, ACTORS[0])
        self.state = begun.state
        self.log: list[Entry] = [begun.entry]

    def situation(self) -> Situation:
        facts = {"ready": self.random.random() < 0.5, "score": self.random.randint(0, 100)}
        return Situation(weekdays, facts=facts, members=MEMBERS, vocabulary=FACTS)

    def step(self, towards: str = "") -> None:
        """One act of somebody, or of time; that of the name ``towards`` where it may be done."""
        self.now += timedelta(days=self.random.randint(0, 4), hours=1)
        known = self.situation()
        before = self.state
        done = expire(self.flow, self.state, self.now, known)
        if done is None:
            found = [offer for actor in ACTORS for offer in offers(self.flow, self.state, [actor], self.now, known)]
            closed = due(self.flow, self.state, known)
            assert found, f"nobody can do anything at {self.state.stage}"
            assert any(offer.open for offer in found) or (closed and closed.closes)
            ready = [offer for offer in found if offer.open]
            if not ready:
                self.wait(known)
                return
            offer = self.random.choice([one for one in ready if one.action.key == towards] or ready)
            done = act(
                self.flow, self.state, offer.action.key, by=offer.by, at=self.now, situation=known, reason="因故"
            )
            for later in found:
                if later is not offer:
                    with pytest.raises(Refused):
                        act(self.flow, done.state, later.action.key, by=later.by, at=self.now, situation=known,
                            reason="因故", seen=before.steps)  # fmt: skip
        assert self.state == before
        self.state = done.state
        self.log.append(done.entry)
        assert self.state.steps == before.steps + 1 == len(self.log)
        assert (self.state.stage in self.flow.ends_by_key) is self.state.ended
        assert (self.state.stage in self.flow.by_key) is not self.state.ended
        assert len(set(self.state.sent_from)) == len(self.state.sent_from)
        assert self.state.stage not in self.state.sent_from

    def wait(self, known: Situation) -> None:
        """A closed stage whose deadline does nothing: the office gives more time."""
        until = self.now.date() + timedelta(days=5)
        done = extend(self.flow, self.state, until, by=ACTORS[-1], at=self.now, reason="延期", situation=known)
        self.state = done.state
        self.log.append(done.entry)

    def walk(self, steps: int = 12) -> None:
        for _ in range(steps):
            if self.state.ended:
                return
            self.step()


@settings(max_examples=EXAMPLES, deadline=None)
@given(SEEDS)
def test_a_walk_stays_in_the_flow_and_its_log_tells_where_it_is(seed: int) -> None:
    walk = Walk(seed)
    walk.walk()
    assert replay(walk.log) == walk.state
    assert replay(Entry.from_data(entry.to_data()) for entry in walk.log) == walk.state
    for length in range(1, len(walk.log)):
        assert not replay(walk.log[:length]).ended
    for audience in Audience:
        lines = timeline(walk.log, audience, walk.flow)
        assert lines[-1].stage == told(walk.flow, walk.state, audience)
        assert len(lines) <= len(walk.log)
    if walk.state.ended:
        with pytest.raises(Refused) as refused:
            act(walk.flow, walk.state, "go", by=ACTORS[0], at=walk.now, situation=walk.situation())
        assert refused.value.code == "ended"


@settings(max_examples=EXAMPLES, deadline=None)
@given(SEEDS, st.integers(0, 12))
def test_from_wherever_a_walk_stands_it_comes_to_an_end(seed: int, steps: int) -> None:
    """Those whose turn it is have only to go on: no state is a trap, whatever happened before."""
    walk = Walk(seed)
    walk.walk(steps)
    stages = set()
    for _ in range(MOST_STEPS):
        if walk.state.ended:
            break
        stages.add(walk.state.stage)
        walk.step(towards="go")
    assert walk.state.ended, f"still at {walk.state.stage} after {stages}"
    assert walk.state.stage in walk.flow.ends_by_key


@settings(max_examples=EXAMPLES, deadline=None)
@given(SEEDS)
def test_a_flow_is_written_and_read_again_and_has_no_trap(seed: int) -> None:
    flow = load_flow(random_flow(Random(seed)), None, FACTS)
    assert load_flow(flow.to_data(), None, FACTS) == flow
    assert (unreachable(flow), dead_ends(flow), machine_loops(flow)) == ((), (), ())
    assert compare(flow.to_data(), flow.to_data()) == ()


@settings(max_examples=EXAMPLES, deadline=None)
@given(SEEDS)
def test_migration_keeps_what_can_be_done_and_by_when(seed: int) -> None:
    walk = Walk(seed)
    walk.walk(6)
    if walk.state.ended:
        return
    known = walk.situation()
    renamed = rekeyed(walk.flow)
    mapping = {key: f"{key}_new" for key in walk.flow.by_key}
    for target, names in ((walk.flow, {}), (renamed, mapping)):
        planned = migration(walk.flow, target, walk.state, names)
        assert planned.lost == ()
        done = migrate(walk.flow, target, walk.state, by=ACTORS[-1], at=walk.now, reason="新规", mapping=names)
        assert replay([*walk.log, done.entry]) == done.state
        assert done.state.stage == planned.stage == names.get(walk.state.stage, walk.state.stage)
        assert done.state.returns == walk.state.returns
        unsigned = replace(walk.state, signed=())
        before = actions(walk.flow, unsigned, walk.now, known, bool(names))
        assert actions(target, done.state, walk.now, known, bool(names)) == before
        if not names:
            assert due(target, done.state, known) == due(walk.flow, walk.state, known)


def rekeyed(flow: Flow) -> Flow:
    """The same flow with every stage under another key."""
    data = flow.to_data()
    for stage in data["stages"]:
        stage["key"] += "_new"
        for action in stage["actions"]:
            for way in (action, *action.get("routes", [])):
                if way.get("to", "").startswith("s"):
                    way["to"] += "_new"
    return load_flow(data, None, FACTS)


def actions(flow: Flow, state: State, now: datetime, known: Situation, renamed: bool) -> set[tuple[str, Actor, bool]]:
    """What anybody may do; where the stage has another key, and its days begin anew, without whether it may be now."""
    return {
        (offer.action.key, offer.by, offer.open or renamed)
        for actor in ACTORS
        for offer in offers(flow, state, [actor], now, known)
    }


@settings(max_examples=EXAMPLES, deadline=None)
@given(SEEDS)
def test_a_broken_flow_is_refused_with_its_place(seed: int) -> None:
    random = Random(seed)
    data = random_flow(random)
    stage = random.randrange(len(data["stages"]))
    action = random.randrange(len(data["stages"][stage]["actions"]))
    broken = data["stages"][stage]["actions"][action]
    name, value, code = random.choice(
        [("to", "nowhere", "unknown_stage"), ("by", ["nobody"], "unknown_party"), ("when", "facts.zz", "condition"),
         ("key", "Ä", "key"), ("extra", 1, "unexpected_keyword_argument"), ("signing", "some", "enum")]
    )  # fmt: skip
    broken[name] = value
    with pytest.raises(DefinitionError) as refused:
        load_flow(data, None, FACTS)
    places = {(fault.path.removesuffix("[0]"), fault.code) for fault in refused.value.faults}
    assert (f"stages[{stage}].actions[{action}].{name}", code) in places
