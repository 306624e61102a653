"""Who stands where: people in every role, and the objects that lie in, below, above and beside their offices."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test import Client

from jineng.calls.models import AwardStatus
from jineng.calls.verbs import add_holder
from jineng.engines.exchange import write_book
from jineng.kernel import files
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import AuditLine, Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.receiving import process_return, submit_return
from jineng.majors.models import MajorOffering
from jineng.majors.queries import major_by_code
from jineng.majors.verbs import open_offering
from jineng.registry.acting import actor_of
from jineng.registry.kinds import Change, Role
from jineng.registry.models import OrganisationState, Post
from jineng.registry.verbs import change_organisation, delegate_post, give_post, open_account
from jineng.registry.verbs.people import PersonRow, ensure_people, record_kinship
from tests.calls.small_world import award, batch, call, resident
from tests.factories import LONG_AGO, World, build_world
from tests.rights.rooms import rooms

SINCE, UNTIL = date(2021, 6, 1), date(2021, 7, 1)
"""The days of the delegation: the first is in it, the last is not."""
BEFORE, DURING, AFTER = date(2021, 5, 31), date(2021, 6, 15), date(2021, 7, 1)
EXPIRED_ON = date(2021, 6, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Persona:
    """Somebody who knocks: an account, the role that the table knows them by, and their office."""

    account: str
    role: str
    place: str

    def __str__(self) -> str:
        return self.account


PERSONAE = (
    Persona("province_officer", "province", "province"),
    Persona("city_officer", "city", "lanzhou"),
    Persona("county_officer", "county", "yongdeng"),
    Persona("school_officer", "school", "county_school"),
    Persona("auditor", "auditor", "province"),
    Persona("city_auditor", "auditor", "lanzhou"),
    Persona("administrator", "administrator", "province"),
    Persona("city_administrator", "administrator", "lanzhou"),
    Persona("delegate", "county", "yongdeng"),
)
"""``delegate`` has no post but that of the county's officer, lent from June to July 2021."""
DOUBLES = ("city_auditor", "city_administrator", "delegate")
DEEP = os.environ.get("JINENG_DEEP") == "1"
EVERYBODY = tuple(who for who in PERSONAE if DEEP or who.account not in DOUBLES)
"""Those who knock; who repeats a role at another office does so in the full run only."""

AROUND: dict[str, dict[str, tuple[str, ...]]] = {
    "province": {"own": ("province",), "below": ("lanzhou", "county_school", "petrochemical")},
    "lanzhou": {
        "own": ("lanzhou",),
        "below": ("yongdeng", "county_school", "city_school"),
        "above": ("province",),
        "sibling": ("tianshui", "other_school", "petrochemical"),
    },
    "yongdeng": {
        "own": ("yongdeng",),
        "below": ("county_school",),
        "above": ("lanzhou", "province"),
        "sibling": ("chengguan", "qinzhou", "city_school", "other_school"),
    },
    "county_school": {
        "own": ("county_school",),
        "above": ("yongdeng", "lanzhou"),
        "sibling": ("city_school", "other_school"),
    },
}
"""Organisations by how they stand to an office."""
OFFICES = ("province", "lanzhou", "tianshui", "chengguan", "yongdeng", "qinzhou")
SCHOOLS = ("petrochemical", "city_school", "county_school", "other_school")
EVERYWHERE = (*OFFICES, *SCHOOLS)
DECIDERS = {
    "province": "county_school",
    "lanzhou": "county_school",
    "yongdeng": "county_school",
    "chengguan": "city_school",
    "tianshui": "other_school",
}
"""Offices that decide a call, and the school of the award in it."""


