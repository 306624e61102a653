"""The sheets 国际合作项目, 产业集群 and 产业集群成员."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from jineng.engines.exchange import Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Merge
from jineng.partnerships.countries import country_code
from jineng.partnerships.exchange import sheets
from jineng.partnerships.exchange.keys import codes_of, refuse, refuse_taken, resolve_kept
from jineng.partnerships.exchange.landing import PartnershipLanding, Rows, standing_marks, year_of
from jineng.partnerships.exchange.spans import overlapping
from jineng.partnerships.kinds import MemberRole
from jineng.partnerships.models import Cluster, ClusterMember, InternationalProject
from jineng.partnerships.rules import (
    AT_HOME,
    END_TOO_EARLY,
    LEFT_TOO_EARLY,
    MEMBERSHIPS_OVERLAP,
    NOT_ABROAD,
    UNKNOWN_COUNTRY,
    UNTIL_BEFORE_SINCE,
)
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import reach


class ProjectsLanding(PartnershipLanding):
    """国际合作项目: one row per project."""

    sheet: ClassVar[Sheet] = sheets.PROJECTS
    spec: ClassVar[Merge] = Merge(
        model=InternationalProject,
        fields=(
            Field("code", key=True),
            Field("name"),
            Field("kind"),
            Field("organisation_id"),
            Field("country"),
            Field("partner"),
            Field("since"),
            Field("until"),
            Field("belt_and_road"),
            Field("document"),
        ),
        sheet_columns=(
            "code",
            "name",
            "kind",
            "org_code",
            "country",
            "partner",
            "since",
            "until",
            "belt_and_road",
            "document",
        ),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Institutions in scope, partners abroad, codes not taken."""
        institutions = resolve_column(hall, table, "org_code")
        found: Rows = {}
        columns = [table.columns[name] for name in self.spec.sheet_columns]
        for index, (body, (code, name, kind, _, written, partner, since, until, belt, document)) in enumerate(
            zip(institutions, zip(*columns, strict=True), strict=True)
        ):
            country = country_code(written)
            if country is None:
                refuse(hall, table, index, UNKNOWN_COUNTRY)
            elif country in NOT_ABROAD:
                refuse(hall, table, index, AT_HOME)
            elif until is not None and until < since:
                refuse(hall, table, index, UNTIL_BEFORE_SINCE)
            elif body is not None:
                found[index] = (code, name, kind, body.id, country, partner, since, until, bool(belt), document or "")
        refuse_taken(hall, table, found, InternationalProject)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Projects of the actor's reach in force on a day of the year."""
        first, last = year_of(year)
        projects = InternationalProject.objects.filter(STANDS, since__lte=last)
        projects = projects.filter(Q(until__isnull=True) | Q(until__gte=first))
        if not actor.sees_all:
            projects = projects.filter(organisation__in=reach(actor))
        return standing_marks(
            projects.order_by("code").values_list(
                "code",
                "name",
                "kind",
                "organisation__code",
                "country",
                "partner",
                "since",
                "until",
                "belt_and_road",
                "document",
            )
        )


def coordinated_clusters(actor: Actor, year: int) -> QuerySet[Cluster]:
    """Standing clusters that the actor's reach coordinates, in being on a day of ``year``."""
    first, last = year_of(year)
    clusters = Cluster.objects.filter(STANDS, founded_on__lte=last)
    clusters = clusters.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=first))
    return clusters if actor.sees_all else clusters.filter(organisation__in=reach(actor))


class ClustersLanding(PartnershipLanding):
    """产业集群: one row per cluster."""

    sheet: ClassVar[Sheet] = sheets.CLUSTERS
    spec: ClassVar[Merge] = Merge(
        model=Cluster,
        fields=(
            Field("code", key=True),
            Field("name"),
            Field("field"),
            Field("organisation_id"),
            Field("founded_on"),
            Field("ended_on"),
            Field("document"),
        ),
        sheet_columns=("code", "name", "field", "org_code", "founded_on", "ended_on", "document"),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Coordinators in scope, codes not taken."""
        leads = resolve_column(hall, table, "org_code")
        found: Rows = {}
        columns = [table.columns[name] for name in self.spec.sheet_columns]
        for index, (lead, (code, name, field, _, founded_on, ended_on, document)) in enumerate(
            zip(leads, zip(*columns, strict=True), strict=True)
        ):
            if ended_on is not None and ended_on <= founded_on:
                refuse(hall, table, index, END_TOO_EARLY)
            elif lead is not None:
                found[index] = (code, name, field, lead.id, founded_on, ended_on, document or "")
        refuse_taken(hall, table, found, Cluster)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Clusters that the actor's reach coordinates."""
        return standing_marks(
            coordinated_clusters(actor, year)
            .order_by("code")
            .values_list("code", "name", "field", "organisation__code", "founded_on", "ended_on", "document")
        )


class ClusterMembersLanding(PartnershipLanding):
    """产业集群成员: one row per stretch of membership."""

    sheet: ClassVar[Sheet] = sheets.CLUSTER_MEMBERS
    spec: ClassVar[Merge] = Merge(
        model=ClusterMember,
        fields=(
            Field("cluster_id", key=True),
            Field("organisation_id", key=True),
            Field("joined_on", key=True),
            Field("role"),
            Field("left_on"),
        ),
        sheet_columns=("cluster_code", "org_code", "joined_on", "role", "left_on"),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Organisations, in scope or not, of clusters coordinated in scope."""
        clusters = resolve_kept(hall, table, "cluster_code", Cluster, "产业集群", "cluster")
        members = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        column = table.columns
        found: Rows = {}
        for index, (cluster, member, role, joined_on, left_on) in enumerate(
            zip(clusters, members, column["role"], column["joined_on"], column["left_on"], strict=True)
        ):
            if left_on is not None and left_on <= joined_on:
                refuse(hall, table, index, LEFT_TOO_EARLY)
            elif cluster is not None and member is not None:
                found[index] = (cluster, member.id, joined_on, role or MemberRole.MEMBER.value, left_on)
        given = {
            index: ((row[0], row[1]), row[2], row[4]) for index, row in found.items() if not column["voided"][index]
        }
        known = ClusterMember.objects.filter(STANDS, cluster__in={row[0] for row in found.values()})
        spans = [
            ((cluster, member), joined_on, left_on)
            for cluster, member, joined_on, left_on in known.values_list(
                "cluster", "organisation", "joined_on", "left_on"
            )
        ]
        for index in overlapping(given, spans):
            refuse(hall, table, index, MEMBERSHIPS_OVERLAP)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """All members of the clusters of the year."""
        members = ClusterMember.objects.filter(STANDS, cluster__in=coordinated_clusters(actor, year))
        rows = list(
            members.order_by("cluster__code", "joined_on", "id").values_list(
                "cluster__code", "organisation_id", "role", "joined_on", "left_on"
            )
        )
        codes = codes_of(row[1] for row in rows)
        return standing_marks((row[0], codes.get(row[1]), *row[2:]) for row in rows)
