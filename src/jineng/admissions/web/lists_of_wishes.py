"""How a list of preferences changes by one button: add, take a major out, up, down, any major, drop. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Wishes = Sequence[dict[str, Any]]


def changed(wishes: Wishes, deed: str) -> list[dict[str, Any]]:
    """The list after one deed: ``add:group:major``, ``up:3``, ``down:3``, ``any:3``, ``drop:3`` (places from 1).

    A deed that makes no sense changes nothing.
    """
    found = [dict(wish) for wish in wishes]
    name, _, rest = deed.partition(":")
    if name == "add":
        return _added(found, *rest.partition(":")[::2])
    at = int(rest) - 1 if rest.isdigit() else -1
    if not 0 <= at < len(found):
        return found
    if name == "drop":
        del found[at]
    elif name == "any":
        found[at]["any_major"] = not found[at]["any_major"]
    elif name in ("up", "down"):
        to = at - 1 if name == "up" else at + 1
        if 0 <= to < len(found):
            found[at], found[to] = found[to], found[at]
    return found


def _added(found: list[dict[str, Any]], group: str, major: str) -> list[dict[str, Any]]:
    known = next((wish for wish in found if wish["group"] == group), None)
    if known is None:
        return [*found, {"group": group, "majors": [major], "any_major": False}]
    if major not in known["majors"]:
        known["majors"] = [*known["majors"], major]
    return found
