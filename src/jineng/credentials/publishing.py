"""What anybody may fetch: signers' documents and status lists. A list that is behind is signed anew when asked for.

To sign a list is no verb, though it writes: nobody decides anything by it. What a list tells follows from the register
alone, and whoever changed that (revoked, struck out, suspended) did so by a verb and left a line. It is done by
whoever asks first, who has no account to be written down; the copy that is kept is a cache, which the next change
overtakes and which may be lost without harm. Functions of the database alone keep it, and never an older one in place
of a newer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from jineng.engines.seals.credentials import issue_status_list
from jineng.engines.seals.dids import Method, document_of
from jineng.engines.seals.status import StatusList
from jineng.kernel import clock
from jineng.kernel.keys import signer
from jineng.kernel.models import SigningKey
from jineng.kernel.prepared import value_of


class KnownIssuer(NamedTuple):
    """A body that signs here: its address, its id and its name."""

    did: str
    organisation_id: UUID
    name: str


def issuers(dids: Collection[str] = (), bodies: Collection[UUID] = ()) -> list[KnownIssuer]:
    """Issuers by address or by organisation, whoever asks; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT did, organisation_id, name FROM credentials_public_issuers(%s, %s)", [list(dids), list(bodies)]
        )
        return [KnownIssuer(*row) for row in cursor.fetchall()]


def documents_of(known: Iterable[KnownIssuer]) -> dict[str, dict[str, Any]]:
    """The documents that publish issuers' keys, retired ones too, by address; in one query."""
    owners = {each.organisation_id: each for each in known}
    methods: dict[UUID, list[Method]] = {owner: [] for owner in owners}
    for key in SigningKey.objects.filter(owner_id__in=owners).order_by("valid_from", "key_id"):
        if key.owner_id is not None:
            did = owners[key.owner_id].did
            methods[key.owner_id].append(Method(f"{did}#{key.key_id}", did, bytes(key.public_key), key.retired_at))
    return {owners[owner].did: document_of(owners[owner].did, found) for owner, found in methods.items()}


def lists_at(addresses: Collection[str]) -> dict[str, dict[str, Any]]:
    """Published status lists by address, as of today; in one query where none is behind."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, address, did, organisation_id, changes, purpose, published, is_behind "
            "FROM credentials_public_lists(%s, %s)",
            [list(addresses), today],
        )
        rows = cursor.fetchall()
    return {row[1]: _written(*row[:6]) if row[7] else _read(row[6]) for row in rows}


def list_at(list_id: UUID, *, suspensions: bool = False) -> dict[str, dict[str, Any]]:
    """A published list, or the list of suspensions beside it, by its own address: the one that credentials name, under
    which it was made, also where the site is reached by another one since. Nothing where there is none."""
    found = value_of(
        "SELECT credentials_address_of_list($1::uuid, $2::boolean)", str(list_id), str(suspensions).lower()
    )
    return lists_at([found.decode()]) if found else {}


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
