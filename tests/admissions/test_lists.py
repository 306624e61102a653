"""What offices do for many applicants at once: registration lists, lists of preferences on paper, tickets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jineng.admissions.exchange import preferences
from jineng.admissions.models import Applicant, Opening, PreferenceForm, Ticket
from jineng.admissions.naming import group_key, major_key, parts_of
from jineng.admissions.tickets import lookup_of, own
from jineng.admissions.verbs import (
    declare_exempt,
    declare_scheme,
    draft_preferences,
    grant_exemption,
    issue_ticket,
    issue_tickets,
    open_round,
    publish_run,
    start_run,
)
from jineng.kernel.actors import acting
from jineng.kernel.clock import CHINA, clock_at
from jineng.kernel.returns.landing import landings
from tests.admissions.small_rounds import LAW, Rounds, lines, rounds
from tests.admissions.small_season import CHEMISTRY, COLLEGE, MACHINES, OPENS, OTHER_COLLEGE, SEASON, applicant
from tests.calls.small_world import report, resident
from tests.factories import World

PAPER = {**LAW, "rounds": [{**LAW["rounds"][0], "paper": True}, LAW["rounds"][1]]}
FROM, UNTIL = datetime(2021, 4, 1, 9, tzinfo=CHINA), datetime(2021, 4, 5, 18, tzinfo=CHINA)
DAY = date(2021, 4, 2)


def person_row(who: int, **cells: Any) -> dict[str, Any]:
    names = {"person_name": f"考生{who}", "resident_id": resident(who), "is_synthetic": True}
    return {"season_code": SEASON, **names, **cells}


def registered_row(who: int, **cells: Any) -> dict[str, Any]:
    return person_row(who, **{"category": "general_graduate", "home_code": "620121", **cells})


def wish_row(who: int, wish: int = 1, **cells: Any) -> dict[str, Any]:
    place = {"org_code": COLLEGE, "programme_code": MACHINES}
    return person_row(who, round=1, wish=wish, **{**place, "taken_on": DAY, **cells})


def columns(receipt: Any) -> list[tuple[str, str]]:
    return [(error["code"], error["message"]) for error in receipt.errors]


@pytest.fixture
def held(world: World) -> Rounds:
    """A season whose first round takes lists on paper, with two applicants of a city's school."""
    made = rounds(world)
    declare_scheme(actor=made.province, season_id=made.season.pk, data=PAPER, declared_on=OPENS)
    made.enrol(1, "200", "150", where="city_school")
    made.enrol(2, "190", "150", where="city_school")
    return made


def opened(held: Rounds) -> Opening:
    """The first round, whose window lies in the past."""
    return open_round(actor=held.province, round_id=held.first.pk, opens_at=FROM, closes_at=UNTIL)


def test_a_list_registers_as_the_page_does(world: World) -> None:
    made = rounds(world)
    office = world.actor("city_officer")
    rows = [registered_row(1), registered_row(2, is_household=True)]
    receipt = report(office, admission_applicants=rows)
    assert receipt.counts["admission_applicants"] == {"added": 2, "corrected": 0, "unchanged": 0, "confirmed": 0}
    with acting(made.province):
        found = Applicant.objects.filter(season=made.season)
        assert set(found.values_list("registered_at", flat=True)) == {office.organisation_id}
        assert list(found.order_by("is_household").values_list("is_household", flat=True)) == [False, True]
    again = report(office, admission_applicants=[registered_row(1, category="vocational_graduate"), registered_row(3)])
    assert again.counts["admission_applicants"] == {"added": 1, "corrected": 1, "unchanged": 0, "confirmed": 0}
    stranger = report(world.actor("other_city_officer"), admission_applicants=[registered_row(2, is_household=False)])
    assert [error["code"] for error in stranger.errors] == ["conflict"]
    homeless = report(office, admission_applicants=[registered_row(4, home_code=None)])
    assert columns(homeless) == [("conflict", "须填户籍县区。")]
    with acting(office):
        told = {row[2] for row in landings()["admission_applicants"].export(office, 2021)}
    assert told == {resident(who) for who in (1, 2, 3)}


