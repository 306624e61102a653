"""Calls and awards as officers write them, page by page."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from jineng.briefs.verifying import known_keys, known_seconds
from jineng.calls.models import Award, AwardHolder, AwardParty, AwardStatus, CallDecider
from jineng.calls.verbs import (
    add_batch,
    add_holder,
    announce_call,
    correct_award,
    record_award,
    set_status,
    void_award,
    void_holder,
    void_status,
)
from jineng.engines.exchange import FileCode, FileError, read
from jineng.engines.seals import verify
from jineng.kernel import files
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import AuditLine, Receipt
from jineng.kernel.returns import receiving, the_book
from jineng.registry.models import Person
from jineng.registry.queries import told_of
from jineng.registry.verbs.people import PersonRow, ensure_people
from tests.calls.small_world import DAY, award, batch, call, resident
from tests.factories import World


@pytest.fixture
def officer(world: World):
    """The province's officer, acting."""
    actor = world.actor("province_officer")
    with acting(actor):
        yield actor


def person(world: World, actor, number: int = 1, where: str = "county_school") -> Person:
    row = PersonRow("试验员", resident(number), world[where].pk, DAY, synthetic=True)
    return Person.objects.get(pk=ensure_people(actor=actor, rows=[row])[0])


def test_a_call_is_decided_jointly_in_order(world: World, officer) -> None:
    joint = call(world, decider_ids=[world["finance"].pk, world.root.pk, world["finance"].pk])
    deciders = CallDecider.objects.filter(call=joint).order_by("order").values_list("organisation__code", "order")
    assert list(deciders) == [("620000-CZ", 1), ("620000-JY", 2)]
    line = AuditLine.objects.get(verb="announce_call")
    assert (line.room, line.subject_id, line.details) == ("calls", str(joint.pk), {"deciders": 2})


def test_a_call_needs_a_sound_code_and_a_decider(world: World, officer) -> None:
    call(world)
    for fields in ({"code": "Not A Slug"}, {"code": "master-teacher-studio"}, {"decider_ids": []}):
        with pytest.raises(ValidationError):
            call(world, **{"code": "another", **fields})


def test_a_city_announces_its_own_calls_only(world: World) -> None:
    city = world.actor("city_officer")
    with acting(city):
        own = call(world, "city-studio", level="city", actor=city, decider_ids=[world["lanzhou"].pk])
        first = add_batch(actor=city, call_id=own.pk, number=1, year=2021, decided_on=DAY)
        assert award(world, first, "city_school", actor=city).level == "city"
        with pytest.raises(NotAllowed):
            announce_call(actor=city, code="x", name="x", level="city", decider_ids=[world.root.pk])
    other = world.actor("other_city_officer")
    with acting(other):
        with pytest.raises(NotAllowed):
            add_batch(actor=other, call_id=own.pk, number=2, year=2022)
        with pytest.raises(NotAllowed):
            award(world, first, "city_school", "别的", actor=other)


def test_schools_and_auditors_write_nothing(world: World, officer) -> None:
    first = batch(world, call(world))
    for name in ("school_officer", "auditor", "administrator"):
        actor = world.actor(name)
        with pytest.raises(NotAllowed):
            record_award(actor=actor, batch_id=first.pk, organisation_id=world["county_school"].pk, title="x")


def test_an_award_takes_level_and_day_from_its_call(world: World, officer) -> None:
    first = batch(world, call(world))
    made = award(world, first, "county_school", "　机电 名师工作室（1）")
    assert (made.title, made.level) == ("机电名师工作室(1)", "provincial")
    assert list(made.statuses.values_list("status", "since")) == [("recognised", DAY)]
    with pytest.raises(ValidationError):
        award(world, first, "county_school", "机电名师工作室(1)")
    with pytest.raises(ValidationError):
        award(world, first, "county_school", "撤销在先", "withdrawn")
    with pytest.raises(ValidationError):
        award(world, batch(world, first.call, 2, None), "county_school", "没有日期")


def test_what_is_entered_lands_as_a_return_of_one_row(world: World, officer) -> None:
    first = batch(world, call(world))
    made = award(world, first, "county_school", "机电")
    receipt = Receipt.objects.get(pk=made.origin_id)
    assert (made.origin_kind, receipt.state) == ("return", "landed")
    assert receipt.counts == {"awards": {"added": 2, "corrected": 0, "unchanged": 0, "confirmed": 0}}, "and its status"
    assert verify(receipt.seal, known_keys()).ok
    (title,) = read(files.fetch(receipt.pk), the_book()).tables["awards"].columns["title"]
    assert title == "机电"
    void_award(actor=officer, award_id=made.pk, reason="误报")
    assert award(world, first, "county_school", "机电").origin_id != receipt.pk, "struck out, entered again"


