"""Rows marked 作废: the item never held. What stands is struck out; what is unknown is kept as void."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from jineng.calls.exchange.keys import Key, KnownAward, known_awards
from jineng.calls.models import Award
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel import clock
from jineng.kernel.returns import Hall, Outcome
from jineng.kernel.verbs import origin
from jineng.registry.scope import reach


def land_voids(
    hall: Hall, table: Table, strikes: Mapping[int, Key], levels: Mapping[int, str], standing: Mapping[Key, KnownAward]
) -> dict[int, str]:
    """Strike out the awards that the rows ``strikes`` name; returns the new void records by row.

    Only the first reporter or its authorities may strike out what stands; anybody else meets a conflict.
    """
    if not strikes:
        return {}
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    outcome = Outcome()
    by_reason: dict[str, list[UUID]] = {}
    unknown = []
    for index, key in strikes.items():
        award = standing.get(key)
        if award is None:
            unknown.append(index)
        elif mine is not None and award.reporter_id is not None and award.reporter_id not in mine:
            _refuse(hall, table, index)
        else:
            by_reason.setdefault(table.columns["void_reason"][index], []).append(award.id)
    for reason, ids in by_reason.items():
        outcome.corrected += Award.objects.filter(pk__in=ids).update(voided_at=clock.now(), void_reason=reason)
    fresh = _keep_void(table, strikes, levels, unknown)
    outcome.added += len(fresh)
    outcome.unchanged += len(unknown) - len(fresh)
    hall.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)
    return fresh


def _keep_void(
    table: Table, strikes: Mapping[int, Key], levels: Mapping[int, str], unknown: list[int]
) -> dict[int, str]:
    struck = known_awards([strikes[index] for index in unknown], void=True) if unknown else {}
    fresh = {index: str(uuid4()) for index in unknown if strikes[index] not in struck}
    Award.objects.bulk_create(
        [
            Award(
                id=identity,
                batch_id=strikes[index][0],
                organisation_id=strikes[index][1],
                title=strikes[index][2],
                level=levels[index],
                project_number=table.columns["project_no"][index] or "",
                voided_at=clock.now(),
                void_reason=table.columns["void_reason"][index],
                **origin(),
            )
            for index, identity in fresh.items()
        ],
        batch_size=5000,
    )
    return fresh


def _refuse(hall: Hall, table: Table, index: int) -> None:
    hall.refuse(
        table,
        index,
        "voided",
        ErrorCode.CONFLICT,
        "此项由其他单位填报，本单位不能作废。",
        "Another office reported this item, so you cannot void it.",
        "请由填报单位或其主管单位作废。",
        "Have that office or its authority void it.",
    )
