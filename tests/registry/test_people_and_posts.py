"""People are one identity however often they are named; posts are given, ended and lent."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from jineng.kernel.actors import Actor, NotAllowed, acting, find_actor
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.registry.acting import actor_of, seats
from jineng.registry.models import Delegation, Employment, Person, PersonDocument, PersonMerge
from jineng.registry.verbs import (
    change_organisation,
    delegate_post,
    end_post,
    ensure_people,
    give_post,
    merge_people,
    open_account,
    record_employment,
    record_kinship,
    split_people,
)
from jineng.registry.verbs.people import PersonRow
from tests.calls.small_world import resident
from tests.factories import LONG_AGO, World

DAY = date(2021, 6, 15)


def name_people(world: World, who: str, where: str, *people: tuple[str, int]) -> list[UUID]:
    """``who`` names people, each by name and running number, as working at ``where``."""
    actor = world.actor(who)
    rows = [PersonRow(name, resident(number), world[where].pk, LONG_AGO, synthetic=True) for name, number in people]
    return ensure_people(actor=actor, rows=rows)


def test_the_same_number_is_the_same_person(world: World) -> None:
    first = name_people(world, "county_officer", "county_school", ("王小明", 1), ("李华", 2), ("王小明", 1))
    again = name_people(world, "county_officer", "county_school", ("王 小明", 1))
    assert first[0] == first[2] == again[0]
    assert first[0] != first[1]
    with acting(world.actor("county_officer")):
        assert Person.objects.count() == PersonDocument.objects.count() == 2
        assert Employment.objects.count() == 2
        assert Person.objects.get(pk=first[0]).name == "王小明"


def test_a_person_known_elsewhere_is_found_and_not_doubled(world: World) -> None:
    """Whoever holds the number may name its owner, though the other office's record stays out of sight."""
    (there,) = name_people(world, "other_county_officer", "other_school", ("王小明", 1))
    county = world.actor("county_officer")
    with acting(county):
        assert not Person.objects.filter(pk=there).exists()
    (here,) = name_people(world, "county_officer", "county_school", ("王小明", 1))
    assert here == there
    with acting(county):
        assert Person.objects.filter(pk=here).exists()
        assert Employment.objects.count() == 1


def test_names_and_numbers_lie_encrypted(world: World) -> None:
    (pk,) = name_people(world, "county_officer", "county_school", ("王小明", 1))
    with acting(world.actor("county_officer")), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM registry_person WHERE id = %s", [pk])
        assert "王小明".encode() not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT number, number_hash FROM registry_persondocument WHERE person_id = %s", [pk])
        number, digest = cursor.fetchone()
        cursor.execute("SELECT details::text || summary FROM kernel_auditline WHERE verb = 'ensure_people'")
        told = cursor.fetchone()[0]
    assert resident(1).encode() not in bytes(number)
    assert resident(1) not in digest
    assert "王小明" not in told
    assert resident(1) not in told
    with acting(world.actor("county_officer")):
        person = Person.objects.get(pk=pk)
        assert person.masked_name == str(person) == "王**"
        assert person.documents.get().number == resident(1)


def test_two_identities_merge_and_split(world: World) -> None:
    one, other = name_people(world, "county_officer", "county_school", ("王小明", 1), ("王晓明", 2))
    officer = world.actor("county_officer")
    merge = merge_people(actor=officer, kept_id=one, absorbed_id=other, reason="同一人换证")
    assert name_people(world, "county_officer", "county_school", ("王晓明", 2)) == [one]
    with pytest.raises(ValidationError):
        merge_people(actor=officer, kept_id=other, absorbed_id=one, reason="再次")
    split_people(actor=officer, merge_id=merge.pk)
    assert name_people(world, "county_officer", "county_school", ("王晓明", 2)) == [other]
    with pytest.raises(NotAllowed):
        split_people(actor=officer, merge_id=merge.pk)


def test_what_an_absorbed_identity_had_absorbed_goes_over_and_comes_back_one_by_one(world: World) -> None:
    first, second, third = name_people(
        world, "county_officer", "county_school", ("王小明", 1), ("王晓明", 2), ("王筱明", 3)
    )
    officer = world.actor("county_officer")
    merge_people(actor=officer, kept_id=second, absorbed_id=first, reason="换证")
    merge_people(actor=officer, kept_id=third, absorbed_id=second, reason="再换证")
    with acting(officer):
        standing = {merge.absorbed_id: merge for merge in PersonMerge.objects.filter(undone_at=None)}
        assert {one: merge.kept_id for one, merge in standing.items()} == {first: third, second: third}
        assert set(Person.objects.filter(merged_into=third).values_list("pk", flat=True)) == {first, second}
    split_people(actor=officer, merge_id=standing[first].pk)
    with acting(officer):
        assert Person.objects.get(pk=first).merged_into_id is None
        assert Person.objects.get(pk=second).merged_into_id == third


def test_nobody_merges_people_out_of_sight(world: World) -> None:
    (mine,) = name_people(world, "county_officer", "county_school", ("王小明", 1))
    (theirs,) = name_people(world, "other_county_officer", "other_school", ("王晓明", 2))
    for pair in ((mine, theirs), (mine, mine)):
        with pytest.raises(NotAllowed):
            merge_people(actor=world.actor("county_officer"), kept_id=pair[0], absorbed_id=pair[1], reason="x")


