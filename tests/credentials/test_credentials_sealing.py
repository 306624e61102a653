"""Certificates as sealed statements: each sealed once, none left out; a revocation flips the list and the figure."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from jineng.credentials.checking import check_file, check_value
from jineng.credentials.codes import check_code
from jineng.credentials.forms_of import FORMS
from jineng.credentials.models import AssessmentSession, Certificate, SealedCertificate, StatusList
from jineng.credentials.publishing import documents_of, issuers, lists_at
from jineng.credentials.rules import read_number
from jineng.credentials.verbs import (
    export_certificate,
    issue_certificates,
    link_certificates,
    reissue_certificate,
    revoke_certificate,
    seal_certificates,
    void_certificate,
)
from jineng.engines.measures import Period, value
from jineng.engines.seals.credentials import Known, check
from jineng.engines.seals.dids import Resolver
from jineng.kernel import keys
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.kernel.models import AuditLine
from jineng.kernel.tokens import TokenPlace
from jineng.registry.models import Person
from tests.credentials.assessments import certificate_type, people, seated, session, settled
from tests.factories import World

ISSUED, LATER = date(2021, 7, 20), date(2021, 7, 30)


def certified(world: World, count: int = 6, first: int = 1, code: str = "KH-1") -> AssessmentSession:
    """A session at the county's school whose every second candidate got a certificate, on the day of issue."""
    county, city, province = (world.actor(f"{level}_officer") for level in ("county", "city", "province"))
    kind = certificate_type(world)
    of = session(world, kind, code=code)
    with clock_at(ISSUED):
        settled(of, seated(county, of, people(first, count)), county, city)
        issue_certificates(actor=province, session_id=of.pk, issued_on=ISSUED)
    return of


def credential_of(certificate: Certificate) -> dict[str, Any]:
    found: dict[str, Any] = SealedCertificate.objects.get(certificate=certificate).credential
    return found


@pytest.fixture
def of(world: World) -> AssessmentSession:
    return certified(world)


def held(world: World, of: AssessmentSession) -> list[Certificate]:
    return list(Certificate.objects.filter(session=of).select_related("person").order_by("number"))


def verdict(credential: Any, on: date = LATER) -> str:
    with clock_at(on):
        return check_value(credential).verdict


def test_every_certificate_is_sealed_with_both_proofs_and_the_next_place(world: World, of: AssessmentSession) -> None:
    with acting(world.actor("province_officer")):
        seals = list(SealedCertificate.objects.order_by("certificate__number"))
        certificates = held(world, of)
        assert len(certificates) == len(seals) == 3
        assert [seal.status_index for seal in seals] == [0, 1, 2]
        assert StatusList.objects.get(beside=None).taken == 3
        for seal, certificate in zip(seals, certificates, strict=True):
            suites = [proof["cryptosuite"] for proof in seal.credential["proof"]]
            assert suites == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
            assert seal.credential["credentialSubject"]["licenseNumber"] == certificate.number
            assert "学生" not in json.dumps(seal.credential, ensure_ascii=False)
            assert verdict(seal.credential) == "valid"
        assert seal_certificates(actor=world.actor("province_officer"), session_id=of.pk) == 0
        assert link_certificates(actor=world.actor("province_officer"), session_id=of.pk) == 0


def test_batches_take_places_without_gap_or_double_also_into_the_next_list(world: World) -> None:
    province = world.actor("province_officer")
    one, other = certified(world, 6), certified(world, 4, 20, "KH-2")
    with acting(province):
        places = Counter(SealedCertificate.objects.values_list("status_list__number", "status_index"))
        assert places == Counter({(1, index): 1 for index in range(5)})
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("UPDATE credentials_statuslist SET taken = 131070 WHERE beside_id IS NULL")
        cursor.execute("SELECT id FROM credentials_issuer")
        (issuer,) = cursor.fetchone()
        cursor.execute("SET ROLE jineng_app")
        cursor.execute("SELECT first_index, granted FROM credentials_take_indices(%s, 5, 'https://x/')", [issuer])
        assert cursor.fetchall() == [(131070, 2), (0, 3)]
        cursor.execute("SELECT first_index, granted FROM credentials_take_indices(%s, 2, 'https://x/')", [issuer])
        assert cursor.fetchall() == [(3, 2)]
    assert one != other


def test_the_database_keeps_seals_as_they_are(world: World, of: AssessmentSession) -> None:
    with acting(world.actor("province_officer")):
        seal = SealedCertificate.objects.order_by("status_index")[0]
        changes: tuple[dict[str, Any], ...] = ({"status_index": 9}, {"credential": {}})
        for change in changes:
            with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
                SealedCertificate.objects.filter(pk=seal.pk).update(**change)
        SealedCertificate.objects.filter(pk=seal.pk).delete()
        seal.status_index = 77
        with pytest.raises(IntegrityError, match="taken before it is used"), transaction.atomic():
            seal.save(force_insert=True)


