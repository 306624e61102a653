"""What an e-mail of the site looks like: plain text, the link, the office in whose name it is, a stable Message-ID."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from jineng.kernel.models import Mail, Notice
from jineng.kernel.web.addresses import address_of

SHOWN = 30
"""So many notices stand in a digest with subject and link; of the rest it says how many there are."""
FOOT = "此邮件由系统代发。如何收到通知可以自己设定： You choose how you are told:"
_QUOTED = str.maketrans({'"': "”", "\\": "＼", "<": "〈", ">": "〉", "\r": " ", "\n": " "})


def message_id(mail_id: UUID) -> str:
    """The Message-ID of a mail (RFC 5322), the same each time it is sent."""
    return f"<{mail_id}@{settings.MAIL_DOMAIN}>"


def absolute(path: str) -> str:
    """A path within the site as readers of an e-mail can follow it."""
    return settings.SITE_URL.rstrip("/") + path


def text_of_notice(body: str, office: str, notice_id: UUID) -> str:
    """The text of a mail that carries one notice."""
    parts = [body.strip(), f"查看 Open: {absolute(reverse('notice', kwargs={'pk': notice_id}))}", office, _foot()]
    return "\n\n".join(part for part in parts if part) + "\n"


def subject_of_digest(count: int) -> str:
    """How many notices a digest tells."""
    return f"您有 {count} 条未读通知 {count} unread notices"


def text_of_digest(notices: Sequence[Notice], office: str) -> str:
    """The text of a digest: subject, sender and link of each notice, the latest first."""
    parts = [
        f"{notice.subject}\n  {notice.name_of}\n  {absolute(reverse('notice', kwargs={'pk': notice.pk}))}"
        for notice in notices[:SHOWN]
    ]
    if (more := len(notices) - SHOWN) > 0:
        parts.append(f"另有 {more} 条 and {more} more: {absolute(address_of('notices'))}")
    return "\n\n".join([*parts, office, _foot()]) + "\n"


def _foot() -> str:
    return f"-- \n{FOOT}\n{absolute(address_of('notice_settings'))}"


def composed(mail: Mail) -> EmailMessage:
    """The mail as it goes out, the same each time but for what the mail server adds.

    Raises:
        ValueError: an address or a header that no mail can carry.
    """
    sender = mail.name_of.translate(_QUOTED)
    return EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=f'"{sender}" <{settings.MAIL_FROM}>',
        to=[mail.address],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "Message-ID": mail.message_id,
            "Date": formatdate(mail.created_at.timestamp(), localtime=True),
            "Auto-Submitted": "auto-generated",
        },
    )
