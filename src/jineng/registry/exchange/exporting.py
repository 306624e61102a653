"""What goes out of the registry by its two sheets, so that it may come in again and change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.kinds import Change
from jineng.registry.models import Organisation, OrganisationState
from jineng.registry.scope import reach

BEGINNINGS = (Change.ENTERED, Change.FOUNDED)


def organisation_rows(actor: Actor, year: int) -> Iterator[Sequence[Any]]:
    """Rows of 机构: how each organisation of the scope that was in being in ``year`` first entered the books.

    What its importer could not bring in is left out: the root, which the installation makes, and organisations that
    first answered to somebody outside the scope.
    """
    mine, codes = _scope(actor)
    in_being = Organisation.objects.filter(STANDS).exclude(closed_on__lt=date(year, 1, 1))
    known = {item.pk: item for item in (in_being if actor.sees_all else in_being.filter(pk__in=reach(actor)))}
    states = OrganisationState.objects.filter(STANDS, organisation__in=known, since__lte=date(year, 12, 31))
    first: dict[UUID, OrganisationState] = {}
    for state in states.order_by("since", "recorded_at", "id"):
        first.setdefault(state.organisation_id, state)
    for pk, state in sorted(first.items(), key=lambda pair: known[pair[0]].code):
        item = known[pk]
        answers = state.authority_id in codes and (mine is None or state.authority_id in mine)
        alone = actor.sees_all and state.authority_id is None and pk != actor.organisation_id
        if state.change in BEGINNINGS and (answers or alone):
            yield (
                item.code,
                item.code_scheme,
                item.credit_code or None,
                state.name,
                state.kind,
                state.division_id,
                codes.get(state.authority_id) if state.authority_id else None,
                item.nature,
                state.since if state.change == Change.FOUNDED else None,
                state.document or None,
                item.is_synthetic or None,
            )


def change_rows(actor: Actor, year: int) -> Iterator[Sequence[Any]]:
    """Rows of 机构变更: what happened to organisations of the scope in ``year``.

    An authority outside the scope is left blank, which means that it stayed.
    """
    mine, codes = _scope(actor)
    states = OrganisationState.objects.filter(STANDS, since__year=year).exclude(change__in=BEGINNINGS)
    if mine is not None:
        states = states.filter(organisation__in=reach(actor))
    for state in states.select_related("organisation").order_by("since", "organisation__code", "recorded_at"):
        told = mine is None or state.authority_id in mine
        yield (
            state.organisation.code,
            state.change,
            state.since,
            state.name,
            state.kind,
            state.division_id,
            codes.get(state.authority_id) if state.authority_id and told else None,
            codes.get(state.related_id) if state.related_id else None,
            state.document or None,
        )


def _scope(actor: Actor) -> tuple[set[UUID] | None, dict[UUID, str]]:
    """Ids of the scope (``None``: everything), and the codes of all organisations in sight."""
    codes = dict(Organisation.objects.filter(STANDS).values_list("pk", "code"))
    return None if actor.sees_all else set(reach(actor)), codes
