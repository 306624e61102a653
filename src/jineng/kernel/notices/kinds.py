"""Kinds of notices, which rooms declare beside the verbs that tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What sort of thing is told: a name that stays (``governance.task_given``) and its label, ``中文 English``."""

    name: str
    label: str


_kinds: dict[str, Kind] = {}


def kind_of_notice(name: str, label: str) -> Kind:
    """Declare a kind; readers filter their notices by it.

    Raises:
        ValueError: another label stands under this name.
    """
    kind = Kind(name, label)
    if _kinds.setdefault(name, kind) != kind:
        raise ValueError(f"the kind {name!r} is declared twice")
    return kind


def kinds() -> list[tuple[str, str]]:
    """Names and labels of all kinds, by name."""
    return sorted((kind.name, kind.label) for kind in _kinds.values())


def kind_label(name: str) -> str:
    """The label of a kind; of one that no room declares any more, its name."""
    return _kinds[name].label if name in _kinds else name
