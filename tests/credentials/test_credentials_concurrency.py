"""Two deeds at the same moment: no credits stand on a revoked certificate, no seat and nobody is taken twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time as hour
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from jineng.credentials.models import (
    Achievement,
    AssessmentSession,
    Certificate,
    CreditAccount,
    CreditPosting,
    CreditUse,
)
from jineng.credentials.verbs import revoke_certificate, state_certificate
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from tests.credentials.assessments import certificate_type, people, seated, session, site
from tests.credentials.conftest import TODAY, with_scheme
from tests.credentials.test_credentials_credits import convert
from tests.credentials.test_credentials_sealing import certified
from tests.factories import World, build_world


def apart(deed: Callable[[], object], before: Callable[[], object] = lambda: None) -> str:
    """What became of a deed on a connection of its own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE jineng_app")
        before()
        with clock_at(TODAY):
            deed()
    except ValidationError as error:
        return error.messages[0]
    else:
        return "done"
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def counted(world: World) -> tuple[int, int]:
    """How many lines there are, and how many achievements of revoked certificates are in use."""
    with acting(world.actor("province_officer")):
        used = CreditUse.objects.filter(achievement__certificate__revoked_on__isnull=False)
        assert {account.balance for account in CreditAccount.objects.all()} <= {0}
        return CreditPosting.objects.count(), used.count()


def one_waits_for_the_other(first: Callable[[], object], second: Callable[[], object]) -> str:
    """What became of the second deed, which was begun while the first was not yet committed."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            with clock_at(TODAY):
                first()
            waiting = pool.submit(apart, second)
            end = time.monotonic() + 10
            while not (waited := somebody_waits()) and time.monotonic() < end:
                time.sleep(0.01)
            assert waited
        return waiting.result(10)


@pytest.mark.django_db(transaction=True)
def test_neither_order_leaves_credits_on_a_revoked_certificate() -> None:
    world = with_scheme(build_world())
    school, province = world.actor("county_officer"), world.actor("province_officer")
    of = certified(world, 6)
    with clock_at(TODAY), acting(province):
        certificates = list(Certificate.objects.filter(session=of).order_by("number"))
        things = [state_certificate(actor=school, number=one.number) for one in certificates]

    def revoking(certificate: Certificate) -> Callable[[], object]:
        return lambda: revoke_certificate(actor=province, certificate_id=certificate.pk, on=TODAY, reason="舞弊")

    def converting(thing: Achievement) -> Callable[[], object]:
        return lambda: convert(world, thing, "Z1")

    assert one_waits_for_the_other(converting(things[0]), revoking(certificates[0])) == "done"
    assert counted(world) == (2, 0), "converted, then taken back"
    assert "证书已撤销" in one_waits_for_the_other(revoking(certificates[1]), converting(things[1]))
    assert counted(world) == (2, 0), "revoked, then not converted"
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        deeds = (converting(things[2]), revoking(certificates[2]))
        converted, revoked = pool.map(lambda deed: apart(deed, lambda: barrier.wait(10)), deeds)
    assert revoked == "done"
    assert counted(world) == (4 if converted == "done" else 2, 0)


@pytest.mark.django_db(transaction=True)
def test_no_seat_and_nobody_is_taken_twice_at_once() -> None:
    world = build_world()
    kind, place, province = certificate_type(world), site(world, 20), world.actor("province_officer")
    at: dict[str, Any] = {"begins_at": hour(9), "ends_at": hour(11)}

    def scheduling(code: str) -> Callable[[], object]:
        return lambda: session(world, kind, code=code, capacity=20, site_id=place.pk, **at)

    def seating(of: AssessmentSession) -> Callable[[], object]:
        return lambda: seated(province, of, people(1, 1))

    assert "座位不够" in one_waits_for_the_other(scheduling("KH-1"), scheduling("KH-2"))
    one, other = (session(world, kind, code=f"KH-{number}", **at) for number in (3, 4))
    seated(province, session(world, kind, code="KH-5"), people(1, 1))
    assert "同时段参加场次 KH-3" in one_waits_for_the_other(seating(one), seating(other))
