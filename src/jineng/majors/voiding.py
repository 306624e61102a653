"""Rows of the sheet 专业点 marked 作废: what stands is struck out; what is unknown is kept as void."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall, Outcome
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import origin
from jineng.majors.models import MajorOffering
from jineng.registry.scope import reach

Row = tuple[UUID, UUID, Decimal, date, date | None, str]
"""Organisation, major, duration, opening, revocation, document."""
Key = tuple[UUID, UUID, Decimal, date]


def need_reasons(hall: Hall, table: Table) -> None:
    """Refuse rows marked void without a reason."""
    for index, (void, reason) in enumerate(zip(table.columns["voided"], table.columns["void_reason"], strict=True)):
        if void and not reason:
            hall.refuse(
                table,
                index,
                "void_reason",
                ErrorCode.REQUIRED,
                "作废的须写明原因。",
                "A void offering needs its reason.",
                "请填写作废原因。",
                "Fill in why it never held.",
            )


def land_voids(hall: Hall, table: Table, rows: Mapping[int, Row]) -> None:
    """Strike out the offerings that ``rows`` name; keep those that the register never had as void records.

    Only the first reporter or its authorities may strike out what stands; anybody else meets a conflict.
    """
    if not rows:
        return
    keys = {index: row[:4] for index, row in rows.items()}
    known = MajorOffering.objects.filter(organisation__in={key[0] for key in keys.values()})
    standing = {_key(offering): offering for offering in known.filter(STANDS)}
    struck = {_key(offering) for offering in known.exclude(STANDS)}
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    outcome = Outcome()
    gone, fresh = [], []
    for index, key in keys.items():
        offering, reason = standing.get(key), table.columns["void_reason"][index]
        if offering is None and key in struck:
            outcome.unchanged += 1
        elif offering is None:
            *_, revoked_on, document = rows[index]
            fresh.append(_void_record(key, revoked_on, document, reason))
        elif mine is not None and offering.reporter_id is not None and offering.reporter_id not in mine:
            _refuse(hall, table, index)
        else:
            offering.voided_at, offering.void_reason = clock.now(), reason
            gone.append(offering)
    update_many(gone, ["voided_at", "void_reason"])
    MajorOffering.objects.bulk_create(fresh, batch_size=5000)
    outcome.corrected, outcome.added = len(gone), len(fresh)
    hall.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)


def _key(offering: MajorOffering) -> Key:
    return offering.organisation_id, offering.major_id, offering.duration_years, offering.opened_on


def _void_record(key: Key, revoked_on: date | None, document: str, reason: str) -> MajorOffering:
    organisation, major, duration, opened_on = key
    return MajorOffering(
        organisation_id=organisation,
        major_id=major,
        duration_years=duration,
        opened_on=opened_on,
        revoked_on=revoked_on,
        document=document,
        voided_at=clock.now(),
        void_reason=reason,
        **origin(),
    )


def _refuse(hall: Hall, table: Table, index: int) -> None:
    hall.refuse(
        table,
        index,
        "voided",
        ErrorCode.CONFLICT,
        "此专业点由其他单位填报，本单位不能作废。",
        "Another office reported this offering, so you cannot void it.",
        "请由填报单位或其主管单位作废。",
        "Have that office or its authority void it.",
    )
