"""A round from its opening to its end: placed by the engine, published under a seal, answered, rolled over."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError

from jineng.admissions.models import Admission, Opening, PreferenceForm, Result, Run, Told
from jineng.admissions.running_queries import files_of, refusals_to_decide
from jineng.admissions.telling import mail_text
from jineng.admissions.tickets import own, told
from jineng.admissions.verbs import (
    add_round,
    answer_admission,
    cancel_round,
    decide_refusal,
    declare_scheme,
    open_round,
    propose_admission,
    propose_all,
    propose_refusal,
    publish_run,
    read_file,
    send_files,
    settle_run,
    start_run,
)
from jineng.admissions.verbs.runs import computed
from jineng.engines.recount import check_file
from jineng.engines.seals import PublicKey
from jineng.engines.seals.disclosure import check_paper
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import Notice, SigningKey
from tests.admissions.small_rounds import LAW, Rounds, ago, rounds
from tests.admissions.small_season import OPENS
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def season(world: World) -> Rounds:
    """Five applicants for four seats."""
    made = rounds(world)
    for who, (culture, skill) in enumerate(
        (("200", "150"), ("190", "170"), ("150", "100"), ("149", "101"), ("80", "60")), 1
    ):
        made.enrol(who, culture, skill)
    return made


def test_a_season_goes_from_preferences_to_the_next_round(season: Rounds) -> None:
    opening = season.open()
    for who, plans in {
        1: ("chemistry", "machines"),
        2: ("chemistry", "machines"),
        3: ("machines",),
        4: ("machines",),
        5: ("machines", "forest"),
    }.items():
        season.submit(opening, who, *plans)
    run = season.publish(opening)
    assert season.admitted() == {1: "machines", 2: "chemistry", 4: "machines", 5: "forest"}
    page = told(season.tickets[3])
    assert page is not None
    (line,) = page["rounds"]["1"]["reasons"]
    assert line["zh"] == "录取线 250 分，您 250 分，同分排序在后，候补第 1 位"
    assert run.certificate["input_digest"] == run.input_digest

    for who, confirms in ((1, True), (2, False), (4, True)):
        mine = season.own(who)
        (admission,) = mine.data["admissions"]
        answer_admission(actor=mine.actor, own=mine, admission_id=admission["id"], confirms=confirms)
    closed = season.end(opening)
    assert closed.phase == "closed"
    assert told(season.tickets[5])["rounds"]["1"]["answer"] == "lapsed"  # type: ignore[index]
    assert told(season.tickets[2])["rounds"]["1"]["answer"] == "declined"  # type: ignore[index]

    second = season.open(season.second)
    with acting(season.province):
        left = {offer.plan.programme_name: offer.seats for offer in second.offers.select_related("plan")}
        assert sorted(offer.seats for offer in second.offers.all()) == [1, 1]
    assert len(left) == 2, "what was declined or lapsed is offered again; what is confirmed is not"
    with pytest.raises(ValidationError, match="已被录取"):
        season.submit(second, 1, "chemistry")
    season.submit(second, 3, "chemistry")
    season.submit(second, 5, "forest")
    season.publish(second)
    assert season.admitted(season.second) == {3: "chemistry", 5: "forest"}


def test_a_supplementary_round_lists_what_is_left(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "chemistry")
    season.publish(opening)
    supplement = add_round(
        actor=season.province,
        season_id=season.season.pk,
        ordinal=1,
        supplement=1,
        name="第1轮征集",
        opens_on=OPENS,
    )
    mine = season.own(1)
    answer_admission(actor=mine.actor, own=mine, admission_id=mine.data["admissions"][0]["id"], confirms=True)
    season.end(opening)
    again = season.open(supplement)
    with acting(season.province):
        assert sorted((offer.major_name, offer.seats) for offer in again.offers.all()) == [
            ("机电一体化技术", 1),
            ("机电一体化技术", 2),
        ]


def test_a_supplementary_round_that_is_added_late_gets_what_had_nowhere_to_go(season: Rounds) -> None:
    only = {**LAW["rounds"][0], "rolls_to": [{"round": "1.1"}]}
    declare_scheme(
        actor=season.province,
        season_id=season.season.pk,
        data={**LAW, "rounds": [only, LAW["rounds"][1]]},
        declared_on=OPENS,
    )
    opening = season.open()
    season.submit(opening, 1, "chemistry")
    season.publish(opening)
    season.answer(1)
    season.end(opening)
    late = add_round(
        actor=season.province, season_id=season.season.pk, ordinal=1, supplement=1, name="征集", opens_on=OPENS
    )
    again = season.open(late)
    with acting(season.province):
        assert sorted(again.offers.values_list("seats", flat=True)) == [1, 2]
    season.submit(again, 2, "machines")
    season.publish(again)
    season.answer(2)
    season.end(again)
    assert season.admitted(late) == {2: "machines"}


def test_nothing_is_taken_outside_the_window(season: Rounds) -> None:
    opening = season.open()
    first = season.submit(opening, 1, "machines")
    second = season.submit(opening, 1, "chemistry", "machines")
    assert (first.version, second.version) == (1, 2)
    assert first.submitted_at < second.submitted_at
    season.shut(opening)
    with pytest.raises(ValidationError, match="不在志愿填报时间内"):
        season.submit(opening, 1, "machines")
    with acting(season.province):
        form = PreferenceForm.objects.get(applicant=season.people[1])
        assert (form.version, len(form.wishes)) == (2, 2)
    with pytest.raises(ValidationError):
        start_run(actor=season.province, opening_id=season.open(season.second).pk)


def test_a_formal_run_waits_for_the_deadline_and_a_what_if_does_not(season: Rounds) -> None:
    opening = season.open()
    for who in (1, 2, 3):
        season.submit(opening, who, "machines")
    with pytest.raises(ValidationError, match="尚未截止"):
        start_run(actor=season.province, opening_id=opening.pk)
    more = {str(season.plans["machines"].pk): 3}
    supposed = start_run(actor=season.province, opening_id=opening.pk, what_if=True, seats=more)
    assert supposed.counts == {"admitted": 3}
    with pytest.raises(ValidationError):
        send_files(actor=season.province, run_id=supposed.pk)
    with acting(season.province):
        assert not Admission.objects.exists()
        assert Opening.objects.get().phase == "open"
        assert season.plans["machines"].seats == 2
    season.shut(opening)
    assert start_run(actor=season.province, opening_id=opening.pk).counts == {"admitted": 2, "unplaced": 1}


def test_a_run_done_again_comes_to_the_same_digest(season: Rounds) -> None:
    opening = season.open()
    for who in (1, 2, 3, 4, 5):
        season.submit(opening, who, "machines", "chemistry", "forest")
    season.shut(opening)
    run = start_run(actor=season.province, opening_id=opening.pk)
    settle_run(actor=season.province, run_id=run.pk)
    with acting(season.province):
        assert Result.objects.filter(run=run).count() == 5
        Result.objects.filter(run=run).update(voided_at=ago(), void_reason="重算")
        Run.objects.filter(pk=run.pk).update(state="waiting", result_digest="")
    again = settle_run(actor=season.province, run_id=run.pk)
    assert again.result_digest == run.result_digest
    with acting(season.province):
        published, _ = computed(again)
    assert all(finding.ok for finding in check_file(published.document()))


def test_a_refusal_is_decided_by_the_province_and_the_round_run_again(season: Rounds) -> None:
    opening = season.open()
    for who in (1, 2, 3):
        season.submit(opening, who, "machines", "forest")
    season.shut(opening)
    run = start_run(actor=season.province, opening_id=opening.pk)
    college = season.world.actor("college_officer")
    with acting(college):
        assert not Result.objects.exists(), "before files are sent a school sees none"
    send_files(actor=season.province, run_id=run.pk)
    with acting(college):
        mine = {row.applicant_id: row for row in Result.objects.all()}
        assert set(mine) == {season.people[1].pk, season.people[2].pk}
        assert {row.applicant.person.masked_name for row in files_of(college)} == {"考**"}
    read_file(actor=college, result_id=mine[season.people[1].pk].pk)
    propose_refusal(actor=college, result_id=mine[season.people[1].pk].pk, reason="体检不符合要求")
    propose_admission(actor=college, result_id=mine[season.people[2].pk].pk)
    with pytest.raises(NotAllowed):
        decide_refusal(actor=college, result_id=mine[season.people[1].pk].pk, accepts=True)
    with pytest.raises(ValidationError, match="待学校或省级处理"):
        publish_run(actor=season.province, run_id=run.pk, answers_until=ago(minutes=-5))
    with acting(season.province):
        assert refusals_to_decide(season.province) == 1
    decide_refusal(actor=season.province, result_id=mine[season.people[1].pk].pk, accepts=True)
    with acting(season.province):
        assert refusals_to_decide(season.province) == 0
    propose_all(actor=season.province, run_id=run.pk)
    with pytest.raises(ValidationError, match="重新运行"):
        publish_run(actor=season.province, run_id=run.pk, answers_until=ago(minutes=-5))
    again = season.run(opening)
    with acting(season.province):
        assert Result.objects.get(run=again, applicant=season.people[2]).file_state == "proposed"
    publish_run(actor=season.province, run_id=again.pk, answers_until=ago(minutes=-5))
    assert season.admitted() == {1: "forest", 2: "machines", 3: "machines"}
    with acting(season.province):
        result = Result.objects.get(run=again, applicant=season.people[1])
        page = Told.objects.get(lookup=season.tickets[1]).page["rounds"]["1"]
    assert result.wish == 2, "a preference that was refused keeps its number"
    assert page["wish"] == 2
    (line,) = page["reasons"]
    assert (line["wish"], line["zh"]) == (1, "学校退档：体检不符合要求")
    assert "体检" not in mail_text("综合评价", "admitted", result.why, "")


def test_everybody_can_check_their_own_row(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "machines")
    season.submit(opening, 2, "chemistry")
    run = season.publish(opening)
    with acting(season.province):
        row = Result.objects.get(run=run, applicant=season.people[1])
        keys = {key.key_id: PublicKey(bytes(key.public_key), key.valid_from) for key in SigningKey.objects.all()}
    paper = {"list": run.sealed, **row.proof}
    assert check_paper(paper, keys).ok
    assert paper["row"]["applicant"] == season.codes[1][0]
    altered = json.loads(json.dumps(paper))
    altered["row"]["score"] = "600"
    assert not check_paper(altered, keys).ok


def test_who_is_told(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "machines")
    season.publish(opening)
    with acting(season.world.actor("school_officer")):
        assert "1 名考生" in Notice.objects.get(kind="admissions.published").subject
    with acting(season.world.actor("college_officer")):
        assert "收到 1 份档案" in Notice.objects.get(kind="admissions.files_placed").subject
        assert not Told.objects.exists()


def test_a_round_opens_once_the_one_before_is_over(season: Rounds) -> None:
    season.open()
    with pytest.raises(ValidationError, match="还有轮次未结束"):
        open_round(actor=season.province, round_id=season.second.pk, opens_at=ago(minutes=1), closes_at=ago(minutes=-1))
    with pytest.raises(NotAllowed):
        open_round(
            actor=season.world.actor("college_officer"),
            round_id=season.second.pk,
            opens_at=ago(minutes=1),
            closes_at=ago(minutes=-1),
        )


def test_a_ticket_is_found_by_number_and_code_only(season: Rounds) -> None:
    assert own(season.tickets[1]) is not None
    number, _ = season.codes[1]
    from jineng.admissions.tickets import lookup_of

    _, other = season.codes[2]
    assert own(lookup_of(number, other)) is None
    assert own("1:" + "0" * 64) is None
    assert season.own(1).data["scores"][0]["points"] == "200.00"


def test_a_round_that_is_open_may_be_cancelled_and_the_next_one_opens_with_its_seats(season: Rounds) -> None:
    opening = season.open()
    season.submit(opening, 1, "machines")
    season.shut(opening)
    run = season.run(opening)
    cancel_round(actor=season.province, round_id=season.first.pk, cancelled_on=OPENS)
    with pytest.raises(ValidationError, match="只有已投档的正式运行可以公布"):
        publish_run(actor=season.province, run_id=run.pk, answers_until=ago(minutes=-5))
    with pytest.raises(ValidationError):
        season.submit(opening, 2, "machines")
    second = season.open(season.second)
    season.submit(second, 1, "machines")
    season.publish(second)
    assert season.admitted(season.second) == {1: "machines"}
    with pytest.raises(ValidationError, match="不能取消"):
        cancel_round(actor=season.province, round_id=season.second.pk, cancelled_on=OPENS)
