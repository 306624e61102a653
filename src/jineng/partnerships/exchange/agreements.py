"""The sheets 合作协议, 协议期限 and 签约方."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from jineng.engines.exchange import Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Merge
from jineng.partnerships.countries import HOME
from jineng.partnerships.exchange import sheets
from jineng.partnerships.exchange.keys import codes_of, partner_columns, refuse, refuse_taken, resolve_kept
from jineng.partnerships.exchange.landing import PartnershipLanding, Rows, standing_marks, year_of
from jineng.partnerships.exchange.spans import overlapping
from jineng.partnerships.models import Agreement, AgreementParty, AgreementTerm
from jineng.partnerships.rules import END_TOO_EARLY, TERMS_OVERLAP, UNTIL_BEFORE_SINCE
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import reach

DAY = timedelta(days=1)


def kept_agreements(actor: Actor, year: int) -> QuerySet[Agreement]:
    """Standing agreements that the actor's reach keeps, and that held on a day of ``year`` or were signed in it."""
    first, last = year_of(year)
    held = AgreementTerm.objects.filter(STANDS, since__lte=last).filter(Q(until__isnull=True) | Q(until__gte=first))
    agreements = Agreement.objects.filter(STANDS).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=first))
    if not actor.sees_all:
        agreements = agreements.filter(organisation__in=reach(actor))
    return agreements.filter(Q(pk__in=held.values("agreement")) | Q(signed_on__range=(first, last)))


class AgreementsLanding(PartnershipLanding):
    """合作协议: one row per agreement."""

    sheet: ClassVar[Sheet] = sheets.AGREEMENTS
    spec: ClassVar[Merge] = Merge(
        model=Agreement,
        fields=(
            Field("code", key=True),
            Field("name"),
            Field("kind"),
            Field("organisation_id"),
            Field("signed_on"),
            Field("document"),
            Field("ended_on"),
            Field("end_reason"),
        ),
        sheet_columns=("code", "name", "kind", "org_code", "signed_on", "document", "ended_on", "end_reason"),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Keepers in scope, codes not taken, an end after the signing."""
        keepers = resolve_column(hall, table, "org_code")
        found: Rows = {}
        columns = [table.columns[name] for name in self.spec.sheet_columns]
        for index, (keeper, (code, name, kind, _, signed_on, document, ended_on, reason)) in enumerate(
            zip(keepers, zip(*columns, strict=True), strict=True)
        ):
            if ended_on is not None and ended_on <= signed_on:
                refuse(hall, table, index, END_TOO_EARLY)
            elif keeper is not None:
                found[index] = (code, name, kind, keeper.id, signed_on, document or "", ended_on, reason or "")
        refuse_taken(hall, table, found, Agreement)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Agreements that the actor's reach keeps and that held in the year."""
        return standing_marks(
            kept_agreements(actor, year)
            .order_by("code")
            .values_list(
                "code", "name", "kind", "organisation__code", "signed_on", "document", "ended_on", "end_reason"
            )
        )


class TermsLanding(PartnershipLanding):
    """协议期限: one row per term."""

    sheet: ClassVar[Sheet] = sheets.TERMS
    spec: ClassVar[Merge] = Merge(
        model=AgreementTerm,
        fields=(Field("agreement_id", key=True), Field("since", key=True), Field("until"), Field("document")),
        sheet_columns=("agreement_code", "since", "until", "document"),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Terms of agreements kept in scope, none overlapping another."""
        agreements = resolve_kept(hall, table, "agreement_code", Agreement, "协议", "agreement")
        column = table.columns
        found: Rows = {}
        for index, (agreement, since, until, document) in enumerate(
            zip(agreements, column["since"], column["until"], column["document"], strict=True)
        ):
            if until is not None and until < since:
                refuse(hall, table, index, UNTIL_BEFORE_SINCE)
            elif agreement is not None:
                found[index] = (agreement, since, until, document or "")
        given = {
            index: (row[0], row[1], row[2] and row[2] + DAY)
            for index, row in found.items()
            if not column["voided"][index]
        }
        known = AgreementTerm.objects.filter(STANDS, agreement__in={row[0] for row in found.values()})
        spans = [
            (pk, since, until and until + DAY) for pk, since, until in known.values_list("agreement", "since", "until")
        ]
        for index in overlapping(given, spans):
            refuse(hall, table, index, TERMS_OVERLAP)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """All terms of the agreements that held in the year."""
        terms = AgreementTerm.objects.filter(STANDS, agreement__in=kept_agreements(actor, year))
        return standing_marks(
            terms.order_by("agreement__code", "since").values_list("agreement__code", "since", "until", "document")
        )


class PartiesLanding(PartnershipLanding):
    """签约方: one row per party."""

    sheet: ClassVar[Sheet] = sheets.PARTIES
    spec: ClassVar[Merge] = Merge(
        model=AgreementParty,
        fields=(
            Field("agreement_id", key=True),
            Field("partner_key", key=True),
            Field("organisation_id"),
            Field("name"),
            Field("country"),
            Field("province"),
            Field("role"),
        ),
        sheet_columns=("agreement_code", "org_code", "org_code", "name", "country", "province", "role"),
    )

    def rows(self, table: Table, hall: Hall) -> Rows:
        """Parties, of the registry or outside, of agreements kept in scope."""
        agreements = resolve_kept(hall, table, "agreement_code", Agreement, "协议", "agreement")
        partners = partner_columns(hall, table)
        found: Rows = {}
        for index, (agreement, partner, role) in enumerate(
            zip(agreements, partners, table.columns["role"], strict=True)
        ):
            if agreement is not None and partner is not None:
                organisation, name, country, province, key = partner
                found[index] = (agreement, key, organisation, name, country, province, role)
        return found

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """All parties of the agreements that held in the year."""
        parties = AgreementParty.objects.filter(STANDS, agreement__in=kept_agreements(actor, year))
        rows = list(
            parties.order_by("agreement__code", "role", "name").values_list(
                "agreement__code", "organisation_id", "name", "country", "province", "role"
            )
        )
        codes = codes_of(row[1] for row in rows)
        return standing_marks(
            (agreement, codes.get(organisation), name, "" if country == HOME else country, province, role)
            for agreement, organisation, name, country, province, role in rows
        )