@dataclass
class Stage:
    """The world with something of each kind in every office; made once."""

    world: World
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    own: dict[str, dict[str, UUID]] = field(default_factory=dict)
    """What belongs to an account, by kind (``own_…``) and account."""

    def actor(self, persona: Persona) -> Actor:
        """The persona's actor, as sign-in finds it on the business day."""
        found = actor_of(self.world.accounts[persona.account])
        assert found is not None
        return found

    def client(self, account: str) -> Client:
        """A browser in which ``account`` has signed in, when the stage was built."""
        return self.clients[account]

    def around(self, persona: Persona, kind: str, relation: str) -> list[tuple[str, Any]]:
        """Objects of a kind by where they belong, as they stand to the persona's office."""
        if kind in self.own:
            own = self.own[kind].get(persona.account) if relation == "own" else None
            return [(persona.place, own)] if own else []
        return [
            (name, self.objects[kind][name])
            for name in AROUND[persona.place].get(relation, ())
            if name in self.objects[kind]
        ]


def sampled(places: list[tuple[str, Any]], *cell: object) -> list[tuple[str, Any]]:
    """All places that stand in one relation to an office in the full run, else one of them.

    Which one follows from the cell of the table, so it is the same in every run and another from line to line.
    """
    if DEEP or len(places) < 2:
        return places
    return [places[zlib.crc32("/".join(map(str, cell)).encode()) % len(places)]]


@contextmanager
def as_owner() -> Iterator[Any]:
    """A cursor that no wall stops."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        try:
            yield cursor
        finally:
            cursor.execute("SET ROLE jineng_app")


@contextmanager
def undone() -> Iterator[None]:
    """What happens in the block is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def deeds() -> int:
    """How many audit lines there are, whoever asks."""
    with as_owner():
        return AuditLine.objects.count()


def build_stage() -> Stage:
    """Everybody and everything; afterwards the session is the application's, and blind."""
    world = build_world()
    _appoint_more(world)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")
    stage = Stage(world)
    stage.objects = {
        "office": {name: world[name].pk for name in OFFICES},
        "school": {name: world[name].pk for name in SCHOOLS},
        "post": _posts(world),
        "receipt": _receipts(world),
        "offering": {name: _offering(world, name).pk for name in SCHOOLS},
    }
    stage.objects["office_state"] = {name: _renamed(world, name).pk for name in OFFICES}
    stage.objects["school_state"] = {name: _renamed(world, name).pk for name in SCHOOLS}
    _fill_calls(stage)
    _fill_people(world)
    for room in rooms():
        room.furnish(stage)
    with as_owner():
        for name, account in world.accounts.items():
            stage.clients[name] = Client()
            stage.clients[name].force_login(account, backend=BACKEND)
        posts = dict(Post.objects.exclude(account__username="keeper").values_list("account", "pk"))
        stage.own["own_post"] = {
            name: posts[account.pk] for name, account in world.accounts.items() if account.pk in posts
        }
    return stage


def _renamed(world: World, name: str) -> OrganisationState:
    """A second state, so that there is one to void."""
    return change_organisation(
        actor=world.actor("province_officer"),
        organisation_id=world[name].pk,
        change=Change.RENAMED,
        on=date(2020, 1, 1),
        name=f"{world[name].name}（新）",
    )


def _appoint_more(world: World) -> None:
    chief = world.actor("administrator")
    for name, where, role, until in (
        ("city_auditor", "lanzhou", Role.AUDITOR, None),
        ("city_administrator", "lanzhou", Role.ADMINISTRATOR, None),
        ("expired", "yongdeng", Role.OFFICER, EXPIRED_ON),
    ):
        world.accounts[name] = open_account(actor=chief, username=name, display_name=name)
        give_post(
            actor=chief,
            account=world.accounts[name],
            organisation_id=world[where].pk,
            role=role,
            title=name,
            since=LONG_AGO,
            until=until,
        )
    world.accounts["delegate"] = open_account(actor=chief, username="delegate", display_name="受托人")
    officer = world.actor("county_officer")
    delegate_post(
        actor=officer,
        post_id=officer.post_id,
        to=world.accounts["delegate"],
        since=SINCE,
        until=UNTIL,
        reason="出差",
    )


