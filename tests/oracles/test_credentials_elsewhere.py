"""What is issued here is accepted by two verifiers that others wrote, and what was tampered with by neither.

They are installed for the run from npm and PyPI; the full run only (`make test-deep`).
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jineng.credentials.publishing import documents_of, issuers, lists_at
from jineng.credentials.verbs import export_transcript, fetch_own_transcript
from jineng.credentials.verbs.sharing import holder_of
from jineng.engines.seals.badges import Holder, Issuer
from jineng.engines.seals.credentials import Known, check, issue
from jineng.engines.seals.dids import key_document
from jineng.engines.seals.linked import STANDARD
from jineng.engines.seals.linked.pinned import CREDENTIALS_V2, DATA_INTEGRITY_V2, LEARNER_RECORD_V2, OPEN_BADGES_V3
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.records import held_in, record
from jineng.kernel import clock
from jineng.kernel.clock import clock_at
from tests.credentials.conftest import TODAY, bank
from tests.credentials.test_credentials_credits import convert
from tests.credentials.test_credentials_taking_back import certificate_of, converted
from tests.credentials.test_credentials_transcripts import course_of
from tests.engines.seals.samples import ISSUED, ISSUER, NOW, badge, changed, signer
from tests.factories import World

__all__ = ["bank"]
pytestmark = pytest.mark.deep
HERE = Path(__file__).with_name("seals")
NPM = (
    "@digitalbazaar/vc@7.3.0",
    "@digitalbazaar/data-integrity@2.5.0",
    "@digitalbazaar/eddsa-rdfc-2022-cryptosuite@1.3.0",
    "@digitalbazaar/eddsa-jcs-2022-cryptosuite@1.0.0",
)
PYPI = ("openvc-core==1.37.0", "PyLD==3.3.0")
MULTIKEY = "https://w3id.org/security/multikey/v1"
TAMPERED: list[tuple[str, Any]] = [
    ("name", "高级"),
    ("id", "urn:uuid:other"),
    ("validFrom", "2020-12-31T01:30:00Z"),
    ("issuer/name", "另一机构"),
    ("credentialSubject/achievement/name", "高级"),
    ("credentialSubject/achievement/creditsAvailable", 9.5),
    ("credentialSubject/result/0/value", "96"),
    ("credentialSubject/id", "did:example:me"),
    ("proof/created", "2021-12-31T01:30:01Z"),
    ("proof/verificationMethod", signer(2).key_id),
    ("proof/proofValue", "z" + "1" * 64),
    ("proof/cryptosuite", "eddsa-2022"),
]
HELD = "credentialSubject/verifiableCredential/0"
TAMPERED_RECORDS: list[tuple[str, Any]] = [
    ("name", "高级"),
    ("id", "urn:uuid:other"),
    ("validFrom", "2020-12-31T01:30:00Z"),
    ("issuer/name", "另一机构"),
    ("credentialSubject/id", "did:example:me"),
    (f"{HELD}/name", "高级"),
    (f"{HELD}/credentialSubject/achievement/name", "高级"),
    (f"{HELD}/credentialSubject/result/0/value", "96"),
    (f"{HELD}/proof/0/created", "2021-12-31T01:30:01Z"),
    ("proof/created", "2021-12-31T01:30:01Z"),
    ("proof/verificationMethod", signer(2).key_id),
    ("proof/proofValue", "z" + "1" * 64),
]


class Told(NamedTuple):
    """Transcripts, what a verifier must know for them, and the moment at which they are shown."""

    records: list[dict[str, Any]]
    known: dict[str, Any]
    moment: dt.datetime


def _known(*signers: dict[str, Any]) -> dict[str, Any]:
    """Contexts, and the documents of signers with each of their keys, by address."""
    names = (CREDENTIALS_V2, OPEN_BADGES_V3, LEARNER_RECORD_V2, DATA_INTEGRITY_V2, MULTIKEY)
    keys = [{"@context": MULTIKEY, **key} for document in signers for key in document["verificationMethod"]]
    return {name: STANDARD.load(name) for name in names} | {each["id"]: each for each in (*signers, *keys)}


def _ask(
    command: list[str], known: dict[str, Any], documents: list[Any], now: dt.datetime = NOW, **options: Any
) -> list[dict[str, Any]]:
    given = json.dumps({"known": known, "documents": documents, "now": now.isoformat()})
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _npm(folder: Path) -> list[str]:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *NPM], cwd=folder, check=True)
    shutil.copy(HERE / "check.mjs", folder)
    return ["node", str(folder / "check.mjs")]


def _pypi(folder: Path) -> list[str]:
    install = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), *PYPI]
    subprocess.run(install, check=True)
    shutil.copy(HERE / "check.py", folder)
    return [sys.executable, str(folder / "check.py")]


@pytest.mark.parametrize("installed", [_npm, _pypi])
def test_others_accept_what_is_issued_and_nothing_that_was_tampered_with(installed: Any, tmp_path: Path) -> None:
    command = installed(tmp_path)
    known = _known(key_document(ISSUER))
    for suite, other in (tuple(Suite), tuple(reversed(Suite))):
        issued = issue(badge(), signer(), ISSUED, suite=suite)
        held = add_proof(issued, signer(), other, ISSUED)
        of_learner = record("urn:x:1", Issuer(ISSUER, "某校"), Holder("张三", "x"), [held], ISSUED, name="学习记录")
        recorded = issue(of_learner, signer(), ISSUED, suite=suite)
        for whole, tampered in ((issued, TAMPERED), (recorded, TAMPERED_RECORDS)):
            documents = [whole, *(changed(whole, path, value) for path, value in tampered)]
            theirs = _ask(command, known, documents, cwd=tmp_path)
            ours = [check(document, Known(), NOW).ok for document in documents]
            assert ours == [True] + [False] * len(tampered)
            wanted = ours
            if whole is recorded and suite is Suite.RDFC and installed is _pypi:
                # The published context gives the identifiers of a record a datatype, under which an object cannot be
                # written back. This verifier asks for that; by the other proof it takes the record.
                assert "not in compacted form" in theirs[0]["error"]
                assert "identifier-1" in theirs[0]["error"]
                wanted = [False] * len(documents)
            assert [answer["verified"] for answer in theirs] == wanted, theirs


@pytest.fixture
def transcripts(bank: World) -> Told:
    """What an office hands out of a learner, and what the learner takes alone; each with both proofs."""
    (line,) = converted(bank)
    with clock_at(TODAY):
        convert(bank, course_of(bank), "K1")
        whole = export_transcript(actor=bank.actor("county_officer"), account_id=line.account_id, form="json").record
        own = certificate_of(line)
        part = fetch_own_transcript(actor=holder_of(own), certificate_id=own, form="json").record
        signed_by = _signers(whole) | _signers(part)
        assert len(signed_by) == 4, "the body, the school, its office and the office at the root"
        known = _known(*documents_of(issuers(dids=signed_by)).values())
        known |= lists_at({one["credentialStatus"]["id"].partition("#")[0] for one in held_in(whole)[:1]})
        return Told([whole, part], known, clock.now())


def _alone(document: dict[str, Any], suite: Suite) -> dict[str, Any]:
    """The document with that of its proofs alone."""
    (proof,) = [one for one in document["proof"] if one["cryptosuite"] == suite]
    return {**document, "proof": proof}


def test_a_verifier_in_javascript_takes_transcripts_by_either_proof_and_by_both(
    transcripts: Told, tmp_path: Path
) -> None:
    documents = [one for it in transcripts.records for one in (it, *(_alone(it, suite) for suite in Suite))]
    tampered = [changed(it, f"{HELD}/name", "高级") for it in documents]
    answers = _ask(_npm(tmp_path), transcripts.known, documents + tampered, transcripts.moment, cwd=tmp_path)
    assert [answer["verified"] for answer in answers] == [True] * 6 + [False] * 6, answers


def test_a_verifier_in_python_takes_transcripts_by_the_proof_over_json(transcripts: Told, tmp_path: Path) -> None:
    """It reads one proof of a document, and linked data only where it could be written back as it stands.

    So whatever bears both proofs is shown to it with one of them; and a record by the proof over linked data is none
    for it, since the published context gives the identifiers of a record a datatype. What the record holds it takes
    by either.
    """
    held = [one for it in transcripts.records for one in held_in(it)]
    by_json = [_alone(it, Suite.JCS) for it in (*transcripts.records, *held)]
    by_statements = [_alone(one, Suite.RDFC) for one in held]
    tampered = [changed(it, "name", "高级") for it in by_json + by_statements]
    inside = [changed(it, f"{HELD}/name", "高级") for it in by_json[: len(transcripts.records)]]
    no_record = [_alone(it, Suite.RDFC) for it in transcripts.records]
    asked = [by_json, by_statements, tampered, inside, no_record, transcripts.records]
    documents = [one for group in asked for one in group]
    answers = _ask(_pypi(tmp_path), transcripts.known, documents, transcripts.moment, cwd=tmp_path)
    good = len(by_json) + len(by_statements)
    assert [answer["verified"] for answer in answers] == [True] * good + [False] * (len(documents) - good), answers
    errors = [answer["error"] for answer in answers[-2 * len(transcripts.records) :]]
    assert ["not in compacted form" in error for error in errors] == [True, True, False, False], errors
    assert ["no proof object" in error for error in errors] == [False, False, True, True], errors


def _signers(whole: dict[str, Any]) -> set[str]:
    return {one["issuer"]["id"] for one in (whole, *held_in(whole))}
