"""A suspended certificate is held but not to be relied on: verification says so, no figure changes, it is lifted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from typer.testing import CliRunner

from jineng.credentials.checking import check_value
from jineng.credentials.codes import check_code
from jineng.credentials.kinds import AchievementKind, CertificateStatus, Direction
from jineng.credentials.models import Certificate, CreditPosting
from jineng.credentials.publishing import documents_of, issuers
from jineng.credentials.queries import certificate_status_on
from jineng.credentials.sharing import open_share
from jineng.credentials.verbs import (
    add_rule,
    convert_credits,
    lift_suspension,
    publish_scheme,
    revoke_certificate,
    share_certificate,
    state_certificate,
    suspend_certificate,
)
from jineng.credentials.verbs.sharing import holder_of
from jineng.engines.measures import Period, value
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.site.cli import program
from tests.credentials.test_credentials_sealing import certified, credential_of, held
from tests.credentials.test_credentials_verifying import by_number
from tests.factories import World

LATER = date(2021, 7, 30)


@pytest.fixture
def own(world: World) -> Iterator[Certificate]:
    """One certificate; the clock stands some days after its issue."""
    of = certified(world, 2)
    with clock_at(LATER), acting(world.actor("province_officer")):
        yield held(world, of)[0]


def holders() -> Any:
    return value(live_engine, indicators, sources, "certificate_holders", Period.year(2021)).value


def test_every_door_says_suspended_until_it_is_lifted_and_no_figure_changes(
    world: World, own: Certificate, tmp_path: Path
) -> None:
    city, credential = world.actor("city_officer"), credential_of(own)
    token = share_certificate(actor=holder_of(own.pk), certificate_id=own.pk, shows=[], until=LATER)

    def told() -> set[str]:
        shared = open_share(token, "192.0.2.1")
        assert shared is not None
        page = Client().get(f"/verify/{own.number}/{check_code(own.pk)}/").content.decode()
        answer = Client().post("/api/v1/verification", json.dumps(credential), content_type="application/json")
        found = {check_value(credential).verdict, by_number(own.number, check_code(own.pk)).verdict}
        return found | {shared[0].verdict, answer.json()["verdict"], "suspended" if "已暂停" in page else "valid"}

    def offline() -> str:
        """What ``jineng verify`` tells by the published documents alone."""
        at = credential["credentialStatus"]["statusListCredential"].removeprefix("http://127.0.0.1:8000")
        known = [*documents_of(issuers(dids=[credential["issuer"]["id"]])).values()]
        known += [Client().get(address).json() for address in (at, f"{at}/suspensions")]
        folder = tmp_path / "known"
        folder.mkdir(exist_ok=True)
        for place, document in enumerate(known):
            (folder / f"{place}.json").write_text(json.dumps(document), encoding="utf-8")
        file = tmp_path / "own.json"
        file.write_text(json.dumps(credential), encoding="utf-8")
        found = CliRunner().invoke(program.app, ["verify", str(file), "--known", str(folder), "--json"])
        return str(json.loads(found.stdout)[0]["verdict"])

    assert (told(), offline(), holders()) == ({"valid"}, "valid", 1)
    suspend_certificate(actor=city, certificate_id=own.pk, reason="成绩复核")
    assert (told(), offline(), holders()) == ({"suspended"}, "suspended", 1)
    lift_suspension(actor=city, certificate_id=own.pk, reason="复核无误")
    assert (told(), offline(), holders()) == ({"valid"}, "valid", 1)
    suspend_certificate(actor=city, certificate_id=own.pk, reason="再次复核")
    revoke_certificate(actor=city, certificate_id=own.pk, on=LATER, reason="舞弊")
    assert check_value(credential).verdict == by_number(own.number, check_code(own.pk)).verdict == "revoked"


def test_what_is_suspended_and_lifted_makes_sense(world: World, own: Certificate) -> None:
    city = world.actor("city_officer")
    with pytest.raises(ValidationError, match="没有暂停"):
        lift_suspension(actor=city, certificate_id=own.pk, reason="x")
    for verb in (suspend_certificate, lift_suspension):
        with pytest.raises(NotAllowed):
            verb(actor=world.actor("other_city_officer"), certificate_id=own.pk, reason="x")
    with pytest.raises(ValidationError, match="请填写原因"):
        suspend_certificate(actor=city, certificate_id=own.pk, reason=" ")
    with clock_at(date(2021, 7, 1)), pytest.raises(ValidationError, match="尚未到发证日期"):
        suspend_certificate(actor=city, certificate_id=own.pk, reason="x")
    made = suspend_certificate(actor=city, certificate_id=own.pk, reason="复核")
    assert made.status_on(LATER) == CertificateStatus.SUSPENDED
    for status in CertificateStatus:
        found = Certificate.objects.filter(certificate_status_on(status, LATER))
        assert found.exists() == (status == CertificateStatus.SUSPENDED)
    with pytest.raises(ValidationError, match="已暂停"):
        suspend_certificate(actor=city, certificate_id=own.pk, reason="x")
    with pytest.raises(ValidationError, match="请填写原因"):
        lift_suspension(actor=city, certificate_id=own.pk, reason="")
    with pytest.raises(IntegrityError, match="suspended_with_reason"), transaction.atomic():
        Certificate.objects.filter(pk=own.pk).update(suspend_reason="")


def test_what_is_suspended_is_not_converted_and_what_was_converted_stays(world: World, own: Certificate) -> None:
    county, school = world.actor("county_officer"), world["county_school"].pk
    scheme = publish_scheme(actor=county, school_id=school, since=date(2021, 3, 1), cap=Decimal(8))
    rule = {"code": "Z1", "source": "X01", "level": "elementary", "target": "课程"}
    add_rule(
        actor=county,
        scheme_id=scheme.pk,
        direction=Direction.COURSE,
        accepts=AchievementKind.CERTIFICATE,
        credits=Decimal(4),
        valid_years=2,
        **rule,
    )
    thing = state_certificate(actor=county, number=own.number)
    wanted = {"actor": county, "achievement_id": thing.pk, "school_id": school, "rule_code": "Z1"}
    suspend_certificate(actor=county, certificate_id=own.pk, reason="复核")
    with pytest.raises(ValidationError, match="暂停中"):
        convert_credits(**wanted)
    lift_suspension(actor=county, certificate_id=own.pk, reason="无误")
    line = convert_credits(**wanted)
    suspend_certificate(actor=county, certificate_id=own.pk, reason="再次复核")
    assert [posting.pk for posting in CreditPosting.objects.all()] == [line.pk]
    names = ("account_id", "school_id", "rule_id", "achievement_id", "credits", "posted_on", "statement")
    again = {name: getattr(line, name) for name in names}
    with pytest.raises(IntegrityError, match="suspended"), transaction.atomic():
        CreditPosting.objects.create(**again, number=2)


def test_its_form_asks_for_a_reason_and_speaks_of_no_striking_out(world: World, own: Certificate) -> None:
    client = Client()
    client.force_login(world.accounts["city_officer"], backend="django.contrib.auth.backends.ModelBackend")
    for step in ("suspend", "lift"):
        page = client.get(f"/credentials/certificates/{own.pk}/{step}/").content.decode()
        assert "原因 <small" in page
        assert "作废" not in page.split("<main", 1)[1]
