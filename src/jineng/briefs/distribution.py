"""To which organisations of the system a released issue goes, by the lines of its distribution."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.briefs.kinds import Group, Manner
from jineng.briefs.models import Delivery, Issue, Release
from jineng.registry.kinds import HIGHER_VOCATIONAL_KINDS, Change, DivisionLevel, OrganisationKind
from jineng.registry.models import Organisation, OrganisationState

DEPARTMENT = Q(kind=OrganisationKind.EDUCATION_DEPARTMENT)
GROUPS: dict[str, Q] = {
    Group.CITY_DEPARTMENTS: DEPARTMENT & Q(division__level__in=[DivisionLevel.CITY, DivisionLevel.SPECIAL]),
    Group.COUNTY_DEPARTMENTS: DEPARTMENT & Q(division__level=DivisionLevel.COUNTY),
    Group.VOCATIONAL_INSTITUTIONS: Q(kind__in=[*HIGHER_VOCATIONAL_KINDS, OrganisationKind.SECONDARY_VOCATIONAL]),
    Group.COUNTY_CENTRES: Q(kind=OrganisationKind.COUNTY_CENTRE),
    Group.UNDERGRADUATES: Q(kind=OrganisationKind.UNDERGRADUATE),
}


def members(group: str) -> QuerySet[Organisation]:
    """Standing organisations that a group means today."""
    ended = OrganisationState.objects.filter(change__in=[Change.MERGED, Change.CLOSED], voided_at=None).values(
        "organisation"
    )
    return Organisation.objects.filter(GROUPS[group], voided_at=None).exclude(pk__in=ended)


def deliveries_of(issue: Issue, release: Release) -> list[Delivery]:
    """One delivery for each organisation named, in the first manner that names it: 报、送、抄、发 in this order."""
    manners: dict[UUID, str] = {}
    order = {manner: place for place, manner in enumerate(Manner.values)}
    for line in sorted(issue.recipients.all(), key=lambda line: (order[line.manner], line.position)):
        named = [line.organisation_id] if line.organisation_id else []
        if line.group:
            named = list(members(line.group).order_by("code").values_list("pk", flat=True))
        for organisation_id in named:
            manners.setdefault(organisation_id, line.manner)
    return [
        Delivery(release=release, organisation_id=organisation_id, manner=manner)
        for organisation_id, manner in manners.items()
    ]