def test_a_receipt_is_signed_twice_where_that_is_asked_for(world: World, officer, settings) -> None:
    pytest.importorskip("gmssl_pyx", reason="gmssl-pyx has no build for this machine")
    settings.SECOND_SIGNATURE = True
    made = award(world, batch(world, call(world)), "county_school", "机电")
    seal = Receipt.objects.get(pk=made.origin_id).seal
    assert seal["second"]["type"] == "jineng-sm2-sm3-jcs-1"
    assert verify(seal, known_keys(), known_seconds()).ok
    assert not verify(seal, known_keys()).ok, "both are to be checked"


def test_what_is_not_entered_leaves_no_file(world: World, officer, monkeypatch) -> None:
    first, kept = batch(world, call(world)), []
    monkeypatch.setattr(files, "keep", lambda identity, content: kept.append(identity))
    monkeypatch.setattr(files, "forget", kept.remove)
    with pytest.raises(ValidationError) as refusal:
        award(world, first, "county_school", "名" * 201)
    assert "title" in refusal.value.message_dict

    def locked(actor) -> None:
        raise FileError(FileCode.LOCKED, "本单位的填报已锁定。", "Your return is locked.", "请申请更正。", "Ask first.")

    monkeypatch.setattr(receiving, "_bars", [locked])
    with pytest.raises(ValidationError, match="填报已锁定。请申请更正"):
        award(world, first, "county_school")
    assert (kept, Receipt.objects.count(), Award.objects.count()) == ([], 0, 0)


@pytest.mark.parametrize("kind", ["page", "api", "seed", "return", "case"])
def test_the_database_takes_no_award_without_case_or_receipt(world: World, officer, kind: str) -> None:
    made = award(world, batch(world, call(world)), "county_school")
    fresh = {"batch": made.batch, "organisation_id": world["city_school"].pk, "title": "无来源", "level": "city"}
    for identity in (None, uuid4()):
        with pytest.raises(IntegrityError, match="comes from a case or a receipt"), transaction.atomic():
            Award.objects.create(**fresh, origin_kind=kind, origin_id=identity)
        with pytest.raises(IntegrityError, match="comes from a case or a receipt"), transaction.atomic():
            Award.objects.filter(pk=made.pk).update(origin_kind=kind, origin_id=identity)


