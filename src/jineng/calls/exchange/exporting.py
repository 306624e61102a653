"""What goes out by the sheet 持有者, so that it may come in again and change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jineng.calls.models import AwardHolder
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.identities import identities_of
from jineng.registry.scope import visible


def holder_rows(actor: Actor, year: int) -> Iterator[Sequence[Any]]:
    """Holders of awards of batches up to ``year`` in the actor's scope.

    People go out with name and number where the actor may read them, and are left out otherwise.
    """
    found = visible(actor, AwardHolder).filter(STANDS, award__voided_at__isnull=True, award__batch__year__lte=year)
    full = actor.may(Right.VIEW_PERSONAL_DATA)
    if not full:
        found = found.filter(person__isnull=True)
    rows = list(
        found.order_by("award__batch__call__code", "award__batch__number", "award__title", "id").values_list(
            "award__batch__call__code",
            "award__batch__number",
            "award__title",
            "award__organisation__code",
            "kind",
            "organisation__code",
            "person",
            "team_name",
            "role",
        )
    )
    people = identities_of(actor, {row[6] for row in rows if row[6]}) if full else {}
    for *key, kind, organisation, person, team, role in rows:
        who = people.get(person)
        if person is None or (who is not None and who.number):
            yield (
                *key,
                kind,
                organisation,
                who.name if who else None,
                who.number if who else None,
                team or None,
                role,
                (who.is_synthetic or None) if who else None,
            )
