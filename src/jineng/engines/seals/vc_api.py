"""The W3C VC-API, as far as issuing and verifying go: a request in, an answer out; who listens is another's matter.

    POST [/SUITE]/credentials/issue     {"credential": …}               201 the credential with its proof
    POST /credentials/verify            {"verifiableCredential": …}     200, or 400 with what was found
    POST /presentations/verify          {"verifiablePresentation": …}   200, or 400 with what was found

It signs whatever well-formed credential it is handed, under whatever name: it is for conformance suites and trials on
one's own machine, with a key made for that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jineng.engines.canonical import CanonicalError, loads
from jineng.engines.seals.credentials import Known, check, check_shown, issue
from jineng.engines.seals.findings import Finding, Refusal
from jineng.engines.seals.linked.pinned import CREDENTIALS_V1, DATA_INTEGRITY_V2
from jineng.engines.seals.proofs import Suite
from jineng.engines.seals.signing import Signer

MOST_BYTES = 4 * 1024 * 1024
Answer = tuple[int, Any]


@dataclass(frozen=True)
class Service:
    """An issuer and verifier by one key; `clock` tells the moment."""

    signer: Signer
    known: Known
    clock: Callable[[], dt.datetime]
    suite: Suite = Suite.JCS

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Status and JSON for one request. Bad requests are answered, never raised."""
        parts = [part for part in path.split("?")[0].split("/") if part]
        suite = Suite(parts.pop(0)) if parts and parts[0] in tuple(Suite) else self.suite
        acts: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "credentials/issue": lambda asked: self._issue(asked, suite),
            "credentials/verify": self._verify,
            "presentations/verify": self._verify_shown,
        }
        act = acts.get("/".join(parts))
        if act is None:
            return 404, _problem("not-found", "Not found", f"There is no {path}.")
        if method != "POST":
            return 405, _problem("method", "Method not allowed", "Only POST is understood.")
        try:
            asked = loads(body)
        except (CanonicalError, UnicodeDecodeError) as error:
            return 400, _problem("PARSING_ERROR", "Parsing error", str(error))
        if not isinstance(asked, dict) or not isinstance(asked.get("options", {}), dict):
            return 400, _problem("PARSING_ERROR", "Parsing error", "The request must be an object.")
        return act(asked)

    def _issue(self, asked: dict[str, Any], suite: Suite) -> Answer:
        try:
            credential = _with_proof_words(asked.get("credential"))
            contexts, moment = self.known.contexts, self.clock()
            return 201, issue(credential, self.signer, moment, suite=suite, contexts=contexts, earlier=True)  # type: ignore[arg-type]
        except Refusal as refusal:
            return 400, _problem("PROOF_GENERATION_ERROR", "Not issued", refusal.finding.reason_en)

    def _verify(self, asked: dict[str, Any]) -> Answer:
        options = asked.get("options", {})
        domain, challenge = options.get("domain"), options.get("challenge")
        shown = asked.get("verifiableCredential")
        return _answer(check(shown, self.known, self.clock(), domain, challenge), options)

    def _verify_shown(self, asked: dict[str, Any]) -> Answer:
        options = asked.get("options", {})
        domain, challenge = options.get("domain"), options.get("challenge")
        shown = asked.get("verifiablePresentation")
        return _answer(check_shown(shown, self.known, self.clock(), domain, challenge), options)


def _with_proof_words(credential: Any) -> Any:
    """A credential by the data model 1.1 with the context added that gives proofs a meaning; others as they are."""
    contexts = credential.get("@context") if isinstance(credential, dict) else None
    if isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1] and DATA_INTEGRITY_V2 not in contexts:
        return {**credential, "@context": [*contexts, DATA_INTEGRITY_V2]}
    return credential


def _answer(found: Finding, options: dict[str, Any]) -> Answer:
    told = {"verified": found.ok, "verdict": str(found.verdict), "checks": options.get("checks", ["proof"])}
    if found.ok:
        return 200, {**told, "errors": [], "problemDetails": []}
    problem = _problem("PROOF_VERIFICATION_ERROR", str(found.verdict), found.reason_en)
    return 400, {**told, "errors": [found.reason_en], "problemDetails": [problem]}


def _problem(kind: str, title: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"https://www.w3.org/TR/vc-data-integrity#{kind}",
        "title": title,
        "detail": detail,
        "errors": [detail],
    }
