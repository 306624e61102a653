"""Caps inside a run: which of a round's offers a scheme's cap is over, and what an applicant is told who met one. Pure.

A cap is fair only where the keys of all who compete under it compare. The scheme says what makes them so: ``round``,
all offers judge by the round's own rule; ``school``, each school has a cap of its own, by its own rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jineng.admissions.kinds import Pool
from jineng.admissions.schemes import OWN, RoundLaw, RunCap


@dataclass(frozen=True)
class Capped:
    """What a cap asks of an offer: its key in the run, and the key of the rule that judges."""

    key: str
    organisation: str
    programme: str
    pool: str
    county: str
    rule: str


def capped(offer: Any, rule: str = OWN) -> Capped:
    """An offer (of the register, with its plan and institution) as caps ask of it; ``rule`` judges it."""
    where, programme = offer.organisation.code, offer.plan.programme_code
    return Capped(offer.key, where, programme, offer.pool, offer.county_code, rule)


def holds(cap: RunCap, offer: Capped) -> bool:
    """Whether a cap is over an offer; a condition that it leaves empty excludes nothing."""
    return (
        (not cap.organisations or offer.organisation in cap.organisations)
        and (not cap.majors or offer.programme.startswith(cap.majors))
        and (not cap.pools or offer.pool in cap.pools)
        and (not cap.counties or offer.county in cap.counties)
    )


def engine_caps(of: RoundLaw, offers: Iterable[Capped]) -> list[dict[str, Any]]:
    """The caps of a round as the engine's scheme writes them. A cap that is over none of the offers binds nothing."""
    known = list(offers)
    found = []
    for at, cap in enumerate(of.caps):
        parts: dict[str, list[Capped]] = defaultdict(list)
        for offer in known:
            if holds(cap, offer):
                parts[offer.organisation if cap.order == "school" else ""].append(offer)
        for school, over in sorted(parts.items()):
            found.append(
                {
                    "key": f"cap-{at}-{school}" if school else f"cap-{at}",
                    "name": f"{cap.name}（{school}）"[:120] if school else cap.name,
                    "limit": cap.limit,
                    "places": sorted(offer.key for offer in over),
                    "order": over[0].rule if cap.order == "school" else OWN,
                }
            )
    return found


def cap_words(cap: RunCap) -> str:
    """What a cap is over, and how it is counted, in words."""
    pools = dict(Pool.choices)
    parts = (
        f"机构 {'、'.join(cap.organisations)}" if cap.organisations else "",
        f"专业代码以 {'、'.join(cap.majors)} 开头" if cap.majors else "",
        "、".join(str(pools[key]) for key in cap.pools),
        f"定向 {'、'.join(cap.counties)}" if cap.counties else "",
    )
    order = "各校各自计算" if cap.order == "school" else "合并计算"
    return f"{'，'.join(part for part in parts if part) or '本轮全部计划'}；{order}"


def told_caps(scheme: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """By place the cap that kept applicants out, and what had to be reached under it: of those that are full, the one
    that asks most. ``scheme`` is the engine's, ``lines`` are the caps of its certificate."""
    cuts = {line["key"]: line["score"] for line in lines if line.get("score") is not None}
    found: dict[str, tuple[str, str]] = {}
    for cap in scheme.get("caps", ()):
        cut = cuts.get(cap["key"])
        if cut is None:
            continue
        for place in cap["places"]:
            if place not in found or Decimal(found[place][1]) < Decimal(cut):
                found[place] = (cap["name"], cut)
    return found
