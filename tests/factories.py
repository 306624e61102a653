"""A small province to test in, made through the verbs that users use."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.db import connection

from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Account
from jineng.majors.verbs import load_catalogue
from jineng.registry import installation
from jineng.registry.acting import actor_of
from jineng.registry.kinds import Change, CodeScheme, OrganisationKind, Role
from jineng.registry.models import Division, Organisation, Post
from jineng.registry.verbs import enter_organisation, give_post, open_account

LONG_AGO = date(2016, 1, 1)


@dataclass
class World:
    """Organisations by short name, accounts by role name."""

    root: Organisation
    organisations: dict[str, Organisation] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Organisation:
        return self.organisations[name]

    def actor(self, name: str) -> Actor:
        """The actor of the account called ``name``, as sign-in would find it."""
        actor = actor_of(self.accounts[name])
        assert actor is not None
        return actor


_standing: list[World] = []


def stand_world() -> None:
    """Build the world outside any test's transaction, so that the tests of this process share it."""
    _standing[:] = [_build()]


def build_world(using: str = "default") -> World:
    """The world: a copy of the standing one where that is in the database, else built anew; ``using`` is the connection
    that may establish it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM registry_organisation WHERE code = 'LZ-FIRM')")
        is_there = cursor.fetchone()[0]
    return copy.deepcopy(_standing[0]) if _standing and is_there else _build(using)


def _build(using: str = "default") -> World:
    """Two cities (兰州, 天水), three counties, seven schools and firms, the majors, one account per role."""
    installation.establish(using=using)
    administrator = installation.appoint_administrator("admin", "管理员", None, using=using)
    root = Organisation.objects.using(using).get(code="620000-JY")
    root._state.db = administrator._state.db = None
    world = World(root, {"province": root}, {"administrator": administrator})
    _appoint(world, "province_officer", "province", Role.OFFICER)
    _appoint(world, "province_signer", "province", Role.OFFICER)
    _appoint(world, "auditor", "province", Role.AUDITOR)
    found = partial(_found, world)
    with acting(world.actor("province_officer")):
        found("lanzhou", "LZ-JY", "兰州市教育局", OrganisationKind.EDUCATION_DEPARTMENT, "620100", "province")
        found("tianshui", "TS-JY", "天水市教育局", OrganisationKind.EDUCATION_DEPARTMENT, "620500", "province")
        found("chengguan", "CG-JY", "城关区教育局", OrganisationKind.EDUCATION_DEPARTMENT, "620102", "lanzhou")
        found("yongdeng", "YD-JY", "永登县教育局", OrganisationKind.EDUCATION_DEPARTMENT, "620121", "lanzhou")
        found("qinzhou", "QZ-JY", "秦州区教育局", OrganisationKind.EDUCATION_DEPARTMENT, "620502", "tianshui")
        found("finance", "620000-CZ", "甘肃省财政厅", OrganisationKind.GOVERNMENT_DEPARTMENT, "620000", "province")
        school = partial(found, scheme=CodeScheme.SCHOOL)
        school(
            "petrochemical", "4162010001", "示例石化职业学院", OrganisationKind.HIGHER_VOCATIONAL, "620104", "province"
        )
        school("forestry", "4162010002", "示例林业职业学院", OrganisationKind.HIGHER_VOCATIONAL, "620502", "province")
        school("university", "4162010003", "示例大学", OrganisationKind.UNDERGRADUATE, "620102", "province")
        school(
            "city_school", "3662010001", "示例兰州职业学校", OrganisationKind.SECONDARY_VOCATIONAL, "620102", "lanzhou"
        )
        school(
            "county_school",
            "3662010002",
            "示例永登职教中心",
            OrganisationKind.SECONDARY_VOCATIONAL,
            "620121",
            "yongdeng",
        )
        school(
            "other_school", "3662050001", "示例秦州职业学校", OrganisationKind.SECONDARY_VOCATIONAL, "620502", "qinzhou"
        )
        found("firm", "LZ-FIRM", "示例化工集团", OrganisationKind.ENTERPRISE, "620104", "lanzhou")
    load_catalogue(actor=world.actor("province_officer"), edition=2021)
    for name, where in {
        "city_officer": "lanzhou",
        "other_city_officer": "tianshui",
        "county_officer": "yongdeng",
        "other_county_officer": "qinzhou",
        "school_officer": "county_school",
        "college_officer": "petrochemical",
    }.items():
        _appoint(world, name, where, Role.OFFICER)
    return world


def _found(
    world: World,
    name: str,
    code: str,
    title: str,
    kind: str,
    division: str,
    authority: str,
    scheme: str = CodeScheme.OFFICE,
) -> None:
    world.organisations[name] = enter_organisation(
        actor=world.actor("province_officer"),
        since=LONG_AGO,
        change=Change.FOUNDED,
        code=code,
        code_scheme=scheme,
        name=title,
        kind=kind,
        division=Division.objects.get(code=division),
        authority=world[authority],
        is_synthetic=True,
    )


def _appoint(world: World, name: str, where: str, role: str) -> Post:
    chief = world.actor("administrator")
    account = open_account(actor=chief, username=name, display_name=name, password=None)
    world.accounts[name] = account
    post = give_post(
        actor=chief, account=account, organisation_id=world[where].pk, role=role, title=name, since=LONG_AGO
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jineng.organisation', '', false)")
    return post
