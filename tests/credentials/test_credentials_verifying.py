"""Verification by anybody: what is said of good, revoked, altered and unknown certificates, and what never is."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Address
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jineng.credentials.checking import Checked, _day, check_file, check_row, register_row
from jineng.credentials.codes import ALPHABET, check_code, plain_number, spoken
from jineng.credentials.models import Certificate
from jineng.credentials.verbs import revoke_certificate
from jineng.engines.seals.baking import SIGNATURE
from jineng.engines.seals.credentials import issue
from jineng.engines.seals.proofs import Suite
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from tests.credentials.test_credentials_sealing import certified, credential_of
from tests.engines.seals.samples import ISSUED as SAMPLED
from tests.engines.seals.samples import badge, changed, signer
from tests.factories import World
from tests.fuzzing import examples, mutated

LATER = date(2021, 7, 30)
Paper = tuple[Certificate, dict[str, Any]]


@pytest.fixture
def paper(world: World) -> Iterator[Paper]:
    """A certificate that stands, and its credential; nobody acts, a few days later."""
    of = certified(world, 2)
    with acting(world.actor("province_officer")):
        certificate = Certificate.objects.select_related("person").get(session=of)
        credential = credential_of(certificate)
    cache.clear()
    with clock_at(LATER):
        check_file(as_file(credential))
        yield certificate, credential
    cache.clear()


def as_file(credential: Any) -> bytes:
    return json.dumps(credential, ensure_ascii=False).encode()


def by_number(number: str, code: str) -> Checked:
    """What somebody is told who types a number and a code."""
    return check_row(register_row(plain_number(number)), code)


def revoke(world: World, certificate: Certificate) -> None:
    province = world.actor("province_officer")
    with acting(province):
        revoke_certificate(actor=province, certificate_id=certificate.pk, on=LATER, reason="舞弊")


def test_number_and_code_together_tell_and_neither_alone(paper: Paper) -> None:
    certificate, _ = paper
    code = check_code(certificate.pk)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    for typed in (code, spoken(code).lower(), f" {code} "):
        assert by_number(certificate.number.lower(), typed).verdict == "valid"
    wrong = "22222222" if code != "22222222" else "33333333"
    refused = [by_number(certificate.number, wrong), by_number("NO-SUCH", code), by_number("", "")]
    assert len({(found.verdict, found.finding.reason, tuple(found.says), found.issuer) for found in refused}) == 1
    assert refused[0].verdict == "unknown"
    assert not refused[0].says


def test_what_the_page_says_names_nobody_in_full(paper: Paper, world: World) -> None:
    certificate, _ = paper
    page = Client().get(f"/verify/{certificate.number}/{check_code(certificate.pk)}/")
    assert page["Referrer-Policy"] == "same-origin", "with no-referrer a browser's own forms are refused"
    told = page.content.decode()
    assert page.status_code == 200
    assert "有效" in told
    assert "学**" in told or "学*" in told
    assert certificate.person.name not in told
    assert page["Cache-Control"] == "no-store"
    revoke(world, certificate)
    told = Client().get(f"/verify/{certificate.number}/{check_code(certificate.pk)}/").content.decode()
    assert "已撤销" in told
    assert "舞弊" not in told


def test_who_brings_cookies_and_who_brings_none_read_the_same_page(paper: Paper) -> None:
    certificate, _ = paper
    right = f"/verify/{certificate.number}/{check_code(certificate.pk)}/"
    for theme in ("", "dark", "light", "<none>"):
        plain, known = Client(), Client()
        for client in (plain, known):
            client.cookies["theme"] = theme
        known.cookies["other"] = "1"
        answers = [client.get(right) for client in (plain, plain, known)]
        assert len({answer.content for answer in answers}) == 1
        assert len({tuple(answer.items()) for answer in answers}) == 1
        assert ('class="dark"' in answers[0].content.decode()) == (theme == "dark")
        assert "@here@" not in answers[0].content.decode()


def test_a_file_tells_and_asks_little_of_the_database(paper: Paper) -> None:
    certificate, credential = paper
    check_file(as_file(credential))
    with CaptureQueriesContext(connection) as asked:
        found = check_file(as_file(credential))
    assert found.verdict == "valid"
    assert found.issuer == "示例评价组织BODY-1"
    assert len(asked) == 0, "its one query is a prepared one, which is not heard here"
    with CaptureQueriesContext(connection) as asked:
        assert by_number(certificate.number, check_code(certificate.pk)).verdict == "valid"
    assert len(asked) == 0
    with CaptureQueriesContext(connection) as asked:
        assert check_file(b"{}").verdict == "malformed"
        assert check_file(as_file(issue(badge(), signer(), SAMPLED))).verdict == "unknown"
    assert len(asked) == 0


def test_the_page_takes_a_file_and_says_whose_it_is(paper: Paper) -> None:
    certificate, credential = paper
    client = Client()

    def post(name: str, code: str) -> str:
        file = SimpleUploadedFile("证书.json", as_file(credential))
        answer = client.post("/verify/", {"by_file": "1", "file": file, "name": name, "code": code})
        assert answer.status_code == 200
        return answer.content.decode()

    own = certificate.person.name
    assert "相符 " in post(own, spoken(check_code(certificate.pk)))
    for name, code in (("别人", check_code(certificate.pk)), (own, "22222222")):
        assert "不符 " in post(name, code)
    assert "持有人 " not in post("", "")
    assert client.post("/verify/", {"by_file": "1"}).status_code == 422


TAMPERED: list[tuple[str, Any]] = [
    ("name", "高级"),
    ("validFrom", "2020-01-01T00:00:00+08:00"),
    ("issuer/name", "别的组织"),
    ("credentialSubject/licenseNumber", "X01-2021-E-000099"),
    ("credentialSubject/achievement/name", "高级"),
    ("credentialSubject/identifier/0/salt", "00"),
    ("credentialStatus/statusListIndex", "77"),
    ("proof/0/created", "2021-07-20T09:00:01+08:00"),
]


def test_whatever_is_tampered_with_is_not_valid(paper: Paper) -> None:
    for path, value in TAMPERED:
        found = check_file(as_file(changed(copy.deepcopy(paper[1]), path, value)))
        assert found.verdict in ("altered", "unknown"), path
        assert not found.says, path


def test_unknown_words_suites_and_signers_are_refused(paper: Paper) -> None:
    _, credential = paper

    def verdict(path: str, value: Any) -> str:
        return check_file(as_file(changed(copy.deepcopy(credential), path, value))).verdict

    assert verdict("grade", "优") == "malformed"
    assert verdict("credentialSubject/grade", "优") == "malformed"
    assert verdict("proof/0/cryptosuite", "eddsa-2022") == "unknown"
    assert verdict("proof", []) in ("malformed", "unknown")
    stripped = {key: item for key, item in credential.items() if key != "proof"}
    assert check_file(as_file(stripped)).verdict != "valid"
    foreign = issue({**stripped, "issuer": badge()["issuer"]}, signer(), SAMPLED, suite=Suite.JCS)
    assert check_file(as_file(foreign)).verdict == "unknown"
    pretending = issue(stripped, signer(), SAMPLED, suite=Suite.JCS)
    assert check_file(as_file(pretending)).verdict in ("unknown", "altered")


def test_revoked_beats_a_good_signature(paper: Paper, world: World) -> None:
    certificate, credential = paper
    revoke(world, certificate)
    found = check_file(as_file(credential))
    assert (found.verdict, found.issuer) == ("revoked", "示例评价组织BODY-1")


def test_the_api_answers_the_same_without_sign_in(paper: Paper) -> None:
    certificate, credential = paper
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/api/v1/verification", as_file(credential), content_type="application/vc+json")
    assert answer.json()["verdict"] == "valid"
    assert answer.json()["says"]["证书编号 Number"] == certificate.number
    asked = {"number": certificate.number, "code": spoken(check_code(certificate.pk))}
    answer = client.post("/api/v1/verification/number", json.dumps(asked), content_type="application/json")
    assert answer.json()["verdict"] == "valid"


def test_guessing_is_stopped_and_knowing_is_not(paper: Paper) -> None:
    certificate, _ = paper
    client, right = Client(), f"/verify/{certificate.number}/{check_code(certificate.pk)}/"
    for _ in range(25):
        assert client.get(right).status_code == 200
    answers = [client.get(f"/verify/{certificate.number}/2222222{digit}/").status_code for digit in "23456789" * 3]
    assert answers[:20] == [200] * 20
    assert set(answers[20:]) == {429}
    body = json.dumps({"number": certificate.number, "code": "22222222"})
    assert client.post("/api/v1/verification/number", body, content_type="application/json").status_code == 429


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
PLACES = ["@context", "issuer", "issuer/id", "proof", "proof/0", "credentialStatus", "credentialSubject", "type", "id"]
PLACES += ["credentialStatus/statusListCredential", "verifiableCredential", "validFrom", "proof/0/verificationMethod"]


CALLERS = count(1)


def _asked(client: Client, content: bytes) -> str:
    caller = str(IPv4Address(next(CALLERS)))
    answer = client.post("/api/v1/verification", content, content_type="application/octet-stream", REMOTE_ADDR=caller)
    assert answer.status_code == 200, content
    file = SimpleUploadedFile("x", content or b" ")
    page = client.post("/verify/", {"by_file": "1", "file": file}, REMOTE_ADDR=caller)
    assert page.status_code in (200, 422)
    return str(answer.json()["verdict"])


def test_no_file_breaks_the_endpoint(paper: Paper) -> None:
    _, credential = paper
    client = Client()

    @given(st.binary(max_size=60) | JSONS.map(lambda value: json.dumps(value).encode()))
    @example(b"\x89PNG\r\n\x1a\n")
    @example(SIGNATURE + b"\xff\xff\xff\xffIHDR")
    @example(b"%PDF-1.7 <</Type/EmbeddedFile/Filter/FlateDecode>>\nstream\nzzzz")
    @example(b"%PDF-1.7 <</Type/EmbeddedFile>>\nstream\n{")
    @example(b'{"@context": ["\\u0000"], "issuer": "\\u0000", "credentialStatus": {"statusListCredential": "\\u0000"}}')
    @example(b"[" * 5000)
    @settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def anything(content: bytes) -> None:
        assert _asked(client, content) in ("malformed", "unknown")

    @given(st.sampled_from(PLACES), JSONS)
    @settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def nearly(path: str, value: Any) -> None:
        document = changed(copy.deepcopy(credential), path, value)
        if document != credential:
            assert _asked(client, as_file(document)) != "valid"

    @given(st.data())
    @settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def touched(data: st.DataObject) -> None:
        content = mutated(data, as_file(credential))
        if _asked(client, content) == "valid":
            assert json.loads(content) == credential

    anything()
    nearly()
    touched()


def test_no_number_breaks_the_endpoint(db: None) -> None:
    client = Client()
    for number, code in (("\0", "\0"), ("’'; --", "٣٣"), ("x" * 30, "𝟚" * 8), ("%00", "%ff"), ("\ud800", "\udfff")):
        cache.clear()
        body = json.dumps({"number": number, "code": code})
        answer = client.post("/api/v1/verification/number", body, content_type="application/json")
        assert answer.status_code in (200, 400, 422)
        assert not answer.json().get("says")
    assert client.post("/verify/", {"number": "’'; --", "code": "٣٣"}).status_code in (200, 422)


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2021-07-19T16:00:00Z", "2021-07-20"),
        ("2021-07-20T16:00:00.5Z", "2021-07-21 00:00"),
        ("9999-12-31T23:00:00Z", "9999-12-31T23:00:00Z"),
        ("yesterday", "yesterday"),
        (7, None),
    ],
)
def test_moments_are_told_as_calendars_here_show_them(told: Any, day: str | None) -> None:
    assert _day(told) == day