def test_a_revocation_flips_the_list_the_page_and_the_figure(world: World, of: AssessmentSession) -> None:
    province = world.actor("province_officer")

    def holders() -> int:
        found = value(live_engine, indicators, sources, "certificate_holders", Period.year(2021)).value
        assert isinstance(found, int)
        return found

    with acting(province):
        first, second, _ = held(world, of)
        credential = credential_of(first)
        assert (verdict(credential), holders()) == ("valid", 3)
        with clock_at(LATER):
            revoke_certificate(actor=province, certificate_id=first.pk, on=LATER, reason="舞弊")
        assert (verdict(credential), holders()) == ("revoked", 2)
        assert verdict(credential_of(second)) == "valid"
        void_certificate(actor=province, certificate_id=second.pk, reason="误发")
        assert (verdict(credential_of(second)), holders()) == ("revoked", 1)


def test_a_revocation_of_a_later_day_shows_from_that_day(world: World, of: AssessmentSession) -> None:
    province = world.actor("province_officer")
    with acting(province):
        first = held(world, of)[0]
        assert verdict(credential_of(first), ISSUED) == "valid"
        with clock_at(ISSUED):
            revoke_certificate(actor=province, certificate_id=first.pk, on=LATER, reason="舞弊")
        assert verdict(credential_of(first), date(2021, 7, 29)) == "valid"
        assert verdict(credential_of(first), LATER) == "revoked"


def test_a_certificate_is_issued_anew_under_the_next_number(world: World, of: AssessmentSession) -> None:
    province = world.actor("province_officer")
    with acting(province), clock_at(LATER):
        old = held(world, of)[0]
        new = reissue_certificate(actor=province, certificate_id=old.pk, on=LATER, reason="姓名有误")
        parts = read_number(new.number)
        assert parts is not None
        assert parts.serial == 4
        assert (new.person_id, new.session_id) == (old.person_id, old.session_id)
        assert (verdict(credential_of(old)), verdict(credential_of(new))) == ("revoked", "valid")
        with pytest.raises(ValidationError, match="已撤销"):
            reissue_certificate(actor=province, certificate_id=old.pk, on=LATER, reason="再来")
        with pytest.raises(ValidationError, match="不能晚于今天"):
            reissue_certificate(actor=province, certificate_id=new.pk, on=date(2022, 1, 1), reason="再来")


def test_old_signatures_hold_after_a_rotation_and_lists_are_signed_by_the_new_key(
    world: World, of: AssessmentSession
) -> None:
    province = world.actor("province_officer")
    with acting(province):
        first, second, _ = held(world, of)
        body = of.body_id
        with clock_at(LATER):
            keys.rotate(body)
            revoke_certificate(actor=province, certificate_id=second.pk, on=LATER, reason="舞弊")
        assert verdict(credential_of(first), date(2021, 8, 1)) == "valid"
        assert verdict(credential_of(second), date(2021, 8, 1)) == "revoked"
        methods = documents_of(issuers(bodies=[body]))[first.seal.status_list.issuer.did]["verificationMethod"]
        assert ["expires" in method for method in methods] == [True, False]
        assert keys.signer().key_id not in {method["id"].partition("#")[2] for method in methods}


def test_a_list_that_cannot_be_signed_anew_lets_nothing_revoked_stand(
    world: World, of: AssessmentSession, settings: Any
) -> None:
    province, outside = world.actor("province_officer"), Client()
    with acting(province):
        second = held(world, of)[1]
        told = [credential_of(one) for one in held(world, of)[:2]]
    path = told[1]["credentialStatus"]["statusListCredential"].removeprefix("http://127.0.0.1:8000")
    assert [verdict(one) for one in told] == ["valid", "valid"]
    settings.HSM = TokenPlace("/nowhere.so", "jineng", "1234")
    assert [verdict(one) for one in told] == ["valid", "valid"], "what is signed already needs nobody to sign"
    with acting(province), clock_at(LATER):
        revoke_certificate(actor=province, certificate_id=second.pk, on=LATER, reason="舞弊")
    with clock_at(LATER):
        assert outside.get(path).status_code == 503
    assert [verdict(one) for one in told] == ["unknown", "unknown"]
    settings.HSM = None
    assert [verdict(one) for one in told] == ["valid", "revoked"]
    with clock_at(LATER):
        assert outside.get(path).status_code == 200


