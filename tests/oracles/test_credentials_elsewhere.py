"""What is issued here is accepted by two verifiers that others wrote, and what was tampered with by neither.

They are installed for the run from npm and PyPI; the full run only (`make test-deep`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jineng.engines.seals.badges import Holder, Issuer
from jineng.engines.seals.credentials import Known, check, issue
from jineng.engines.seals.dids import key_document
from jineng.engines.seals.linked import STANDARD
from jineng.engines.seals.linked.pinned import CREDENTIALS_V2, DATA_INTEGRITY_V2, LEARNER_RECORD_V2, OPEN_BADGES_V3
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.records import record
from tests.engines.seals.samples import ISSUED, ISSUER, NOW, badge, changed, signer

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


def _known() -> dict[str, Any]:
    document = key_document(ISSUER)
    key = {"@context": MULTIKEY, **document["verificationMethod"][0]}
    names = (CREDENTIALS_V2, OPEN_BADGES_V3, LEARNER_RECORD_V2, DATA_INTEGRITY_V2, MULTIKEY)
    contexts = {name: STANDARD.load(name) for name in names}
    return {**contexts, ISSUER: document, signer().key_id: key}


def _ask(command: list[str], known: dict[str, Any], documents: list[Any], **options: Any) -> list[dict[str, Any]]:
    given = json.dumps({"known": known, "documents": documents})
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
    known = _known()
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
