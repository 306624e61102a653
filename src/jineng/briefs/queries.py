"""What others may ask of the briefs: the draft, the releases, and the records behind a figure within a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from jineng.briefs.composition import Brief, compose
from jineng.briefs.desk import Desk, live_desk, snapshot_desk
from jineng.briefs.illustrations import illustrate
from jineng.briefs.models import Release
from jineng.briefs.releasing import narrative
from jineng.engines.measures import Period
from jineng.kernel.actors import Actor
from jineng.kernel.measures import record_doors
from jineng.registry.scope import visible


def folder_of(release: Release) -> Path:
    """Where the files of a release lie."""
    return Path(settings.VAR) / "releases" / release.folder


def desk_of(release: Release | None) -> Desk:
    """The live desk, or that of a release."""
    return live_desk() if release is None else snapshot_desk(folder_of(release) / "tables")


def brief_of(desk: Desk, year: int, base: str, tail: str = "/") -> Brief:
    """The year's brief as the desk's data has it; figures lead to ``base`` + key + ``tail``."""
    return desk.keep(
        ("brief", year, base),
        lambda: compose(narrative(), desk.reader, year, link=lambda key: f"{base}{key}{tail}", illustrate=illustrate),
    )


@dataclass(frozen=True)
class Behind:
    """The records behind a figure as one actor may open them: how many in all, how many within their scope."""

    total: int
    in_scope: int
    rows: Sequence[dict[str, object]]


def records_behind(
    actor: Actor, desk: Desk, key: str, period: Period, within: str | None, limit: int, offset: int
) -> Behind:
    """A page of the records behind a figure: all for the root, for others those that the scope lets them open.

    The database itself is asked which of the records are visible, so the answer is the walls' own.
    """
    if actor.sees_all:
        page = desk.records(key, period, within, limit, offset)
        return Behind(page.total, page.total, page.rows)
    ids = desk.record_ids(key, period, within)
    mine: list[UUID] = []
    for record_type in sorted(ids):
        model = record_doors[record_type].model()
        seen = visible(actor, model).filter(Q(pk__in=ids[record_type])).values_list("pk", flat=True)
        mine += sorted(seen)
    wanted = set(mine[offset : offset + limit])
    rows = [row for row in desk.records(key, period, within, 10**9, 0).rows if row["record_id"] in wanted]
    return Behind(sum(len(found) for found in ids.values()), len(mine), rows)
