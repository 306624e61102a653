"""What can be reached in a flow, from where, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jineng.engines.casework.flow import Action, Flow


def unreachable(flow: Flow) -> tuple[str, ...]:
    """Stages and ends to which no way leads from the first stage."""
    ways: dict[str, list[str]] = {}
    for stage, _, target in flow.moves():
        ways.setdefault(stage.key, []).append(target)
    reached = _reached(ways, [flow.stages[0].key])
    return tuple(key for key in (*flow.by_key, *flow.ends_by_key) if key not in reached)


def dead_ends(flow: Flow) -> tuple[str, ...]:
    """Stages from which no end can be reached."""
    ways: dict[str, list[str]] = {}
    for stage, _, target in flow.moves():
        ways.setdefault(target, []).append(stage.key)
    reached = _reached(ways, flow.ends_by_key)
    return tuple(key for key in flow.by_key if key not in reached)


def machine_loops(flow: Flow) -> tuple[tuple[str, ...], ...]:
    """Rings of stages in which deadlines alone would move a case for ever, each given once, from its first stage."""
    ways = _timed_ways(flow)
    order = list(flow.by_key)
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for start in order:
        ring = _ring(ways, start)
        if ring:
            found.setdefault(frozenset(ring), ring)
    return tuple(found.values())


def _timed_ways(flow: Flow) -> dict[str, set[str]]:
    """From each stage the stages to which a deadline that may hold there leads."""
    ways: dict[str, set[str]] = {key: set() for key in flow.by_key}

    def add(key: str, action: Action | None) -> None:
        if action:
            ways[key].update(target for target in flow.targets(flow.by_key[key], action) if target in ways)

    for stage in flow.stages:
        if stage.deadline:
            add(stage.key, stage.by_key.get(stage.deadline.then))
    for _, action, target in flow.moves():
        if action.within and target in ways:
            add(target, flow.by_key[target].by_key.get(action.within.then))
    return ways


def _ring(ways: Mapping[str, set[str]], start: str) -> tuple[str, ...]:
    """A shortest way from `start` back to it; empty where there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        for target in sorted(ways[path[-1]]):
            if target == start:
                return path
            if target not in seen:
                seen.add(target)
                paths.append((*path, target))
    return ()


def _reached(ways: Mapping[str, list[str]], starts: Iterable[str]) -> set[str]:
    reached = set(starts)
    waiting = list(reached)
    while waiting:
        for target in ways.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
