"""Stretches of days of one thing that would overlap: in the file, or with what the register has."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date

Span = tuple[Hashable, date, date | None]
"""What it is of, its first day, and the first day after it (``None``: no end)."""


def overlapping(given: Mapping[int, Span], known: Iterable[Span]) -> Iterator[int]:
    """Rows of ``given`` that share a day with another of them, or with a known stretch that they do not replace.

    A known stretch of the same thing and first day is the same record, which the row corrects.
    """
    replaced = {span[:2] for span in given.values()}
    spans: dict[Hashable, list[tuple[Span, int | None]]] = {}
    for row, span in given.items():
        spans.setdefault(span[0], []).append((span, row))
    for span in known:
        if span[0] in spans and span[:2] not in replaced:
            spans[span[0]].append((span, None))
    for of_one in spans.values():
        for place, (span, index) in enumerate(of_one):
            others = (other for spot, (other, _) in enumerate(of_one) if spot != place)
            if index is not None and any(_meet(span, other) for other in others):
                yield index


def _meet(one: Span, other: Span) -> bool:
    return (other[2] is None or one[1] < other[2]) and (one[2] is None or other[1] < one[2])
