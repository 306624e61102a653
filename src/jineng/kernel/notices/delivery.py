"""Bring the mails of the outbox on their way, each at most once by itself.

A mail is marked ``sending`` in a committed transaction of its own before anything is handed over. Whoever finds it so,
and can take the lock that the sender holds for as long as it lives, knows that the sender is gone and that nobody
knows whether the mail arrived: its fate is ``unknown``, and a person decides.
"""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from jineng.kernel.actors import Actor, acting
from jineng.kernel.jobs import alone_with, later
from jineng.kernel.models import Mail
from jineng.kernel.notices.composing import composed

BACK_OFF = (60, 300, 900, 3600, 4 * 3600, 12 * 3600)
"""Seconds to wait after each temporary refusal; after the last one the mail has failed."""
NO_ANSWER = "邮件服务器没有回答，无法确定是否送达。 The mail server gave no answer: nobody knows whether it arrived."
CUT_OFF = "发送过程被中断，无法确定是否送达。 Sending was cut off: nobody knows whether it arrived."
State = Mail.State


@dataclass(frozen=True)
class Outcome:
    """What came of handing a mail over; ``waiting`` means that it may be tried again."""

    state: str
    why: str = ""


def deliver(mail_id: UUID, organisation_id: UUID) -> None:
    """Send a waiting mail of the organisation; of one that was left in the middle, say that its fate is unknown.

    To be called outside any transaction. Done twice, it sends once.
    """
    with acting(_postman(organisation_id)), alone_with(mail_id):
        mail = _take(mail_id)
        if mail is not None:
            _settle(mail, hand_over(mail))


def _postman(organisation_id: UUID) -> Actor:
    """Nobody in particular, who sees the mails in the organisation's name."""
    return Actor(None, None, organisation_id, role="", rights=frozenset(), label="")


@transaction.atomic(durable=True)
def _take(mail_id: UUID) -> Mail | None:
    """Mark the mail as being sent, and commit; nothing where it is settled, or was left by a sender that died."""
    mail = Mail.objects.select_for_update(of=("self",)).filter(pk=mail_id).first()
    if mail is None or mail.state not in (State.WAITING, State.SENDING):
        return None
    if mail.state == State.SENDING:
        mail.state, mail.last_error = State.UNKNOWN, CUT_OFF
        mail.save(update_fields=["state", "last_error"])
        return None
    mail.state, mail.attempts, mail.tried_at = State.SENDING, mail.attempts + 1, timezone.now()
    mail.save(update_fields=["state", "attempts", "tried_at"])
    return mail


@transaction.atomic(durable=True)
def _settle(mail: Mail, outcome: Outcome) -> None:
    """Write down what came of this attempt, unless a person has decided since; ask for the next one where it may be."""
    state, pause = outcome.state, 0
    if state == State.WAITING and mail.attempts > len(BACK_OFF):
        state = State.FAILED
    elif state == State.WAITING:
        pause = BACK_OFF[mail.attempts - 1]
    told = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, state__in=(State.SENDING, State.UNKNOWN)).update(
        state=state,
        last_error=outcome.why,
        finished_at=timezone.now() if state in (State.SENT, State.FAILED) else None,
    )
    if told and pause:
        later("deliver_mail", pause, mail_id=str(mail.pk), organisation_id=str(mail.name_of_id))


def hand_over(mail: Mail) -> Outcome:
    """Give the mail to the mail server, and say what is known of it then.

    Before the text was offered, whatever happens means that the mail was not taken. After that, only the server's
    answer tells.
    """
    try:
        message = composed(mail)
        message.message()
    except ValueError as error:
        return Outcome(State.FAILED, _reason(error, mail))
    server = get_connection()
    try:
        server.open()
        server.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        return _outcome_of(error, _was_offered(server), mail)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.close()
    return Outcome(State.SENT)


def _was_offered(server: object) -> bool:
    """Whether the text of the mail may have reached the server; yes, where the backend does not tell."""
    return bool(getattr(server, "text_was_offered", True))


def _outcome_of(error: smtplib.SMTPException | OSError, offered: bool, mail: Mail) -> Outcome:
    why = _reason(error, mail)
    code = _code_of(error)
    if code is not None:
        return Outcome(State.WAITING if 400 <= code < 500 else State.FAILED, why)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome(State.FAILED, why)
    return Outcome(State.UNKNOWN, NO_ANSWER) if offered else Outcome(State.WAITING, why)


def _code_of(error: Exception) -> int | None:
    """The server's answer, where it gave one about this mail; a refused sign-in says nothing about the mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((int(code) for code, _ in error.recipients.values()), None)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return int(error.smtp_code)
    return None


def _reason(error: Exception, mail: Mail) -> str:
    """The error in words, without the reader's address."""
    told: object = error
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        told = next(iter(error.recipients.values()), error)
    elif isinstance(error, smtplib.SMTPResponseException):
        told = (error.smtp_code, error.smtp_error)
    if isinstance(told, tuple) and len(told) == 2:
        code, words = told
        told = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return f"{type(error).__name__}: {told}".replace(mail.address, "…")[:300]
