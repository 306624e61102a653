"""The law of a season: read with all its faults, copied from year to year, filed rules and their preview."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from jineng.admissions.kinds import SeasonKind
from jineng.admissions.models import Applicant, Cap, Round, Scheme, Score
from jineng.admissions.running_queries import preview_rule
from jineng.admissions.schemes import in_order, read_law
from jineng.admissions.verbs import (
    copy_season,
    declare_exempt,
    declare_scheme,
    end_admission,
    file_score_rule,
    register_applicant,
)
from jineng.admissions.verbs.schemes import first_scheme
from jineng.admissions.web.lists_of_wishes import changed
from jineng.admissions.wishes import wish_faults
from jineng.engines.allocation import AllocationError
from jineng.kernel.actors import Actor, NotAllowed, acting
from tests.admissions.small_rounds import LAW
from tests.admissions.small_season import OPENS, accepted, admission, applicant, cap, classified, held_round
from tests.calls.small_world import resident
from tests.factories import World


def test_the_default_law_holds_five_rounds() -> None:
    law = read_law(first_scheme("classified"))
    assert [each.key for each in law.rounds] == ["1", "2", "3", "4", "5"]
    assert law.of(2, 3) is law.of(2, 0), "a supplementary round runs as the round that it supplements"
    assert law.of(6, 0) is None


@pytest.mark.parametrize("kind", SeasonKind.values)
def test_every_kind_of_season_begins_with_a_law_that_holds(kind: str) -> None:
    law = read_law(first_scheme(kind))
    assert law.rounds[0].exempt == (kind == SeasonKind.UPGRADE)
    if kind == SeasonKind.EXPANSION:
        assert "culture" not in {part.key for part in law.components}, "spared the test of culture"


def test_an_exempt_round_names_no_categories() -> None:
    data = first_scheme("upgrade")
    wrong = {**data, "rounds": [{**data["rounds"][0], "enters": ["veteran"]}, data["rounds"][1]]}
    with pytest.raises(AllocationError) as refusal:
        read_law(wrong)
    assert [fault.path for fault in refusal.value.faults] == ["rounds[0].enters"]


def test_all_faults_of_a_law_are_told_at_once() -> None:
    wrong = copy.deepcopy(LAW)
    wrong["pools"][0]["key"] = "nobody"
    wrong["admits"] = {"categories": ["martian"]}
    wrong["rounds"][0]["rolls_to"] = [{"round": "1"}]
    wrong["rounds"].append({"round": 2, "rule": {"weights": {"culture": 1}}})
    with pytest.raises(AllocationError) as refusal:
        read_law(wrong)
    assert {fault.path for fault in refusal.value.faults} >= {
        "pools[0].key",
        "admits.categories[0]",
        "rounds[0].rolls_to[0]",
        "rounds[2]",
    }
    with pytest.raises(AllocationError) as refusal:
        read_law({**LAW, "rounds": [{"round": 1, "rule": {"weights": {"skil": 1}}}]})
    assert refusal.value.faults[0].path == "rounds[0].rules[0].weights.skil"


def test_what_is_wrong_with_a_list_of_wishes() -> None:
    of = read_law(LAW).rounds[0]
    majors = {"a": ["1", "2"], "b": ["1"]}
    good = {"group": "a", "majors": ["1"], "any_major": False}
    assert wish_faults(of, [good, {"group": "b", "majors": [], "any_major": True}], majors) == []
    bad = [good, good, {"group": "c", "majors": ["1"]}, {"group": "b", "majors": []}, {"group": "b", "majors": ["9"]}]
    told = "".join(str(fault) for fault in wish_faults(of, bad, majors))
    for words in ("最多填 3 个", "与前面重复", "不在本轮计划内", "没有选专业", "专业有误"):
        assert words in told
    assert wish_faults(of, [], majors)


def test_a_list_changes_by_one_button() -> None:
    wishes = changed(changed([], "add:a:1"), "add:b:1")
    assert [wish["group"] for wish in changed(wishes, "up:2")] == ["b", "a"]
    assert changed(wishes, "add:a:2")[0]["majors"] == ["1", "2"]
    assert changed(wishes, "any:1")[0]["any_major"] is True
    assert len(changed(wishes, "drop:1")) == 1
    for deed in ("up:1", "down:2", "drop:9", "any:x", "nonsense"):
        assert changed(wishes, deed) == wishes


@pytest.mark.django_db
def test_a_season_is_set_up_as_another_was(world: World) -> None:
    officer, before = world.actor("province_officer"), classified(world)
    held_round(world, before, 1, closes_on=date(2021, 3, 20))
    held_round(world, before, 2, opens_on=date(2021, 4, 1))
    cap(world, before, limit_seats=100)
    declare_exempt(actor=officer, season_id=before.pk, code="veteran", name="退役士兵")
    declare_scheme(actor=officer, season_id=before.pk, data=LAW, declared_on=OPENS)
    made = copy_season(
        actor=officer, season_id=before.pk, code="2022-classified", name="2022年", opens_on=date(2022, 3, 2)
    )
    with acting(officer):
        rounds = list(Round.objects.filter(season=made).values_list("ordinal", "opens_on", "closes_on"))
        assert rounds == [(1, date(2022, 3, 2), date(2022, 3, 21)), (2, date(2022, 4, 2), None)]
        assert Cap.objects.get(season=made).limit_seats == 100
        assert Scheme.objects.get(season=made).data == LAW
        assert made.exempt_categories.count() == 1
    with pytest.raises(NotAllowed):
        copy_season(
            actor=world.actor("college_officer"), season_id=before.pk, code="x", name="x", opens_on=date(2022, 3, 2)
        )


@pytest.mark.django_db
def test_a_rule_is_previewed_on_the_scores_of_the_season_before(world: World) -> None:
    officer, college = world.actor("province_officer"), world.actor("college_officer")
    before = classified(world, "2020-classified", opens_on=date(2020, 3, 1))
    for who, points in enumerate(("100", "200", "250"), 1):
        one = applicant(world, before, who, "forestry")
        with acting(officer):
            Score.objects.create(applicant=one, component="culture", points=Decimal(points), out_of=300)
            Score.objects.create(applicant=one, component="bonus", points=Decimal(30), out_of=30)
    now = classified(world)
    asked = {"season_id": now.pk, "organisation_id": world["petrochemical"].pk, "ties": ["culture"]}
    with pytest.raises(ValidationError, match="尚未公布招生办法"):
        file_score_rule(actor=college, formula={"weights": {"culture": "1"}}, **asked)
    declare_scheme(actor=officer, season_id=now.pk, data=LAW, declared_on=OPENS)
    with pytest.raises(ValidationError) as refusal:
        file_score_rule(actor=college, formula={"weights": {"culture": "1", "x": "1"}}, **{**asked, "ties": ["y"]})
    assert set(refusal.value.message_dict) == {"weights", "ties"}
    formula = {"weights": {"culture": "1.5", "bonus": "1"}, "least": {"culture": "150"}}
    made = file_score_rule(actor=college, formula=formula, **asked)
    assert file_score_rule(actor=college, formula=formula, **asked).version == made.version + 1
    with acting(college):
        preview = preview_rule(read_law(LAW), made.formula, made.ties, now)
    assert preview is not None
    assert (preview.applicants, preview.reaching) == (3, 2)
    assert (preview.highest, preview.median, preview.lowest) == ("395", "320", "170")
    assert sum(number for _, number in preview.spread) == 3
    with pytest.raises(NotAllowed):
        file_score_rule(actor=college, formula=formula, **{**asked, "organisation_id": world["forestry"].pk})


@pytest.mark.django_db
def test_registration_is_checked_by_the_scheme(world: World) -> None:
    season = classified(world)
    law = {**LAW, "admits": {"categories": ["veteran"], "home": True}}
    declare_scheme(actor=world.actor("province_officer"), season_id=season.pk, data=law, declared_on=OPENS)
    with pytest.raises(ValidationError) as refusal:
        register_applicant(
            actor=world.actor("school_officer"),
            season_id=season.pk,
            person_name="考生1",
            resident_id=resident(1),
            category="farmer",
        )
    assert set(refusal.value.message_dict) == {"category", "home"}


def test_a_scheme_is_shown_in_the_order_in_which_people_read_it() -> None:
    data = first_scheme("classified")
    shown = in_order({key: data[key] for key in sorted(data, key=len)})
    assert shown == data
    assert [*shown] == ["scale", "components", "ties", "pools", "admits", "rounds"]
    assert [*shown["rounds"][0]] == ["round", "enters", "rule", "rolls_to"]


@pytest.mark.django_db
def test_registration_asks_for_the_record_of_school_that_the_scheme_names(world: World) -> None:
    school, chief = world.actor("school_officer"), world.actor("province_officer")
    before, now = classified(world, "2020-classified", opens_on=date(2020, 3, 1)), classified(world)
    plan = accepted(world, before, "petrochemical", 2)
    held = held_round(world, before, opens_on=date(2020, 3, 1))
    admission(world, applicant(world, before, 1), plan, held)
    given_up = admission(world, applicant(world, before, 2), plan, held)
    end_admission(actor=chief, admission_id=given_up.pk, ended_on=date(2021, 5, 1), ending="declined")
    law = {**LAW, "admits": {"after": {"college_graduate": "higher"}}}
    declare_scheme(actor=chief, season_id=now.pk, data=law, declared_on=OPENS)

    def register(who: int, by: Actor, category: str = "college_graduate") -> Applicant:
        values = {"season_id": now.pk, "person_name": f"考生{who}", "resident_id": resident(who), "synthetic": True}
        return register_applicant(actor=by, category=category, organisation_id=world["county_school"].pk, **values)

    assert register(1, school).category == "college_graduate"
    for who in (2, 3):
        with pytest.raises(ValidationError, match="没有查到该考生此前的高等职业教育专科录取记录"):
            register(who, school)
    assert register(3, chief), "on the paper, by the province"
    assert register(4, school, "veteran")
    wrong = {**LAW, "admits": {"after": {"martian": "higher", "veteran": "doctor"}}}
    with pytest.raises(AllocationError) as refusal:
        read_law(wrong)
    assert {fault.path for fault in refusal.value.faults} == {"admits.after[0]", "admits.after.veteran"}
