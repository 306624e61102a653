"""Certificates issued and checked in one second on one core, beside bare Ed25519 over the same bytes.

The floor signs and verifies the canonical bytes of the certificate with `cryptography`, nothing more. JCS may take four
times as long; RDFC must do 400 certificates a second. The peer of RDFC is PyLD making the same text canonical, where it
is installed.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.timing import Line, Spread
from jineng.engines.canonical import canonical
from jineng.engines.seals import Ed25519Signer
from jineng.engines.seals.badges import Achievement, Holder, Issuer, Result, badge
from jineng.engines.seals.credentials import Known, check, issue, issue_status_list
from jineng.engines.seals.dids import Method, document_of, web_did
from jineng.engines.seals.linked import STANDARD
from jineng.engines.seals.proofs import Suite
from jineng.engines.seals.status import REVOCATION, StatusList, status_entry

TURN = 500
JCS_BOUND, RDFC_LEAST = 4.0, 400.0
SEED = bytes(range(32))
NOW = dt.datetime(2021, 12, 31, 1, 30, tzinfo=dt.UTC)
DID = web_did("jineng.example", "issuers", "7")
LIST = "https://jineng.example/status/1"


def certificates() -> list[dict[str, Any]]:
    """Certificates of one session, as the platform issues them."""
    issuer = Issuer(DID, "甘肃某培训评价组织", "https://jineng.example/")
    achievement = Achievement(
        "https://jineng.example/achievements/7",
        "数控车铣加工（中级）",
        "1+X 职业技能等级证书，中级",
        "理论与实操均合格",
        code="460102",
        credits=3.5,
        tags=("机械", "数控"),
    )
    return [
        badge(
            f"urn:uuid:6b0f2ba0-0c1d-4c0f-8a51-{number:012d}",
            issuer,
            achievement,
            Holder(f"学员{number} 62010220000101{number:04d}", f"{number:032x}"),
            NOW,
            number=f"GS-2021-{number:06d}",
            results=(Result("86"),),
            status=status_entry(LIST, number),
        )
        for number in range(TURN)
    ]


def measure(rounds: int, only: str, tell: Callable[[Line], None]) -> list[Line]:
    """A line for issuing and for checking by each suite; times are those of 500 certificates."""
    signer, key = Ed25519Signer(f"{DID}#2021", SEED), Ed25519PrivateKey.from_private_bytes(SEED)
    public = key.public_key()
    published = document_of(DID, [Method(signer.key_id, DID, signer.public_key)])
    standing = issue_status_list(LIST, DID, StatusList(), REVOCATION, signer, NOW)
    known, bare_known = Known.of([published, standing]), Known.of([published])
    plain = certificates()
    texts = [canonical(body) for body in plain]
    signatures = [key.sign(text) for text in texts]
    lines = []

    def bare_sign(at: int) -> None:
        key.sign(texts[at])

    def bare_verify(at: int) -> None:
        public.verify(signatures[at], texts[at])

    def bare_both(at: int) -> None:
        bare_sign(at)
        bare_verify(at)

    def line(name: str, act: Callable[[int], Any], bare: Callable[[int], Any], suite: Suite) -> None:
        if only not in name:
            return
        times, floors = [], []
        for _ in range(rounds):
            floors.append(_each(bare))
            times.append(_each(act))
        spread, floor = Spread.of(times), Spread.of(floors)
        ratio = round(min(times) / min(floors), 2)
        note = f"{TURN / min(times):,.0f} a second; bare {TURN / min(floors):,.0f}"
        bound = JCS_BOUND if suite is Suite.JCS else round(TURN / RDFC_LEAST / min(floors), 2)
        lines.append(Line(name, "one core", spread, floor, ratio, bound, note))
        tell(lines[-1])

    for suite in Suite:
        issued = [issue(body, signer, NOW, suite=suite) for body in plain]
        without = [issue(_without(body), signer, NOW, suite=suite) for body in plain]

        def issuing(at: int, suite: Suite = suite) -> None:
            issue(plain[at], signer, NOW, suite=suite)

        def checking(at: int, without: list[dict[str, Any]] = without) -> None:
            if not check(without[at], bare_known, NOW).ok:
                raise AssertionError("a good certificate was not found valid")

        def with_status(at: int, issued: list[dict[str, Any]] = issued) -> None:
            if not check(issued[at], known, NOW).ok:
                raise AssertionError("a good certificate was not found valid")

        def both(at: int, issuing: Callable[[int], None] = issuing, checking: Callable[[int], None] = checking) -> None:
            issuing(at)
            checking(at)

        line(f"issue and verify {suite}", both, bare_both, suite)
        line(f"issue {suite}", issuing, bare_sign, suite)
        line(f"verify {suite}", checking, bare_verify, suite)
        line(f"verify {suite} with its status list", with_status, bare_verify, suite)
    if find_spec("pyld") and only in "canonical statements":
        lines.append(_beside_pyld(plain, rounds))
        tell(lines[-1])
    return lines


def _without(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "credentialStatus"}


def _each(act: Callable[[int], Any]) -> float:
    started = time.process_time()
    for at in range(TURN):
        act(at)
    return time.process_time() - started


def _beside_pyld(plain: list[dict[str, Any]], rounds: int) -> Line:
    from pyld import jsonld

    from jineng.engines.seals.linked import canonicalize

    def load(address: str, options: Any) -> Any:
        document = STANDARD.load(address)
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": document}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    ours, theirs = [], []
    for _ in range(rounds):
        started = time.process_time()
        for body in plain[:50]:
            jsonld.normalize(body, options)
        theirs.append((time.process_time() - started) / 50)
        started = time.process_time()
        for body in plain[:50]:
            canonicalize(STANDARD.quads(body))
        ours.append((time.process_time() - started) / 50)
    ratio = round(min(ours) / min(theirs), 3)
    return Line("canonical statements", "PyLD", Spread.of(ours), Spread.of(theirs), ratio, None)
