"""Notices: who is told what, in whose name, in the workspace and by e-mail.

A verb tells with :func:`notify`; the notice stands in the reader's tray once the verb commits. Its e-mail goes through
an outbox (``kernel.models.Mail``) to those who keep an address and want one.
"""

from jineng.kernel.notices.kinds import Kind, kind_label, kind_of_notice, kinds
from jineng.kernel.notices.telling import Holder, Message, Office, Told, keep_from, notify, notify_all

__all__ = [
    "Holder",
    "Kind",
    "Message",
    "Office",
    "Told",
    "keep_from",
    "kind_label",
    "kind_of_notice",
    "kinds",
    "notify",
    "notify_all",
]