def test_a_list_leaves_exemptions_as_they_are(world: World) -> None:
    made = rounds(world)
    office, row = world.actor("city_officer"), registered_row(1)
    assert report(office, admission_applicants=[row]).state == "landed"
    declare_exempt(actor=made.province, season_id=made.season.pk, code="veteran", name="退役士兵")
    with acting(made.province):
        one = Applicant.objects.get(season=made.season)
    grant_exemption(actor=made.province, applicant_id=one.pk, category="veteran", document="示例")
    again = report(office, admission_applicants=[{**row, "is_household": True}, registered_row(2)])
    assert again.counts["admission_applicants"] == {"added": 1, "corrected": 1, "unchanged": 0, "confirmed": 0}
    with acting(made.province):
        one.refresh_from_db()
    assert one.is_household
    assert one.exempt_category_id is not None


def test_a_list_asks_for_records_of_school(world: World) -> None:
    made = rounds(world)
    law = {**LAW, "admits": {"after": {"college_graduate": "higher"}}}
    declare_scheme(actor=made.province, season_id=made.season.pk, data=law, declared_on=OPENS)
    row = registered_row(1, category="college_graduate")
    refused = report(world.actor("city_officer"), admission_applicants=[row])
    assert [error["code"] for error in refused.errors] == ["conflict"]
    assert report(made.province, admission_applicants=[row]).state == "landed", "the province registers on the paper"


def test_a_list_on_paper_counts_from_its_day(held: Rounds) -> None:
    opening, office = opened(held), held.world.actor("city_officer")
    rows = [
        wish_row(1, programme_code=CHEMISTRY),
        wish_row(1, 2, org_code=OTHER_COLLEGE),
        wish_row(2, programme_code=CHEMISTRY, taken_on=date(2021, 4, 5)),
    ]
    receipt = report(office, admission_preferences=rows)
    assert receipt.counts["admission_preferences"]["added"] == 2
    with acting(held.province):
        form = PreferenceForm.objects.get(opening=opening, applicant=held.people[1])
        late = PreferenceForm.objects.get(opening=opening, applicant=held.people[2])
    assert [wish["majors"] for wish in form.wishes] == [[CHEMISTRY], [MACHINES]]
    assert form.submitted_at == datetime(2021, 4, 2, 12, tzinfo=CHINA)
    assert late.submitted_at == datetime(2021, 4, 5, 12, tzinfo=CHINA)
    assert (form.version, form.reporter_id, form.origin_kind) == (1, office.organisation_id, "return")

    assert report(office, admission_preferences=rows).counts["admission_preferences"]["unchanged"] == 2
    second = report(held.province, admission_preferences=rows)
    assert second.counts["admission_preferences"]["confirmed"] == 2, "entered a second time, alike"
    own_slip = report(office, admission_preferences=[wish_row(1, programme_code=CHEMISTRY)])
    assert own_slip.counts["admission_preferences"]["corrected"] == 1
    with acting(held.province):
        form.refresh_from_db()
    assert (form.version, len(form.wishes)) == (2, 1)
    with acting(office):
        exported = list(landings()["admission_preferences"].export(office, 2021))
    assert [row[6:9] for row in exported if row[2] == resident(1)] == [(1, COLLEGE, None)]
    assert {row[9] for row in exported} == {CHEMISTRY}

    run = start_run(actor=held.province, opening_id=opening.pk)
    assert run.counts == {"admitted": 1, "unplaced": 1}
    over = report(office, admission_preferences=rows)
    assert {message for _, message in columns(over)} == {"该轮次没有在填报志愿，或已开始投档。"}


def test_what_is_wrong_with_a_list_on_paper_is_told_at_its_cell(held: Rounds) -> None:
    opened(held)
    office = held.world.actor("city_officer")
    cases = {
        "收表": [wish_row(1, taken_on=date(2021, 4, 6))],
        "本轮计划中没有": [wish_row(1, programme_code="730301")],
        "收表日期不一致": [wish_row(1), wish_row(1, 2, org_code=OTHER_COLLEGE, taken_on=date(2021, 4, 3))],
        "与前面重复": [wish_row(1), wish_row(1, 2)],
        "不由本单位报名": [wish_row(9)],
    }
    for text, rows in cases.items():
        refused = report(office, admission_preferences=rows)
        assert refused.state == "refused", text
        assert any(text in message for _, message in columns(refused)), (text, columns(refused))
    two = [wish_row(1), wish_row(1, programme_code=CHEMISTRY)]
    assert "不同的学校或专业组" in columns(report(office, admission_preferences=two))[0][1]
    stranger = report(held.world.actor("other_city_officer"), admission_preferences=[wish_row(1)])
    assert [error["code"] for error in stranger.errors] == ["unknown_reference"]