def _posts(world: World) -> dict[str, UUID]:
    """One post in each office, held by somebody who knocks nowhere."""
    chief = world.actor("administrator")
    keeper = open_account(actor=chief, username="keeper", display_name="保管员")
    return {
        name: give_post(
            actor=chief,
            account=keeper,
            organisation_id=world[name].pk,
            role=Role.OFFICER,
            title=f"{name}的岗位",
            since=LONG_AGO,
        ).pk
        for name in EVERYWHERE
    }


@cache
def bad_return() -> bytes:
    """A workbook whose one organisation lies nowhere."""
    row = {
        "code": "GL-01",
        "code_scheme": "office",
        "name": "某局",
        "kind": "government_department",
        "division_code": "999999",
        "authority_code": "YD-JY",
    }
    return write_book(the_book(), {"organisations": [row]})


def _receipts(world: World) -> dict[str, UUID]:
    """A receipt of each office, with marked cells and a seal, so that all its pages have something to show."""
    content = bad_return()
    actor = world.actor("county_officer")
    refused = process_return(
        actor=actor, receipt_id=submit_return(actor=actor, file_name="坏.xlsx", content=content).pk
    )
    assert refused.state == Receipt.State.REFUSED
    made = {}
    with as_owner():
        for name in EVERYWHERE:
            receipt = Receipt.objects.create(
                file_name=f"{name}.xlsx",
                digest=refused.digest,
                size=refused.size,
                state=refused.state,
                organisation_id=world[name].pk,
                actor_label=name,
                errors=refused.errors,
                error_count=1,
                seal={"type": "return-receipt"},
            )
            files.keep(receipt.pk, content)
            made[name] = receipt.pk
    return made


def _offering(world: World, name: str) -> MajorOffering:
    actor = world.actor("province_officer")
    with acting(actor):
        major = major_by_code("460301" if name == "petrochemical" else "710201")
        assert major is not None
        return open_offering(
            actor=actor,
            organisation_id=world[name].pk,
            major=major,
            duration_years=Decimal(3),
            opened_on=date(2021, 3, 1),
        )


def _fill_calls(stage: Stage) -> None:
    """A call decided by each of five offices, with an award of a school; in the province's, awards of all schools."""
    world, decided = stage.world, {"decided_call": {}, "decided_award": {}, "decided_status": {}}
    with acting(world.actor("province_officer")):
        for name, school in DECIDERS.items():
            level = "provincial" if name == "province" else "city"
            made = call(world, f"{name}-call", level=level, decider_ids=[world[name].pk])
            of = batch(world, made)
            item = award(world, of, school, f"{name}遴选的项目", "candidate")
            decided["decided_call"][name] = made.code
            decided["decided_award"][name] = item.pk
            decided["decided_status"][name] = AwardStatus.objects.create(
                award=item, status="recognised", since=date(2021, 6, 1)
            ).pk
            if name == "province":
                stage.objects["award"] = {key: award(world, of, key, f"{key}的项目", "candidate").pk for key in SCHOOLS}
        own = stage.objects["award"]["county_school"]
        add_holder(
            actor=world.actor("province_officer"),
            award_id=own,
            kind="organisation",
            organisation_id=world["county_school"].pk,
        )
    stage.objects |= decided


def _fill_people(world: World) -> None:
    """Two people who are kin in each school."""
    province = world.actor("province_officer")
    with acting(province):
        for number, name in enumerate(SCHOOLS):
            rows = [
                PersonRow(f"甲{number}", resident(2 * number), world[name].pk, LONG_AGO, synthetic=True),
                PersonRow(f"乙{number}", resident(2 * number + 1), world[name].pk, LONG_AGO, synthetic=True),
            ]
            one, other = ensure_people(actor=province, rows=rows)
            record_kinship(actor=province, one_id=one, other_id=other, relation="夫妻")
