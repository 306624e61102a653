"""What holders share: parts that they chose, until a day, taken back at will, each opening told to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from jineng.credentials.codes import check_code
from jineng.credentials.models import Certificate
from jineng.credentials.sharing import held_certificate, network_of, open_share, shares_of
from jineng.credentials.verbs import revoke_certificate, share_certificate, take_back_share
from jineng.credentials.verbs.sharing import holder_of
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from tests.calls.small_world import resident
from tests.credentials.test_credentials_sealing import certified
from tests.factories import World

LATER = date(2021, 7, 30)


@pytest.fixture
def own(world: World) -> Iterator[Certificate]:
    """The certificate of the first learner; nobody acts."""
    of = certified(world, 2)
    with acting(world.actor("province_officer")):
        certificate = Certificate.objects.select_related("person").get(session=of)
    cache.clear()
    with clock_at(LATER):
        yield certificate
    cache.clear()


def test_a_holder_enters_shares_sees_who_looked_and_takes_back(own: Certificate) -> None:
    browser, visitor = Client(), Client()
    assert browser.get("/verify/mine/certificate/")["Location"] == "/verify/mine/"
    told = {"number": own.number, "code": check_code(own.pk), "document": resident(1)}
    assert browser.post("/verify/mine/", told)["Location"] == "/verify/mine/certificate/"
    page = browser.post("/verify/mine/certificate/", {"shows": ["school"], "until": "2021-08-10"}).content.decode()
    found = re.search(r"/verify/shared/([\w-]+)/", page)
    assert found
    assert found.group(1) not in browser.get("/verify/mine/certificate/").content.decode(), "told only once"
    shown = visitor.get(found.group(), REMOTE_ADDR="192.0.2.77").content.decode()
    assert "有效" in shown
    assert "所在院校" in shown
    for hidden in (own.person.name, own.number, "发证日期"):
        assert hidden not in shown
    (share,) = shares_of(own.pk)
    assert [network for _, network in share.views] == ["192.0.2.0/24"]
    assert "192.0.2.0/24" in browser.get("/verify/mine/certificate/").content.decode()
    with clock_at(date(2021, 8, 11)):
        assert visitor.get(found.group()).status_code == 404
    browser.post(f"/verify/mine/links/{share.id}/take-back/")
    assert visitor.get(found.group()).status_code == 404
    browser.post("/verify/mine/leave/")
    assert browser.get("/verify/mine/certificate/")["Location"] == "/verify/mine/"


def test_what_is_shared_follows_the_register(own: Certificate, world: World) -> None:
    token = share_certificate(
        actor=holder_of(own.pk), certificate_id=own.pk, shows=["name", "number"], until=date(2022, 7, 1)
    )
    opened = open_share(token, "2001:db8:1:2::3")
    assert opened is not None
    assert opened[0].verdict == "valid"
    assert dict(opened[0].says)["持证人 Holder"] == own.person.name
    province = world.actor("province_officer")
    with acting(province):
        revoke_certificate(actor=province, certificate_id=own.pk, on=LATER, reason="舞弊")
    opened = open_share(token, "nowhere")
    assert opened is not None
    assert opened[0].verdict == "revoked"
    assert sorted(network for _, network in shares_of(own.pk)[0].views) == ["", "2001:db8:1::/48"]
    assert network_of("198.51.100.9") == "198.51.100.0/24"


def test_only_the_holder_is_let_in_and_guessing_ends(own: Certificate, world: World) -> None:
    code = check_code(own.pk)
    assert held_certificate(own.number.lower(), code.lower(), resident(1).lower()) == own.pk
    for wrong in ((own.number, code, resident(2)), (own.number, "22222222", resident(1)), ("\ud800", "", "\0")):
        assert held_certificate(*wrong) is None
    browser = Client()
    told = {"number": own.number, "code": code, "document": resident(2)}
    assert [browser.post("/verify/mine/", told).status_code for _ in range(11)] == [422] * 10 + [429]
    shows = {"shows": ["name"], "until": date(2021, 8, 10)}
    for stranger in (holder_of(world["province"].pk), world.actor("province_officer")):
        with pytest.raises(NotAllowed):
            share_certificate(actor=stranger, certificate_id=own.pk, **shows)  # type: ignore[arg-type]
    for wrong_day in (date(2021, 7, 29), date(2023, 1, 1)):
        with pytest.raises(ValidationError):
            share_certificate(actor=holder_of(own.pk), certificate_id=own.pk, shows=[], until=wrong_day)
    with pytest.raises(ValidationError):
        share_certificate(actor=holder_of(own.pk), certificate_id=own.pk, shows=["score"], until=LATER)
    with pytest.raises(NotAllowed):
        take_back_share(actor=holder_of(own.pk), certificate_id=own.pk, link_id=world["province"].pk)


def test_nobody_reads_the_log_by_the_database(own: Certificate, world: World) -> None:
    share_certificate(actor=holder_of(own.pk), certificate_id=own.pk, shows=[], until=LATER)
    with acting(world.actor("province_officer")), connection.cursor() as cursor:
        for table in ("sharelink", "shareview"):
            cursor.execute(f"SELECT count(*) FROM credentials_{table}")
            assert cursor.fetchone() == (0,)
