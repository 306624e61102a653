"""What is announced: standards and who developed them, the catalogue of certificates, pilot batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q

from jineng.credentials.exchange import sheets
from jineng.credentials.exchange.editions import editions_in_order
from jineng.credentials.exchange.refusals import conflict, ends_after_start, levels_of, standards_by_code
from jineng.credentials.kinds import DeveloperRole
from jineng.credentials.models import CertificateType, PilotBatch, SkillStandard, StandardDeveloper
from jineng.credentials.rules import say_levels
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import reach


def in_being_in(year: int, start: str, end: str) -> Q:
    """Rows that are in being on a day of ``year`` at least."""
    return Q(**{f"{start}__lte": date(year, 12, 31)}) & (
        Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": date(year, 1, 1)})
    )


class StandardLanding(Landing):
    """Brings the sheet 职业技能等级标准 into the register."""

    room: ClassVar[str] = "credentials"
    right: ClassVar[Right] = Right.EDIT_CREDENTIALS
    sheet: ClassVar[Sheet] = sheets.STANDARDS
    spec = Merge(
        SkillStandard,
        (
            Field("code", key=True),
            Field("name"),
            Field("levels"),
            Field("published_on"),
            Field("withdrawn_on"),
            Field("document"),
        ),
        tuple(column.name for column in sheets.STANDARDS.columns),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Merge by code; editions stay in their order."""
        levels = levels_of(hall, table)
        ends_after_start(hall, table, "published_on", "withdrawn_on")
        editions_in_order(hall, table)
        column = table.columns
        good = hall.good(table)
        hall.merge(
            table,
            self.spec,
            good,
            [
                (
                    column["standard_code"][index],
                    column["name"][index],
                    levels[index],
                    column["published_on"][index],
                    column["withdrawn_on"][index],
                    column["document"][index] or "",
                )
                for index in good
            ],
        )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Standards in being on a day of ``year``, reported from within the actor's scope."""
        rows = SkillStandard.objects.filter(STANDS, in_being_in(year, "published_on", "withdrawn_on"))
        if not actor.sees_all:
            rows = rows.filter(reporter_id__in=reach(actor))
        for code, name, levels, *rest in rows.order_by("code").values_list(
            "code", "name", "levels", "published_on", "withdrawn_on", "document"
        ):
            yield code, name, say_levels(levels), *rest


