"""A flow as a drawing and as a list: what stands where, what leads where, and the same in words.

The way to the best end runs down one column, one node to a row; what lies off it stands beside. So every line has
room, and the list that stands for the drawing has the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jineng.engines.casework.faults import Words
from jineng.engines.casework.flow import ENTERED, STARTED, SYSTEM, Action, Deadline, End, Flow, Outcome, Signing, Stage
from jineng.engines.casework.flow_checks import flow_terms
from jineng.engines.casework.form import Form
from jineng.engines.casework.labels import SIGNINGS
from jineng.engines.casework.terms import NO_VOCABULARY, Term, Vocabulary

_BEST = (Outcome.GRANTED, Outcome.COMPLETED)
THE_SYSTEM = Words("系统", "the system")


class EdgeKind(StrEnum):
    """How a line is drawn."""

    FORWARD = "forward"
    BACK = "back"
    """To an earlier node, to whoever has to correct, or back to whoever asked for it."""
    END = "end"


@dataclass(frozen=True)
class Node:
    """A stage or an end. `kind` is the stage's, or `end`; column 0 holds the main way; each node has its own row."""

    key: str
    kind: str
    name: Words
    actor: Words
    column: int
    row: int
    outcome: str = ""


@dataclass(frozen=True)
class Edge:
    """A way from node to node, with the names of the actions that take it; `timed` where time alone does."""

    source: str
    target: str
    kind: EdgeKind
    labels: tuple[Words, ...]
    timed: bool


@dataclass(frozen=True)
class Diagram:
    """Nodes by rows, and edges in the order of their sources."""

    title: Words
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Outline:
    """A stage in words: its heading, and a line for its deadline and each of its actions."""

    key: str
    heading: Words
    lines: tuple[Words, ...]


def lay_out(flow: Flow) -> Diagram:
    """Where everything stands."""
    order = _order(flow)
    main = set(_main_way(flow))
    rows = {key: row for row, key in enumerate(order)}
    nodes = tuple(_node(flow, key, 0 if key in main else 1, rows[key]) for key in order)
    return Diagram(Words(flow.name, flow.name_en or flow.name), nodes, _edges(flow, rows))


def to_text(flow: Flow, form: Form | None = None, vocabulary: Vocabulary = NO_VOCABULARY) -> tuple[Outline, ...]:
    """The flow as an ordered list, which says all that the drawing shows."""
    stages = {stage.key: stage for stage in flow.stages}
    terms = flow_terms(form, vocabulary)
    return tuple(_outline(flow, stages[key], terms) for key in _order(flow) if key in stages)


def _node(flow: Flow, key: str, column: int, row: int) -> Node:
    end = flow.ends_by_key.get(key)
    if end:
        return Node(key, "end", end.words, Words("", ""), column, row, str(end.outcome))
    stage = flow.by_key[key]
    return Node(key, str(stage.kind), stage.words, flow.parties_by_key[stage.actor].words, column, row)


def _main_way(flow: Flow) -> tuple[str, ...]:
    """A shortest way from the first stage to the best end, without being sent back or coming back."""
    paths: list[tuple[str, ...]] = [(flow.stages[0].key,)]
    found: dict[str, tuple[str, ...]] = {}
    seen = set(paths[0])
    while paths:
        path = paths.pop(0)
        stage = flow.by_key.get(path[-1])
        if stage is None:
            found[path[-1]] = path
            continue
        for action in stage.actions:
            for target in () if action.sends_back else _own_targets(action):
                if target not in seen:
                    seen.add(target)
                    paths.append((*path, target))
    ranked = sorted(flow.ends, key=lambda end: _BEST.index(end.outcome) if end.outcome in _BEST else len(_BEST))
    return next((found[end.key] for end in ranked if end.key in found), (flow.stages[0].key,))


def _own_targets(action: Action) -> tuple[str, ...]:
    """Where an action leads by itself, and not because somebody sent the case back."""
    return tuple(target for target in (action.to, *(route.to for route in action.routes)) if target)


def _order(flow: Flow) -> list[str]:
    """Nodes from top to bottom: the main way, each other stage below what first leads to it, each other end below what
    last does."""
    order = list(_main_way(flow))
    before: dict[str, list[str]] = {}
    for stage, _, target in flow.moves():
        before.setdefault(target, []).append(stage.key)
    waiting = [stage.key for stage in flow.stages if stage.key not in order]
    while waiting:
        # Every stage can be reached, so one of those that wait is led to by one that has its place.
        key = next(key for key in waiting if not set(before[key]).isdisjoint(order))
        order.insert(min(order.index(source) for source in before[key] if source in order) + 1, key)
        waiting.remove(key)
    for end in flow.ends:
        if end.key not in order:
            order.insert(max(order.index(source) for source in before[end.key]) + 1, end.key)
    return order


