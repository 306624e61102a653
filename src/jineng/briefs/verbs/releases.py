"""Release an issue: freeze, write, seal, send."""

from __future__ import annotations

import shutil
import uuid
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.briefs.desk import open_snapshot
from jineng.briefs.distribution import deliveries_of
from jineng.briefs.editing import content_digest, standing_of
from jineng.briefs.models import Delivery, Release
from jineng.briefs.narrative import narrative_of
from jineng.briefs.notices import tell_recipients
from jineng.briefs.releasing import Progress, manifest_of, move_in_place, write_brief, write_json
from jineng.briefs.rules import hindrance_to_release
from jineng.briefs.snapshots import write_snapshot
from jineng.briefs.verbs.issues import FIRST_YEAR, year_fault
from jineng.briefs.wording import freeze, issue_in_the_making, tree_of
from jineng.engines.seals import digest
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.keys import sealed
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

__all__ = ["FIRST_YEAR", "release_brief"]


@verb(Right.RELEASE_BRIEFS, room="briefs")
def release_brief(
    *,
    actor: Actor,
    year: int,
    issued_on: date | None = None,
    note: str = "",
    progress: Progress = lambda name, done, total: None,
) -> Release:
    """Release the year's issue: freeze the registers in a snapshot, compute the brief from it, write it, seal the whole
    and send it out.

    Raises:
        ValidationError: the year lies in the future or before the records begin, no issue of it is open, or the issue
            was not checked and signed as it reads now.
    """
    fault = year_fault(year)
    if fault:
        raise ValidationError(fault)
    making = issue_in_the_making(year)
    if making is None:
        raise ValidationError(f"{year}年度没有在编的简报，请先开编。 No issue of {year} is open: open one first.")
    hindrance = hindrance_to_release(standing_of(making), "", "")
    if hindrance:
        raise ValidationError(str(hindrance))
    number = (Release.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1
    issued = issued_on or clock.today()
    name = f"{year}-{number:02d}"
    draft = Path(settings.VAR) / "releases" / f".{name}-{uuid.uuid4().hex[:8]}"
    try:
        tables = write_snapshot(draft / "tables", progress)
        reader = open_snapshot(draft / "tables")
        tree = tree_of(making)
        freeze(tree, draft)
        brief = write_brief(
            narrative_of(tree, name), reader, year, draft, issue=making.number, dated=issued, progress=progress
        )
        moved = hindrance_to_release(standing_of(making), making.checked_digest, content_digest(brief))
        if moved:
            raise ValidationError(str(moved))
        manifest = manifest_of(brief, reader, draft, tables, number=number, issued_on=issued)
        under_seal = sealed(manifest)
        write_json(draft / "manifest.json", under_seal)
        release = Release.objects.create(
            year=year,
            number=number,
            issued_on=issued,
            released_by_id=actor.account_id,
            folder=name,
            manifest=manifest,
            digest=digest(manifest),
            seal=under_seal,
            note=note,
        )
        making.release = release
        making.save(update_fields=["release"])
        tell_recipients(release, Delivery.objects.bulk_create(deliveries_of(making, release)))
        move_in_place(draft, Path(settings.VAR) / "releases" / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    current_deed().note(f"发布 {release}", subject=release, digest=release.digest)
    return release
