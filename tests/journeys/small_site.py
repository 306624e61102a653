"""A site of the small province alone, for journeys that need no reference year: made in seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from jineng.calls.verbs import announce_call
from jineng.cases.seeding import seed_procedures
from jineng.kernel.actors import acting
from jineng.kernel.models import Account
from jineng.reference.accounts import demo_password
from jineng.registry.acting import actor_of
from jineng.registry.kinds import Role
from jineng.registry.models import Organisation
from jineng.registry.verbs import give_post, open_account
from tests.databases import connected_to, copy_database, maintenance, migrated_template
from tests.factories import LONG_AGO, World, build_world
from tests.reference_year import AS_APPLICATION

PEOPLE = {
    "province": ("province", Role.OFFICER),
    "signer": ("province", Role.OFFICER),
    "auditor": ("province", Role.AUDITOR),
    "city": ("lanzhou", Role.OFFICER),
    "school": ("county_school", Role.OFFICER),
    "college": ("petrochemical", Role.OFFICER),
    "reviewer": ("university", Role.REVIEWER),
    "reviewer2": ("forestry", Role.REVIEWER),
    "expert": ("petrochemical", Role.REVIEWER),
}
"""Who sits where, by the login that ``visit`` takes."""


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the site; the procedures of the rooms are published, and one call is announced."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VAR", tmp_path_factory.mktemp("small"))
        name = f"{connection.settings_dict['NAME']}_small"
        with maintenance() as cursor:
            copy_database(cursor, migrated_template(cursor), name)
        with connected_to(name):
            settle(build_world())
        with connected_to(name, AS_APPLICATION):
            server = LiveServer("127.0.0.1")
            yield server.url
            server.stop()
        with maintenance() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def settle(world: World) -> None:
    """People who can sign in, the procedures of the rooms, and one call."""
    chief, office = world.actor("administrator"), world.actor("province_officer")
    for login, (where, role) in PEOPLE.items():
        account = open_account(
            actor=chief, username=f"demo-{login}", display_name=f"{login}某", password=demo_password(), is_demo=True
        )
        give_post(actor=chief, account=account, organisation_id=world[where].pk, role=role, title=login, since=LONG_AGO)
    seed_procedures(office)
    announce_call(
        actor=office, code="reform-project", name="教学改革项目", level="provincial", decider_ids=[world.root.pk]
    )


def school_and_province() -> World:
    """The school and the province of the site that stands, with all accounts, for rooms' own steps."""
    accounts = {each.username: each for each in Account.objects.all()}
    school, province = actor_of(accounts["demo-school"]), actor_of(accounts["province_officer"])
    assert school is not None
    assert province is not None
    with acting(province):
        root, own = (Organisation.objects.get(pk=each.organisation_id) for each in (province, school))
    return World(root, {"province": root, "county_school": own}, accounts)
