"""What a holder does with a certificate: make a link that shows parts of it, and take the link back.

A holder has no account. Whoever knows a certificate's number, its check code and the holder's document number acts as
the holder of that certificate, and of nothing else.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from jineng.credentials.checking import PARTS
from jineng.credentials.sharing import LONGEST_DAYS, hash_of
from jineng.credentials.verbs.reach import ROOM
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb


def holder_of(certificate_id: UUID) -> Actor:
    """The holder of a certificate as an actor: in the certificate's name, so no register is in sight."""
    rights = frozenset({Right.SHARE_CERTIFICATES})
    return Actor(None, None, certificate_id, role="holder", rights=rights, label=f"持证人 Holder {certificate_id}")


@verb(Right.SHARE_CERTIFICATES, room=ROOM)
def share_certificate(*, actor: Actor, certificate_id: UUID, shows: Collection[str], until: date) -> str:
    """Make a link that shows the certificate and the named parts of it until a day; returns its token, told only now.

    Raises:
        NotAllowed: the actor is not the certificate's holder.
        ValidationError: a part that there is not, or a day that is past or more than a year away.
    """
    _require_holder(actor, certificate_id)
    today = clock.today()
    if not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise ValidationError({"until": "请选今天起一年之内的日期。 A day within a year from today."})
    if set(shows) - PARTS.keys():
        raise ValidationError({"shows": "没有此项。 There is no such part."})
    token = secrets.token_urlsafe(24)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT credentials_share(%s, %s, %s::jsonb, %s, %s)",
            [certificate_id, hash_of(token), json.dumps(sorted(shows)), until, clock.now()],
        )
        cursor.fetchone()
    current_deed().note("创建展示链接", until=until.isoformat(), shows=sorted(shows))
    return token


@verb(Right.SHARE_CERTIFICATES, room=ROOM)
def take_back_share(*, actor: Actor, certificate_id: UUID, link_id: UUID) -> None:
    """Take a link back; whoever brings it is told nothing from now on.

    Raises:
        NotAllowed: the actor is not the certificate's holder, or the link is another's or taken back already.
    """
    _require_holder(actor, certificate_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_unshare(%s, %s, %s)", [link_id, certificate_id, clock.now()])
        if cursor.fetchone()[0] is None:
            raise NotAllowed
    current_deed().note("撤回展示链接", link=str(link_id))


def _require_holder(actor: Actor, certificate_id: UUID) -> None:
    if actor != holder_of(certificate_id):
        raise NotAllowed
