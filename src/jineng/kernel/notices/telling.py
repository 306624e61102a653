"""Tell somebody something, within a running verb: it is told when the verb commits, and never if it does not."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed, current_actor
from jineng.kernel.directory import directory
from jineng.kernel.jobs import soon_for_each
from jineng.kernel.models import Account, Mail, OfficeAddress
from jineng.kernel.notices.composing import message_id, text_of_notice
from jineng.kernel.notices.kinds import Kind
from jineng.kernel.verbs import current_deed

OFFICER = "officer"


@dataclass(frozen=True)
class Office:
    """Whoever holds a role in an organisation, now or later; by default its officers."""

    organisation_id: UUID
    role: str = OFFICER


@dataclass(frozen=True)
class Holder:
    """Whoever holds an account, whatever post they act in."""

    account_id: int


Addressee = Office | Holder
Told = tuple[str, int, UUID | None]
"""The key of a record, an account that would be told of it, and the office as which it would be."""
Keeper = Callable[[Collection[Told]], Collection[Told]]
_keepers: dict[str, Keeper] = {}


def keep_from(label: str, keeper: Keeper) -> None:
    """Let a room say who may not be told of its records (``app.Model``) though their office is: an interest in them.

    ``keeper`` gives back those of what it is asked that are not to be told. No mail goes to them; that they do not
    read the notice either is for the room's walls (``walls.narrow``).
    """
    _keepers[label] = keeper


@dataclass(frozen=True)
class Message:
    """What is told to one addressee; see :func:`notify` for what each part means."""

    kind: Kind
    to: Addressee
    subject: str
    about: models.Model
    body: str = ""
    link: str = ""
    name_of: UUID | None = None


def notify(
    *,
    kind: Kind,
    to: Addressee | Iterable[Addressee],
    subject: str,
    about: models.Model,
    body: str = "",
    link: str = "",
    name_of: UUID | None = None,
) -> int:
    """Tell an office or an account, or several; returns how many notices are new.

    ``about`` is the record that it is about, ``link`` a path within the site, ``name_of`` the organisation in whose
    name it is told, by default the actor's own. Subject and body are Chinese first and hold no personal data: both go
    out by e-mail. Who has not read the same kind of notice about the same record finds it replaced, not doubled.

    Raises:
        NoDeed: no verb is running.
        ValueError: ``link`` leads out of the site.
        LookupError: the actor does not see the organisation in whose name it is told.
    """
    addressees = [to] if isinstance(to, Office | Holder) else to
    return notify_all(Message(kind, each, subject, about, body, link, name_of) for each in addressees)


def notify_all(messages: Iterable[Message]) -> int:
    """Tell each addressee its own message; as :func:`notify` for the rest, and as few queries for many as for one."""
    deed, actor = current_deed(), current_actor()
    if actor is None:
        raise NotAllowed
    told = _one_for_each(messages, actor.organisation_id)
    if not told:
        return 0
    names = directory().names_of({office for office, _ in told.values()})
    rows = []
    for place, (office, message) in enumerate(told.values()):
        if office not in names:
            raise LookupError(f"the actor sees no organisation {office} in whose name to tell")
        rows.append(_row(message, office, names[office]) | {"deed": str(deed.id), "place": place})
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT kernel_leave_notices(%s::jsonb)", [json.dumps(rows)])
        stored = {identity for (identity,) in cursor.fetchall()}
    fresh = [
        (UUID(row["id"]), office, row["name_of"], message)
        for row, (office, message) in zip(rows, told.values(), strict=True)
        if UUID(row["id"]) in stored
    ]
    if fresh:
        _fill_outbox(fresh)
    return len(fresh)


def _one_for_each(messages: Iterable[Message], default: UUID) -> dict[tuple[str, ...], tuple[UUID, Message]]:
    """The last message of each kind about each record to each addressee, with the office that speaks, in one order."""
    told: dict[tuple[str, ...], tuple[UUID, Message]] = {}
    for message in messages:
        if message.link and (not message.link.startswith("/") or message.link.startswith("//")):
            raise ValueError(f"{message.link!r} is no path within the site")
        about = (message.kind.name, message.about._meta.label, str(message.about.pk))
        told[*_place(message.to), *about] = (message.name_of or default, message)
    return dict(sorted(told.items()))


def _place(to: Addressee) -> tuple[str, str]:
    return (str(to.organisation_id), to.role) if isinstance(to, Office) else (f"{to.account_id}", "")


def _row(message: Message, office: UUID, name: str) -> dict[str, Any]:
    to = message.to
    return {
        "id": str(uuid.uuid4()),
        "account_id": to.account_id if isinstance(to, Holder) else None,
        "organisation_id": str(to.organisation_id) if isinstance(to, Office) else None,
        "role": to.role if isinstance(to, Office) else "",
        "name_of_id": str(office),
        "name_of": name[:100],
        "kind": message.kind.name,
        "subject": in_one_line(message.subject),
        "body": message.body,
        "link": message.link,
        "about_type": message.about._meta.label,
        "about_id": str(message.about.pk),
        "created_at": clock.now().isoformat(),
    }


def in_one_line(words: str, longest: int = 200) -> str:
    """The words without line breaks, cut where they are too long for a subject."""
    line = " ".join(words.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


Fresh = tuple[UUID, UUID, str, Message]
"""A new notice: its id, the office that speaks, that office's name, and what is told."""


