"""政策文件 and 会签日期: how policies and those who sign them come in and go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, Q

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.governance.exchange import sheets
from jineng.governance.exchange.refusing import bad_order, in_waves
from jineng.governance.exchange.striking import land_voids, need_reasons, standing_rows
from jineng.governance.kinds import PolicyKind
from jineng.governance.models import Policy, PolicyIssuer
from jineng.governance.models.policies import SLUG_PATTERN
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import Known, resolve_column, resolve_organisations
from jineng.registry.scope import visible

SEPARATORS = re.compile(r"[、,，;；\s]+")


def check_topics(hall: Hall, table: Table) -> None:
    """Refuse topic codes that are not written as such."""
    for index, topic in enumerate(table.columns["topic"]):
        if topic and not re.match(SLUG_PATTERN, topic):
            hall.refuse(
                table,
                index,
                "topic",
                ErrorCode.BAD_CODE,
                "主题代码只能用小写字母、数字和连字符，以字母开头。",
                "A topic has lower-case letters, digits and hyphens, a letter first.",
                "请改成如 performance-pay 的样子。",
                "Write it like performance-pay.",
            )


class PolicyLanding(Landing):
    """政策文件: one row per document, with the departments that issue it."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.POLICIES
    spec = Merge(
        Policy,
        (
            Field("number", key=True),
            Field("title"),
            Field("organisation_id"),
            Field("level"),
            Field("kind"),
            Field("topic"),
            Field("scope"),
            Field("issued_on"),
            Field("repealed_on"),
            Field("replaces_id"),
        ),
        (
            "number",
            "title",
            "issuers",
            "level",
            "kind",
            "topic",
            "scope",
            "issued_on",
            "repealed_on",
            "replaces",
        ),
    )
    issuers = Merge(
        PolicyIssuer,
        (Field("policy_id", key=True), Field("organisation_id", key=True), Field("order")),
        ("number", "issuers", "issuers"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """A policy lands where one of those who issue it lies in the importer's scope; replaced versions first."""
        column = table.columns
        named = [list(dict.fromkeys(code for code in SEPARATORS.split(text) if code)) for text in column["issuers"]]
        known = resolve_organisations(hall.actor, {code for codes in named for code in codes})
        for index, codes in enumerate(named):
            self._check_issuers(hall, table, index, codes, known)
        check_topics(hall, table)
        bad_order(hall, table, "repealed_on", "issued_on")
        need_reasons(hall, table)
        numbers = {*column["number"], *(number for number in column["replaces"] if number)}
        ids = self._ids(numbers)

        def row(index: int) -> tuple[Any, ...]:
            return (
                column["number"][index],
                column["title"][index],
                known[named[index][0]].id,
                column["level"][index],
                column["kind"][index] or PolicyKind.ISSUED,
                column["topic"][index] or "",
                column["scope"][index] or "",
                column["issued_on"][index],
                column["repealed_on"][index],
                ids.get(column["replaces"][index]),
            )

        def land(wave: list[int]) -> None:
            hall.merge(table, self.spec, wave, [row(index) for index in wave])
            ids.update(self._ids(numbers))

        left = in_waves(
            standing_rows(hall, table),
            dict(enumerate(column["replaces"])),
            lambda index: str(column["number"][index]),
            lambda index: column["replaces"][index] in ids,
            land,
        )
        for index in left:
            hall.unknown(table, index, "replaces", "文号", "policy")
        land_voids(hall, table, self.spec, {index: row(index) for index in hall.good(table)})
        signing = [
            (index, (ids[column["number"][index]], known[code].id, order))
            for index in standing_rows(hall, table)
            if column["number"][index] in ids
            for order, code in enumerate(named[index], 1)
        ]
        hall.merge(table, self.issuers, [index for index, _ in signing], [cells for _, cells in signing])

    @staticmethod
    def _ids(numbers: Iterable[str]) -> dict[str, UUID]:
        return dict(Policy.objects.filter(STANDS, number__in=set(numbers)).values_list("number", "id"))

    @staticmethod
    def _check_issuers(hall: Hall, table: Table, index: int, codes: Sequence[str], known: dict[str, Known]) -> None:
        if not codes or any(code not in known for code in codes):
            hall.unknown(table, index, "issuers", "机构", "organisation")
        elif not any(known[code].in_scope for code in codes):
            hall.out_of_scope(table, index, "issuers")

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Policies issued by the end of ``year`` and in force on a day of it, and drafts, those replaced first."""
        signing = PolicyIssuer.objects.filter(STANDS).select_related("organisation").order_by("order")
        rows: Any = (
            visible(actor, Policy)
            .filter(STANDS)
            .filter(Q(issued_on__isnull=True) | Q(issued_on__lte=date(year, 12, 31)))
            .filter(Q(repealed_on__isnull=True) | Q(repealed_on__gte=date(year, 1, 1)))
            .select_related("replaces")
            .prefetch_related(Prefetch("issuers", signing, to_attr="signing"))
            .order_by("issued_on", "number")
        )
        for item in rows:
            yield (
                item.number,
                item.title,
                "、".join(issuer.organisation.code for issuer in item.signing),
                item.level,
                item.kind,
                item.topic or None,
                item.scope or None,
                item.issued_on,
                item.repealed_on,
                item.replaces.number if item.replaces else None,
                None,
                None,
            )


class SigningLanding(Landing):
    """会签日期: when a department signed that did not sign on the day of the issue."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.SIGNINGS
    spec = Merge(
        PolicyIssuer,
        (
            Field("policy_id", key=True),
            Field("organisation_id", key=True),
            Field("signed_on"),
            Field("order", first=True),
        ),
        ("number", "org_code", "signed_on", "org_code"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Only those who are named as issuers can have signed."""
        organisations = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        column = table.columns
        issuers = PolicyIssuer.objects.filter(
            STANDS, policy__voided_at__isnull=True, policy__number__in=set(column["number"])
        )
        known = {
            (number, organisation): (policy, order)
            for number, organisation, policy, order in issuers.values_list(
                "policy__number", "organisation_id", "policy_id", "order"
            )
        }
        rows = []
        for index, organisation in enumerate(organisations):
            if organisation is None:
                continue
            found = known.get((column["number"][index], organisation.id))
            if found is None:
                hall.unknown(table, index, "org_code", "印发单位", "issuer of this policy")
            else:
                rows.append((index, (found[0], organisation.id, column["signed_on"][index], found[1])))
        hall.merge(table, self.spec, [index for index, _ in rows], [row for _, row in rows])

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Days of signing of the policies that :class:`PolicyLanding` exports."""
        return (
            visible(actor, PolicyIssuer)
            .filter(STANDS, signed_on__isnull=False, policy__voided_at__isnull=True)
            .filter(Q(policy__issued_on__isnull=True) | Q(policy__issued_on__lte=date(year, 12, 31)))
            .filter(Q(policy__repealed_on__isnull=True) | Q(policy__repealed_on__gte=date(year, 1, 1)))
            .order_by("policy__number", "order")
            .values_list("policy__number", "organisation__code", "signed_on")
        )