def test_what_is_published_lets_others_check_without_the_platform(world: World, of: AssessmentSession) -> None:
    """The three documents alone, over HTTP and signed out, are enough."""
    with acting(world.actor("province_officer")):
        credential = credential_of(held(world, of)[0])
    outside, paths = Client(), []
    status = credential["credentialStatus"]["statusListCredential"]
    did: str = credential["issuer"]["id"]
    paths = [status.removeprefix("http://127.0.0.1:8000"), "/" + "/".join(did.split(":")[3:]) + "/did.json"]
    with clock_at(LATER):
        listed, document = (outside.get(path).json() for path in paths)
    known = Known(Resolver.of(document), {status: listed})
    moment = datetime.fromisoformat("2021-08-01T09:00:00+08:00")
    assert check(credential, known, moment).verdict == "valid"
    assert check({**credential, "name": "高级"}, known, moment).verdict == "altered"
    assert outside.get(paths[0].replace(paths[0][-4:], "0000")).status_code == 404


def test_who_does_not_answer_for_the_session_seals_nothing(world: World, of: AssessmentSession) -> None:
    for name in ("other_city_officer", "other_county_officer"):
        for verb in (seal_certificates, link_certificates):
            with pytest.raises(NotAllowed):
                verb(actor=world.actor(name), session_id=of.pk)


def test_lists_are_read_in_one_query_once_they_are_signed(
    world: World, of: AssessmentSession, django_assert_num_queries: Any
) -> None:
    with acting(world.actor("province_officer")):
        addresses = list(StatusList.objects.values_list("address", flat=True))
    with clock_at(LATER):
        signed = lists_at(addresses)
        with django_assert_num_queries(1):
            assert lists_at(addresses) == signed


def test_each_form_carries_the_credential_and_is_verified_as_such(world: World, of: AssessmentSession) -> None:
    """PDF/A-3b with the credential attached, PNG with it baked in, and the JSON itself."""
    browser = Client()
    browser.force_login(world.accounts["province_officer"], "django.contrib.auth.backends.ModelBackend")
    with acting(world.actor("province_officer")):
        certificate = held(world, of)[0]
    for form in FORMS:
        answer = browser.post(reverse("certificate_file", args=[certificate.pk]), {"form": form})
        assert answer["Content-Type"] == FORMS[form][0]
        with clock_at(LATER):
            found = check_file(answer.content, certificate.person.name, check_code(certificate.pk))
        assert (found.verdict, found.is_holders) == ("valid", True), form
        if form == "pdf":
            assert b"<pdfaid:part>3</pdfaid:part>" in answer.content
            assert b"<pdfaid:conformance>B</pdfaid:conformance>" in answer.content
    with acting(world.actor("province_officer")):
        assert AuditLine.objects.filter(verb="export_certificate").count() == len(FORMS)


def test_an_invented_holder_is_marked_on_page_and_paper(world: World, of: AssessmentSession) -> None:
    province = world.actor("province_officer")
    browser = Client()
    browser.force_login(world.accounts["province_officer"], "django.contrib.auth.backends.ModelBackend")
    with acting(province):
        certificate = held(world, of)[0]
    page = reverse("certificate", args=[certificate.pk])
    for invented in (True, False):
        with acting(province):
            Person.objects.filter(pk=certificate.person_id).update(is_synthetic=invented)
            printed = export_certificate(actor=province, certificate_id=certificate.pk, form="pdf")
        assert ("示例数据" in printed.paper().remark) is invented
        assert ("示例数据" in browser.get(page).content.decode()) is invented


def test_certificates_without_seal_are_sealed_on_demand(world: World, of: AssessmentSession) -> None:
    browser = Client()
    browser.force_login(world.accounts["province_officer"], "django.contrib.auth.backends.ModelBackend")
    with acting(world.actor("province_officer")):
        SealedCertificate.objects.all().delete()
        certificate = held(world, of)[0]
    answer = browser.post(reverse("certificate_file", args=[certificate.pk]), {"form": "pdf"}, follow=True)
    assert "尚未签发" in answer.content.decode()
    page = browser.post(reverse("seal_certificates", args=[of.pk]), follow=True).content.decode()
    assert "3 / 3" in page
    assert reverse("seal_certificates", args=[of.pk]) not in page


def test_what_is_signed_follows_the_public_address_and_is_served_after_it_changed(world: World, settings: Any) -> None:
    settings.SITE_URL = "https://zy.example.cn"
    of = certified(world, 2)
    with acting(world.actor("province_officer")):
        credential = credential_of(held(world, of)[0])
    listed = credential["credentialStatus"]["statusListCredential"]
    assert listed.startswith("https://zy.example.cn/credentials/status/")
    assert credential["issuer"]["id"].startswith("did:web:zy.example.cn:credentials:issuers:")
    assert all(proof["verificationMethod"].startswith("did:web:zy.example.cn:") for proof in credential["proof"])
    settings.SITE_URL = "https://new.example.cn"
    path = listed.removeprefix("https://zy.example.cn")
    with clock_at(LATER):
        assert Client().get(path).json()["id"] == listed
        assert Client().get(f"{path}/suspensions").json()["id"] == f"{listed}/suspensions"
        assert Client().get(f"/credentials/status/{of.pk}").status_code == 404
    assert verdict(credential) == "valid"
