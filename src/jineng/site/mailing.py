"""Where e-mail goes: to the console, or to the mail server that the environment names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jineng.site.preflight import EnvironmentFailure

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SMTP = "jineng.kernel.notices.smtp.EmailBackend"
PORTS = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Mailing:
    """How mail goes out: Django's backend and its server, the address it comes from, the domain of Message-IDs."""

    backend: str
    host: str
    port: int
    starttls: bool
    tls: bool
    user: str
    password: str
    sender: str
    domain: str


def mailing(environment: Mapping[str, str]) -> Mailing:
    """How mail goes out, from ``JINENG_MAIL_HOST``, ``_PORT``, ``_TLS`` (starttls, tls, none), ``_USER``,
    ``_PASSWORD``, ``_FROM`` and ``_DOMAIN``; without a host it is written to the console.

    Raises `EnvironmentFailure` where a value cannot be understood.
    """

    def told(name: str, default: str = "") -> str:
        return environment.get(f"JINENG_MAIL_{name}", "").strip() or default

    host, tls = told("HOST"), told("TLS", "starttls").lower()
    if tls not in PORTS:
        raise EnvironmentFailure(
            f"JINENG_MAIL_TLS 应为 starttls、tls 或 none，不能是“{tls}”。",
            f"JINENG_MAIL_TLS is starttls, tls or none, not '{tls}'.",
        )
    port = told("PORT", str(PORTS[tls]))
    if not port.isdecimal():
        raise EnvironmentFailure(
            f"JINENG_MAIL_PORT 应为端口号，不能是“{port}”。", f"JINENG_MAIL_PORT is a port's number, not '{port}'."
        )
    sender = told("FROM", "jineng@localhost")
    _, at, domain = sender.rpartition("@")
    if not at or not domain or any(mark in sender for mark in ' <>"\r\n'):
        raise EnvironmentFailure(
            f"JINENG_MAIL_FROM 应为邮箱地址，不能是“{sender}”。",
            f"JINENG_MAIL_FROM is an e-mail address alone, not '{sender}'.",
        )
    return Mailing(
        backend=SMTP if host else CONSOLE,
        host=host,
        port=int(port),
        starttls=tls == "starttls",
        tls=tls == "tls",
        user=told("USER"),
        password=told("PASSWORD"),
        sender=sender,
        domain=told("DOMAIN", domain),
    )
