"""What changed between two versions of a flow, a form or a rubric, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jineng.engines.casework.faults import Words
from jineng.engines.casework.labels import ATTRIBUTES, VALUES
from jineng.engines.casework.loading import Path, path_text, place_words

_NAMED_BY = ("key", "value", "code")
_REFERRING = frozenset({"to", "actor", "by", "opens", "fields", "then", "escalate", "field", "unique"})
"""Attributes whose values are keys of other parts, which people know by their names."""
_TRUTHS = {True: Words("是", "yes"), False: Words("否", "no")}
_NONE = Words("（未设）", "(none)")


class ChangeKind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """It stands elsewhere in its list."""
    REKEYED = "rekeyed"
    """It has another key and the same name; cases that stand there need to be told."""
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One change. `path` leads there in the newer data, of what is gone in the older."""

    path: str
    kind: ChangeKind
    zh: str
    en: str


def compare(
    old: Mapping[str, Any], new: Mapping[str, Any], beside: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Change, ...]:
    """What changed between two definitions as plain data (`to_data()`), in the order of the newer.

    `beside` is other data whose names the text uses, such as the form of a flow.
    """
    return tuple(_Comparer(old, new, beside).mapping((), (), old, new))


class _Comparer:
    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any], beside: Mapping[str, Any]) -> None:
        self._old = old
        self._new = new
        self._names: dict[str, set[Words]] = {}
        for key, words in (*_names(new), *_names(beside)):
            self._names.setdefault(key, set()).add(words)
        known = set(self._names)
        for key, words in _names(old):
            if key not in known:
                self._names.setdefault(key, set()).add(words)

    def mapping(self, was: Path, now: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        for name in dict.fromkeys((*new, *old)):
            before, after = old.get(name), new.get(name)
            if before == after:
                continue
            if _is_parts(before) and _is_parts(after):
                yield from self._parts((*was, name), (*now, name), before or [], after or [])
            elif isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self.mapping((*was, name), (*now, name), before, after)
            else:
                yield self._attribute(now, name, before, after)

    def _parts(self, was: Path, now: Path, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
        before, after = _by_identity(old), _by_identity(new)
        gone = [key for key in before if key not in after]
        came = [key for key in after if key not in before]
        renamed = {key: found for key in came if (found := _same_name(after[key][1], before, gone))}
        stayed = [key for key in after if key in before]
        moved = _moved([key for key in before if key in after], stayed)
        for key, (at, part) in after.items():
            here = (*now, at)
            if key in renamed:
                yield self._rekeyed(here, renamed[key], key)
            elif key in came:
                yield self._part(self._new, here, ChangeKind.ADDED, "新增", "added")
            if key in moved:
                yield self._part(self._new, here, ChangeKind.MOVED, "调整了次序", "moved to another place")
            source = renamed.get(key, key)
            if source in before:
                number, earlier = before[source]
                same = {**earlier, "key": part["key"]} if key in renamed else earlier
                yield from self.mapping((*was, number), here, same, part)
        for key in gone:
            if key not in renamed.values():
                yield self._part(self._old, (*was, before[key][0]), ChangeKind.REMOVED, "删去", "removed")

    def _part(self, data: Any, path: Path, kind: ChangeKind, zh: str, en: str) -> Change:
        words = place_words(data, path)
        return Change(path_text(path), kind, f"{words.zh}：{zh}", f"{words.en}: {en}")

    def _rekeyed(self, path: Path, old: str, new: str) -> Change:
        return self._part(self._new, path, ChangeKind.REKEYED, f"标识由 {old} 改为 {new}", f"key {old} became {new}")

    def _attribute(self, path: Path, name: str, old: Any, new: Any) -> Change:
        where = place_words(self._new, path)
        attribute = ATTRIBUTES.get(name, Words(name, name))
        if isinstance(old, list) and isinstance(new, list):
            told = self._listed(name, old, new)
        else:
            before, after = self._value(name, old, new), self._value(name, new, old)
            told = Words(f"由{before.zh}改为{after.zh}", f"{before.en} became {after.en}")
        zh = f"{where.zh}：{attribute.zh}{told.zh}" if where.zh else f"{attribute.zh}{told.zh}"
        en = f"{where.en}: {attribute.en} {told.en}" if where.en else f"{attribute.en} {told.en}"
        return Change(path_text((*path, name)), ChangeKind.CHANGED, zh, en)

    def _listed(self, name: str, old: list[Any], new: list[Any]) -> Words:
        came = [self._value(name, one) for one in new if one not in old]
        gone = [self._value(name, one) for one in old if one not in new]
        zh = [f"增加{'、'.join(words.zh for words in came)}"] if came else []
        en = [f"gained {', '.join(words.en for words in came)}"] if came else []
        zh += [f"去掉{'、'.join(words.zh for words in gone)}"] if gone else []
        en += [f"lost {', '.join(words.en for words in gone)}"] if gone else []
        return Words("，".join(zh) or "次序有变", ", ".join(en) or "stand in another order")

    def _value(self, name: str, value: Any, beside: Any = None) -> Words:
        if value is None:
            # Data leaves out what is at its default, and of a flag that is no.
            return _TRUTHS[False] if isinstance(beside, bool) else _NONE
        if isinstance(value, bool):
            return _TRUTHS[value]
        if isinstance(value, list):
            listed = [self._value(name, one) for one in value]
            return Words("、".join(words.zh for words in listed), ", ".join(words.en for words in listed))
        if isinstance(value, Mapping):
            return self._inline(value)
        words = self._called(name, value)
        if words:
            return Words(f"“{words.zh}”", f"“{words.en}”")
        return Words(f"“{value}”", f"“{value}”") if isinstance(value, str) else Words(str(value), str(value))

    def _called(self, name: str, value: Any) -> Words | None:
        if name in VALUES:
            return VALUES[name].get(value)
        named = self._names.get(value, set()) if name in _REFERRING else set()
        # Two parts of one key (an action "return" of several stages) are told by the key alone.
        return next(iter(named)) if len(named) == 1 else None

    def _inline(self, value: Mapping[str, Any]) -> Words:
        parts = [(ATTRIBUTES.get(name, Words(name, name)), self._value(name, one)) for name, one in value.items()]
        zh = "，".join(f"{attribute.zh}{words.zh}" for attribute, words in parts)
        return Words(f"（{zh}）", f"({', '.join(f'{attribute.en} {words.en}' for attribute, words in parts)})")


def _is_parts(value: Any) -> bool:
    """Whether it is a list of parts, or nothing where one could be."""
    return value is None or (isinstance(value, list) and all(isinstance(one, Mapping) for one in value))


def _by_identity(parts: Sequence[Mapping[str, Any]]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """Parts by what tells them apart; by their place where nothing does."""
    return {
        next((str(part[name]) for name in _NAMED_BY if name in part), f"#{at}"): (at, part)
        for at, part in enumerate(parts)
    }


def _same_name(
    part: Mapping[str, Any], before: Mapping[str, tuple[int, Mapping[str, Any]]], gone: Sequence[str]
) -> str | None:
    name = part.get("name") or part.get("label")
    if not name or "key" not in part:
        return None
    same = [key for key in gone if name in (before[key][1].get("name"), before[key][1].get("label"))]
    return same[0] if len(same) == 1 else None


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """What has to be moved to bring one order into the other: all but a longest run that kept its order."""
    place = {key: at for at, key in enumerate(old)}
    runs: list[list[str]] = [[]]
    for key in new:
        best: list[str] = max((run for run in runs if not run or place[run[-1]] < place[key]), key=len)
        runs.append([*best, key])
    longest: list[str] = max(runs, key=len)
    return set(new) - set(longest)


def _names(data: Any) -> Iterator[tuple[str, Words]]:
    """The names of everything that has a key."""
    if isinstance(data, Mapping):
        name = data.get("name") or data.get("label")
        if isinstance(data.get("key"), str) and name:
            yield data["key"], Words(name, data.get("name_en") or data.get("label_en") or name)
        for value in data.values():
            yield from _names(value)
    elif isinstance(data, list):
        for value in data:
            yield from _names(value)
