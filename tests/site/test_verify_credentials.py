"""`jineng verify` for credentials, and `jineng vc-api`: neither database nor network."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import socket
import threading
from contextlib import nullcontext
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jineng.briefs import verifying
from jineng.engines.seals import Ed25519Signer, PublicKey
from jineng.engines.seals.credentials import Known, issue, issue_status_list
from jineng.engines.seals.dids import Method, document_of, web_did
from jineng.engines.seals.disclosure import seal_list
from jineng.engines.seals.linked import CONFORMANCE
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.status import REVOCATION, StatusList, status_entry
from jineng.engines.seals.vc_api import Service
from jineng.site.cli import credentials, pipeline, program
from jineng.site.preflight import EnvironmentFailure
from tests.engines.seals.samples import ISSUED, NOW, V2, badge

DID = web_did("jineng.example")
KEY = Ed25519Signer(f"{DID}#2021", bytes(range(32)))
LIST = "https://jineng.example/status/1"


def jineng(*arguments: object) -> Result:
    return CliRunner().invoke(program.app, [str(argument) for argument in arguments])


def write(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def known(tmp_path: Path) -> Path:
    folder = tmp_path / "known"
    folder.mkdir()
    write(folder / "did.json", document_of(DID, [Method(KEY.key_id, DID, KEY.public_key)]))
    write(folder / "status.json", issue_status_list(LIST, DID, StatusList(), REVOCATION, KEY, ISSUED))
    return folder


def issued(**changes: Any) -> dict[str, Any]:
    return issue(badge(issuer=DID, credentialStatus=status_entry(LIST, 7), **changes), KEY, ISSUED)


def told(*arguments: object) -> tuple[int, dict[str, Any]]:
    found = jineng("verify", *arguments, "--json")
    return found.exit_code, json.loads(found.stdout)[0]


def test_a_credential_gets_one_verdict(tmp_path: Path, known: Path) -> None:
    file = write(tmp_path / "badge.json", issued())
    code, found = told(file, "--known", known)
    assert (code, found["verdict"], found["issuer"], found["signed_at"]) == (0, "valid", DID, ISSUED.isoformat())
    shown = jineng("verify", file, "--known", known)
    assert "有效 valid" in shown.stdout
    assert told(file)[1]["verdict"] == "unknown"
    assert told(file, "--known", known / "did.json")[1]["verdict"] == "unknown"
    write(tmp_path / "badge.json", issued() | {"name": "高级"})
    assert told(file, "--known", known)[::1] == (1, told(file, "--known", known)[1])
    assert told(file, "--known", known)[1]["verdict"] == "altered"


def test_a_revoked_credential_is_a_finding(tmp_path: Path, known: Path) -> None:
    bits = StatusList()
    bits[7] = True
    write(known / "status.json", issue_status_list(LIST, DID, bits, REVOCATION, KEY, ISSUED))
    code, found = told(write(tmp_path / "badge.json", issued()), "--known", known)
    assert (code, found["verdict"], found["issuer"]) == (1, "revoked", DID)


def test_a_presentation_is_told_from_a_credential(tmp_path: Path, known: Path) -> None:
    body = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [issued()]}
    holder = credentials.new_signer()
    file = write(tmp_path / "shown.json", add_proof(body, holder, Suite.RDFC, NOW, purpose="authentication"))
    assert told(file, "--known", known) == (0, {**told(file, "--known", known)[1], "verdict": "valid"})


def test_what_makes_nothing_known_is_wrong_usage(tmp_path: Path) -> None:
    file = write(tmp_path / "badge.json", issued())
    for text in ("{", "[]"):
        other = tmp_path / "other"
        other.write_text(text, encoding="utf-8")
        assert jineng("verify", file, "--known", other).exit_code == 2


def test_a_paper_of_one_row_is_checked_by_published_keys() -> None:
    paper = seal_list({"title": "名单"}, ["甲", "乙"], KEY, ISSUED).paper_of(1)
    keys = {KEY.key_id: PublicKey(KEY.public_key, ISSUED)}
    assert credentials.is_paper(paper)
    assert credentials.verify_paper(paper, keys).ok
    found = credentials.verify_paper({**paper, "row": "丙"}, keys)
    assert (found.ok, found.verdict, found.signed_at) == (False, "altered", None)


def test_an_applicants_paper_is_verified_after_the_word_admissions_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "django_ready", nullcontext)
    monkeypatch.setattr(verifying, "known_keys", lambda: {KEY.key_id: PublicKey(KEY.public_key, ISSUED)})
    paper = seal_list({"title": "名单"}, ["甲", "乙"], KEY, ISSUED).paper_of(1)
    file = write(tmp_path / "row.json", paper)
    for words in ([], ["admissions"]):
        assert jineng("verify", *words, file).exit_code == 0
        assert jineng("verify", *words, write(tmp_path / "other.json", {**paper, "row": "丙"})).exit_code == 1


def test_the_vc_api_answers_over_http() -> None:
    signer = credentials.new_signer()
    service = Service(signer, Known(contexts=CONFORMANCE), lambda: dt.datetime.now(dt.UTC))
    server = ThreadingHTTPServer(("127.0.0.1", 0), credentials.handler_of(service))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        line = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
        credential = {"@context": [V2], "type": "VerifiableCredential", "credentialSubject": {"id": "urn:x"}}
        credential["issuer"] = signer.key_id.partition("#")[0]
        line.request("POST", "/credentials/issue", json.dumps({"credential": credential}))
        answer = line.getresponse()
        made = json.loads(answer.read())
        assert answer.status == 201
        line.request("POST", "/credentials/verify", json.dumps({"verifiableCredential": made}))
        answer = line.getresponse()
        assert (answer.status, json.loads(answer.read())["verified"]) == (200, True)
        line.request("GET", "/credentials/verify")
        answer = line.getresponse()
        assert (answer.status, bool(answer.read())) == (405, True)
        line.putrequest("POST", "/credentials/verify")
        line.putheader("Content-Length", "99999999")
        line.endheaders()
        assert line.getresponse().status == 413
        line.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        found = jineng("vc-api", "--port", held.getsockname()[1])
    assert isinstance(found.exception, EnvironmentFailure)


def test_an_unknown_suite_is_wrong_usage() -> None:
    assert jineng("vc-api", "--suite", "other").exit_code == 2
