"""Bitstring Status Lists (W3C, 1.0): one list of bits tells whether many credentials stand, and of none whose."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jineng.engines.seals.findings import Refusal, Verdict, malformed
from jineng.engines.seals.multibase import MultibaseError, decode_u, encode_u

LEAST_LENGTH = 131_072
"""The least number of entries, so that one entry hides among many (section 2.2)."""
MOST_LENGTH = 1 << 27
REVOCATION, SUSPENSION = "revocation", "suspension"
PURPOSES = {REVOCATION: Verdict.REVOKED, SUSPENSION: Verdict.SUSPENDED}
LIST_TYPE = "BitstringStatusListCredential"
ENTRY_TYPE = "BitstringStatusListEntry"


class StatusList:
    """Bits from index 0, the most significant bit of the first byte, on."""

    def __init__(self, length: int = LEAST_LENGTH) -> None:
        if not LEAST_LENGTH <= length <= MOST_LENGTH or length % 8:
            raise ValueError(f"a status list has {LEAST_LENGTH} to {MOST_LENGTH} entries, in whole bytes")
        self._bytes = bytearray(length // 8)

    def __len__(self) -> int:
        return len(self._bytes) * 8

    def __getitem__(self, index: int) -> bool:
        """Whether the entry is set. Raises IndexError."""
        self._inside(index)
        return bool(self._bytes[index >> 3] & (0x80 >> (index & 7)))

    def __setitem__(self, index: int, value: bool) -> None:
        self._inside(index)
        if value:
            self._bytes[index >> 3] |= 0x80 >> (index & 7)
        else:
            self._bytes[index >> 3] &= ~(0x80 >> (index & 7)) & 0xFF

    def _inside(self, index: int) -> None:
        if not 0 <= index < len(self):
            raise IndexError(f"no entry {index} among {len(self)}")

    def encoded(self) -> str:
        """The list as credentials carry it: GZIP, then base64url with header u. The same bits give the same text."""
        return encode_u(gzip.compress(bytes(self._bytes), 9, mtime=0))

    @classmethod
    def read(cls, text: Any) -> StatusList:
        """Raises Refusal (malformed) for what is no such list, also one that would unfold beyond reason."""
        try:
            packed = decode_u(text) if isinstance(text, str) else b""
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
                data = file.read(MOST_LENGTH // 8 + 1)
            made = cls(len(data) * 8)
        except (MultibaseError, OSError, EOFError, zlib.error, ValueError) as error:
            raise malformed("状态列表的格式不对。", f"Not a status list: {error}.") from error
        made._bytes[:] = data
        return made


def status_entry(address: str, index: int, purpose: str = REVOCATION) -> dict[str, str]:
    """What a credential says of where its status stands: the list's address and the index in it."""
    return {
        "id": f"{address}#{index}",
        "type": ENTRY_TYPE,
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def list_subject(address: str, bits: StatusList, purpose: str = REVOCATION) -> dict[str, str]:
    """The `credentialSubject` of the credential that publishes a list."""
    return {
        "id": f"{address}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": bits.encoded(),
    }


def suspensions_beside(address: str) -> str:
    """Where the issuers of this program publish which credentials of a status list are suspended, by the same indices.

    An Open Badge may name one status list only (`credentialStatus` is one object there), and it names that of
    revocations, which every verifier knows; a checker that is given the list at this address reads it, too.
    """
    return f"{address}/suspensions"


def entries_of(credential: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The status entries of a credential. Raises Refusal for a kind of status that is not known here."""
    given = credential.get("credentialStatus", [])
    entries = given if isinstance(given, list) else [given]
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("type") != ENTRY_TYPE or entry.get("statusPurpose") not in PURPOSES:
            raise Refusal(
                Verdict.UNKNOWN, "凭证的状态类型未知，无法查询。", "The credential's kind of status is not known here."
            )
    return entries


@dataclass(frozen=True)
class PublishedList:
    """A list as its checked credential publishes it: whose, for which purposes, until when, and its bits."""

    issuer: str
    purposes: tuple[Any, ...]
    until: dt.datetime | None
    bits: StatusList

    @classmethod
    def read(cls, published: Mapping[str, Any], issuer: str, until: dt.datetime | None) -> PublishedList:
        """Raises Refusal where the credential publishes no list."""
        subject = published.get("credentialSubject")
        if not isinstance(subject, dict) or subject.get("type") != "BitstringStatusList":
            raise Refusal(Verdict.UNKNOWN, "不是状态列表。", "Not a status list.")
        purposes = subject.get("statusPurpose")
        told = tuple(purposes) if isinstance(purposes, list) else (purposes,)
        return cls(issuer, told, until, StatusList.read(subject.get("encodedList")))

    def verdict(self, entry: Mapping[str, Any]) -> Verdict:
        """What the list says of an entry. Raises Refusal where they do not fit together."""
        index = entry.get("statusListIndex")
        if (
            entry["statusPurpose"] not in self.purposes
            or entry.get("statusSize", 1) != 1
            or not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 12)
        ):
            raise Refusal(Verdict.UNKNOWN, "状态列表与凭证不符。", "Status list and credential do not fit together.")
        if int(index) >= len(self.bits):
            raise Refusal(
                Verdict.UNKNOWN, "状态列表里没有这张凭证。", "The status list does not reach this credential."
            )
        return PURPOSES[entry["statusPurpose"]] if self.bits[int(index)] else Verdict.VALID
