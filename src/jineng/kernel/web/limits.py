"""How often the same caller may knock at doors that are open to everybody."""

from __future__ import annotations

from allauth.core.internal.ratelimit import RateLimitUsage, consume
from django.http import HttpRequest

RATES = {
    "verify": "60/m/ip",
    "verify_guess": "20/h/key,60/h/ip",
    "holder_guess": "10/h/key,30/h/ip",
}
"""Calls of an address, and wrong guesses at one thing, in a time; sign-in has its own (``ACCOUNT_RATE_LIMITS``)."""


class TooOften(Exception):
    """The caller must wait."""


def count(request: HttpRequest, action: str, key: str | None = None) -> RateLimitUsage:
    """Count a call; what is returned can take the counting back (``rollback``), where only wrong guesses count.

    Raises:
        TooOften: there were more than the action's rate allows.
    """
    usage = consume(request, app="jineng", action=action, config=RATES, key=key, limit_get=True)
    if usage is None:
        raise TooOften
    return usage
