"""Reporting rounds: a return that somebody owes is a case. What conditions may ask of it, and how it is locked."""

from __future__ import annotations

from datetime import datetime, time
from fractions import Fraction
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact, one_by_one, tell_results
from jineng.cases.kinds import ROUND
from jineng.cases.models import Case, CaseEntry
from jineng.cases.procedures import read
from jineng.cases.seeding import bring_procedures
from jineng.cases.situations import authorities_above
from jineng.engines.casework import Term, Type
from jineng.engines.casework.comparing import Compared
from jineng.engines.exchange import FileCode, FileError
from jineng.kernel.actors import Actor
from jineng.kernel.clock import CHINA
from jineng.kernel.models import Receipt
from jineng.kernel.returns.receiving import bar_returns

LOCK, UNLOCK = "lock", "unlock"


def receipts_of(case: Case) -> QuerySet[Receipt]:
    """Files that the applicant handed in and that landed since the round began, the latest first."""
    begun = datetime.combine(case.intake.opens_on, time(), CHINA)
    landed = Receipt.objects.filter(organisation_id=case.applicant_id, state=Receipt.State.LANDED)
    return landed.filter(submitted_at__gte=begun).order_by("-submitted_at", "-pk")


def compared(case: Case) -> list[Compared]:
    """The case's return, sheet by sheet, beside the round before and the middle of the others; for whoever takes part
    in the case. Of fewer than three others nothing is told. What stands out follows from the version of the procedure
    that the case began with."""
    rule = read(case.procedure).comparison
    with connection.cursor() as cursor:
        cursor.execute("SELECT sheet, rows, before, near FROM cases_return_compared(%s)", [case.pk])
        return [
            Compared(sheet, rows, before, None if near is None else Fraction(near), rule)
            for sheet, rows, before, near in cursor.fetchall()
        ]


def _landed_since_last_step(case: Case) -> int:
    """Files that landed since the case came to its present stage: corrections, while they are allowed."""
    last = CaseEntry.objects.filter(case=case).order_by("-number").values_list("at", flat=True).first()
    return receipts_of(case).filter(submitted_at__gt=last).count() if last else 0


def _answers_to(level: str, case: Case) -> bool:
    return any(found == level for _, found in authorities_above(case.applicant_id))


def _bring(actor: Actor, case: Case, what: str) -> None:
    """Lock the return, or open it for a correction."""
    del actor
    case.is_locked = what == LOCK
    case.save(update_fields=["is_locked"])


def _results(case: Case) -> list[Result]:
    """What the return consists of: each file with its day, corrections after locking among them."""
    if case.intake.subject_type != ROUND:
        return []
    return [
        Result(
            "填报回执 Receipt", f"{each.submitted_at.astimezone(CHINA):%Y-%m-%d} {each.file_name}", "receipt", each.pk
        )
        for each in receipts_of(case)[:10]
    ]


def _refuse_locked(actor: Actor) -> None:
    """A return that is signed off takes no more files, unless a correction is allowed."""
    latest = Case.objects.filter(
        applicant=actor.organisation_id, intake__subject_type=ROUND, voided_at__isnull=True
    ).order_by("-serial")
    if (case := latest.first()) is not None and case.is_locked:
        raise FileError(
            FileCode.LOCKED,
            f"本单位的填报（{case.title}）已经审签锁定。",
            f"Your return ({case.title}) is signed off and locked.",
            f"如需更正，请在事项 {case.number} 中申请，准许后再提交。",
            f"Ask for a correction in case {case.number} and hand it in once that is allowed.",
        )


bar_returns(_refuse_locked)
offer_fact(
    "returns_landed",
    Term(Type.NUMBER, "已入库的填报文件数", "files that landed"),
    lambda case: receipts_of(case).count(),
)
offer_fact(
    "corrections_landed",
    Term(Type.NUMBER, "准许更正后入库的文件数", "files that landed since a correction was allowed"),
    _landed_since_last_step,
)
offer_fact(
    "outliers",
    Term(Type.NUMBER, "需说明的异常项数", "numbers that are to be explained"),
    lambda case: sum(each.stands_out for each in compared(case)),
)
offer_fact(
    "under_county",
    Term(Type.FLAG, "由县区主管", "answers to a county"),
    lambda case: _answers_to("county", case),
)
offer_fact("under_city", Term(Type.FLAG, "由市州主管", "answers to a city"), lambda case: _answers_to("city", case))
offer_effect("returns", Effect("填报锁定", "the lock of a return", one_by_one(_bring)))
tell_results(_results)
bring_procedures(Path(__file__).with_name("data") / "procedures")
