"""The sheets: what lands, what merges, what is refused and where, and that exports come back unchanged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jineng.credentials.kinds import Attendance
from jineng.credentials.models import (
    AssessmentSession,
    Candidate,
    Certificate,
    CertificatePilot,
    CertificateType,
    NumberSeries,
    PilotBatch,
    SkillStandard,
    StandardDeveloper,
)
from jineng.credentials.queries import session_stage, sessions_of
from jineng.credentials.rules import make_number
from jineng.credentials.verbs import issue_certificates
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine, Confirmation
from jineng.kernel.returns.landing import landings
from tests.calls.small_world import report, resident
from tests.credentials.assessments import body, certificate_type, land, refusals, seated, session, settled
from tests.credentials.assessments import people as learners
from tests.factories import World

SHEETS = (
    "skill_standards",
    "standard_developers",
    "certificate_types",
    "pilot_batches",
    "certificate_pilots",
    "assessment_sessions",
    "assessment_candidates",
)
HELD, ISSUED = date(2021, 6, 12), date(2021, 7, 8)


def standard_row(**cells: Any) -> dict[str, Any]:
    return {"standard_code": "BZ-1", "name": "标准一", "levels": "中级、初级", "published_on": HELD, **cells}


def developer_row(org_code: str, **cells: Any) -> dict[str, Any]:
    return {"standard_code": "BZ-1", "org_code": org_code, "role": "lead", **cells}


def pilot_row(world: World, who: str = "county_school", **cells: Any) -> dict[str, Any]:
    return {
        "batch_number": 1,
        "org_code": world[who].code,
        "certificate_code": "X01",
        "level": "elementary",
        "planned": 40,
        "applied_on": date(2019, 5, 10),
        "approved_on": date(2019, 6, 20),
        "document": "9901号",
        **cells,
    }


def session_row(world: World, code: str = "KH-1", **cells: Any) -> dict[str, Any]:
    return {
        "host_code": world["county_school"].code,
        "session_code": code,
        "certificate_code": "X01",
        "level": "elementary",
        "held_on": HELD,
        "capacity": 30,
        **cells,
    }


def learner_row(world: World, number: int, code: str = "KH-1", **cells: Any) -> dict[str, Any]:
    return {
        "host_code": world["county_school"].code,
        "session_code": code,
        "person_name": f"学生{number}",
        "resident_id": resident(number),
        "attendance": "sat",
        "outcome": "failed",
        "score": 40,
        "is_synthetic": True,
        **cells,
    }


def passed_row(world: World, number: int, serial: int, **cells: Any) -> dict[str, Any]:
    told = {
        "outcome": "passed",
        "score": 80,
        "certificate_no": make_number("X01", 2021, "elementary", serial),
        "issued_on": ISSUED,
    }
    return learner_row(world, number, **{**told, **cells})


@pytest.fixture
def ready(world: World) -> World:
    """A certificate, a batch and, reported by the county, a session."""
    certificate_type(world)
    batches = [{"batch_number": 1, "year": 2019, "decided_on": date(2019, 6, 20), "document": "9901号"}]
    land(world.actor("province_officer"), pilot_batches=batches)
    land(world.actor("county_officer"), assessment_sessions=[session_row(world)])
    return world


def test_standards_and_developers_land_once_whoever_reports_them_again(world: World) -> None:
    province, city = world.actor("province_officer"), world.actor("city_officer")
    rows = {"skill_standards": [standard_row()], "standard_developers": [developer_row("LZ-FIRM")]}
    land(province, **rows)
    receipt = land(city, **rows)
    assert receipt.counts["skill_standards"]["confirmed"] == 1
    with acting(province):
        assert SkillStandard.objects.get().levels == ["elementary", "intermediate"]
        assert StandardDeveloper.objects.count() == 1
        assert Confirmation.objects.count() == 2


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        ({"levels": "特级"}, [("C3", "not_a_choice")]),
        ({"withdrawn_on": HELD}, [("E3", "out_of_range")]),
    ],
)
def test_bad_standards_are_refused(world: World, cells: dict[str, Any], errors: list[tuple[str, str]]) -> None:
    assert refusals(world.actor("city_officer"), skill_standards=[standard_row(**cells)]) == errors


def test_an_office_names_leads_of_its_own_and_participants_of_anywhere(world: World) -> None:
    city, other = world.actor("city_officer"), world.actor("other_city_officer")
    outside = developer_row(world["other_school"].code)
    standard = {"skill_standards": [standard_row()]}
    assert refusals(city, **standard, standard_developers=[outside]) == [("B3", "out_of_scope")]
    land(city, **standard, standard_developers=[developer_row("LZ-FIRM"), {**outside, "role": "participant"}])
    stranger = developer_row(world["city_school"].code, role="participant")
    assert refusals(other, standard_developers=[stranger]) == [("B3", "out_of_scope")]
    assert refusals(other, standard_developers=[{**stranger, "standard_code": "BZ-9"}]) == [("A3", "unknown_reference")]


def test_the_catalogue_checks_codes_bodies_and_standards(world: World) -> None:
    body(world, "BODY-LZ", "lanzhou")
    row = {"certificate_code": "X09", "name": "证书", "levels": "初级", "body_code": "BODY-LZ", "listed_on": HELD}
    city = world.actor("city_officer")
    assert refusals(city, certificate_types=[{**row, "certificate_code": "x9"}]) == [("A3", "bad_code")]
    assert refusals(city, certificate_types=[{**row, "standard_code": "BZ-9"}]) == [("E3", "unknown_reference")]
    assert refusals(world.actor("other_city_officer"), certificate_types=[row]) == [("D3", "out_of_scope")]
    land(city, certificate_types=[row])
    with acting(city):
        assert CertificateType.objects.get().body.code == "BODY-LZ"


def test_only_the_province_announces_batches(world: World) -> None:
    row = {"batch_number": 1, "year": 2019, "decided_on": date(2019, 6, 20)}
    assert refusals(world.actor("city_officer"), pilot_batches=[row]) == [("A3", "conflict")]
    land(world.actor("province_officer"), pilot_batches=[row])
    with acting(world.actor("city_officer")):
        assert PilotBatch.objects.get().organisation_id == world.root.pk


def test_pilots_merge_correct_and_conflict(ready: World) -> None:
    city, county = ready.actor("city_officer"), ready.actor("county_officer")
    land(city, certificate_pilots=[pilot_row(ready)])
    assert land(county, certificate_pilots=[pilot_row(ready)]).counts["certificate_pilots"]["confirmed"] == 1
    assert refusals(county, certificate_pilots=[pilot_row(ready, planned=50)]) == [("E3", "conflict")]
    assert land(city, certificate_pilots=[pilot_row(ready, planned=50)]).counts["certificate_pilots"]["corrected"] == 1
    with acting(county):
        assert CertificatePilot.objects.get().planned == 50


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        ({"batch_number": 7}, [("A3", "unknown_reference")]),
        ({"org_code": "LZ-FIRM"}, [("B3", "conflict")]),
        ({"org_code": "3662050001"}, [("B3", "out_of_scope")]),
        ({"certificate_code": "X99"}, [("C3", "unknown_reference")]),
        ({"level": "advanced"}, [("D3", "conflict")]),
        ({"approved_on": date(2019, 5, 9)}, [("G3", "out_of_range")]),
        ({"refused_on": date(2019, 6, 20)}, [("H3", "conflict")]),
        ({"approved_on": None, "refused_on": HELD, "withdrawn_on": HELD}, [("I3", "conflict")]),
        ({"withdrawn_on": date(2019, 6, 20)}, [("I3", "out_of_range")]),
        ({"withdrawn_on": date(2019, 5, 9), "approved_on": None}, [("I3", "out_of_range")]),
        ({"voided": True}, [("L3", "required")]),
    ],
)
def test_bad_pilots_are_refused(ready: World, cells: dict[str, Any], errors: list[tuple[str, str]]) -> None:
    city = ready.actor("city_officer")
    assert refusals(city, certificate_pilots=[{**pilot_row(ready), **cells}]) == errors


def test_an_institution_applies_and_repeats_but_approves_nothing(ready: World) -> None:
    school = ready.actor("school_officer")
    assert refusals(school, certificate_pilots=[pilot_row(ready)]) == [("G3", "conflict")]
    refused = pilot_row(ready, approved_on=None, refused_on=date(2019, 6, 20))
    assert refusals(school, certificate_pilots=[refused]) == [("H3", "conflict")]
    land(school, certificate_pilots=[pilot_row(ready, level="intermediate", approved_on=None)])
    land(ready.actor("city_officer"), certificate_pilots=[pilot_row(ready)])
    assert land(school, certificate_pilots=[pilot_row(ready)]).counts["certificate_pilots"]["confirmed"] == 1


def test_void_rows_strike_out_what_stands_and_keep_what_never_did(ready: World) -> None:
    city, county = ready.actor("city_officer"), ready.actor("county_officer")
    land(city, certificate_pilots=[pilot_row(ready)])
    void = {"voided": True, "void_reason": "误报"}
    assert refusals(county, certificate_pilots=[pilot_row(ready, **void)]) == [("K3", "conflict")]
    rows = [pilot_row(ready, **void), pilot_row(ready, "city_school", **void)]
    counts = land(city, certificate_pilots=rows).counts["certificate_pilots"]
    assert (counts["corrected"], counts["added"]) == (1, 1)
    assert land(city, certificate_pilots=rows).counts["certificate_pilots"]["unchanged"] == 2
    with acting(city):
        assert CertificatePilot.objects.filter(voided_at=None).count() == 0


def test_sessions_belong_to_host_or_body_and_keep_their_room(ready: World) -> None:
    county = ready.actor("county_officer")
    other = ready.actor("other_city_officer")
    assert refusals(other, assessment_sessions=[session_row(ready)]) == [("A3", "out_of_scope")]
    assert refusals(county, assessment_sessions=[session_row(ready, level="advanced")]) == [("D3", "conflict")]
    land(county, assessment_candidates=[learner_row(ready, number) for number in range(1, 4)])
    assert refusals(county, assessment_sessions=[session_row(ready, capacity=2)]) == [("F3", "out_of_range")]
    land(county, assessment_sessions=[session_row(ready, capacity=3)])
    assert refusals(county, assessment_candidates=[learner_row(ready, n) for n in range(3, 6)]) == [
        ("B4", "out_of_range"),
        ("B5", "out_of_range"),
    ]


def test_candidates_land_with_their_certificates_and_the_series_goes_on(ready: World) -> None:
    county = ready.actor("county_officer")
    rows = [
        passed_row(ready, 1, 1),
        passed_row(ready, 2, 7, revoked_on=date(2021, 12, 1), revoke_reason="舞弊"),
        learner_row(ready, 3, org_code=ready["city_school"].code),
        learner_row(ready, 4, attendance="absent", outcome=None, score=None),
        learner_row(ready, 5, attendance="registered", outcome=None, score=None),
        passed_row(ready, 6, 8, voided=True, void_reason="误报"),
        passed_row(ready, 7, 9, certificate_voided=True, void_reason="误发"),
    ]
    land(county, assessment_candidates=rows)
    assert land(county, assessment_candidates=rows).counts["assessment_candidates"]["added"] == 0
    with acting(ready.actor("city_officer")):
        assert Candidate.objects.filter(voided_at=None).count() == 6
        assert Candidate.objects.get(attendance=Attendance.REGISTERED).seat == 1
        assert Certificate.objects.filter(voided_at=None).count() == 2
        assert Certificate.objects.exclude(voided_at=None).count() == 2
        assert Candidate.objects.get(institution=ready["city_school"]).person.masked_name == "学**"
    with acting(ready.actor("province_officer")):
        assert NumberSeries.objects.get().last == 7
    with acting(county):
        again = session(ready, CertificateType.objects.get(), code="KH-9", actor=county)
        candidates = seated(county, again, learners(50, 1))
    settled(again, candidates, county, ready.actor("city_officer"))
    with clock_at(ISSUED):
        made = issue_certificates(actor=county, session_id=again.pk, issued_on=ISSUED)
    assert made[0].number == make_number("X01", 2021, "elementary", 8)


def test_a_session_whose_results_came_by_a_return_is_as_far_as_they_are(ready: World) -> None:
    county = ready.actor("county_officer")

    def stages(stage: str) -> list[str]:
        with acting(county):
            rows = sessions_of(county)
            return [found.stage for found in rows if rows.filter(session_stage(stage), pk=found.pk).exists()]

    assert stages("open") == ["open"]
    land(county, assessment_candidates=[learner_row(ready, 1)])
    assert (stages("open"), stages("settled")) == ([], ["settled"])
    land(county, assessment_candidates=[passed_row(ready, 2, 1)])
    assert (stages("settled"), stages("certified")) == ([], ["certified"])


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        ({"host_code": "3662010001"}, [("B3", "unknown_reference")]),
        ({"session_code": "KH-7"}, [("B3", "unknown_reference")]),
        ({"attendance": "absent"}, [("H3", "conflict")]),
        ({"attendance": "absent", "outcome": None}, [("I3", "conflict")]),
        ({"certificate_no": "A-1", "issued_on": ISSUED}, [("J3", "conflict")]),
        ({"issued_on": ISSUED}, [("J3", "required")]),
        ({"outcome": "passed", "certificate_no": "A-1"}, [("K3", "required")]),
        ({"outcome": "passed", "certificate_no": "A-1", "issued_on": date(2021, 6, 11)}, [("K3", "out_of_range")]),
        (
            {"outcome": "passed", "certificate_no": "A-1", "issued_on": ISSUED, "revoked_on": ISSUED},
            [("M3", "required")],
        ),
        (
            {
                "outcome": "passed",
                "certificate_no": "A-1",
                "issued_on": ISSUED,
                "revoked_on": HELD,
                "revoke_reason": "舞弊",
            },
            [("L3", "out_of_range")],
        ),
        (
            {"outcome": "passed", "certificate_no": "X01-20211000001A", "issued_on": ISSUED},
            [("J3", "bad_check_character")],
        ),
        (
            {
                "outcome": "passed",
                "certificate_no": make_number("X02", 2021, "elementary", 1),
                "issued_on": ISSUED,
            },
            [("J3", "conflict")],
        ),
        ({"voided": True}, [("P3", "required")]),
    ],
)
def test_bad_candidates_are_refused(ready: World, cells: dict[str, Any], errors: list[tuple[str, str]]) -> None:
    row = {**learner_row(ready, 1), **cells}
    assert refusals(ready.actor("city_officer"), assessment_candidates=[row]) == errors


def test_numbers_and_holders_are_one_to_one(ready: World) -> None:
    county = ready.actor("county_officer")
    rows = [passed_row(ready, 1, 1), passed_row(ready, 2, 1)]
    assert refusals(county, assessment_candidates=rows) == [("J4", "conflict")]
    land(county, assessment_candidates=rows[:1], assessment_sessions=[session_row(ready, "KH-2")])
    assert refusals(county, assessment_candidates=[passed_row(ready, 2, 1)]) == [("J3", "conflict")]
    second = passed_row(ready, 1, 2, session_code="KH-2")
    assert refusals(county, assessment_candidates=[second]) == [("J3", "conflict")]
    first = passed_row(ready, 1, 1, revoked_on=date(2021, 8, 1), revoke_reason="换发")
    land(county, assessment_candidates=[first, second])
    with acting(county):
        assert Certificate.objects.filter(revoked_on=None).count() == 1


def test_strangers_to_the_session_report_nothing_of_it(ready: World) -> None:
    other = ready.actor("other_city_officer")
    assert refusals(other, assessment_candidates=[learner_row(ready, 1)]) == [("B3", "unknown_reference")]


def test_what_was_entered_here_is_not_changed_by_a_workbook(ready: World) -> None:
    county = ready.actor("county_officer")
    with acting(county):
        of = AssessmentSession.objects.get()
        candidates = seated(county, of, learners(1, 1))
    settled(of, candidates, county, ready.actor("city_officer"))
    assert refusals(county, assessment_candidates=[learner_row(ready, 1)]) == [("B3", "conflict")]


def exported(actor: Actor, year: int) -> dict[str, list[dict[str, Any]]]:
    with acting(actor):
        return {
            name: [
                dict(zip([column.name for column in landings()[name].sheet.columns], row, strict=True))
                for row in landings()[name].export(actor, year)
            ]
            for name in SHEETS
        }


def test_what_is_exported_comes_back_unchanged(ready: World) -> None:
    province = ready.actor("province_officer")
    rows = [passed_row(ready, 1, 1), learner_row(ready, 2), learner_row(ready, 3, org_code=ready["city_school"].code)]
    land(
        province,
        skill_standards=[standard_row()],
        standard_developers=[developer_row("LZ-FIRM")],
        certificate_pilots=[pilot_row(ready)],
        assessment_candidates=rows,
    )
    for year, filled in ((2019, {"pilot_batches", "certificate_pilots"}), (2021, {"assessment_candidates"})):
        sheets = exported(province, year)
        assert filled <= {name for name, found in sheets.items() if found}
        receipt = report(province, **{name: found for name, found in sheets.items() if found})
        for name, counts in receipt.counts.items():
            assert counts["added"] == counts["corrected"] == 0, (name, counts, receipt.errors)
    with acting(province):
        assert AuditLine.objects.filter(verb="read_candidates").count() == 2


def test_exports_are_scoped_and_names_are_for_those_who_may_read_them(ready: World) -> None:
    land(ready.actor("county_officer"), assessment_candidates=[learner_row(ready, 1)])
    other = exported(ready.actor("other_city_officer"), 2021)
    assert {name for name, found in other.items() if found} == set()
    assert exported(ready.actor("city_officer"), 2021)["assessment_candidates"][0]["resident_id"] == resident(1)
    auditor = ready.actor("auditor")
    with acting(auditor), pytest.raises(NotAllowed):
        landings()["assessment_candidates"].export(auditor, 2021)
