"""Enter organisations and record what happens to them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.kinds import ENDINGS, Change
from jineng.registry.models import Organisation, OrganisationState
from jineng.registry.rules import code_fault
from jineng.registry.scope import in_reach

ROOM = "registry"
ATTRIBUTES = ("name", "kind", "division", "authority", "closed")


@verb(Right.EDIT_REGISTRY, room=ROOM)
def enter_organisation(
    *, actor: Actor, since: date, change: str = Change.FOUNDED, document: str = "", **fields: Any
) -> Organisation:
    """Enter an organisation under an authority in the actor's scope, with its first state.

    ``fields`` are those of :class:`Organisation`.

    Raises:
        NotAllowed: the authority lies outside the scope.
        ValidationError: a code is malformed or taken, or a field is missing.
    """
    authority = fields.get("authority")
    if authority is None or not in_reach(actor, authority.pk):
        raise NotAllowed("主管单位不在本岗位管辖范围内。 The authority lies outside your scope.")
    organisation = Organisation(**fields, **origin())
    fault = code_fault(organisation.code, organisation.code_scheme)
    if fault:
        raise ValidationError({"code": f"{fault[0]}{fault[2]} {fault[1]} {fault[3]}"})
    organisation.full_clean()
    organisation.save(force_insert=True)
    OrganisationState.objects.create(
        organisation=organisation,
        change=change,
        since=since,
        document=document,
        **{name: getattr(organisation, name) for name in ("name", "kind", "division", "authority")},
        **origin(),
    )
    current_deed().note(f"入册 {organisation.name}", subject=organisation)
    return organisation


@verb(Right.EDIT_REGISTRY, room=ROOM)
def change_organisation(
    *,
    actor: Actor,
    organisation_id: UUID,
    change: str,
    on: date,
    document: str = "",
    related: Organisation | None = None,
    **attributes: Any,
) -> OrganisationState:
    """Record a dated change: rename, re-designate, move, transfer, merge or close.

    ``attributes`` name what is different from that day on (name, kind, division, authority).

    Raises:
        NotAllowed: the organisation, or the authority that it is transferred to, lies outside the scope.
        ValidationError: the change says nothing new, or a change of that kind stands on that day.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).select_for_update().first()
    if organisation is None or not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")
    target = attributes.get("authority")
    if target is not None and not in_reach(actor, target.pk):
        raise NotAllowed("新的主管单位不在本岗位管辖范围内。 The new authority lies outside your scope.")
    before = state_on(organisation, on)
    values = {name: attributes.get(name, getattr(before or organisation, name, False)) for name in ATTRIBUTES}
    values["closed"] = change in ENDINGS
    if before and not values["closed"] and all(values[name] == getattr(before, name) for name in ATTRIBUTES):
        raise ValidationError("变更前后内容相同。 The change says nothing new.")
    state = OrganisationState(
        organisation=organisation, change=change, since=on, document=document, related=related, **values, **origin()
    )
    state.full_clean(exclude=["origin_kind"])
    state.save(force_insert=True)
    refresh(organisation)
    current_deed().note(
        f"{state.get_change_display()} {before.name if before else ''} → {state.name}", subject=organisation
    )
    return state


@verb(Right.EDIT_REGISTRY, room=ROOM)
def void_organisation_state(*, actor: Actor, state_id: UUID, reason: str) -> OrganisationState:
    """Strike out a change that never happened.

    Raises:
        NotAllowed: outside the scope.
        ValidationError: no reason, or it is the organisation's only state.
    """
    state = OrganisationState.objects.filter(STANDS, pk=state_id).select_related("organisation").first()
    if state is None or not in_reach(actor, state.organisation_id):
        raise NotAllowed("该记录不在本岗位管辖范围内。 The record lies outside your scope.")
    if not reason.strip():
        raise ValidationError({"reason": "请填写作废原因。 Give a reason."})
    if not OrganisationState.objects.filter(STANDS, organisation=state.organisation).exclude(pk=state.pk).exists():
        raise ValidationError("机构的唯一记录不能作废。 An organisation's only state cannot be voided.")
    state.voided_at, state.void_reason = clock.now(), reason
    state.save(update_fields=["voided_at", "void_reason"])
    refresh(state.organisation)
    current_deed().note(f"作废沿革 {state}", subject=state.organisation)
    return state


def state_on(organisation: Organisation, day: date) -> OrganisationState | None:
    """The standing state that holds on ``day``."""
    return (
        OrganisationState.objects.filter(STANDS, organisation=organisation, since__lte=day)
        .order_by("-since", "-recorded_at", "-id")
        .first()
    )


def refresh(organisation: Organisation) -> None:
    """Make the organisation's own columns say what its latest standing state says."""
    latest = (
        OrganisationState.objects.filter(STANDS, organisation=organisation)
        .order_by("-since", "-recorded_at", "-id")
        .first()
    )
    if latest is None:
        return
    organisation.name, organisation.kind = latest.name, latest.kind
    organisation.division_id, organisation.authority_id = latest.division_id, latest.authority_id
    organisation.closed_on = latest.since if latest.closed else None
    organisation.save(update_fields=["name", "kind", "division", "authority", "closed_on"])
