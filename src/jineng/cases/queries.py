"""What others may ask of the cases. Everything here is scoped to whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from jineng.cases.models import Case, CaseEntry, CaseFile, CaseSight, Intake, IntakeDecider, Objection, Quota
from jineng.cases.procedures import read
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.models import Organisation
from jineng.registry.scope import visible

LISTED = (
    *("serial", "title", "applicant", "parties", "stage", "outcome", "started_on", "due_on"),
    *("intake__name", "procedure__digest"),
)
"""What lists tell of a case."""
LIMIT = 20
"""How many cases the home page asks for."""
NUMBER_LISTED = """
SELECT coalesce(sum(number), 0)::bigint FROM cases_counted()
WHERE (%(intake)s::uuid IS NULL OR intake_id = %(intake)s) AND (%(outcome)s = '' OR outcome = %(outcome)s)
  AND (%(ended)s::boolean IS NULL OR (outcome <> '') = %(ended)s) AND (is_turn OR NOT %(waiting)s)
"""
CASES_OF_INTAKE = "(SELECT sum(number) FROM cases_counted() AS told WHERE told.intake_id = cases_intake.id)"


def name_of(path: str) -> Coalesce:
    """The name of the organisation whose id ``path`` holds, empty out of sight, where a join would lose the row."""
    return Coalesce(Subquery(Organisation.objects.filter(pk=OuterRef(path)).order_by().values("name")[:1]), Value(""))


def cases_of(actor: Actor) -> QuerySet[Case]:
    """Standing cases in sight, with intake, procedure and the applicant's name (``applicant_name``)."""
    return (
        visible(actor, Case)
        .filter(STANDS)
        .select_related("intake", "procedure")
        .defer("procedure__content", "intake__announcement")
        .annotate(applicant_name=name_of("applicant_id"))
    )


def listed_cases(actor: Actor) -> QuerySet[CaseSight]:
    """The same cases as lines of one's own list, which is turned by an index: of each the ``case`` as above, without
    what no list shows."""
    return (
        visible(actor, CaseSight)
        .filter(STANDS, organisation=actor.organisation_id)
        .select_related("case__intake", "case__procedure")
        .only("rank", *(f"case__{name}" for name in LISTED))
        .annotate(applicant_name=name_of("applicant_id"))
    )


def among_found(text: str) -> Q:
    """Of one's own list the cases whose title, or the name of whose applicant in sight, holds the text."""
    applicants = list(Organisation.objects.filter(name__icontains=text).order_by().values_list("pk", flat=True))
    return Q(case__among=RawSQL("SELECT case_id FROM cases_found(%s, %s)", (text, applicants)))


def number_listed(
    actor: Actor, intake: Intake | None = None, *, outcome: str = "", ended: bool | None = None, waiting: bool = False
) -> int:
    """How many lines the list has, all of it or of an intake; those that ended so, ended at all or are open, or wait
    for one's own organisation. Added up from what the database keeps, however many there are."""
    asked = {"intake": intake.pk if intake else None, "outcome": outcome, "ended": ended, "waiting": waiting}
    with connection.cursor() as cursor:
        cursor.execute(NUMBER_LISTED, asked)
        return int(cursor.fetchone()[0])


def cases_numbered(actor: Actor, numbers: Iterable[str]) -> dict[str, Case]:
    """The cases in sight with these numbers."""
    serials = [int(number.rpartition("-")[2]) for number in numbers]
    return {case.number: case for case in cases_of(actor).filter(serial__in=serials)}


def open_cases_in(actor: Actor, intake: Intake) -> QuerySet[Case]:
    """The cases of an intake in sight that have not ended."""
    return cases_of(actor).filter(intake=intake, outcome="").order_by("serial")


def round_counts(actor: Actor, intake: Intake) -> dict[str, int]:
    """Of a reporting round's returns in sight: how many are owed, wait at their unit for the first time, are locked."""
    first = read(intake.procedure).flow.stages[0].key
    return (
        visible(actor, Case)
        .filter(STANDS, intake=intake)
        .aggregate(
            owed=Count("pk"), waiting=Count("pk", filter=Q(stage=first)), locked=Count("pk", filter=Q(is_locked=True))
        )
    )


def whose_turn(actor: Actor) -> Q:
    """Open cases in which it is the turn of a party of which one's own organisation is a member.

    Whose turn it is stands in the procedure: the party of the case's stage. The database keeps it with the parties.
    """
    return Q(party_rows__organisation=actor.organisation_id, party_rows__is_turn=True)


def waiting_for(actor: Actor) -> QuerySet[Case]:
    """Cases that wait for one's own organisation, those due first above."""
    order = F("party_rows__due_on").asc(nulls_last=True), "party_rows__serial"
    return cases_of(actor).filter(whose_turn(actor)).order_by(*order)


def intakes_of(actor: Actor) -> QuerySet[Intake]:
    """Standing intakes with office, procedure and deciders in order (``signing``)."""
    signing = IntakeDecider.objects.filter(STANDS).order_by("order").annotate(name=name_of("organisation_id"))
    return (
        visible(actor, Intake)
        .filter(STANDS)
        .select_related("procedure")
        .prefetch_related(Prefetch("deciders", signing, to_attr="signing"))
        .annotate(office_name=name_of("office_id"))
    )


def counted_intakes(actor: Actor) -> QuerySet[Intake]:
    """The same, each with how many cases are in sight (``case_count``) of whoever acts."""
    number = RawSQL(CASES_OF_INTAKE, (), IntegerField())  # noqa: S611 the text above, without parameters
    return intakes_of(actor).annotate(case_count=Coalesce(number, 0))


def open_intakes(actor: Actor) -> QuerySet[Intake]:
    """Intakes that take cases today, those that close first above."""
    today = clock.today()
    return counted_intakes(actor).filter(opens_on__lte=today, closes_on__gte=today).order_by("closes_on", "name")


def quotas_of(actor: Actor, intake: Intake) -> QuerySet[Quota]:
    """Quotas of an intake with the organisations' names (``name``)."""
    return (
        visible(actor, Quota)
        .filter(STANDS, intake=intake)
        .annotate(name=name_of("organisation_id"))
        .order_by("name", "pk")
    )


def entries_of(actor: Actor, case: Case) -> list[CaseEntry]:
    """The log of a case, the earliest first."""
    return list(visible(actor, CaseEntry).filter(case=case).order_by("number"))


def files_of(actor: Actor, case: Case) -> QuerySet[CaseFile]:
    """Files given with a case."""
    return visible(actor, CaseFile).filter(STANDS, case=case).order_by("field", "recorded_at", "pk")


def objections_of(actor: Actor, case: Case) -> QuerySet[Objection]:
    """Objections to a case, the earliest first."""
    return visible(actor, Objection).filter(STANDS, case=case).order_by("raised_on", "recorded_at", "pk")


def names_of(ids: set[UUID]) -> dict[str, str]:
    """Names of organisations by their ids as text, as far as they are in sight."""
    return {str(pk): name for pk, name in Organisation.objects.filter(pk__in=ids).values_list("pk", "name")}
