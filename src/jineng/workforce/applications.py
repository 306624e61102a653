"""Recognition by way of cases: what a school proposes is recognised by the body that took the case, by the standard."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Q

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import answers_of
from jineng.engines.casework import Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin
from jineng.workforce.models import Recognition, Teacher
from jineng.workforce.verbs import recognise_teacher

NO_SUCH = "登记册中该教师今天不在申报学校任教。 The register knows no such teacher at the school."


def teacher_of(case: Case) -> Teacher | None:
    """Whom a case proposes (the answer ``teacher``), as the register knows them to teach at the applicant's today."""
    kept, today = answers_of(case).get("teacher"), clock.today()
    if not isinstance(kept, dict) or "id" not in kept:
        return None
    teaching = Teacher.objects.filter(STANDS, organisation=case.applicant_id, person=kept["id"], since__lte=today)
    return teaching.filter(Q(until__isnull=True) | Q(until__gt=today)).first()


def _bring(actor: Actor, case: Case, what: str) -> None:
    """Recognise the teacher on the level applied for, as of today; the standard says what is missing."""
    teacher = teacher_of(case)
    if what != "recognise" or teacher is None:
        raise ValidationError(NO_SUCH)
    recognise_teacher(actor=actor, teacher_id=teacher.pk, level=answers_of(case)["level"], document=case.number)


def _results(case: Case) -> list[Result]:
    recognised = Recognition.objects.filter(STANDS, organisation=case.applicant_id)
    made = recognised.filter(origin_kind=Origin.CASE, origin_id=case.pk).first()
    teacher = teacher_of(case) if made else None
    return (
        [Result("双师型认定 Recognition", made.get_level_display(), "teacher", teacher.pk)] if made and teacher else []
    )


offer_fact(
    "teaches_here",
    Term(Type.FLAG, "在申报学校任教", "teaches at the applicant's"),
    lambda case: teacher_of(case) is not None,
)
offer_effect("teacher", Effect("双师型认定", "recognition", one_by_one(_bring)))
tell_results(_results, "teacher")
bring_procedures(Path(__file__).with_name("data") / "procedures")
