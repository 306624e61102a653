"""One e-mail a day for those who want it so: everything unread that no digest has told yet."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import IntegrityError, transaction

from jineng.kernel import clock
from jineng.kernel.actors import Actor, acting
from jineng.kernel.directory import directory
from jineng.kernel.models import Account, Mail, Notice
from jineng.kernel.notices.composing import message_id, subject_of_digest, text_of_digest
from jineng.kernel.notices.inbox import UNREAD, tray
from jineng.kernel.notices.telling import reply_addresses, send_soon

HOUR = time(8)
"""A day's digest holds what came until this hour, and is written after it."""


def write_digests() -> int:
    """Write the digests of the business day, once its hour has come; returns how many are new.

    Repeated, it adds nothing: an account has one digest a day.
    """
    now = clock.now()
    if now.timetz().replace(tzinfo=None) < HOUR:
        return 0
    wanting = Account.objects.filter(is_active=True, telling=Account.Telling.DAILY, email__isnull=False)
    return sum(_write(account, now.date()) for account in wanting.order_by("pk"))


def _write(account: Account, day: date) -> bool:
    """The account's digest in the name of the first office that it acts in; none where nothing is new."""
    actors = directory().actors_of(account.pk)
    if not actors:
        return False
    with acting(actors[0]):
        last = Mail.objects.filter(account=account, digest_on__isnull=False).order_by("-digest_on").first()
    if last is not None and last.digest_on is not None and last.digest_on >= day:
        return False
    until = datetime.combine(day, HOUR, clock.CHINA)
    since = datetime.combine(last.digest_on, HOUR, clock.CHINA) if last and last.digest_on else None
    notices = _untold(actors, since, until)
    if not notices:
        return False
    try:
        with acting(actors[0]), transaction.atomic():
            _put(account, actors[0], day, notices)
    except IntegrityError:  # another worker's digest was faster
        return False
    return True


def _untold(actors: list[Actor], since: datetime | None, until: datetime) -> list[Notice]:
    """What the account has not read in any of its posts, the latest first."""
    found: dict[object, Notice] = {}
    for actor in actors:
        with acting(actor):
            rows = tray(actor).filter(UNREAD, created_at__lt=until)
            found |= {notice.pk: notice for notice in (rows.filter(created_at__gte=since) if since else rows)}
    return sorted(found.values(), key=lambda notice: notice.created_at, reverse=True)


def _put(account: Account, actor: Actor, day: date, notices: list[Notice]) -> None:
    office = actor.organisation_id
    name = directory().names_of({office})[office]
    mail = Mail(digest_on=day, account=account, address=account.email, name_of_id=office, name_of=name[:100])
    mail.message_id = message_id(mail.pk)
    mail.reply_to = reply_addresses({office}).get(office, "")
    mail.subject, mail.body = subject_of_digest(len(notices)), text_of_digest(notices, name)
    send_soon([mail])
