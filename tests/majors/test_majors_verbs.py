"""Opening, revoking, correcting and voiding offerings: rules, scope, history, audit, concurrency."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import AuditLine
from jineng.majors.models import MajorOffering
from jineng.majors.queries import kinds_by_day, major_by_code, offering_history, offerings_of
from jineng.majors.verbs import correct_offering, revoke_offering, void_offering
from jineng.registry.kinds import Change
from jineng.registry.verbs import change_organisation

OPENED, REVOKED = date(2018, 9, 1), date(2021, 9, 1)


def test_an_opened_offering_says_who_recorded_it(world, opened):
    college = world.actor("college_officer")
    offering = opened("petrochemical", "460301", by="college_officer")
    with acting(college):
        line = AuditLine.objects.get(verb="open_offering")
        assert offering.reporter_id == college.organisation_id
        assert offering.origin_kind == "page"
        assert offering.origin_id == line.deed
        assert line.subject_id == str(offering.pk)
        assert "自 2018-09-01" in line.summary


@pytest.mark.parametrize(
    ("where", "code", "more", "field"),
    [
        ("city_school", "460301", {}, "major"),
        ("firm", "460301", {}, "major"),
        ("petrochemical", "260101", {}, "major"),
        ("petrochemical", "460301", {"years": 8}, "duration_years"),
        ("petrochemical", "520401", {}, "document"),
        ("petrochemical", "410123", {}, "opened_on"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_field(opened, where, code, more, field):
    with pytest.raises(ValidationError) as refusal:
        opened(where, code, **more)
    assert field in refusal.value.message_dict


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("college_officer", "forestry"),
        ("other_city_officer", "city_school"),
        ("county_officer", "city_school"),
        ("school_officer", "other_school"),
    ],
)
def test_nobody_opens_outside_their_scope(opened, name, where):
    with pytest.raises(NotAllowed):
        opened(where, "610101", by=name)


def test_an_auditor_changes_nothing(world, opened):
    offering = opened("petrochemical", "460301")
    auditor = world.actor("auditor")
    with pytest.raises(NotAllowed):
        opened("petrochemical", "460302", by="auditor")
    with pytest.raises(NotAllowed):
        void_offering(actor=auditor, offering_id=offering.pk, reason="误报")


def test_the_same_course_cannot_be_in_being_twice(opened):
    opened("petrochemical", "460301")
    for on in (OPENED, date(2017, 9, 1), date(2020, 9, 1)):
        with pytest.raises(ValidationError) as refusal:
            opened("petrochemical", "460301", on)
        assert "opened_on" in refusal.value.message_dict
    opened("petrochemical", "460301", years=5)
    opened("petrochemical", "460302")
    opened("forestry", "460301")


def test_revoked_and_opened_again_are_two_rows(world, opened):
    actor = world.actor("college_officer")
    first = opened("petrochemical", "460301")
    revoke_offering(actor=actor, offering_id=first.pk, revoked_on=REVOKED)
    second = opened("petrochemical", "460301", REVOKED)
    with acting(actor):
        on = [offerings_of(actor, on=day).values_list("pk", flat=True) for day in (date(2021, 8, 31), REVOKED)]
        assert [list(ids) for ids in on] == [[first.pk], [second.pk]]


def test_a_revocation_leaves_the_past_and_is_made_once(world, opened):
    actor = world.actor("college_officer")
    offering = opened("petrochemical", "460301")
    with pytest.raises(ValidationError):
        revoke_offering(actor=actor, offering_id=offering.pk, revoked_on=OPENED)
    revoked = revoke_offering(actor=actor, offering_id=offering.pk, revoked_on=REVOKED, document="撤〔2021〕1号")
    assert revoked.in_being_on(date(2021, 8, 31))
    assert not revoked.in_being_on(REVOKED)
    assert revoked.document == "撤〔2021〕1号"
    with pytest.raises(ValidationError):
        revoke_offering(actor=actor, offering_id=offering.pk, revoked_on=date(2022, 9, 1))


def test_a_correction_keeps_the_row_and_what_it_said_before(world, opened):
    actor = world.actor("college_officer")
    offering = opened("petrochemical", "460301")
    corrected = correct_offering(
        actor=actor, offering_id=offering.pk, reason="年份抄错", opened_on=date(2019, 9, 1), duration_years=Decimal(5)
    )
    assert corrected.pk == offering.pk
    with acting(actor):
        history = offering_history(actor, offering.pk)
        assert [event.label for event in history] == ["insert", "update"]
        assert history[1].changes["opened_on"] == (OPENED, date(2019, 9, 1))
        assert history[1].who == actor.label
        assert offering_history(world.actor("other_county_officer"), offering.pk) == []
        details = AuditLine.objects.get(verb="correct_offering").details
        assert details["before"] == {"opened_on": "2018-09-01", "duration_years": "3.0"}
        assert details["after"] == {"opened_on": "2019-09-01", "duration_years": "5"}


def test_a_correction_obeys_the_rules(world, opened):
    actor = world.actor("college_officer")
    first = opened("petrochemical", "460301")
    revoke_offering(actor=actor, offering_id=first.pk, revoked_on=REVOKED)
    opened("petrochemical", "460301", date(2022, 9, 1))

    def correct(**facts):
        return correct_offering(actor=actor, offering_id=first.pk, **{"reason": "更正", **facts})

    for facts, field in [
        ({"duration_years": Decimal(7)}, "duration_years"),
        ({"revoked_on": OPENED}, "revoked_on"),
        ({"revoked_on": None}, "opened_on"),
        ({"revoked_on": None, "reason": " "}, "reason"),
    ]:
        with pytest.raises(ValidationError) as refusal:
            correct(**facts)
        assert field in refusal.value.message_dict
    with pytest.raises(ValidationError, match="没有变化"):
        correct(revoked_on=REVOKED)
    with pytest.raises(TypeError, match="organisation"):
        correct(organisation=None)
    assert correct(revoked_on=date(2022, 9, 1)).revoked_on == date(2022, 9, 1)


def test_a_void_offering_never_held_and_frees_its_place(world, opened):
    actor = world.actor("college_officer")
    offering = opened("petrochemical", "460301")
    with pytest.raises(ValidationError):
        void_offering(actor=actor, offering_id=offering.pk, reason=" ")
    voided = void_offering(actor=actor, offering_id=offering.pk, reason="从未开设")
    assert voided.is_void
    assert voided.status == "void"
    assert not voided.in_being_on(date(2020, 1, 1))
    with pytest.raises(ValidationError):
        void_offering(actor=actor, offering_id=offering.pk, reason="再作废一次")
    again = opened("petrochemical", "460301")
    with acting(actor):
        assert [row.pk for row in offerings_of(actor)] == [again.pk]
        assert offerings_of(actor, standing=False).count() == 2


@pytest.mark.parametrize("change", [revoke_offering, correct_offering, void_offering])
def test_what_lies_outside_the_scope_looks_as_if_it_were_not_there(world, opened, change):
    offering = opened("forestry", "460301")
    facts = {"revoked_on": REVOKED} if change is revoke_offering else {"reason": "试试"}
    for identity in (offering.pk, uuid4()):
        with pytest.raises(NotAllowed, match="不存在或不在"):
            change(actor=world.actor("college_officer"), offering_id=identity, **facts)


def test_the_kind_on_the_opening_day_decides(world, opened):
    actor = world.actor("province_officer")
    change_organisation(
        actor=actor,
        organisation_id=world["city_school"].pk,
        change=Change.REDESIGNATED,
        on=date(2020, 6, 1),
        kind="higher_vocational",
    )
    with pytest.raises(ValidationError):
        opened("city_school", "460301", date(2020, 5, 31))
    opened("city_school", "460301", date(2020, 6, 1))
    with acting(actor):
        kinds = kinds_by_day([world["city_school"].pk])
    assert kinds.on(world["city_school"].pk, date(1999, 1, 1)) == "secondary_vocational"
    assert kinds.on(uuid4(), OPENED) == ""


def test_status_follows_the_business_day(world, opened):
    actor = world.actor("college_officer")
    offering = opened("petrochemical", "460301")
    with clock.clock_at(date(2018, 8, 31)):
        assert offering.status == "coming"
    with clock.clock_at(OPENED):
        assert offering.status == "running"
    revoked = revoke_offering(actor=actor, offering_id=offering.pk, revoked_on=REVOKED)
    with clock.clock_at(date(2021, 8, 31)):
        assert revoked.status == "running"
    with clock.clock_at(REVOKED):
        assert revoked.status == "revoked"


def test_the_database_itself_refuses_what_cannot_be(world, opened):
    offering = opened("petrochemical", "460301")
    with acting(world.actor("province_officer")):
        twin = {
            "organisation_id": offering.organisation_id,
            "major_id": offering.major_id,
            "duration_years": 3,
            "opened_on": REVOKED,
        }
        for wrong in (twin, twin | {"duration_years": 2, "revoked_on": REVOKED}, twin | {"duration_years": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                MajorOffering.objects.create(**wrong)


def test_codes_are_found_with_and_without_the_mark(world):
    with acting(world.actor("college_officer")):
        assert major_by_code("520401K") == major_by_code("520401")
        assert str(major_by_code("520401")).startswith("520401K ")
        assert major_by_code("460301K") is None
        assert major_by_code("469999") is None
        assert major_by_code("没有") is None
