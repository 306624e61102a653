"""What a round offers, as everybody is told alike: its law, and the groups and majors of its seats.

In the last minutes before a deadline it is asked for hundreds of times a second, so it is remembered for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from jineng.admissions.models import Offer, Scheme
from jineng.admissions.schemes import RoundLaw, read_law
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered_for_all
from jineng.registry.models import Division


@dataclass(frozen=True)
class Group:
    """A group that applicants name: what it is called, and the names of its majors by code, in order of the codes."""

    name: str
    majors: Mapping[str, str]


@dataclass(frozen=True)
class Offered:
    """``law`` is the round's, None where the scheme tells nothing of it; ``groups`` go by code."""

    law: RoundLaw | None
    groups: Mapping[str, Group]

    def majors(self, groups: Sequence[str]) -> dict[str, Sequence[str]]:
        """The codes of the majors offered in those of these groups that there are."""
        return {group: list(self.groups[group].majors) for group in groups if group in self.groups}

    def named(self, wishes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The wishes with ``name`` and ``major_names``; by their codes where the round does not offer them."""
        nothing = Group("", {})
        found = []
        for wish in wishes:
            group = self.groups.get(wish["group"], nothing)
            names = [group.majors.get(major, major) for major in wish["majors"]]
            found.append({**wish, "name": group.name or wish["group"], "major_names": names})
        return found


def with_county(rows: QuerySet[Offer]) -> QuerySet[Offer]:
    """The offers with ``county_name``, of the county that a county-targeted pool is for; None for other pools."""
    county = Division.objects.filter(code=OuterRef("county_code")).values("name")
    return rows.annotate(county_name=Subquery(county))


def county_name(code: str) -> str:
    """The name of a county by its code; nothing for none."""
    return Division.objects.filter(code=code).values_list("name", flat=True).first() or code


def offered_in(found: Mapping[str, Any], actor: Actor) -> Offered:
    """What an opening offers, of which ``found`` is told to an applicant (:meth:`tickets.Own.round`), the ``actor``."""
    opening, scheme, place = found["opening"], found["scheme"], (found["ordinal"], found["supplement"])
    return remembered_for_all(
        ("offered", opening, scheme, place),
        lambda: _offered(UUID(opening), UUID(scheme), place),
        lambda told: 2 * len(told.groups),
        actor,
    )


def _offered(opening: UUID, scheme: UUID, place: tuple[int, int]) -> Offered:
    names: dict[str, str] = {}
    majors: dict[str, dict[str, str]] = {}
    rows = Offer.objects.filter(STANDS, opening=opening).order_by("group", "major", "pool", "id")
    for group, group_name, major, major_name in rows.values_list("group", "group_name", "major", "major_name"):
        names.setdefault(group, group_name)
        majors.setdefault(group, {})[major] = major_name
    law = read_law(Scheme.objects.get(pk=scheme).data).of(*place)
    return Offered(law, {group: Group(name, majors[group]) for group, name in names.items()})
