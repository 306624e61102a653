"""Caps on plans: which cap the filed plans break, why, and how many seats would fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from jineng.engines.allocation.faults import Fault
from jineng.engines.allocation.reading import plain_number

NO_BOUND = 10**9
"""So many seats fit where no cap binds."""


@dataclass(frozen=True)
class PlanCap:
    """At most `limit` seats, or at most `share` per cent of an institution's plan, in the plans that it counts.

    It counts plans whose way in is among `channels` and that have one of `tags` (empty: any). `organisation` names
    whose plans; without it a limit binds all together, or each institution where `each` says so; a share always binds
    each. The base of a share is the institution's own cap over all its plans where there is one, else what it filed.
    """

    key: str
    name: str
    limit: int | None = None
    share: Decimal | None = None
    organisation: str | None = None
    each: bool = False
    channels: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    @property
    def bounds_all(self) -> bool:
        """Whether it is an institution's cap over all its plans: the base of shares."""
        return (
            self.limit is not None and (self.organisation is not None or self.each) and not (self.channels or self.tags)
        )


@dataclass(frozen=True)
class FiledPlan:
    """Seats that an institution files: by which way in, and with the tags that caps may name (医学 medical)."""

    key: str
    organisation: str
    channel: str
    seats: int
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CapUse:
    """How a cap stands: for whom, what it allows, what is filed under it, and how many more seats fit."""

    cap: PlanCap
    organisation: str | None
    allowed: int
    filed: int
    fits: int
    plans: tuple[str, ...]

    @property
    def broken(self) -> bool:
        return self.filed > self.allowed

    @property
    def fault(self) -> Fault:
        """What is wrong, whose plans count, and what would fit; only meaningful where the cap is broken."""
        whose = self.organisation or "全省"
        share = f"（占计划的 {plain_number(self.cap.share)}%）" if self.cap.share is not None else ""
        return Fault(
            self.cap.key,
            "over_cap",
            f"超出限额“{self.cap.name}”{share}：{whose}已申报 {self.filed} 人，上限 {self.allowed} 人，"
            f"请减少 {self.filed - self.allowed} 人。计入的计划：{'、'.join(self.plans)}",
            f"over the cap {self.cap.key}: {self.organisation or 'the province'} filed {self.filed} of {self.allowed}; "
            f"take back {self.filed - self.allowed}. Plans that count: {', '.join(self.plans)}",
        )


def cap_uses(caps: Sequence[PlanCap], plans: Sequence[FiledPlan]) -> tuple[CapUse, ...]:
    """How every cap stands, for each institution that it binds, in the order of caps and institutions."""
    return tuple(_use(caps, cap, whose, plans) for cap in caps for whose in _bound(cap, plans))


def violations(caps: Sequence[PlanCap], plans: Sequence[FiledPlan]) -> tuple[CapUse, ...]:
    """The caps that the plans break."""
    return tuple(use for use in cap_uses(caps, plans) if use.broken)


def what_fits(caps: Sequence[PlanCap], plans: Iterable[FiledPlan], plan: FiledPlan) -> tuple[int, CapUse | None]:
    """The most seats that a plan may have beside the others, at most what it asks for, and the cap that says so.

    The plan's own earlier state among `plans` (by key) is left out.
    """
    others = [other for other in plans if other.key != plan.key]
    empty = replace(plan, seats=0)
    counting = [
        use
        for use in cap_uses(caps, [*others, empty])
        if _counts(use.cap, plan) and use.organisation in (None, plan.organisation)
    ]
    tightest = min(counting, key=lambda use: (use.fits, use.cap.key), default=None)
    if tightest is None or tightest.fits >= plan.seats:
        return plan.seats, None
    return tightest.fits, tightest


def _bound(cap: PlanCap, plans: Sequence[FiledPlan]) -> Iterator[str | None]:
    if cap.organisation is not None:
        yield cap.organisation
    elif cap.each or cap.share is not None:
        yield from sorted({plan.organisation for plan in plans})
    else:
        yield None


def _counts(cap: PlanCap, plan: FiledPlan) -> bool:
    return (not cap.channels or plan.channel in cap.channels) and (not cap.tags or bool(cap.tags & plan.tags))


def _use(caps: Sequence[PlanCap], cap: PlanCap, whose: str | None, plans: Sequence[FiledPlan]) -> CapUse:
    own = [plan for plan in plans if whose in (None, plan.organisation)]
    counted = [plan for plan in own if _counts(cap, plan)]
    filed = sum(plan.seats for plan in counted)
    names = tuple(plan.key for plan in counted if plan.seats)
    if cap.share is None:
        allowed = cap.limit if cap.limit is not None else NO_BOUND
        return CapUse(cap, whose, allowed, filed, room_left(allowed, filed), names)
    fixed = [other.limit for other in caps if other.bounds_all and (other.each or other.organisation == whose)]
    floats = not fixed or fixed[0] is None
    base = sum(plan.seats for plan in own) if floats else int(fixed[0] or 0)
    allowed = int(Fraction(cap.share) / 100 * base)
    fits = room_left(allowed, filed, Fraction(cap.share) / 100 if floats else None, base)
    return CapUse(cap, whose, allowed, filed, fits, names)


def room_left(allowed: int, filed: int, share: Fraction | None = None, base: int = 0) -> int:
    """How many more seats fit under a cap; with ``share`` the cap is that part of a ``base`` that grows with them.

    Then ``filed + x`` must stay within the share of ``base + x``.
    """
    if share is None:
        return max(allowed - filed, 0)
    return NO_BOUND if share >= 1 else max(int((share * base - filed) / (1 - share)), 0)
