"""What follows a release: receipts of whoever got it, errata where it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.briefs.desk import live_desk
from jineng.briefs.models import Delivery, Erratum, Release
from jineng.engines.measures import Period
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.keys import sealed
from jineng.kernel.measures import indicators
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

ROOM = "briefs"


@verb(Right.VIEW_BRIEFS, room=ROOM)
def acknowledge_release(*, actor: Actor, release_id: UUID) -> Delivery:
    """Sign for a release on behalf of one's own organisation; signing twice keeps the first receipt.

    Raises:
        ValidationError: the release was not sent to the actor's organisation.
    """
    found = Delivery.objects.select_for_update().filter(release=release_id, organisation=actor.organisation_id).first()
    if found is None:
        raise ValidationError("此期没有发给本单位。 This issue was not sent to your organisation.")
    if found.read_at is None:
        found.read_by_id, found.read_at = actor.account_id, clock.now()
        found.save(update_fields=["read_by", "read_at"])
    current_deed().note("签收简报", subject=found)
    return found


@verb(Right.RELEASE_BRIEFS, room=ROOM)
def add_erratum(*, actor: Actor, release_id: UUID, text: str, keys: Sequence[str] = ()) -> Erratum:
    """Say what a release said wrongly; for each figure named, what was published and what the registers give now.

    Raises:
        ValidationError: a key was not in the release, or its figure is today what it was then.
    """
    release = Release.objects.get(pk=release_id)
    period = Period.year(release.year)
    values = live_desk().measure(tuple((key, period) for key in keys if key in indicators))
    figures = []
    for key in keys:
        told = release.manifest["figures"].get(key)
        if told is None or key not in indicators:
            raise ValidationError({"keys": f"本期没有刊出“{key}”。 This release has no figure {key}."})
        now = str(values[key, period].value)
        if now == told["value"]:
            raise ValidationError(
                {"keys": f"“{key}”与刊出时相同，无须更正。 {key} is what it was: nothing to correct."}
            )
        figures.append({"key": key, "label": indicators.get(key).label, "published": told["value"], "correct": now})
    number = (release.errata.aggregate(last=Max("number"))["last"] or 0) + 1
    statement = {
        "type": "brief-erratum",
        "release": str(release.pk),
        "digest": release.digest,
        "number": number,
        "dated": clock.today().isoformat(),
        "text": text,
        "figures": figures,
    }
    made = Erratum.objects.create(
        release=release,
        number=number,
        dated=clock.today(),
        text=text,
        figures=figures,
        made_by_id=actor.account_id,
        seal=sealed(statement),
    )
    current_deed().note(f"更正 {release}", subject=made, figures=[item["key"] for item in figures])
    return made