def test_a_file_that_was_not_taken_in_brings_no_award(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school")
    fresh = {"batch": made.batch, "organisation_id": world["city_school"].pk, "title": "未入库", "level": "city"}
    for changes in ({"state": "refused"}, {"state": "checked"}, {"state": "failed"}, {"state": "landed", "seal": None}):
        receipt = Receipt.objects.get(pk=made.origin_id)
        receipt.pk, receipt.state = uuid4(), changes["state"]
        receipt.seal = changes.get("seal", receipt.seal)
        receipt.save(force_insert=True)
        with pytest.raises(IntegrityError, match="comes from a case or a receipt"), transaction.atomic():
            Award.objects.create(**fresh, origin_kind="return", origin_id=receipt.pk)


def test_titles_that_name_people_are_not_published(world: World, officer) -> None:
    studio = batch(world, call(world, "studio", holder_form="studio"))
    brand = batch(world, call(world, "brand"))
    assert award(world, studio, "county_school", "王某某工作室").public_title == ""
    assert award(world, brand, "county_school", "匠心文化").public_title == "匠心文化"


def test_withdrawal_leaves_the_past_as_it_was(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school")
    withdrawn = set_status(actor=officer, award_id=made.pk, status="withdrawn", since=date(2022, 3, 1))
    assert withdrawn.origin_id == AuditLine.objects.get(verb="set_status").deed
    with pytest.raises(ValidationError) as refusal:
        set_status(actor=officer, award_id=made.pk, status="refused", since=date(2022, 4, 1))
    assert "“撤销”之后不能是“未通过”" in refusal.value.messages[0]
    with pytest.raises(ValidationError):
        set_status(actor=officer, award_id=made.pk, status="withdrawn", since=date(2021, 1, 1))


def test_a_status_that_never_was_is_struck_out(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school", status="candidate")
    mistaken = set_status(actor=officer, award_id=made.pk, status="recognised", since=date(2021, 6, 1))
    set_status(actor=officer, award_id=made.pk, status="withdrawn", since=date(2021, 7, 1))
    void_status(actor=officer, status_id=mistaken.pk, reason="录错")
    assert list(AwardStatus.objects.filter(award=made, voided_at__isnull=True).values_list("status", flat=True)) == [
        "candidate",
        "withdrawn",
    ]
    with pytest.raises(ValidationError):
        void_status(actor=officer, status_id=made.statuses.get(status="candidate").pk, reason="录错")
    with pytest.raises(ValidationError):
        void_status(actor=officer, status_id=made.statuses.get(status="withdrawn").pk, reason=" ")
    with pytest.raises(NotAllowed):
        void_status(actor=officer, status_id=mistaken.pk, reason="再来")


def test_only_deciders_set_a_status(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school")
    city = world.actor("city_officer")
    with pytest.raises(NotAllowed):
        set_status(actor=city, award_id=made.pk, status="withdrawn", since=date(2022, 1, 1))
    with pytest.raises(NotAllowed):
        set_status(actor=world.actor("other_city_officer"), award_id=made.pk, status="withdrawn", since=DAY)


def test_void_needs_a_reason_and_a_right(world: World, officer) -> None:
    first = batch(world, call(world))
    by_province = award(world, first, "county_school", "省里报的")
    city = world.actor("city_officer")
    by_city = award(world, first, "county_school", "市里报的", actor=city)
    with pytest.raises(NotAllowed):
        void_award(actor=city, award_id=by_province.pk, reason="误报")
    with pytest.raises(ValidationError):
        void_award(actor=city, award_id=by_city.pk, reason="")
    assert void_award(actor=city, award_id=by_city.pk, reason="误报").is_void
    assert void_award(actor=officer, award_id=by_province.pk, reason="误报").void_reason == "误报"
    with pytest.raises(NotAllowed):
        void_award(actor=officer, award_id=by_province.pk, reason="再来")
    assert award(world, first, "county_school", "省里报的").pk != by_province.pk


def test_corrections_keep_the_id_and_the_history(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school", "错名")
    award(world, made.batch, "county_school", "别名")
    correct_award(actor=officer, award_id=made.pk, title="正名", project_number="GS-01")
    again = Award.objects.get(pk=made.pk)
    assert (again.title, again.public_title, again.project_number) == ("正名", "正名", "GS-01")
    assert list(again.events.order_by("pgh_id").values_list("title", flat=True)) == ["错名"]
    assert [(item.label, item.changes.get("title")) for item in told_of(again)] == [
        ("insert", None),
        ("update", ("错名", "正名")),
    ]
    for changes in ({"title": "正名"}, {"title": "别名"}, {"batch": "x"}, {"title": " "}):
        with pytest.raises(ValidationError):
            correct_award(actor=officer, award_id=made.pk, **changes)


def test_holders_are_what_they_say(world: World, officer) -> None:
    made = award(world, batch(world, call(world, holder_form="studio")), "county_school")
    leader = add_holder(
        actor=officer, award_id=made.pk, kind="person", person_id=person(world, officer).pk, role="leader"
    )
    add_holder(actor=officer, award_id=made.pk, kind="organisation", organisation_id=world["firm"].pk)
    other = person(world, officer, 2).pk
    for fields in (
        {"kind": "person", "person_id": other, "role": "leader"},
        {"kind": "team", "team_name": "团队"},
        {"kind": "person", "person_id": other, "team_name": "团队"},
        {"kind": "organisation", "organisation_id": world["firm"].pk},
        {"kind": "organisation"},
    ):
        with pytest.raises(ValidationError):
            add_holder(actor=officer, award_id=made.pk, **fields)
    with pytest.raises(ValidationError):
        void_holder(actor=officer, holder_id=leader.pk, reason="")
    void_holder(actor=officer, holder_id=leader.pk, reason="换人")
    add_holder(actor=officer, award_id=made.pk, kind="person", person_id=other, role="leader")
    with pytest.raises(NotAllowed):
        void_holder(actor=officer, holder_id=leader.pk, reason="再来")


def test_people_out_of_scope_cannot_be_named(world: World, officer) -> None:
    stranger = person(world, officer, where="other_school")
    made = award(world, batch(world, call(world)), "county_school")
    city = world.actor("city_officer")
    with pytest.raises(NotAllowed):
        add_holder(actor=city, award_id=made.pk, kind="person", person_id=stranger.pk)
    with pytest.raises(NotAllowed):
        add_holder(actor=city, award_id=made.pk, kind="organisation", organisation_id=world["other_school"].pk)


def test_who_holds_an_award_is_a_party_to_it(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school")
    holder = add_holder(actor=officer, award_id=made.pk, kind="organisation", organisation_id=world["forestry"].pk)
    assert list(AwardParty.objects.values_list("award_id", "organisation_id", "role")) == [
        (made.pk, world["forestry"].pk, "holder")
    ]
    void_holder(actor=officer, holder_id=holder.pk, reason="误登")
    assert not AwardParty.objects.exists()


def test_the_database_refuses_a_holder_that_is_two_things(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school")
    both = AwardHolder(award=made, kind="organisation", organisation_id=world["firm"].pk, team_name="团队")
    with pytest.raises(IntegrityError), transaction.atomic():
        both.save(force_insert=True)


def test_parties_are_written_by_the_trigger_alone(world: World, officer) -> None:
    made = award(world, batch(world, call(world)), "county_school")
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls_awardparty (award_id, organisation_id, role) VALUES (%s, %s, 'holder')",
            [made.pk, world["firm"].pk],
        )
