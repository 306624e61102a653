"""What pages ask of reviews. Everything here is scoped to whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from jineng.cases.kinds import PanelState
from jineng.cases.models import Decision, Expert, Intake, Panel, PanelEntry, PanelMember, ReviewTask
from jineng.cases.queries import name_of
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.scope import in_reach, visible


def experts_of(actor: Actor) -> QuerySet[Expert]:
    """Standing experts in sight, with the names of where they work and who keeps them."""
    return (
        visible(actor, Expert)
        .filter(STANDS)
        .select_related("account")
        .annotate(organisation_name=name_of("organisation_id"), office_name=name_of("office_id"))
    )


def calling(actor: Actor) -> QuerySet[Expert]:
    """Experts in sight who may be called onto a panel: those who were not dismissed."""
    return experts_of(actor).filter(dismissed_on__isnull=True)


def panel_in_hand(actor: Actor, pk: UUID) -> Panel | None:
    """The panel, for whoever runs its intake."""
    found = Panel.objects.filter(STANDS, pk=pk).select_related("intake__procedure").first()
    return found if found is not None and in_reach(actor, found.intake.office_id) else None


def panel_of_intake(intake: Intake) -> Panel | None:
    """The panel of an intake, where there is one."""
    return Panel.objects.filter(STANDS, intake=intake).first()


def members_of_panel(actor: Actor, panel: Panel) -> QuerySet[PanelMember]:
    """Members with where they work, by the numbers that were drawn for them."""
    return (
        visible(actor, PanelMember)
        .filter(STANDS, panel=panel)
        .select_related("expert__account")
        .annotate(organisation_name=name_of("expert__organisation_id"))
        .order_by("number", "recorded_at", "pk")
    )


def entries_of_panel(actor: Actor, panel: Panel) -> QuerySet[PanelEntry]:
    """Entries with their cases, those ranked first above; those of cases in conflict are not among them."""
    found = visible(actor, PanelEntry).filter(STANDS, panel=panel).select_related("case").defer("content")
    return found.order_by(F("rank").asc(nulls_last=True), "number")


def tasks_of_each(actor: Actor, kind: str, ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many standing tasks each has and how many of them are handed in; ``kind`` says of what: member or entry."""
    tasks = visible(actor, ReviewTask).filter(STANDS, **{f"{kind}__in": list(ids)}).order_by()
    counted = tasks.values_list(kind).annotate(
        given=Count("pk"), done=Count("pk", filter=Q(handed_in_at__isnull=False))
    )
    return {one: (given, done) for one, given, done in counted}


def ranked_entries(actor: Actor, panel: Panel) -> QuerySet[PanelEntry]:
    """Entries by what was decided of them, for whoever judges."""
    found = visible(actor, PanelEntry).filter(STANDS, panel=panel).exclude(status="").select_related("case")
    return found.defer("content").order_by(F("rank").asc(nulls_last=True), "-score", "number")


def tasks_of(actor: Actor) -> QuerySet[ReviewTask]:
    """The actor's own standing tasks of panels that review, those not handed in first."""
    return (
        visible(actor, ReviewTask)
        .filter(STANDS, account=actor.account_id, panel__state=PanelState.REVIEWING)
        .filter(member__expert__dismissed_on__isnull=True)
        .select_related("entry", "panel__intake")
    )


def decision_of(actor: Actor, pk: UUID) -> Decision | None:
    """The decision of a panel, as far as the actor may read it; its statement, which may be long, when it is asked."""
    return visible(actor, Decision).filter(pk=pk).select_related("panel__intake").defer("statement").first()
