"""Read notices, say how one wants to be told, decide about mail whose fate is unknown."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.jobs import soon
from jineng.kernel.models import Account, Mail, Notice, OfficeAddress
from jineng.kernel.notices.inbox import NOBODY, UNREAD, tray
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb

ROOM = "kernel"


@verb(Right.USE_WORKSPACE, room=ROOM)
def read_notice(*, actor: Actor, notice_id: UUID) -> Notice:
    """Mark a notice of one's own tray as read; one that was read stays as it was.

    Raises:
        NotAllowed: there is no such notice in the tray.
    """
    notice = tray(actor).select_for_update(of=("self",)).filter(pk=notice_id).first()
    if notice is None:
        raise NotAllowed("这里没有此通知。 There is no such notice here.")
    if notice.read_at is None:
        notice.read_at, notice.read_by_id = clock.now(), actor.account_id
        notice.save(update_fields=["read_at", "read_by"])
    current_deed().note(f"已阅：{notice.subject}", subject=notice)
    return notice


@verb(Right.USE_WORKSPACE, room=ROOM)
def read_all_notices(*, actor: Actor) -> int:
    """Mark everything in one's own tray as read; returns how many notices that were."""
    found = tray(actor).filter(UNREAD).order_by().update(read_at=clock.now(), read_by=actor.account_id)
    current_deed().note(f"全部已阅，{found} 条", notices=found)
    return found


@verb(Right.USE_WORKSPACE, room=ROOM)
def choose_telling(*, actor: Actor, telling: str, email: str = "") -> Account:
    """Say how one's own account is told, and where its e-mail goes; without an address nothing is mailed.

    Raises:
        ValidationError: no such way, no e-mail address, or none where e-mail is wanted.
    """
    email = email.strip()
    if telling not in Account.Telling.values:
        raise ValidationError({"telling": "没有此通知方式。 There is no such way of being told."})
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError({"email": "邮箱地址有误。 This is no e-mail address."}) from error
    account = Account.objects.select_for_update().get(pk=actor.account_id or NOBODY)
    account.telling, account.email = telling, email or None
    account.save(update_fields=["telling", "email"])
    current_deed().note(f"通知方式：{account.get_telling_display()}", subject=account, has_address=bool(email))
    return account


@verb(Right.SUBMIT_RETURNS, room=ROOM)
def set_reply_address(*, actor: Actor, reply_to: str) -> OfficeAddress | None:
    """Say where answers to mail in the own organisation's name go; empty: nowhere. Whoever reports for it may.

    Raises:
        ValidationError: no e-mail address.
    """
    reply_to = reply_to.strip()
    if not reply_to:
        OfficeAddress.objects.filter(pk=actor.organisation_id).delete()
        current_deed().note("取消单位回信地址")
        return None
    address = OfficeAddress(organisation_id=actor.organisation_id, reply_to=reply_to)
    try:
        validate_email(reply_to)
    except ValidationError as error:
        raise ValidationError({"reply_to": "邮箱地址有误。 This is no e-mail address."}) from error
    OfficeAddress.objects.bulk_create(
        [address], update_conflicts=True, unique_fields=["organisation_id"], update_fields=["reply_to"]
    )
    current_deed().note(f"单位回信地址：{reply_to}", subject=address)
    return address


@verb(Right.MANAGE_MAIL, room=ROOM)
def send_mail_again(*, actor: Actor, mail_id: UUID) -> Mail:
    """Send a mail of unknown fate, or one that failed, once more, under the Message-ID that it has.

    Raises:
        NotAllowed: the mail is in the name of an organisation out of the actor's scope.
        ValidationError: it needs no decision.
    """
    mail = _undecided(mail_id, Mail.State.UNKNOWN, Mail.State.FAILED)
    mail.state, mail.finished_at = Mail.State.WAITING, None
    mail.save(update_fields=["state", "finished_at"])
    soon("deliver_mail", mail_id=str(mail.pk), organisation_id=str(mail.name_of_id))
    current_deed().note("邮件再次发送", subject=mail, attempts=mail.attempts)
    return mail


@verb(Right.MANAGE_MAIL, room=ROOM)
def count_mail_as_sent(*, actor: Actor, mail_id: UUID) -> Mail:
    """Decide that a mail of unknown fate has arrived; it is not sent again.

    Raises:
        NotAllowed: the mail is in the name of an organisation out of the actor's scope.
        ValidationError: its fate is known.
    """
    mail = _undecided(mail_id, Mail.State.UNKNOWN)
    mail.state, mail.finished_at = Mail.State.SENT, clock.now()
    mail.save(update_fields=["state", "finished_at"])
    current_deed().note("邮件计为已发", subject=mail)
    return mail


def _undecided(mail_id: UUID, *states: str) -> Mail:
    """The mail, locked; the database's wall decides whether the actor sees it."""
    mail = Mail.objects.select_for_update(of=("self",)).filter(pk=mail_id).first()
    if mail is None:
        raise NotAllowed("该邮件不在本岗位管辖范围内。 The mail lies outside your scope.")
    if mail.state not in states:
        raise ValidationError(f"{mail.get_state_display()}的邮件无需处理。 This mail needs no decision.")
    return mail
