"""Where mail goes is read from the environment; what cannot be understood is refused at the start."""

from __future__ import annotations

import pytest

from jineng.site.mailing import CONSOLE, SMTP, mailing
from jineng.site.preflight import EnvironmentFailure


def given(**told: str) -> dict[str, str]:
    return {f"JINENG_MAIL_{name}": value for name, value in told.items()}


def test_without_a_server_mail_is_written_to_the_console() -> None:
    found = mailing({})
    assert (found.backend, found.sender, found.domain) == (CONSOLE, "jineng@localhost", "localhost")


def test_a_server_is_spoken_to_encrypted_unless_told_otherwise() -> None:
    found = mailing(given(HOST="mail.example.org", USER="u", PASSWORD="p", FROM="zyjy@example.org"))
    assert (found.backend, found.host, found.port) == (SMTP, "mail.example.org", 587)
    assert (found.starttls, found.tls) == (True, False)
    assert (found.user, found.password, found.sender, found.domain) == ("u", "p", "zyjy@example.org", "example.org")


@pytest.mark.parametrize(
    ("tls", "port", "starttls", "wrapped"), [("tls", 465, False, True), ("NONE", 25, False, False)]
)
def test_other_ways_to_speak(tls: str, port: int, starttls: bool, wrapped: bool) -> None:
    found = mailing(given(HOST="h", TLS=tls))
    assert (found.port, found.starttls, found.tls) == (port, starttls, wrapped)
    assert mailing(given(HOST="h", TLS=tls, PORT="2525", DOMAIN="x.org")).port == 2525


@pytest.mark.parametrize(
    "wrong",
    [{"TLS": "yes"}, {"PORT": "smtp"}, {"FROM": "教育厅 <a@example.org>"}, {"FROM": "nobody"}, {"FROM": "a@"}],
    ids=str,
)
def test_what_cannot_be_understood_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(EnvironmentFailure, match="JINENG_MAIL_"):
        mailing(given(**wrong))
