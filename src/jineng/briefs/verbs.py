"""The only writer of the briefs: release."""

from __future__ import annotations

import shutil
import uuid
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.briefs.desk import open_snapshot
from jineng.briefs.models import Release
from jineng.briefs.releasing import Progress, manifest_of, move_in_place, write_brief, write_json
from jineng.briefs.snapshots import write_snapshot
from jineng.engines.seals import digest, seal
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.keys import signer
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

FIRST_YEAR = 2015


@verb(Right.RELEASE_BRIEFS, room="briefs")
def release_brief(
    *,
    actor: Actor,
    year: int,
    issued_on: date | None = None,
    note: str = "",
    progress: Progress = lambda name, done, total: None,
) -> Release:
    """Freeze the registers in a snapshot, compute the brief from it, write it, and seal the whole.

    Raises:
        ValidationError: the year lies in the future or before the records begin.
    """
    if not FIRST_YEAR <= year <= clock.today().year:
        raise ValidationError(f"没有{year}年度的数据。 There is no data of the year {year}.")
    number = (Release.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1
    issued = issued_on or clock.today()
    name = f"{year}-{number:02d}"
    draft = Path(settings.VAR) / "releases" / f".{name}-{uuid.uuid4().hex[:8]}"
    try:
        tables = write_snapshot(draft / "tables", progress)
        reader = open_snapshot(draft / "tables")
        brief = write_brief(reader, year, draft, issue=number, dated=issued, progress=progress)
        manifest = manifest_of(brief, reader, draft, tables, number=number, issued_on=issued)
        sealed = dict(seal(manifest, signer(), clock.now()))
        write_json(draft / "manifest.json", sealed)
        release = Release.objects.create(
            year=year,
            number=number,
            issued_on=issued,
            released_by_id=actor.account_id,
            folder=name,
            manifest=manifest,
            digest=digest(manifest),
            seal=sealed,
            note=note,
        )
        move_in_place(draft, Path(settings.VAR) / "releases" / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    current_deed().note(f"发布 {release}", subject=release, digest=release.digest)
    return release