def test_a_round_takes_paper_where_its_law_says_so_and_from_whom_it_admits(held: Rounds) -> None:
    office = held.world.actor("city_officer")
    applicant(held.world, held.season, 3, "city_school", category="veteran")
    unopened = report(office, admission_preferences=[wish_row(1)])
    assert "没有在填报志愿" in columns(unopened)[0][1]
    opened(held)
    assert "不符合本轮报考条件" in columns(report(office, admission_preferences=[wish_row(3)]))[0][1]


def test_without_the_laws_word_no_paper_is_taken(season: Rounds) -> None:
    open_round(actor=season.province, round_id=season.first.pk, opens_at=FROM, closes_at=UNTIL)
    refused = report(season.province, admission_preferences=[wish_row(1)])
    assert "不接受纸质志愿" in columns(refused)[0][1]


def test_who_writes_by_the_ticket_has_that_list_and_no_other(held: Rounds) -> None:
    opening = held.open()
    today = datetime.now(CHINA).date()
    office = held.world.actor("city_officer")
    assert report(office, admission_preferences=[wish_row(1, taken_on=today)]).state == "landed"
    mine = held.own(2)
    draft_preferences(actor=mine.actor, own=mine, opening_id=opening.pk, wishes=held.wish(opening, "forest"))
    assert held.submit(opening, 1, "forest").version == 2, "by the ticket what came on paper is replaced"
    for who in (1, 2):
        refused = report(office, admission_preferences=[wish_row(who, taken_on=today)])
        assert columns(refused) == [("conflict", "考生已凭报名号在网上填报。")]
    with acting(held.province):
        form = PreferenceForm.objects.get(opening=opening, applicant=held.people[1])
    assert form.reporter_id is None
    assert datetime.now(UTC) - form.submitted_at < timedelta(minutes=1), "by the database's clock"


def test_the_database_takes_paper_within_the_window_and_before_the_run_only(held: Rounds) -> None:
    opening, office = opened(held), held.world.actor("city_officer")
    assert report(office, admission_preferences=[wish_row(1)]).state == "landed"
    with acting(held.province):
        form = PreferenceForm.objects.get(opening=opening, applicant=held.people[1])
        for moment in (UNTIL, FROM - timedelta(seconds=1), None):
            with pytest.raises(IntegrityError, match="form_in_time"), transaction.atomic():
                PreferenceForm.objects.filter(pk=form.pk).update(submitted_at=moment)
    start_run(actor=held.province, opening_id=opening.pk)
    with acting(held.province), pytest.raises(IntegrityError, match="form_in_time"), transaction.atomic():
        PreferenceForm.objects.filter(pk=form.pk).update(wishes=[])


