"""Who gives whom a new signing key, and that what the old one signed still verifies."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from jineng.engines.seals import verify
from jineng.kernel import keys
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.models import AuditLine, SecondKey, SigningKey
from jineng.registry.acting import actor_of
from jineng.registry.kinds import Role
from jineng.registry.verbs import give_post, open_account, renew_key, renew_second_key
from tests.factories import World
from tests.kernel.test_keys import STATEMENT, known_keys


def city_administrator(world: World) -> Actor:
    """Who administers the city's office."""
    chief = world.actor("administrator")
    account = open_account(actor=chief, username="city_administrator", display_name="市级管理员")
    where = world["lanzhou"].pk
    post = {"organisation_id": where, "role": Role.ADMINISTRATOR, "title": "管理员", "since": date(2016, 1, 1)}
    give_post(actor=chief, account=account, **post)
    actor = actor_of(account)
    assert actor is not None
    return actor


def test_the_root_renews_the_installations_key(world: World) -> None:
    administrator = world.actor("administrator")
    with acting(administrator):
        old = keys.sealed(STATEMENT)
        made = renew_key(actor=administrator)
        assert keys.signer().key_id == made.key_id != old["proof"]["key_id"]
        assert verify(old, known_keys()).ok
        line = AuditLine.objects.get(verb="renew_key")
    assert made.key_id in line.summary
    assert "平台" in line.summary


def test_an_organisations_key_is_renewed_within_the_scope(world: World) -> None:
    school = world["county_school"]
    administrator, above = city_administrator(world), world.actor("administrator")
    with acting(above):
        ours = keys.signer().key_id
    first = renew_key(actor=administrator, organisation_id=school.pk)
    second = renew_key(actor=above, organisation_id=school.pk)
    assert first.owner_id == second.owner_id == school.pk
    kept = SigningKey.objects.filter(owner_id=school.pk, retired_at__isnull=True)
    assert [key.key_id for key in kept] == [second.key_id]
    with acting(above):
        assert keys.signer().key_id == ours, "the installation's stays"


def test_nobody_else_renews_one(world: World) -> None:
    city = city_administrator(world)
    with pytest.raises(NotAllowed, match="root office"):
        renew_key(actor=city)
    with pytest.raises(NotAllowed, match="outside your scope"):
        renew_key(actor=city, organisation_id=world["other_school"].pk)
    for name in ("province_officer", "auditor", "school_officer"):
        with pytest.raises(NotAllowed):
            renew_key(actor=world.actor(name))
        with pytest.raises(NotAllowed):
            renew_second_key(actor=world.actor(name))
    with pytest.raises(NotAllowed, match="root office"):
        renew_second_key(actor=city)
    assert not SigningKey.objects.exists()


def test_the_second_key_is_renewed_by_the_root(world: World) -> None:
    pytest.importorskip("gmssl_pyx", reason="gmssl-pyx has no build for this machine")
    administrator = world.actor("administrator")
    first, second = renew_second_key(actor=administrator), renew_second_key(actor=administrator)
    kept = SecondKey.objects.filter(retired_at__isnull=True)
    assert [key.key_id for key in kept] == [second.key_id] != [first.key_id]


def test_without_the_library_there_is_no_second_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    with pytest.raises(RuntimeError):
        renew_second_key(actor=world.actor("administrator"))