class DeveloperLanding(Landing):
    """Brings the sheet 标准开发单位 into the register."""

    room: ClassVar[str] = "credentials"
    right: ClassVar[Right] = Right.EDIT_CREDENTIALS
    sheet: ClassVar[Sheet] = sheets.DEVELOPERS
    spec = Merge(
        StandardDeveloper,
        (Field("standard_id", key=True), Field("organisation_id", key=True), Field("role")),
        ("standard_code", "org_code", "role"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Leads lie in the importer's scope; participants may lie elsewhere, where the standard is the importer's."""
        column = table.columns
        bodies = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        standards = standards_by_code(column["standard_code"])
        mine = None if hall.actor.sees_all else set(reach(hall.actor))
        rows = []
        for index, body in enumerate(bodies):
            known = standards.get(column["standard_code"][index])
            role = column["role"][index] or DeveloperRole.LEAD.value
            if known is None:
                hall.unknown(table, index, "standard_code", "标准", "standard")
            elif body is not None:
                may_name = role != DeveloperRole.LEAD and (mine is None or known[1] in mine)
                if not body.in_scope and not may_name:
                    hall.out_of_scope(table, index, "org_code")
                rows.append((index, (known[0], body.id, role)))
        good = set(hall.good(table))
        rows = [(index, row) for index, row in rows if index in good]
        hall.merge(table, self.spec, [index for index, _ in rows], [row for _, row in rows])

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Developers of the standards in being on a day of ``year``, reported from within the actor's scope."""
        rows = StandardDeveloper.objects.filter(STANDS, standard__voided_at__isnull=True).filter(
            in_being_in(year, "standard__published_on", "standard__withdrawn_on")
        )
        if not actor.sees_all:
            rows = rows.filter(reporter_id__in=reach(actor), organisation__in=reach(actor))
        yield from rows.order_by("standard__code", "organisation__code").values_list(
            "standard__code", "organisation__code", "role"
        )


class CertificateTypeLanding(Landing):
    """Brings the sheet 职业技能等级证书 into the register."""

    room: ClassVar[str] = "credentials"
    right: ClassVar[Right] = Right.EDIT_CREDENTIALS
    sheet: ClassVar[Sheet] = sheets.TYPES
    spec = Merge(
        CertificateType,
        (
            Field("code", key=True),
            Field("name"),
            Field("levels"),
            Field("body_id"),
            Field("standard_id"),
            Field("listed_on"),
            Field("ended_on"),
        ),
        tuple(column.name for column in sheets.TYPES.columns),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Merge by code; the body that assesses lies in the importer's scope."""
        column = table.columns
        bodies = resolve_column(hall, table, "body_code")
        levels = levels_of(hall, table)
        standards = standards_by_code(column["standard_code"])
        ends_after_start(hall, table, "listed_on", "ended_on")
        for index, (code, standard) in enumerate(zip(column["certificate_code"], column["standard_code"], strict=True)):
            if standard and standard not in standards:
                hall.unknown(table, index, "standard_code", "标准", "standard")
            if code and not (2 <= len(code) <= 12 and code.isascii() and code.isalnum() and code == code.upper()):
                hall.refuse(
                    table,
                    index,
                    "certificate_code",
                    ErrorCode.BAD_CODE,
                    "证书代码应为2至12个大写字母和数字。",
                    "A certificate's code has two to twelve capital letters and digits.",
                    "请核对代码。",
                    "Check the code.",
                )
        rows = [
            (
                index,
                (
                    column["certificate_code"][index],
                    column["name"][index],
                    levels[index],
                    body.id,
                    standards.get(column["standard_code"][index], (None, None))[0],
                    column["listed_on"][index],
                    column["ended_on"][index],
                ),
            )
            for index in hall.good(table)
            if (body := bodies[index])
        ]
        hall.merge(table, self.spec, [index for index, _ in rows], [row for _, row in rows])

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Certificates listed on a day of ``year`` whose body lies in the actor's scope."""
        rows = CertificateType.objects.filter(STANDS, in_being_in(year, "listed_on", "ended_on"))
        if not actor.sees_all:
            rows = rows.filter(body__in=reach(actor))
        for code, name, levels, *rest in rows.order_by("code").values_list(
            "code", "name", "levels", "body__code", "standard__code", "listed_on", "ended_on"
        ):
            yield code, name, say_levels(levels), *rest


class BatchLanding(Landing):
    """Brings the sheet 证书试点批次 into the register."""

    room: ClassVar[str] = "credentials"
    right: ClassVar[Right] = Right.EDIT_CREDENTIALS
    sheet: ClassVar[Sheet] = sheets.BATCHES
    spec = Merge(
        PilotBatch,
        (
            Field("number", key=True),
            Field("year"),
            Field("decided_on"),
            Field("document"),
            Field("organisation_id", first=True),
        ),
        ("batch_number", "year", "decided_on", "document", "batch_number"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Merge by number; only the province announces batches."""
        column = table.columns
        if not hall.actor.sees_all:
            for index in range(len(table)):
                conflict(
                    hall,
                    table,
                    index,
                    "batch_number",
                    "证书试点批次由省级公布和填报。",
                    "Batches of the pilot are announced and reported by the province.",
                    "请清空此表。",
                    "Empty the sheet.",
                )
        good = hall.good(table)
        hall.merge(
            table,
            self.spec,
            good,
            [
                (
                    column["batch_number"][index],
                    column["year"][index],
                    column["decided_on"][index],
                    column["document"][index] or "",
                    hall.actor.organisation_id,
                )
                for index in good
            ],
        )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Batches of ``year``; nothing for those who do not announce them."""
        if actor.sees_all:
            yield from (
                PilotBatch.objects.filter(STANDS, year=year)
                .order_by("number")
                .values_list("number", "year", "decided_on", "document")
            )