def test_a_run_that_begins_meanwhile_refuses_the_list(held: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = opened(held)
    judge = preferences.PreferenceLanding._judge

    def meanwhile(*asked: Any) -> None:
        judge(*asked)
        with acting(held.province):
            Opening.objects.filter(pk=opening.pk).update(phase="running")

    monkeypatch.setattr(preferences.PreferenceLanding, "_judge", meanwhile)
    refused = report(held.province, admission_preferences=[wish_row(1)])
    assert columns(refused) == [("conflict", "该轮次没有在填报志愿，或已开始投档。")]


def test_whoever_holds_a_seat_enters_no_other_round_on_paper(held: Rounds) -> None:
    opening = opened(held)
    assert report(held.province, admission_preferences=[wish_row(1)]).state == "landed"
    with clock_at(UNTIL):
        publish_run(actor=held.province, run_id=held.run(opening).pk, answers_until=UNTIL + timedelta(days=2))
    with acting(held.province):
        Opening.objects.filter(pk=opening.pk).update(phase="open")
    assert "已被录取" in columns(report(held.province, admission_preferences=[wish_row(1)]))[0][1]


def test_majors_of_a_group_stand_under_one_wish(world: World) -> None:
    grouped = {"group_code": "01"}
    plans = [
        ("machines", "petrochemical", 2, {"programme": MACHINES, **grouped}),
        ("chemistry", "petrochemical", 1, {"programme": CHEMISTRY, **grouped}),
    ]
    made = rounds(world, plans)
    declare_scheme(actor=made.province, season_id=made.season.pk, data=PAPER, declared_on=OPENS)
    for who in (1, 2):
        made.enrol(who, "200", "150", where="city_school")
    opening = opened(made)
    rows = [
        wish_row(1, group_code="01"),
        wish_row(1, group_code="01", programme_code=CHEMISTRY),
        wish_row(2, group_code="01", programme_code=None, any_major=True),
    ]
    office = world.actor("city_officer")
    assert report(office, admission_preferences=rows).state == "landed"
    with acting(made.province):
        first, second = (PreferenceForm.objects.get(opening=opening, applicant=made.people[who]) for who in (1, 2))
    assert [(wish["majors"], wish["any_major"]) for wish in first.wishes] == [([MACHINES, CHEMISTRY], False)]
    assert [(wish["majors"], wish["any_major"]) for wish in second.wishes] == [([], True)]
    with acting(office):
        exported = list(landings()["admission_preferences"].export(office, 2021))
    assert [row[9] for row in exported] in ([MACHINES, CHEMISTRY, None], [None, MACHINES, CHEMISTRY])


def test_tickets_are_issued_for_all_who_have_none(world: World) -> None:
    made = rounds(world)
    for who in (1, 2, 3):
        applicant(world, made.season, who, "city_school")
    applicant(world, made.season, 4, "university")
    with acting(made.province):
        first = Applicant.objects.filter(season=made.season).order_by("recorded_at", "pk")[0]
    issue_ticket(actor=made.province, applicant_id=first.pk)
    before, office = lines(world, "issue_ticket"), world.actor("city_officer")
    issued = issue_tickets(actor=office, season_id=made.season.pk, most=1)
    issued += issue_tickets(actor=office, season_id=made.season.pk)
    assert len(issued) == 2
    assert issue_tickets(actor=office, season_id=made.season.pk) == []
    assert lines(world, "issue_ticket") == before + 2
    for each in issued:
        assert own(lookup_of(each.ticket.number, each.code)).number == each.ticket.number
    assert len(issue_tickets(actor=made.province, season_id=made.season.pk)) == 1, "the province's reach is the whole"
    with acting(made.province):
        assert Ticket.objects.filter(applicant__season=made.season).count() == 4


def test_a_sheet_of_tickets_is_printed_from_one_page(world: World) -> None:
    made = rounds(world)
    for who in (1, 2):
        applicant(world, made.season, who, "city_school")
    client = Client()
    client.force_login(world.accounts["city_officer"], backend="django.contrib.auth.backends.ModelBackend")
    address = f"/admissions/seasons/{made.season.pk}/tickets/"
    assert address in client.get(f"/admissions/seasons/{made.season.pk}/").content.decode()
    page = client.post(address).content.decode()
    assert lines(world, "read_people") == 1, "whose names were shown is written down"
    with acting(made.province):
        tickets = Ticket.objects.filter(applicant__season=made.season)
        assert all(ticket.number in page for ticket in tickets)
    assert resident(1) in page
    assert "考生2" in page
    assert "都已有凭证" in client.post(address).content.decode()


@pytest.mark.parametrize(
    ("organisation", "grouped", "programme", "joint"),
    [
        ("4162010001", "", "470204", ""),
        ("4162010001", "", "470204", "sino-german-college"),
        ("4162010001", "01", "470204", "sino-german-college"),
        ("620000-JY", "01", "470204", ""),
        ("620000-JY", "", "470204", ""),
        ("916200000000000000", "", "470204", "a-college-of-a-very-long-name-indeed"),
    ],
)
def test_an_offer_is_named_by_group_and_major(organisation: str, grouped: str, programme: str, joint: str) -> None:
    major = major_key(programme, joint)
    assert parts_of(group_key(organisation, grouped, major), major) == (organisation, grouped, programme, joint)
