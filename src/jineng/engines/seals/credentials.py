"""Verifiable credentials (W3C, 2.0): issued with a proof, and checked down to one verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from jineng.engines.seals.dids import Resolver
from jineng.engines.seals.findings import Finding, Refusal, Verdict
from jineng.engines.seals.linked import STANDARD, Contexts
from jineng.engines.seals.linked.pinned import CREDENTIALS_V2
from jineng.engines.seals.model import check_credential, check_presentation, issuer_of, validity_of
from jineng.engines.seals.proofs import ASSERTED, Expected, Proven, Suite, add_proof, check_proofs
from jineng.engines.seals.records import held_in, is_record
from jineng.engines.seals.signing import Signer
from jineng.engines.seals.status import (
    LIST_TYPE,
    REVOCATION,
    SUSPENSION,
    PublishedList,
    StatusList,
    entries_of,
    list_subject,
    suspensions_beside,
)
from jineng.engines.seals.times import stamp

_STATUS_WORDS = {
    Verdict.REVOKED: ("凭证已被撤销。", "The credential has been revoked."),
    Verdict.SUSPENDED: ("凭证已被暂停。", "The credential has been suspended."),
}


class _Read(NamedTuple):
    """A published list that was found good at a moment, and until when that is known."""

    published: Any
    since: dt.datetime
    until: dt.datetime | None
    listed: PublishedList

    def holds(self, now: dt.datetime) -> bool:
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True)
class Known:
    """What a checker knows: signers' documents, published status lists by address, and the contexts it understands.

    It may be kept: a list is checked once, and again where its proof may not hold any more. With `status_needed` a
    credential whose list is not at hand is unknown, however good its signature.
    """

    resolver: Resolver = field(default_factory=Resolver)
    lists: Mapping[str, Any] = field(default_factory=dict)
    contexts: Contexts = STANDARD
    status_needed: bool = True
    _read: dict[str, _Read] = field(default_factory=dict, init=False, compare=False)

    def list_at(self, address: str, now: dt.datetime) -> PublishedList:
        """The list published at an address, checked at the moment or before. Raises Refusal."""
        published = self.lists[address]
        kept = self._read.get(address)
        if kept is not None and kept.published is published and kept.holds(now):
            return kept.listed
        issuer, proofs = _signed(published, self, now)
        if published.get("id") != address:
            raise Refusal(Verdict.UNKNOWN, "状态列表不是这个网址的。", "The status list is not of this address.")
        listed = PublishedList.read(published, issuer, validity_of(published)[1])
        until = min((proof.until for proof in proofs if proof.until is not None), default=None)
        self._read[address] = _Read(published, now, until, listed)
        return listed

    @classmethod
    def of(cls, documents: Iterable[Any], contexts: Contexts = STANDARD) -> Known:
        """What a pile of signers' documents and status lists makes known. Raises ValueError for anything else."""
        signers, lists = {}, {}
        for document in documents:
            name = document.get("id") if isinstance(document, dict) else None
            if not isinstance(name, str):
                raise ValueError("neither a signer's document nor a status list")
            if "verificationMethod" in document:
                signers[name] = document
            elif LIST_TYPE in document.get("type", ()):
                lists[name] = document
            else:
                raise ValueError(f"{name} is neither a signer's document nor a status list")
        return cls(Resolver(signers), lists, contexts)


def issue(
    credential: dict[str, Any],
    signer: Signer,
    moment: dt.datetime,
    *,
    suite: Suite = Suite.JCS,
    contexts: Contexts = STANDARD,
    as_list: bool = False,
    earlier: bool = False,
) -> dict[str, Any]:
    """A credential with its proof. Raises Refusal (malformed) where it is none by the data model.

    Further proofs are added by `add_proof`, to the same content. With `earlier` it may name a related resource by the
    digest of what was published there before; whoever has what stands there now will refuse it (`check` does).
    """
    check_credential(credential, earlier=earlier)
    return add_proof(credential, signer, suite, moment, contexts=contexts, as_list=as_list)


def issue_status_list(
    address: str,
    issuer: Any,
    bits: StatusList,
    purpose: str,
    signer: Signer,
    moment: dt.datetime,
    suite: Suite = Suite.JCS,
) -> dict[str, Any]:
    """The credential that publishes a status list at its address, as of a moment."""
    credential = {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", LIST_TYPE],
        "issuer": issuer,
        "validFrom": stamp(moment),
        "credentialSubject": list_subject(address, bits, purpose),
    }
    return issue(credential, signer, moment, suite=suite)