def _fill_outbox(fresh: list[Fresh]) -> None:
    """A mail for each new notice to each reader who keeps an address and wants an e-mail each."""
    readers = _readers(message.to for *_, message in fresh)
    accounts = {
        account.pk: account
        for account in Account.objects.filter(
            pk__in={reader for found in readers.values() for reader in found},
            is_active=True,
            email__isnull=False,
            telling=Account.Telling.AT_ONCE,
        )
    }
    if not accounts:
        return
    answers = reply_addresses({office for _, office, _, _ in fresh})
    kept = _kept_from(
        (message, reader) for *_, message in fresh for reader in readers[message.to] if reader in accounts
    )
    mails = []
    for notice_id, office, name, message in fresh:
        for account in (accounts[reader] for reader in readers[message.to] if reader in accounts):
            if _told(message, account.pk) in kept:
                continue
            mail = Mail(notice_id=notice_id, account=account, address=account.email, name_of_id=office, name_of=name)
            mail.message_id = message_id(mail.pk)
            mail.reply_to = answers.get(office, "")
            mail.subject = in_one_line(message.subject)
            mail.body = text_of_notice(message.body, name, notice_id)
            mails.append(mail)
    send_soon(mails)


def _told(message: Message, account_id: int) -> Told:
    to = message.to
    return str(message.about.pk), account_id, to.organisation_id if isinstance(to, Office) else None


def _kept_from(recipients: Iterable[tuple[Message, int]]) -> set[Told]:
    """Of those who would be told, those whom the rooms keep it from."""
    asked: dict[str, set[Told]] = {}
    for message, account_id in recipients:
        label = message.about._meta.label
        if label in _keepers:
            asked.setdefault(label, set()).add(_told(message, account_id))
    return {told for label, each in asked.items() for told in _keepers[label](each)}


def _readers(addressees: Iterable[Addressee]) -> dict[Addressee, list[int]]:
    found: dict[Addressee, list[int]] = {}
    offices = []
    for to in addressees:
        if isinstance(to, Holder):
            found[to] = [to.account_id]
        else:
            offices.append(to)
    if offices:
        holders = directory().holders_of({(to.organisation_id, to.role) for to in offices})
        found |= {to: list(holders.get((to.organisation_id, to.role), ())) for to in offices}
    return found


def reply_addresses(offices: set[UUID]) -> Mapping[UUID, str]:
    """Where answers go, for those offices that say so."""
    known = OfficeAddress.objects.filter(pk__in=offices)
    return dict(known.values_list("organisation_id", "reply_to"))


def send_soon(mails: list[Mail]) -> None:
    """Put new mails into the outbox, and let a job take each of them from there."""
    Mail.objects.bulk_create(mails)
    soon_for_each("deliver_mail", _errands(mails))


def _errands(mails: Iterable[Mail]) -> Iterator[dict[str, str]]:
    for mail in mails:
        yield {"mail_id": str(mail.pk), "organisation_id": str(mail.name_of_id)}