def _edges(flow: Flow, rows: Mapping[str, int]) -> tuple[Edge, ...]:
    ways: dict[tuple[str, str], list[Action]] = {}
    for stage, action, target in flow.moves():
        ways.setdefault((stage.key, target), []).append(action)
    found = []
    for (source, target), actions in ways.items():
        returning = all(action.sends_back or target not in _own_targets(action) for action in actions)
        back = returning or rows[target] <= rows[source]
        kind = EdgeKind.END if target in flow.ends_by_key else EdgeKind.BACK if back else EdgeKind.FORWARD
        labels = tuple(dict.fromkeys(action.words for action in actions))
        found.append(Edge(source, target, kind, labels, all(action.by == (SYSTEM,) for action in actions)))
    return tuple(sorted(found, key=lambda edge: (rows[edge.source], rows[edge.target])))


def _outline(flow: Flow, stage: Stage, terms: Mapping[str, Term]) -> Outline:
    actor = flow.parties_by_key[stage.actor].words
    heading = Words(f"{stage.words.zh}（{actor.zh}）", f"{stage.words.en} ({actor.en})")
    lines = [deadline_words(flow, stage, stage.deadline, terms)] if stage.deadline else []
    lines += [_action_words(flow, stage, action, terms) for action in stage.actions]
    return Outline(stage.key, heading, tuple(lines))


def _action_words(flow: Flow, stage: Stage, action: Action, terms: Mapping[str, Term]) -> Words:
    zh, en = f"“{action.words.zh}”", f"“{action.words.en}”"
    if action.by:
        names = [THE_SYSTEM if key == SYSTEM else flow.parties_by_key[key].words for key in action.by]
        zh += f"（{'、'.join(words.zh for words in names)}）"
        en += f" ({', '.join(words.en for words in names)})"
    if action.signing is not Signing.ANY:
        zh += f"，{SIGNINGS[action.signing].zh}"
        en += f", {SIGNINGS[action.signing].en}"
    targets = [_place(flow, target) for target in flow.targets(stage, action)]
    if targets:
        zh += f" → {'、'.join(words.zh for words in targets)}"
        en += f" → {', '.join(words.en for words in targets)}"
    if action.sends_back:
        zh, en = f"{zh}（退回）", f"{en} (sent back)"
    if action.within:
        within = deadline_words(flow, None, action.within, terms)
        zh, en = f"{zh}；{within.zh}", f"{en}; {within.en}"
    return Words(zh, en)


def _place(flow: Flow, key: str) -> Words:
    found: Stage | End = flow.by_key.get(key) or flow.ends_by_key[key]
    return found.words


def deadline_words(flow: Flow, stage: Stage | None, deadline: Deadline, terms: Mapping[str, Term]) -> Words:
    """A deadline in words; `stage` names the action that follows it."""
    zh, en = [], []
    if deadline.months:
        zh.append(f"{deadline.months} 个月")
        en.append(f"{deadline.months} months")
    if deadline.days:
        zh.append(f"{deadline.days} 个工作日" if deadline.working else f"{deadline.days} 天")
        en.append(f"{deadline.days} working days" if deadline.working else f"{deadline.days} days")
    start = _counted_from(deadline.after, terms)
    time = Words("加".join(zh), " and ".join(en))
    if start and time.zh:
        time = Words(f"{start.zh}起 {time.zh}", f"{time.en} from {start.en}")
    elif start:
        time = start
    zh_line, en_line = f"期限：{time.zh}", f"Deadline: {time.en}"
    if deadline.then and stage:
        then = stage.by_key[deadline.then].words
        zh_line, en_line = f"{zh_line}，期满“{then.zh}”", f"{en_line}, then “{then.en}”"
    return Words(zh_line, en_line)


def _counted_from(after: str, terms: Mapping[str, Term]) -> Words | None:
    if after == ENTERED:
        return None
    if after == STARTED:
        return Words("办件开始", "the start of the case")
    term = terms.get(after)
    return Words(term.label, term.label_en or term.label) if term else Words(after, after)
