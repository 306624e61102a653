"""The year's assessments were held in the system: entered twice, settled, certified, sealed, as the specification says;
and what was cut off goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db.models import Count, F, Q

from jineng.credentials.marking import verdict
from jineng.credentials.models import (
    AssessmentSession,
    Candidate,
    Certificate,
    CertificateType,
    ComponentResult,
    EntrySheet,
    NumberSeries,
    SealedCertificate,
)
from jineng.credentials.rules import read_number
from jineng.credentials.verbs import register_candidates, schedule_session
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.kernel.records import STANDS, Origin
from jineng.reference import steps
from jineng.reference.assessing.marks import Seated, marks_of, mistyped
from jineng.reference.assessing.plan import ABSENT, MISTAKEN, NONE, Assessments, Session, read_assessments
from jineng.reference.assessing.running import Assessing
from jineng.reference.parsing import Entry
from jineng.reference.people import person
from jineng.reference.season import Season
from jineng.reference.selections import read_selections
from jineng.reference.specification import read_specification
from jineng.registry.models import Organisation
from jineng.registry.verbs.people import PersonRow
from tests.reference_year import YEAR, ReferenceYear

SPECIFICATION = read_specification(YEAR)
PASS = Decimal(60)


def the_plan() -> Assessments:
    """The sessions of the specification."""
    found = read_assessments(SPECIFICATION.folder, SPECIFICATION.end)
    assert found is not None
    return found


PLAN = the_plan()


def test_scores_give_what_the_specification_says() -> None:
    for session in PLAN.held[:40]:
        seated = [Seated(UUID(int=place), each) for place, each in enumerate(session.sitters())]
        marks = marks_of(seated)
        for each in seated:
            found = verdict([(PASS, marks[each.candidate, part]) for part in (1, 2)])
            assert found.attendance == ("absent" if each.sitter.came == ABSENT else "sat")
            assert (found.outcome == "passed") is each.sitter.passed
        typed = mistyped(marks)
        assert sum(typed[cell] != marks[cell] for cell in marks) == 1


def test_sitters_are_the_numbers_of_the_session() -> None:
    everybody = Counter[int]()
    for session in PLAN.sessions:
        sitters = list(session.sitters())
        came = Counter(each.came for each in sitters)
        assert came["sat"] == session.count("fresh") + session.count("again")
        assert (came[ABSENT], came[MISTAKEN]) == (session.count("absent"), session.count("voided"))
        assert sum(each.passed for each in sitters) == sum(each.certificate != NONE for each in sitters)
        assert sum(each.guest for each in sitters) == session.count("guests")
        everybody.update(each.serial for each in sitters)
    assert max(everybody.values()) > 1, "some sit again"


def test_all_sessions_of_the_year_were_held_in_the_system(reference_year: ReferenceYear, db: None) -> None:
    with acting(reference_year.province):
        sessions = AssessmentSession.objects.filter(STANDS, held_on__lte=SPECIFICATION.end)
        assert sessions.count() == len(PLAN.held) > 300
        assert not sessions.filter(certified_at=None).exists()
        entered = EntrySheet.objects.filter(session__in=sessions).exclude(handed_in_at=None)
        assert dict(entered.order_by().values_list("slot").annotate(Count("id"))) == dict.fromkeys(
            (1, 2), len(PLAN.held)
        )
        assert ComponentResult.objects.exclude(reason="").filter(candidate__session__in=sessions).count() == len(
            PLAN.held[:: PLAN.days.mistyped_every]
        )

        issued = Certificate.objects.filter(session__in=sessions)
        assert set(issued.values_list("origin_kind", flat=True).distinct()) == {Origin.PAGE}
        told = [each for session in PLAN.held for each in session.sitters()]
        assert issued.count() == sum(each.certificate != NONE for each in told)
        seals = SealedCertificate.objects.filter(certificate__in=issued)
        assert (seals.count(), seals.filter(is_linked=True).count()) == (issued.count(), issued.count())
        assert not issued.filter(issued_on__lt=F("session__held_on")).exists()
        ends = issued.aggregate(void=Count("id", filter=~Q(voided_at=None)), over=Count("revoked_on"))
        assert ends == {
            "void": sum(each.to_void for each in PLAN.held),
            "over": sum(each.to_revoke for each in PLAN.held),
        }
        struck = Candidate.objects.filter(session__in=sessions).exclude(voided_at=None)
        assert struck.count() == sum(each.came == MISTAKEN for each in told)
        later = Certificate.objects.filter(STANDS).exclude(session__in=sessions)
        assert set(later.values_list("origin_kind", flat=True)) == {Origin.RETURN}, "of the year after, reported"

        serials: dict[tuple[str, int, str], set[int]] = {}
        for number in Certificate.objects.values_list("number", flat=True):
            parts = read_number(number)
            assert parts is not None
            serials.setdefault((parts.code, parts.year, parts.level), set()).add(parts.serial)
        assert all(found == set(range(1, len(found) + 1)) for found in serials.values())
        reached = NumberSeries.objects.values_list("certificate_type__code", "year", "level", "last")
        assert {key: max(found) for key, found in serials.items()} == {tuple(key): last for *key, last in reached}


def test_done_is_done(reference_year: ReferenceYear, db: None) -> None:
    with acting(reference_year.province):
        before = AuditLine.objects.count()
    assert steps.run_assessments(YEAR) == 0
    with acting(reference_year.province):
        assert AuditLine.objects.count() == before


HOST, KIND, LEVEL, HELD_ON, ISSUED_ON = "4162012511", "C03", "advanced", date(2021, 3, 2), date(2021, 4, 1)
NUMBERS = {"fresh": 9, "absent": 1, "passed": 6, "revoked": 1, "certificates_voided": 1, "voided": 1}


def small(year: ReferenceYear) -> Assessments:
    """One session in which everything happens to somebody, its candidates registered."""
    told = Entry("trial", {**NUMBERS, "revoked_on": date(2021, 6, 1)})
    session = Session(told, HOST, "KH-TRIAL", KIND, LEVEL, HELD_ON, ISSUED_ON, 700_001, 0)
    province = year.province
    with acting(province), clock_at(date(2021, 2, 1)):
        of = schedule_session(
            actor=province,
            host_id=Organisation.objects.get(STANDS, code=HOST).pk,
            code=session.code,
            certificate_type_id=CertificateType.objects.get(STANDS, code=KIND).pk,
            level=LEVEL,
            held_on=HELD_ON,
            capacity=20,
        )
        people = [person(each.serial, SPECIFICATION.people) for each in session.sitters()]
        rows = [PersonRow(each.name, each.number, None, synthetic=True) for each in people]
        register_candidates(actor=province, session_id=of.pk, people=rows)
    return replace(PLAN, sessions=(session,))


def assessing(plan: Assessments) -> Assessing:
    """The sessions as somebody finds them who begins anew."""
    return Assessing(Season(SPECIFICATION, read_selections(YEAR)), plan)


@pytest.mark.parametrize("cut", range(6))
def test_what_was_cut_off_goes_on(reference_year: ReferenceYear, db: None, cut: int) -> None:
    plan = small(reference_year)
    deeds = assessing(plan).deeds()
    assert len(deeds) == 6
    assert deeds == sorted(deeds, key=lambda deed: deed.day)
    for deed in deeds[:cut]:
        with clock_at(deed.day):
            deed.do()
    left = assessing(plan).deeds()
    assert [deed.day for deed in left] == [deed.day for deed in deeds[cut:]]
    for deed in left:
        with clock_at(deed.day):
            deed.do()
    assert assessing(plan).deeds() == []
    with acting(reference_year.province):
        of = AssessmentSession.objects.get(STANDS, code="KH-TRIAL")
        outcomes = Counter(Candidate.objects.filter(STANDS, session=of).values_list("attendance", "outcome"))
        assert outcomes == {("sat", "passed"): 6, ("sat", "failed"): 3, ("absent", ""): 1}
        issued = Certificate.objects.filter(session=of)
        assert issued.filter(seal__is_linked=True).count() == 7
        assert issued.filter(STANDS, revoked_on=None).count() == 4
        assert set(issued.exclude(voided_at=None).values_list("void_reason", flat=True)) == {
            PLAN.words.void,
            PLAN.words.certificate_void,
        }
