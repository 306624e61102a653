"""Django's SMTP backend, with one thing more: it knows whether the text of a mail was offered to the server."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoBackend


class _Telling:
    """An SMTP session that notes when it goes on to DATA (RFC 5321, 4.1.1.4)."""

    text_was_offered = False

    def data(self, msg: Any) -> Any:
        """Offer the text."""
        self.text_was_offered = True
        return super().data(msg)  # type: ignore[misc]


class _Plain(_Telling, smtplib.SMTP):
    pass


class _Encrypted(_Telling, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoBackend):
    """The backend that ``JINENG_MAIL_HOST`` chooses."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The session's class."""
        return _Encrypted if self.use_ssl else _Plain

    @property
    def text_was_offered(self) -> bool:
        """Whether the server may have the text of a mail."""
        return bool(getattr(self.connection, "text_was_offered", False))