def test_kin_are_kept_once_in_order(world: World) -> None:
    one, other = name_people(world, "county_officer", "county_school", ("甲", 1), ("乙", 2))
    officer = world.actor("county_officer")
    kin = record_kinship(actor=officer, one_id=other, other_id=one, relation="夫妻")
    assert str(kin.one_id) < str(kin.other_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        record_kinship(actor=officer, one_id=one, other_id=other, relation="夫妻")
    with pytest.raises(ValidationError):
        record_kinship(actor=officer, one_id=one, other_id=one, relation="本人")


def test_employment_stays_in_scope(world: World) -> None:
    (person,) = name_people(world, "county_officer", "county_school", ("甲", 1))
    officer = world.actor("county_officer")
    made = record_employment(
        actor=officer, person_id=person, organisation_id=world["yongdeng"].pk, since=DAY, position="科员"
    )
    assert made.position == "科员"
    with pytest.raises(NotAllowed):
        record_employment(actor=officer, person_id=person, organisation_id=world["qinzhou"].pk, since=DAY)


def give(world: World, who: str = "administrator", where: str = "county_school", **fields: Any) -> Any:
    """A post for a new account."""
    chief = world.actor(who)
    account = open_account(actor=chief, username=f"new-{uuid4().hex[:6]}", display_name="新人")
    given = {"role": "officer", "title": "经办", "since": LONG_AGO, **fields}
    return give_post(actor=chief, account=account, organisation_id=world[where].pk, **given)


def test_a_post_holds_from_its_first_day_up_to_its_last(world: World) -> None:
    post = give(world, since=date(2021, 3, 1), until=date(2021, 9, 1))
    for day, holds in (
        (date(2021, 2, 28), False),
        (date(2021, 3, 1), True),
        (date(2021, 8, 31), True),
        (date(2021, 9, 1), False),
    ):
        with clock_at(day):
            assert (actor_of(post.account) is not None) == holds
            assert (find_actor_or_none(post.account_id, post.pk) is not None) == holds


def find_actor_or_none(account_id: int, post_id: UUID) -> Actor | None:
    """As a job asks."""
    try:
        return find_actor(account_id, post_id)
    except NotAllowed:
        return None


@pytest.mark.parametrize(
    "fields", [{"role": "king"}, {"until": LONG_AGO}], ids=["unknown role", "ends before it starts"]
)
def test_what_is_wrong_is_no_post(world: World, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        give(world, **fields)


def test_posts_are_given_by_administrators_in_their_scope(world: World) -> None:
    with pytest.raises(NotAllowed):
        give(world, "province_officer")
    local = give(world, where="lanzhou", role="administrator").account
    actor = actor_of(local)
    assert actor is not None
    with pytest.raises(NotAllowed):
        give_post(actor=actor, account=local, organisation_id=world["qinzhou"].pk, role="officer", title="x", since=DAY)
    taken = world.accounts["county_officer"].username
    with pytest.raises(ValidationError):
        open_account(actor=actor, username=taken, display_name="重名")


def test_an_ended_post_ends(world: World) -> None:
    post = give(world)
    chief = world.actor("administrator")
    with pytest.raises(ValidationError):
        end_post(actor=chief, post_id=post.pk, until=LONG_AGO)
    end_post(actor=chief, post_id=post.pk, until=DAY)
    with clock_at(DAY):
        assert seats(post.account) == []
    with pytest.raises(NotAllowed):
        end_post(actor=chief, post_id=uuid4(), until=DAY)


def lend(world: World, actor: Actor, to: str = "city_officer", **dates: date) -> Delegation:
    """``actor`` lends its post in June 2021."""
    given = {"since": date(2021, 6, 1), "until": date(2021, 7, 1), **dates}
    return delegate_post(actor=actor, post_id=actor.post_id, to=world.accounts[to], reason="出差", **given)


def test_a_lent_post_says_for_whom_it_acts(world: World) -> None:
    owner = world.actor("county_officer")
    lend(world, owner)
    with clock_at(DAY):
        helper = actor_of(world.accounts["city_officer"], owner.post_id)
        assert helper is not None
        assert (helper.organisation_id, helper.on_behalf_of) == (owner.organisation_id, owner.account_id)
        assert "代" in helper.label
        change_organisation(
            actor=helper, organisation_id=world["county_school"].pk, change="renamed", on=DAY, name="代办改名"
        )
        with acting(owner):
            line = AuditLine.objects.get(verb="change_organisation")
        assert (line.account_id, line.on_behalf_of_id) == (world.accounts["city_officer"].pk, owner.account_id)
        with pytest.raises(NotAllowed):
            lend(world, helper, "school_officer")
    with clock_at(date(2021, 7, 1)):
        own = actor_of(world.accounts["city_officer"], owner.post_id)
        assert own is not None
        assert own.organisation_id == world["lanzhou"].pk


def test_what_cannot_be_lent(world: World) -> None:
    owner = world.actor("county_officer")
    with pytest.raises(ValidationError):
        lend(world, owner, "county_officer")
    with pytest.raises(ValidationError):
        lend(world, owner, until=date(2021, 6, 1))
    foreign = world.actor("city_officer").post_id
    with pytest.raises(NotAllowed):
        delegate_post(
            actor=owner,
            post_id=foreign,
            to=world.accounts["school_officer"],
            since=DAY,
            until=date(2021, 7, 1),
            reason="",
        )
