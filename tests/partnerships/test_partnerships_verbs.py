"""The room's deeds: renewing by both sides, ending with what came of it, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.kernel.notices.inbox import tray
from jineng.kernel.references import describe, look_up
from jineng.partnerships import verbs
from jineng.partnerships.models import AgreementTerm, RenewalAnswer
from jineng.partnerships.queries import agreements_of, being_on, bodies_of, in_force_on
from jineng.partnerships.renewing import asked_of, renewal_of
from jineng.partnerships.rules import Verdict
from jineng.partnerships.verbs import Partner
from jineng.registry.verbs import give_post, open_account
from tests.factories import LONG_AGO, World
from tests.partnerships.deals import SINCE, UNTIL, agreement, body, partner, party_of, project

ASKED = date(2021, 6, 15)
LATER = date(2024, 8, 31)


@pytest.fixture
def two(world: World) -> World:
    """The world with an officer at the other school, too."""
    chief = world.actor("administrator")
    world.accounts["other_school_officer"] = open_account(
        actor=chief, username="other_school_officer", display_name="他校", password=None
    )
    give_post(
        actor=chief,
        account=world.accounts["other_school_officer"],
        organisation_id=world["other_school"].pk,
        role="officer",
        title="经办",
        since=LONG_AGO,
    )
    return world


def say(
    world: World, deal: Any, who: str, where: str, answer: str, until: date | None = LATER, on: date = ASKED
) -> Any:
    """``who`` answers for ``where``."""
    actor = world.actor(who)
    party = party_of(world, deal, world[where].name)
    with clock_at(on), acting(actor):
        return verbs.answer_renewal(
            actor=actor, agreement_id=deal.pk, party_id=party.pk, answer=answer, until=until, note="意见"
        )


def seen(world: World, deal: Any, who: str, on: date = ASKED) -> Any:
    """How the renewal stands for ``who``."""
    actor = world.actor(who)
    with acting(actor):
        return renewal_of(actor, agreements_of(actor).get(pk=deal.pk), on)


def test_both_sides_renew_and_the_next_term_is_recorded(two: World) -> None:
    deal = agreement(two, other=partner(two, "other_school"))
    say(two, deal, "school_officer", "county_school", "renew")
    told = seen(two, deal, "other_school_officer")
    assert [voice.answer.answer if voice.answer else None for voice in told.voices] == ["renew", None]
    assert told.verdict is Verdict.WAITING
    assert [voice.party.name for voice in told.mine] == [two["other_school"].name]
    say(two, deal, "other_school_officer", "other_school", "renew")
    with acting(two.actor("school_officer")):
        terms = list(AgreementTerm.objects.filter(agreement=deal).order_by("since").values_list("since", "until"))
    assert terms == [(SINCE, UNTIL), (date(2021, 9, 1), LATER)]
    assert seen(two, deal, "school_officer") is None
    with pytest.raises(ValidationError, match="2024-05-31"):
        say(two, deal, "school_officer", "county_school", "end", None)


def test_sides_that_disagree_see_it_and_may_change_their_minds(two: World) -> None:
    deal = agreement(two, other=partner(two, "other_school"))
    say(two, deal, "school_officer", "county_school", "renew")
    say(two, deal, "other_school_officer", "other_school", "end", None)
    assert seen(two, deal, "school_officer").verdict is Verdict.DISAGREED
    for where in ("county_school", "other_school"):
        assert [(item.answered, item.disagreed) for item in asked_by(two, where)] == [(True, True)], "both hear of it"
    say(two, deal, "other_school_officer", "other_school", "renew", date(2022, 8, 31))
    assert seen(two, deal, "school_officer").verdict is Verdict.DISAGREED
    say(two, deal, "school_officer", "county_school", "end", None)
    say(two, deal, "other_school_officer", "other_school", "end", None)
    assert seen(two, deal, "school_officer").verdict is Verdict.ENDING
    assert not asked_by(two, "county_school")[0].disagreed
    with acting(two.actor("school_officer")):
        assert RenewalAnswer.objects.count() == 2
        assert AgreementTerm.objects.filter(agreement=deal).count() == 1


def told(world: World, who: str) -> list[tuple[str, str]]:
    """Subject and sender of what an account was told."""
    actor = world.actor(who)
    with acting(actor):
        return [(notice.subject, notice.name_of) for notice in tray(actor)]


def test_one_side_is_told_what_the_other_says(two: World) -> None:
    deal = agreement(two, other=partner(two, "other_school"))
    say(two, deal, "school_officer", "county_school", "renew")
    school = two["county_school"].name
    assert told(two, "other_school_officer") == [(f"协议XY-1：{school} 答复续签", school)]
    assert told(two, "school_officer") == []
    say(two, deal, "school_officer", "county_school", "end", None)
    assert told(two, "other_school_officer") == [(f"协议XY-1：{school} 答复不再续签", school)]


def test_who_may_answer_and_when(two: World) -> None:
    deal = agreement(two, other=partner(two, "other_school"))
    with pytest.raises(NotAllowed):
        say(two, deal, "school_officer", "other_school", "renew")
    with pytest.raises(ValidationError, match="2021-05-31"):
        say(two, deal, "school_officer", "county_school", "renew", on=date(2021, 5, 30))
    with pytest.raises(ValidationError, match="2021-08-31"):
        say(two, deal, "school_officer", "county_school", "renew", until=UNTIL)
    hidden = agreement(two, "petrochemical", "XY-2")
    with acting(two.actor("school_officer")), pytest.raises(NotAllowed):
        verbs.answer_renewal(
            actor=two.actor("school_officer"), agreement_id=hidden.pk, party_id=hidden.pk, answer="end"
        )
    stranger = party_of(two, hidden, two["petrochemical"].name)
    with acting(two.actor("school_officer")), clock_at(ASKED), pytest.raises(NotAllowed):
        verbs.answer_renewal(
            actor=two.actor("school_officer"), agreement_id=deal.pk, party_id=stranger.pk, answer="end"
        )


def test_an_agreement_without_end_or_ended_is_not_asked_about(world: World) -> None:
    endless = agreement(world, code="XY-3", until=None)
    with pytest.raises(ValidationError, match="长期有效"):
        say(world, endless, "school_officer", "county_school", "end", None)
    assert seen(world, endless, "school_officer") is None
    ended = agreement(world, code="XY-4")
    actor = world.actor("school_officer")
    with acting(actor):
        verbs.end_agreement(actor=actor, agreement_id=ended.pk, ended_on=date(2021, 1, 1), reason="停止")
    with pytest.raises(ValidationError, match="已终止"):
        say(world, ended, "school_officer", "county_school", "renew")


def test_the_keeper_answers_for_a_party_outside(world: World) -> None:
    deal = agreement(world)
    actor = world.actor("school_officer")
    assert len(seen(world, deal, "school_officer").mine) == 2
    with acting(actor), clock_at(ASKED):
        outside = party_of(world, deal, "示例外省企业")
        verbs.answer_renewal(actor=actor, agreement_id=deal.pk, party_id=outside.pk, answer="renew", until=LATER)
    assert [item.answered for item in asked_by(world, "county_school")] == [False]
    say(world, deal, "school_officer", "county_school", "renew")
    assert asked_by(world, "county_school") == []


def asked_by(world: World, where: str, on: date = ASKED) -> list[Any]:
    with acting(world.actor("province_officer")):
        return asked_of(world[where].pk, on)


def test_tasks_come_in_time_and_go(two: World) -> None:
    agreement(two, other=partner(two, "other_school"))
    assert asked_by(two, "other_school", date(2021, 5, 30)) == []
    assert [item.until for item in asked_by(two, "other_school", date(2021, 5, 31))] == [UNTIL]
    assert len(asked_by(two, "county_school", date(2021, 9, 10))) == 1
    assert asked_by(two, "county_school", date(2022, 3, 1)) == []
    assert asked_by(two, "petrochemical") == []


def test_ending_an_agreement_ends_what_came_of_it(world: World) -> None:
    deal = agreement(world, until=None)
    led = body(world, of=deal)
    actor = world.actor("school_officer")
    with acting(actor):
        verbs.end_agreement(actor=actor, agreement_id=deal.pk, ended_on=date(2021, 4, 1), reason="企业注销")
        assert AuditLine.objects.get(verb="end_agreement").details == {"bodies": ["CY-1"]}
        assert bodies_of(actor).filter(being_on(date(2021, 3, 31)), pk=led.pk).exists()
        assert not bodies_of(actor).filter(being_on(date(2021, 4, 1)), pk=led.pk).exists()
        with pytest.raises(ValidationError, match="已自 2021-04-01"):
            verbs.end_agreement(actor=actor, agreement_id=deal.pk, ended_on=date(2021, 5, 1), reason="再次")
        with pytest.raises(ValidationError, match="不能再续"):
            verbs.record_term(actor=actor, agreement_id=deal.pk, since=date(2022, 1, 1))
        verbs.void_agreement(actor=actor, agreement_id=deal.pk, reason="从未签成")
        assert not agreements_of(actor, standing=False).filter(in_force_on(date(2021, 3, 1))).exists()
        assert not bodies_of(actor).filter(being_on(date(2021, 3, 31))).exists()
        with pytest.raises(ValidationError, match="已作废"):
            verbs.void_agreement(actor=actor, agreement_id=deal.pk, reason="再次")


def test_what_is_refused(world: World) -> None:
    deal = agreement(world)
    actor = world.actor("school_officer")
    school, other = world["county_school"], world["other_school"]
    outside = Partner("示例企业", province="61")
    given = {"name": "协议", "kind": "other", "signed_on": SINCE, "since": SINCE, "organisation_name": school.name}
    with acting(actor):
        for wrong in (
            {"organisation_id": school.pk, "code": "XY-1", "partner": outside},
            {"organisation_id": school.pk, "code": "N-1", "partner": Partner(school.name, school.pk)},
            {"organisation_id": school.pk, "code": "N-2", "partner": outside, "until": date(2018, 1, 1)},
        ):
            with pytest.raises(ValidationError):
                verbs.record_agreement(actor=actor, **given | wrong)
        with pytest.raises(NotAllowed):
            verbs.record_agreement(actor=actor, organisation_id=other.pk, code="N-3", partner=outside, **given)
        with pytest.raises(ValidationError, match="原因"):
            verbs.end_agreement(actor=actor, agreement_id=deal.pk, ended_on=date(2021, 1, 1), reason=" ")
        with pytest.raises(ValidationError, match="晚于"):
            verbs.end_agreement(actor=actor, agreement_id=deal.pk, ended_on=SINCE.replace(year=2010), reason="早")
        with pytest.raises(ValidationError, match="重叠"):
            verbs.record_term(actor=actor, agreement_id=deal.pk, since=date(2020, 1, 1))
        with pytest.raises(ValidationError, match="签约方"):
            verbs.add_party(actor=actor, agreement_id=deal.pk, partner=Partner("示例外省企业"), role="third")
        verbs.add_party(actor=actor, agreement_id=deal.pk, partner=outside, role="third")


def test_bodies_and_members(world: World) -> None:
    led = body(world)
    actor = world.actor("school_officer")
    hidden = agreement(world, "petrochemical", "XY-9")
    with acting(actor):
        with pytest.raises(ValidationError, match="另一编号"):
            body(world, code="CY-2", name="产业学院CY-1", by="school_officer")
        with pytest.raises(NotAllowed):
            body(world, code="CY-3", of=hidden, by="school_officer")
        with pytest.raises(ValidationError, match="省份代码"):
            verbs.add_member(
                actor=actor, body_id=led.pk, partner=Partner("某省教育厅"), joined_on=SINCE, authority=True
            )
        who = verbs.add_member(actor=actor, body_id=led.pk, partner=Partner("某企业"), joined_on=SINCE)
        with pytest.raises(ValidationError, match="重叠"):
            verbs.add_member(actor=actor, body_id=led.pk, partner=Partner("某企业"), joined_on=date(2020, 1, 1))
        with pytest.raises(ValidationError, match="晚于"):
            verbs.leave_body(actor=actor, member_id=who.pk, left_on=SINCE)
        verbs.leave_body(actor=actor, member_id=who.pk, left_on=date(2020, 1, 1))
        with pytest.raises(ValidationError, match="已自"):
            verbs.leave_body(actor=actor, member_id=who.pk, left_on=date(2020, 2, 1))
        verbs.add_member(actor=actor, body_id=led.pk, partner=Partner("某企业"), joined_on=date(2020, 1, 1))
        verbs.void_member(actor=actor, member_id=who.pk, reason="误录")
        with pytest.raises(NotAllowed):
            verbs.void_member(actor=actor, member_id=who.pk, reason="误录")
        with pytest.raises(ValidationError, match="晚于"):
            verbs.end_body(actor=actor, body_id=led.pk, ended_on=SINCE)
        verbs.end_body(actor=actor, body_id=led.pk, ended_on=date(2021, 1, 1), document="甘1号")
        with pytest.raises(ValidationError, match="已自"):
            verbs.end_body(actor=actor, body_id=led.pk, ended_on=date(2021, 2, 1))
        with pytest.raises(ValidationError, match="原因"):
            verbs.void_body(actor=actor, body_id=led.pk, reason="")


def test_projects_and_how_other_rooms_name_them(world: World) -> None:
    made = project(world)
    actor = world.actor("college_officer")
    with acting(actor):
        assert look_up("international_project", actor, ["GJ-1", "无"])["GJ-1"].id == made.pk
        assert describe("international_project", actor, [made.pk])[made.pk].label == "项目GJ-1"
        for wrong, said in (
            ({"country": "XX"}, "没有此国家"),
            ({"country": "HK"}, "国外"),
            ({"until": date(2010, 1, 1)}, "早于"),
        ):
            with pytest.raises(ValidationError, match=said):
                project(world, code="GJ-2", by="college_officer", **wrong)
        with pytest.raises(ValidationError, match="早于"):
            verbs.end_project(actor=actor, project_id=made.pk, until=date(2010, 1, 1))
        verbs.end_project(actor=actor, project_id=made.pk, until=date(2021, 6, 30))
        with pytest.raises(ValidationError, match="没有变化"):
            verbs.end_project(actor=actor, project_id=made.pk, until=date(2021, 6, 30))
        verbs.void_project(actor=actor, project_id=made.pk, reason="从未启动")
        assert look_up("international_project", actor, ["GJ-1"]) == {}
    with acting(world.actor("school_officer")) as stranger:
        assert look_up("international_project", stranger, ["GJ-1"]) == {}
        with pytest.raises(NotAllowed):
            verbs.void_project(actor=stranger, project_id=made.pk, reason="误录")
