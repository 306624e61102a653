"""What pages ask of procedures. Everything here is scoped to whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Case, Intake, Procedure
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.models import Organisation
from jineng.registry.scope import in_reach, visible


@dataclass(frozen=True)
class Use:
    """How much runs by a version, as far as the actor sees it."""

    intakes: int
    cases: int
    open_cases: int


def procedures_of(actor: Actor) -> QuerySet[Procedure]:
    """Standing procedures that the actor sees, each with the name of its owner; the newest version of each first."""
    # A join would lose the procedures whose owner lies out of sight.
    owner = Organisation.objects.filter(pk=OuterRef("owner_id")).values("name")[:1]
    rows = visible(actor, Procedure).filter(STANDS).annotate(owner_name=Coalesce(Subquery(owner), Value("")))
    return rows.order_by("code", "-version")


def procedures_versions(actor: Actor, procedure: Procedure) -> list[Procedure]:
    """All versions of a procedure, the newest first, without the content."""
    return list(procedures_of(actor).filter(code=procedure.code).defer("content"))


def procedures_before(actor: Actor, procedure: Procedure) -> Procedure | None:
    """The version before."""
    earlier = procedures_of(actor).filter(code=procedure.code, version__lt=procedure.version)
    return earlier.order_by("-version").first()


def procedures_draft(actor: Actor, code: str) -> Procedure | None:
    """The draft of the next version, where there is one."""
    return procedures_of(actor).filter(code=code, state=ProcedureState.DRAFT).first()


def procedures_free_code(actor: Actor, code: str) -> str:
    """A code for a copy, which no procedure in sight has."""
    stem = code[:50]
    taken = set(procedures_of(actor).filter(code__startswith=stem).values_list("code", flat=True))
    number = next(number for number in range(2, len(taken) + 3) if f"{stem}-{number}" not in taken)
    return f"{stem}-{number}"


def procedures_use(actor: Actor, procedure: Procedure) -> Use:
    """How many intakes and cases run by a version."""
    cases = visible(actor, Case).filter(STANDS, procedure=procedure)
    counted = cases.aggregate(all=Count("id"), open=Count("id", filter=Q(outcome="")))
    intakes = visible(actor, Intake).filter(STANDS, procedure=procedure).count()
    return Use(intakes, counted["all"], counted["open"])


def procedures_may_edit(actor: Actor, procedure: Procedure) -> bool:
    """Whether the actor may write, publish and retire versions of a procedure."""
    return actor.may(Right.EDIT_PROCEDURES) and in_reach(actor, procedure.owner_id)
