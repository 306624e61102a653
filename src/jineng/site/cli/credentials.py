"""`jineng verify` for credentials and papers of one row, and `jineng vc-api`: all without database and network."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.server import BaseHTTPRequestHandler

    from jineng.engines.seals import PublicKey
    from jineng.engines.seals.vc_api import Service

_WORDS = {
    "valid": "有效",
    "revoked": "已撤销",
    "suspended": "已暂停",
    "expired": "已过期",
    "not_yet_valid": "尚未生效",
    "altered": "已被改动",
    "unknown": "无法确认",
    "malformed": "格式不对",
}


@dataclass(frozen=True)
class CredentialFinding:
    """The verdict on a credential: one word, and by whom and when, as far as its signature holds."""

    what: str
    ok: bool
    says: str
    verdict: str
    issuer: str | None
    signed_at: str | None


def is_credential(value: Any) -> bool:
    """Whether a JSON value is meant as a verifiable credential or a presentation of some."""
    return isinstance(value, dict) and "@context" in value


def is_paper(value: Any) -> bool:
    """Whether a JSON value is meant as one person's paper of a sealed list."""
    return isinstance(value, dict) and "list" in value and "row" in value


def verify_paper(value: Any, keys: Mapping[str, PublicKey]) -> CredentialFinding:
    """Check one person's paper of a sealed list by the published keys."""
    from jineng.engines.seals.disclosure import check_paper

    found = check_paper(value, keys)
    signed = found.signed_at.isoformat() if found.signed_at else None
    says = f"{found.reason} {found.reason_en}"
    return CredentialFinding("名单一行 row of a list", found.ok, says, str(found.verdict), found.issuer, signed)


def verify_credential(value: Any, known: list[Path], now: dt.datetime) -> CredentialFinding:
    """Check a credential by what is known: files, or folders of files, with signers' documents and status lists.

    Raises typer.BadParameter for a file that is neither.
    """
    from jineng.engines.canonical import CanonicalError, loads
    from jineng.engines.seals.credentials import Known, check, check_shown
    from jineng.engines.seals.records import is_record

    files = [file for path in known for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    try:
        knowledge = Known.of(loads(file.read_bytes()) for file in files)
    except (CanonicalError, UnicodeDecodeError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint="--known") from error
    types = value.get("type")
    shown = "VerifiablePresentation" in (types if isinstance(types, list) else [types])
    found = (check_shown if shown else check)(value, knowledge, now)
    signed = found.signed_at.isoformat() if found.signed_at else None
    says = [f"{_WORDS[found.verdict]} {found.verdict}：{found.reason} {found.reason_en}"]
    if found.issuer:
        says.append(f"签发者 issuer {found.issuer}")
    if signed:
        says.append(f"签发时间 signed {signed}")
    what = "出示 presentation" if shown else "学习记录 learner record" if is_record(value) else "凭证 credential"
    return CredentialFinding(what, found.ok, "；".join(says), str(found.verdict), found.issuer, signed)


def vc_api(
    port: Annotated[int, typer.Option(help="The port to listen on, at 127.0.0.1 only; 0 takes a free one.")] = 8030,
    suite: Annotated[str, typer.Option(help="The suite to issue with where the path names none.")] = "eddsa-jcs-2022",
    known: Annotated[
        list[Path] | None,
        typer.Option(exists=True, help="Signers' documents and status lists (JSON), or a folder of such."),
    ] = None,
) -> None:
    """Serve the W3C VC-API (issue, verify) on this machine, for public conformance suites and trials.

    Issues by a new key with every start, whatever it is handed; also understands the examples context of the suites,
    which gives any word a meaning. Never for real credentials.
    """
    from jineng.engines.canonical import loads
    from jineng.engines.seals.credentials import Known
    from jineng.engines.seals.dids import key_did
    from jineng.engines.seals.linked import CONFORMANCE
    from jineng.engines.seals.proofs import Suite
    from jineng.engines.seals.vc_api import Service
    from jineng.site.preflight import check_port

    if suite not in tuple(Suite):
        raise typer.BadParameter(f"one of {', '.join(Suite)}", param_hint="--suite")
    if port:
        check_port("127.0.0.1", port)
    signer = new_signer()
    files = [file for path in known or [] for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    told = Known.of((loads(file.read_bytes()) for file in files), CONFORMANCE)
    knowledge = replace(told, status_needed=False)
    service = Service(signer, knowledge, lambda: dt.datetime.now(dt.UTC), Suite(suite))
    with _listening(service, port) as server:
        bound = server.server_address[1]
        issuer = key_did(signer.public_key)
        typer.echo(json.dumps({"url": f"http://127.0.0.1:{bound}", "issuer": issuer, "suites": list(Suite)}))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")


def new_signer() -> Any:
    """A signer by a new key that is its own name (`did:key`)."""
    import secrets

    from jineng.engines.seals import Ed25519Signer
    from jineng.engines.seals.dids import key_method

    seed = secrets.token_bytes(32)
    return Ed25519Signer(key_method(Ed25519Signer("", seed).public_key), seed)


def _listening(service: Service, port: int) -> Any:
    from http.server import ThreadingHTTPServer

    return ThreadingHTTPServer(("127.0.0.1", port), handler_of(service))


def handler_of(service: Service) -> type[BaseHTTPRequestHandler]:
    """A handler that answers every request by the service."""
    from http.server import BaseHTTPRequestHandler

    from jineng.engines.seals.vc_api import MOST_BYTES

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > MOST_BYTES:
                self.close_connection = True
                self._send(413 if length.isdigit() else 411, {"errors": ["the length is missing or too large"]})
                return
            self._send(*service.answer("POST", self.path, self.rfile.read(int(length))))

        def do_GET(self) -> None:
            self._send(*service.answer("GET", self.path, b""))

        def _send(self, status: int, value: Any) -> None:
            body = json.dumps(value, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is logged: what is handed in may be about people."""

    return Handler
