"""The sheets 合作机构 and 合作机构成员."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.engines.exchange import Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Merge
from jineng.partnerships.countries import HOME
from jineng.partnerships.exchange import sheets
from jineng.partnerships.exchange.keys import (
    codes_of,
    partner_columns,
    refuse,
    refuse_taken,
    resolve_kept,
    seen_agreements,
)
from jineng.partnerships.exchange.landing import PartnershipLanding, Rows, standing_marks, year_of
from jineng.partnerships.exchange.spans import overlapping
from jineng.partnerships.kinds import MemberRole
from jineng.partnerships.models import Body, BodyMember
from jineng.partnerships.rules import (
    AUTHORITY_WITHOUT_PROVINCE,
    END_TOO_EARLY,
    LEFT_TOO_EARLY,
    MEMBERSHIPS_OVERLAP,
    SAME_BODY,
)
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import reach


def led_bodies(actor: Actor, year: int) -> QuerySet[Body]:
    """Standing bodies that the actor's reach leads: in being or prepared in ``year``."""
    first, last = year_of(year)
    bodies = Body.objects.filter(STANDS).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=first))
    if not actor.sees_all:
        bodies = bodies.filter(organisation__in=reach(actor))
    return bodies.filter(Q(founded_on__isnull=True) | Q(founded_on__lte=last))


class BodiesLanding(PartnershipLanding):
    """合作机构: one row per body."""

    sheet: ClassVar[Sheet] = sheets.BODIES
    spec: ClassVar[Merge] = Merge(
        model=Body,
        fields=(
            Field("code", key=True),
            Field("name"),
            Field("kind"),
            Field("organisation_id"),
            Field("agreement_id"),
            Field("founded_on"),
            Field("ended_on"),
            Field("document"),
        ),
        sheet_columns=("code", "name", "kind", "org_code", "agreement_code", "founded_on", "ended_on", "document"),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Leads in scope, agreements in sight, codes not taken, one code for a lead's body of one kind and name."""
        leads = resolve_column(hall, table, "org_code")
        agreements = seen_agreements(table.columns["agreement_code"])
        found: Rows = {}
        columns = [table.columns[name] for name in self.spec.sheet_columns]
        for index, (lead, (code, name, kind, _, agreement, founded_on, ended_on, document)) in enumerate(
            zip(leads, zip(*columns, strict=True), strict=True)
        ):
            if agreement and agreement not in agreements:
                hall.unknown(table, index, "agreement_code", "协议", "agreement")
            elif ended_on is not None and founded_on is not None and ended_on <= founded_on:
                refuse(hall, table, index, END_TOO_EARLY)
            elif lead is not None:
                of = agreements[agreement] if agreement else None
                found[index] = (code, name, kind, lead.id, of, founded_on, ended_on, document or "")
        refuse_taken(hall, table, found, Body)
        sound = {index: row for index, row in found.items() if not table.columns["voided"][index]}
        for index in _under_two_codes(sound):
            refuse(hall, table, index, SAME_BODY)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Bodies that the actor's reach leads, in being or prepared in the year."""
        return standing_marks(
            led_bodies(actor, year)
            .order_by("code")
            .values_list(
                "code",
                "name",
                "kind",
                "organisation__code",
                "agreement__code",
                "founded_on",
                "ended_on",
                "document",
            )
        )


def _under_two_codes(rows: Rows) -> Iterable[int]:
    """Rows whose lead, kind and name stand under another code, in the file or in the register."""
    codes: dict[tuple[UUID, str, str], set[str]] = {}
    given = {row[0] for row in rows.values()}
    known = Body.objects.filter(STANDS, organisation__in={row[3] for row in rows.values()}).exclude(code__in=given)
    for code, lead, kind, name in known.values_list("code", "organisation", "kind", "name"):
        codes.setdefault((lead, kind, name), set()).add(code)
    for row in rows.values():
        codes.setdefault((row[3], row[2], row[1]), set()).add(row[0])
    return [index for index, row in rows.items() if len(codes[row[3], row[2], row[1]]) > 1]


class BodyMembersLanding(PartnershipLanding):
    """合作机构成员: one row per stretch of membership."""

    sheet: ClassVar[Sheet] = sheets.BODY_MEMBERS
    spec: ClassVar[Merge] = Merge(
        model=BodyMember,
        fields=(
            Field("body_id", key=True),
            Field("partner_key", key=True),
            Field("joined_on", key=True),
            Field("organisation_id"),
            Field("name"),
            Field("country"),
            Field("province"),
            Field("role"),
            Field("founding"),
            Field("authority"),
            Field("left_on"),
        ),
        sheet_columns=(
            "body_code",
            "org_code",
            "joined_on",
            "org_code",
            "name",
            "country",
            "province",
            "role",
            "founding",
            "authority",
            "left_on",
        ),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Members of bodies led in scope; stretches of one member never overlap."""
        bodies = resolve_kept(hall, table, "body_code", Body, "合作机构", "body")
        partners = partner_columns(hall, table)
        columns = [table.columns[name] for name in ("role", "founding", "authority", "joined_on", "left_on")]
        found: Rows = {}
        for index, (body, partner, (role, founding, authority, joined_on, left_on)) in enumerate(
            zip(bodies, partners, zip(*columns, strict=True), strict=True)
        ):
            if left_on is not None and left_on <= joined_on:
                refuse(hall, table, index, LEFT_TOO_EARLY)
            if body is None or partner is None:
                continue
            organisation, name, country, province, key = partner
            if authority and organisation is None and country == HOME and not province:
                refuse(hall, table, index, AUTHORITY_WITHOUT_PROVINCE)
            found[index] = (
                body,
                key,
                joined_on,
                organisation,
                name,
                country,
                province,
                role or MemberRole.MEMBER.value,
                bool(founding),
                bool(authority),
                left_on,
            )
        given = {
            index: ((row[0], row[1]), row[2], row[-1])
            for index, row in found.items()
            if not table.columns["voided"][index]
        }
        known = BodyMember.objects.filter(STANDS, body__in={row[0] for row in found.values()})
        spans = [
            ((body, key), joined_on, left_on)
            for body, key, joined_on, left_on in known.values_list("body", "partner_key", "joined_on", "left_on")
        ]
        for index in overlapping(given, spans):
            refuse(hall, table, index, MEMBERSHIPS_OVERLAP)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """All members, past ones too, of the bodies of the year."""
        members = BodyMember.objects.filter(STANDS, body__in=led_bodies(actor, year))
        rows = list(
            members.order_by("body__code", "role", "name", "joined_on").values_list(
                "body__code",
                "organisation_id",
                "name",
                "country",
                "province",
                "role",
                "founding",
                "authority",
                "joined_on",
                "left_on",
            )
        )
        codes = codes_of(row[1] for row in rows)
        return standing_marks(
            (row[0], codes.get(row[1]), row[2], "" if row[3] == HOME else row[3], *row[4:]) for row in rows
        )
