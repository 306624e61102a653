"""What the verbs of the room do, and what they refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import AuditLine
from jineng.registry.verbs.people import merge_people
from jineng.workforce import verbs
from jineng.workforce.models import AutonomyGrant, PracticeStay, Qualification, Recognition, StandardCondition, Title
from jineng.workforce.queries import school_standings
from tests.factories import World
from tests.workforce.small_school import DAY, equip, teacher


def test_a_teacher_is_entered_ended_and_struck_out(school: World) -> None:
    actor = school.actor("school_officer")
    with acting(actor):
        made = teacher(school, 1, actor=actor)
        assert made.status == "teaching"
        assert made.teaches_on(DAY)
        with pytest.raises(ValidationError, match="已在此校任教"):
            teacher(school, 1, actor=actor, since=date(2020, 9, 1))
        with pytest.raises(ValidationError, match="应晚于任教之日"):
            verbs.end_teaching(actor=actor, teacher_id=made.pk, until=made.since)
        ended = verbs.end_teaching(actor=actor, teacher_id=made.pk, until=DAY)
        assert (ended.status, ended.teaches_on(DAY)) == ("ended", False)
        with pytest.raises(ValidationError, match="不再任教"):
            verbs.end_teaching(actor=actor, teacher_id=made.pk, until=DAY)
        assert teacher(school, 1, actor=actor, since=date(2021, 9, 1)).status == "coming"
        with pytest.raises(ValidationError, match="请写明原因"):
            verbs.void_teacher(actor=actor, teacher_id=made.pk, reason=" ")
        assert verbs.void_teacher(actor=actor, teacher_id=made.pk, reason="录入有误").status == "void"
        with pytest.raises(ValidationError, match="已作废"):
            verbs.void_teacher(actor=actor, teacher_id=made.pk, reason="再次")


def test_a_teacher_needs_a_sound_number_and_a_school_in_scope(school: World) -> None:
    with pytest.raises(ValidationError, match="居民身份证号不对"):
        teacher(school, 1, resident_id="620102196101010000")
    with pytest.raises(NotAllowed):
        teacher(school, 1, "other_school", actor=school.actor("county_officer"))
    with pytest.raises(NotAllowed):
        verbs.end_teaching(
            actor=school.actor("other_county_officer"), teacher_id=teacher(school, 1).pk, until=date(2021, 5, 1)
        )


@pytest.mark.parametrize(
    ("verb", "facts", "words"),
    [
        ("record_qualification", {"kind": "skill", "name": "电工", "issued_on": DAY}, "须填等级"),
        (
            "record_qualification",
            {"kind": "teacher", "name": "证", "grade": "senior", "issued_on": DAY},
            "须填等级，其他证书不填",
        ),
        ("record_qualification", {"kind": "teacher", "name": "证", "issued_on": DAY, "until": DAY}, "应晚于起始日期"),
        (
            "record_practice",
            {"kind": "base", "place": "某厂", "first_day": DAY, "last_day": date(2021, 5, 1), "days": 1},
            "结束日期早于起始日期",
        ),
        (
            "record_practice",
            {"kind": "base", "place": "某厂", "first_day": DAY, "last_day": DAY, "days": 2},
            "天数与起止日期不符",
        ),
    ],
)
def test_evidence_that_contradicts_itself_is_refused(
    school: World, verb: str, facts: dict[str, Any], words: str
) -> None:
    actor = school.actor("school_officer")
    made = teacher(school, 1)
    with acting(actor), pytest.raises(ValidationError, match=words):
        getattr(verbs, verb)(actor=actor, teacher_id=made.pk, **facts)


def test_evidence_is_recorded_once_and_struck_out(school: World) -> None:
    made = teacher(school, 1)
    equip(school, made.pk, title="assistant")
    for known in ("证书", "职称", "实践"):
        with pytest.raises(ValidationError, match="已有登记"):
            equip(
                school,
                made.pk,
                **{"证书": {}, "职称": {"grade": "", "months": 0, "title": "assistant"}, "实践": {"grade": ""}}[known],
            )
    actor = school.actor("county_officer")
    with acting(actor):
        for model, verb, name in (
            (Qualification, verbs.void_qualification, "qualification_id"),
            (Title, verbs.void_title, "title_id"),
            (PracticeStay, verbs.void_practice, "practice_id"),
        ):
            found = model._default_manager.filter(voided_at=None).first()
            assert verb(actor=actor, reason="录入有误", **{name: found.pk}).is_void
        assert AuditLine.objects.filter(verb="void_title").count() == 1


def test_recognition_needs_every_condition_and_says_what_is_missing(school: World) -> None:
    made = teacher(school, 1)
    equip(school, made.pk, months=3, grade="middle")
    actor = school.actor("school_officer")
    with acting(actor):
        with pytest.raises(ValidationError) as refusal:
            verbs.recognise_teacher(actor=actor, teacher_id=made.pk, level="elementary")
        words = refusal.value.message_dict["level"][0]
        assert "技能等级须达三级（高级工），现为四级（中级工）" in words
        assert "还差3个月" in words
        verbs.record_qualification(
            actor=actor, teacher_id=made.pk, kind="skill", name="电工", grade="senior", issued_on=DAY
        )
        verbs.record_practice(
            actor=actor,
            teacher_id=made.pk,
            kind="enterprise",
            place="另一厂",
            first_day=date(2019, 1, 1),
            last_day=date(2019, 4, 30),
            days=90,
        )
        found = verbs.recognise_teacher(actor=actor, teacher_id=made.pk, level="elementary", document="某号")
        assert (found.recognised_on, found.until, found.standard.code) == (DAY, date(2026, 6, 1), "2020")
        assert found.recognised_by_id == actor.organisation_id
        with pytest.raises(ValidationError, match="已认定为初级"):
            verbs.recognise_teacher(actor=actor, teacher_id=made.pk, level="elementary")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"recognised_on": date(2021, 6, 2)}, "不能晚于今天"),
        ({"recognised_on": date(2018, 8, 31)}, "当日不在此校任教"),
        ({"recognised_on": date(2019, 12, 31)}, "没有施行此等级的标准"),
        ({"level": "senior"}, "没有施行此等级的标准"),
        ({"level": "intermediate"}, "须由市级主管部门或其上级认定"),
    ],
)
def test_recognition_is_refused(school: World, facts: dict[str, Any], words: str) -> None:
    made = teacher(school, 1)
    equip(school, made.pk)
    actor = school.actor("school_officer")
    with acting(actor), pytest.raises(ValidationError, match=words):
        verbs.recognise_teacher(actor=actor, teacher_id=made.pk, **{"level": "elementary", **facts})


def test_a_higher_body_recognises_and_only_it_takes_back(school: World) -> None:
    made = teacher(school, 1)
    equip(school, made.pk, months=13, title="intermediate")
    own, city = school.actor("school_officer"), school.actor("city_officer")
    with acting(own):
        verbs.recognise_teacher(actor=own, teacher_id=made.pk, level="elementary", recognised_on=date(2021, 5, 1))
    with acting(city):
        found = verbs.recognise_teacher(actor=city, teacher_id=made.pk, level="intermediate")
        assert found.until is None
    with acting(own):
        for verb, facts in ((verbs.withdraw_recognition, {"until": DAY}), (verbs.void_recognition, {"reason": "x"})):
            with pytest.raises(NotAllowed, match="只有认定单位"):
                verb(actor=own, recognition_id=found.pk, **facts)
    with acting(city):
        with pytest.raises(ValidationError, match="认定之日与有效期满之间"):
            verbs.withdraw_recognition(actor=city, recognition_id=found.pk, until=DAY)
        withdrawn = verbs.withdraw_recognition(actor=city, recognition_id=found.pk, until=date(2021, 12, 1))
        assert withdrawn.until == date(2021, 12, 1)
        assert school_standings(city, school["county_school"].pk, date(2021, 12, 1))[made.pk].recognised == "elementary"
        assert verbs.void_recognition(actor=city, recognition_id=found.pk, reason="材料不实").is_void


def test_what_a_merged_identity_showed_counts_for_the_one_that_took_it_over(school: World) -> None:
    one, other = teacher(school, 1), teacher(school, 2)
    equip(school, other.pk)
    province = school.actor("province_officer")
    with acting(province):
        merge_people(actor=province, kept_id=one.person_id, absorbed_id=other.person_id, reason="同一人")
        standings = school_standings(province, school["county_school"].pk, DAY)
    assert {standing.reachable for standing in standings.values()} == {"elementary"}
    assert set(standings) == {one.pk, other.pk}


def test_the_database_keeps_a_version_that_somebody_was_recognised_by(school: World) -> None:
    made = teacher(school, 1)
    equip(school, made.pk)
    province = school.actor("province_officer")
    with acting(province):
        condition = StandardCondition.objects.filter(kind="practice").first()
        assert condition is not None
        StandardCondition.objects.filter(pk=condition.pk).update(amount=7)
        StandardCondition.objects.filter(pk=condition.pk).update(amount=6)
        verbs.recognise_teacher(actor=province, teacher_id=made.pk, level="elementary")
        for statement in (
            "UPDATE workforce_standardcondition SET amount = 1",
            "DELETE FROM workforce_standardcondition",
            "UPDATE workforce_standardlevel SET recogniser = 'county'",
            "UPDATE workforce_standard SET days_per_month = 22",
            "INSERT INTO workforce_standardcondition (id, recorded_at, origin_kind, void_reason, of_level_id, item, "
            "alternative, kind, option, series, amount, bridged) SELECT gen_random_uuid(), now(), 'page', '', id, 9, "
            "1, 'certificate', '', '', 0, false FROM workforce_standardlevel",
        ):
            with (
                pytest.raises(IntegrityError, match=r"standards_stay|struck out"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE workforce_standard SET in_force_until = '2022-01-01'")
            assert cursor.rowcount == 1
        assert Recognition.objects.count() == 1


def test_an_autonomy_is_granted_revoked_and_granted_again(school: World) -> None:
    city = school.actor("city_officer")
    facts = {"actor": city, "organisation_id": school["county_school"].pk, "autonomy": "pay_talent"}
    with acting(city):
        made = verbs.grant_autonomy(**facts, granted_on=date(2020, 1, 1), document="兰教〔2020〕1号")
        assert (made.status, made.in_force_on(DAY), made.granted_by_id) == ("in_force", True, city.organisation_id)
        with pytest.raises(ValidationError, match="已有此项自主权"):
            verbs.grant_autonomy(**facts, granted_on=date(2021, 1, 1))
        with pytest.raises(ValidationError, match="应晚于下放之日"):
            verbs.revoke_autonomy(actor=city, grant_id=made.pk, revoked_on=made.granted_on)
        revoked = verbs.revoke_autonomy(actor=city, grant_id=made.pk, revoked_on=date(2021, 1, 1))
        assert (revoked.status, revoked.in_force_on(date(2020, 12, 31))) == ("revoked", True)
        with pytest.raises(ValidationError, match="起收回"):
            verbs.revoke_autonomy(actor=city, grant_id=made.pk, revoked_on=DAY)
        with pytest.raises(ValidationError, match="当时已有此项自主权"):
            verbs.grant_autonomy(**facts, granted_on=date(2020, 6, 1))
        assert verbs.grant_autonomy(**facts, granted_on=date(2021, 9, 1)).status == "coming"
        assert verbs.void_autonomy(actor=city, grant_id=made.pk, reason="没有下放").status == "void"


def test_only_authorities_grant_and_only_who_granted_revokes(school: World) -> None:
    own, county, city = (school.actor(name) for name in ("school_officer", "county_officer", "city_officer"))
    place = school["county_school"].pk
    facts = {"autonomy": "pay_talent", "granted_on": date(2020, 1, 1)}
    for actor, where in ((own, place), (county, school["yongdeng"].pk), (county, school["other_school"].pk)):
        with acting(actor), pytest.raises(NotAllowed):
            verbs.grant_autonomy(actor=actor, organisation_id=where, **facts)
    with acting(city):
        made = verbs.grant_autonomy(actor=city, organisation_id=place, **facts)
    for actor in (own, county):
        with acting(actor), pytest.raises(NotAllowed):
            verbs.revoke_autonomy(actor=actor, grant_id=made.pk, revoked_on=DAY)
    other = school.actor("other_city_officer")
    with acting(other):
        assert AutonomyGrant.objects.count() == 0
        with pytest.raises(NotAllowed):
            verbs.void_autonomy(actor=other, grant_id=made.pk, reason="x")
