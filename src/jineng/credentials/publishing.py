"""What anybody may fetch: signers' documents and status lists. A list that is behind is signed anew when asked for.

To sign a list is no verb, though it writes: nobody decides anything by it. What a list tells follows from the register
alone, and whoever changed that (revoked, struck out, suspended) did so by a verb and left a line. It is done by
whoever asks first, who has no account to be written down; the copy that is kept is a cache, which the next change
overtakes and which may be lost without harm. Functions of the database alone keep it, and never an older one in place
of a newer.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from jineng.engines.seals.credentials import Known, issue_status_list
from jineng.engines.seals.dids import Method, Resolver, document_of
from jineng.engines.seals.status import StatusList
from jineng.kernel import clock
from jineng.kernel.keys import signer
from jineng.kernel.prepared import value_of
from jineng.kernel.tokens import SigningFailure

TOLD = "credentials_told_of({asked}::json)"
"""The SQL that tells of issuers and status lists what :func:`asking` asks."""


class KnownIssuer(NamedTuple):
    """A body that signs here: its address, its id, its name, and its keys, retired ones too."""

    did: str
    organisation_id: UUID
    name: str
    keys: tuple[Method, ...]


class Register(NamedTuple):
    """What the register told for checking a file: who signs, and what a checker is to know."""

    issuers: dict[str, KnownIssuer]
    known: Known


def asking(dids: Collection[str] = (), lists: Collection[str] = (), bodies: Collection[UUID] = ()) -> str:
    """What ``TOLD`` is asked: issuers by address or organisation, and status lists by address as of today."""
    asked = {"dids": sorted(dids), "lists": sorted(lists), "bodies": sorted(map(str, bodies))}
    return json.dumps({**asked, "today": clock.today().isoformat()}, ensure_ascii=False)


def issuers(dids: Collection[str] = (), bodies: Collection[UUID] = ()) -> list[KnownIssuer]:
    """Issuers by address or by organisation, whoever asks; in one query."""
    return _issuers(json.loads(told_of(asking(dids, bodies=bodies))))


def documents_of(known: Iterable[KnownIssuer]) -> dict[str, dict[str, Any]]:
    """The documents that publish issuers' keys, by address."""
    return {each.did: document_of(each.did, each.keys) for each in known}


def told_of(asked: str) -> bytes:
    """What the register tells of what is asked (see :func:`asking`), as JSON for :func:`register_of`."""
    return value_of(f"SELECT {TOLD.format(asked='$1')}", asked) or b"{}"


def register_of(told: str | bytes) -> Register:
    """What was told as a checker reads it: as it stands now, though what was told the same before is not read again.

    One query more where a status list is told otherwise than before; where one is behind it is signed anew.
    """
    found = json.loads(told)
    behind = any(each["behind"] for each in found.get("lists") or ())
    return _read_register(found) if behind else _kept_register(told)


@lru_cache(maxsize=128)
def _kept_register(told: str | bytes) -> Register:
    # What is told holds each list's signature, and so stands for all that the list says.
    return _read_register(json.loads(told))


def _read_register(found: dict[str, Any]) -> Register:
    known = _issuers(found)
    addresses = [each["address"] for each in found.get("lists") or ()]
    lists = lists_at(addresses) if addresses else {}
    return Register({each.did: each for each in known}, Known(Resolver(documents_of(known)), lists))


def _issuers(found: dict[str, Any]) -> list[KnownIssuer]:
    return [
        KnownIssuer(
            each["did"],
            UUID(each["body"]),
            each["name"],
            tuple(_method(each["did"], key) for key in each["keys"] or ()),
        )
        for each in found.get("issuers") or ()
    ]


def _method(did: str, key: dict[str, Any]) -> Method:
    retired = key["retired"] and dt.datetime.fromisoformat(key["retired"])
    return Method(f"{did}#{key['id']}", did, bytes.fromhex(key["key"]), retired)


def lists_at(addresses: Collection[str]) -> dict[str, dict[str, Any]]:
    """Published status lists by address, as of today; in one query where none is behind.

    One that is behind and cannot be signed anew is not told: by the old one, what was revoked since would stand.
    """
    found: dict[str, dict[str, Any]] = {}
    for address, told in _lists(addresses):
        with suppress(SigningFailure):
            found[address] = told()
    return found


def _lists(addresses: Collection[str]) -> list[tuple[str, Callable[[], dict[str, Any]]]]:
    """Each list by its address, as it is told when it is asked for. What is asked for may raise SigningFailure."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, address, did, organisation_id, changes, purpose, published, is_behind "
            "FROM credentials_public_lists(%s, %s)",
            [list(addresses), today],
        )
        rows = cursor.fetchall()
    return [(row[1], partial(_written, *row[:6]) if row[7] else partial(_read, row[6])) for row in rows]


def list_at(list_id: UUID, *, suspensions: bool = False) -> dict[str, dict[str, Any]]:
    """A published list, or the list of suspensions beside it, by its own address: the one that credentials name, under
    which it was made, also where the site is reached by another one since. Nothing where there is none.

    Raises SigningFailure where it is behind and cannot be signed anew.
    """
    found = value_of(
        "SELECT credentials_address_of_list($1::uuid, $2::boolean)", str(list_id), str(suspensions).lower()
    )
    return {address: told() for address, told in _lists([found.decode()])} if found else {}


def _read(published: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(published) if isinstance(published, str) else published
    return found


def _written(list_id: UUID, address: str, did: str, body_id: UUID, changes: int, purpose: str) -> dict[str, Any]:
    """Sign a list as it is now. Whoever signs at the same time what is older does not take its place."""
    today, bits = clock.today(), StatusList()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status_index FROM credentials_set_indices(%s, %s)", [list_id, today])
        for (index,) in cursor.fetchall():
            bits[index] = True
    made = issue_status_list(address, did, bits, purpose, signer(body_id, did), clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT credentials_publish_list(%s, %s::jsonb, %s, %s)", [list_id, json.dumps(made), changes, today]
        )
    return made
