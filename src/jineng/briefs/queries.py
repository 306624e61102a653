"""What others may ask of the briefs: the draft, the releases, and the records behind a figure within a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from jineng.briefs.composition import Brief, compose
from jineng.briefs.desk import Desk, live_desk, snapshot_desk
from jineng.briefs.illustrations import illustrate
from jineng.briefs.models import Release
from jineng.briefs.narrative import Narrative
from jineng.briefs.wording import edition_of, frozen, issue_in_the_making, narrative_of_issue, seed
from jineng.engines.measures import Period
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import record_doors
from jineng.kernel.memory import memory, source_versions, state_of
from jineng.registry.scope import visible

NAMED_ONE_BY_ONE = 2000
"""Up to so many records are asked for by id; beyond, all that the actor sees are fetched and compared."""


def folder_of(release: Release) -> Path:
    """Where the files of a release lie."""
    return Path(settings.VAR) / "releases" / release.folder


def desk_of(release: Release | None) -> Desk:
    """The live desk, or that of a release."""
    return live_desk() if release is None else snapshot_desk(folder_of(release) / "tables")


def brief_of(desk: Desk, year: int, base: str, tail: str = "/", release: Release | None = None) -> Brief:
    """The year's brief as the desk's data has it; figures lead to ``base`` + key + ``tail``.

    A release is worded as it was when it was released, and bears its number and day in the masthead, as its files do;
    a draft is worded as the issue in the making has it, or as the seed where none was opened.
    """
    making = None if release else issue_in_the_making(year)
    number = release.number if release else making.number if making else 1

    def narrative() -> Narrative:
        if release:
            return frozen(folder_of(release))
        return narrative_of_issue(making) if making else seed()

    return desk.keep(
        ("brief", year, base, (making.pk, edition_of(making)) if making else None),
        lambda: compose(
            narrative(),
            desk.composing,
            year,
            issue=number,
            dated=release.issued_on if release else None,
            link=lambda key: f"{base}{key}{tail}",
            earlier=None if release else lambda key, back: f"/briefs/{year - back}/figures/{key}/",
            illustrate=illustrate,
        ),
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

    The database itself is asked which of the records are visible, so the answer is the walls' own. A record counts
    once, also where it stands on both sides of a ratio; then it has a row for each.
    """
    if actor.sees_all and len(desk.reader.catalogue.sides(key)) == 1:
        page = desk.records(key, period, within, limit, offset)
        return Behind(page.total, page.total, page.rows)
    ids = desk.record_ids(key, period, within)
    mine = _mine(actor, desk, key, period, within, ids)
    rows = desk.records_of(key, period, within, tuple(mine[offset : offset + limit]))
    return Behind(sum(len(found) for found in ids.values()), len(mine), rows)


def seen_behind(actor: Actor, desk: Desk, key: str, period: Period, within: str | None) -> list[UUID]:
    """Ids of those records behind a figure that the actor may open."""
    return _mine(actor, desk, key, period, within, desk.record_ids(key, period, within))


def _mine(
    actor: Actor, desk: Desk, key: str, period: Period, within: str | None, ids: dict[str, tuple[UUID, ...]]
) -> list[UUID]:
    """Those of a figure's records that the actor sees; remembered until anything changes, and for the day, since
    some records are in sight until a day."""
    asker = actor.organisation_id, actor.account_id, actor.sees_all, clock.today()
    question = ("in sight", key, period, within, desk.edition, asker, state_of(source_versions()))
    return memory.answer(
        question, lambda: [identity for kind in sorted(ids) for identity in _seen(actor, kind, ids[kind])], len
    )


def _seen(actor: Actor, record_type: str, ids: Sequence[UUID]) -> list[UUID]:
    """Those of ``ids`` that the actor sees, in their order."""
    if actor.sees_all:
        return list(ids)
    within_sight = visible(actor, record_doors[record_type].model())
    if len(ids) <= NAMED_ONE_BY_ONE:
        within_sight = within_sight.filter(pk__in=ids)
    seen = set(within_sight.values_list("pk", flat=True))
    return [identity for identity in ids if identity in seen]