def check(
    credential: Any, known: Known, now: dt.datetime, domain: str | None = None, challenge: str | None = None
) -> Finding:
    """The one verdict over a credential at a moment; bad input is a finding, never an exception.

    A revoked credential is not valid, whatever its signature; an altered one says nothing, not even who issued it.
    A learner record is no better than the worst credential in it: the first that does not stand decides.
    """
    try:
        expected = Expected(domain=domain, challenge=challenge)
        issuer, proofs = _signed(credential, known, now, expected)
        proven = _signed_by(proofs, issuer)
    except Refusal as refusal:
        return refusal.finding
    signed = Finding(Verdict.VALID, "凭证有效，内容未被改动。", "The credential is valid.", issuer, proven.created)
    try:
        _standing(credential, issuer, known, now)
        held = held_in(credential) if is_record(credential) else []
    except Refusal as refusal:
        return replace(refusal.finding, issuer=issuer, signed_at=proven.created)
    for place, one in enumerate(held, 1):
        found = check(one, known, now)
        if not found.ok:
            zh = f"学习记录中第 {place} 张凭证：{found.reason}"
            en = f"Credential {place} of the record: {found.reason_en}"
            return replace(signed, verdict=found.verdict, reason=zh, reason_en=en)
    return signed


def check_shown(
    presentation: Any, known: Known, now: dt.datetime, domain: str | None = None, challenge: str | None = None
) -> Finding:
    """The verdict over a presentation: the holder's proof, then each credential in it; the first failure decides."""
    try:
        credentials = check_presentation(presentation)
        expected = Expected("authentication", domain, challenge)
        proven = check_proofs(presentation, known.resolver, now, contexts=known.contexts, expected=expected)
        holder = presentation.get("holder")
        holder = holder.get("id") if isinstance(holder, dict) else holder
        own = _signed_by(proven, holder or proven[0].method.controller)
    except Refusal as refusal:
        return refusal.finding
    for credential in credentials:
        found = check(credential, known, now)
        if not found.ok:
            return found
    signer = own.method.controller
    return Finding(Verdict.VALID, "出示有效。", "The presentation is valid.", signer, own.created)


def _signed(credential: Any, known: Known, now: dt.datetime, expected: Expected = ASSERTED) -> tuple[str, list[Proven]]:
    """Who issued a credential, one of whose proofs is by them, and all its proofs; each holds."""
    check_credential(credential)
    proven = check_proofs(credential, known.resolver, now, contexts=known.contexts, expected=expected)
    issuer = issuer_of(credential)
    _signed_by(proven, issuer)
    return issuer, proven


def _signed_by(proven: list[Proven], who: str) -> Proven:
    """The first proof by whom the document names; others may have signed with them."""
    for proof in proven:
        if proof.method.controller == who:
            return proof
    raise Refusal(
        Verdict.UNKNOWN,
        "签名的密钥不属于所写的签发者。",
        "The signing key is not one of the issuer that the document names.",
    )


def _standing(credential: dict[str, Any], issuer: str, known: Known, now: dt.datetime) -> None:
    """Raises Refusal where a well-signed credential does not stand at the moment."""
    told = [_status(entry, issuer, known, now) for entry in _with_suspensions(entries_of(credential), known)]
    # That one list cannot be read must not hide that another one revokes.
    for verdict in (Verdict.REVOKED, Verdict.SUSPENDED, Verdict.UNKNOWN):
        for refusal in told:
            if refusal is not None and refusal.finding.verdict is verdict:
                raise refusal
    starts, ends = validity_of(credential)
    if starts is not None and now < starts:
        raise Refusal(Verdict.NOT_YET, "凭证尚未生效。", "The credential is not valid yet.")
    if ends is not None and now > ends:
        raise Refusal(Verdict.EXPIRED, "凭证已过有效期。", "The credential has expired.")


def _with_suspensions(entries: list[dict[str, Any]], known: Known) -> list[dict[str, Any]]:
    """The entries, and one in each list of suspensions that is at hand beside theirs."""
    found = [*entries]
    for entry in entries:
        beside = suspensions_beside(str(entry.get("statusListCredential")))
        if entry["statusPurpose"] == REVOCATION and beside in known.lists:
            found.append({**entry, "statusPurpose": SUSPENSION, "statusListCredential": beside})
    return found


def _status(entry: dict[str, Any], issuer: str, known: Known, now: dt.datetime) -> Refusal | None:
    """Why a credential does not stand by one of its entries, or None where it stands."""
    address = entry.get("statusListCredential")
    if not isinstance(address, str) or address not in known.lists:
        if not known.status_needed:
            return None
        return Refusal(
            Verdict.UNKNOWN,
            "签名无误，但查不到它是否已被撤销（缺少状态列表）。",
            "The signature is good, but whether it was revoked cannot be told: its status list is not at hand.",
        )
    try:
        listed = known.list_at(address, now)
        if listed.issuer != issuer:
            raise Refusal(Verdict.UNKNOWN, "状态列表不是签发者的。", "The status list is not the issuer's.")
        if listed.until is not None and now > listed.until:
            raise Refusal(Verdict.UNKNOWN, "状态列表已过期。", "The status list has expired.")
        verdict = listed.verdict(entry)
    except Refusal as refusal:
        # An ill list leaves the credential's status unknown; it does not make the credential altered.
        zh, en = f"状态列表不可用：{refusal.finding.reason}", f"No usable status list: {refusal.finding.reason_en}"
        return Refusal(Verdict.UNKNOWN, zh, en)
    return Refusal(verdict, *_STATUS_WORDS[verdict]) if verdict in _STATUS_WORDS else None
