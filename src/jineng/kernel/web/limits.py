"""How often the same caller may knock at doors that are open to everybody, counted for all processes that serve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from allauth.core.internal.ratelimit import Rate, get_ip, parse_rates
from django.http import HttpRequest

from jineng.kernel.crypto import lookup_hash
from jineng.kernel.prepared import value_of

RATES = {
    "verify": "60/m/ip",
    "verify_guess": "20/h/key,60/h/ip",
    "holder_guess": "10/h/key,30/h/ip",
}
"""Calls of an address, and wrong guesses at one thing, in a time; sign-in has its own (``ACCOUNT_RATE_LIMITS``)."""


class TooOften(Exception):
    """The caller must wait."""


@dataclass(frozen=True)
class Counted:
    """A call that was counted, under which keys and when."""

    keys: list[str]
    at: str

    def rollback(self) -> None:
        """Take the counting back, where only wrong guesses count."""
        value_of("SELECT kernel_uncount_calls($1::text[], $2::float8)", _array(self.keys), self.at)


@cache
def rates_of(action: str) -> tuple[Rate, ...]:
    """The limits of an action."""
    return tuple(parse_rates(RATES[action]))


def count(request: HttpRequest, *actions: str, key: str | None = None) -> Counted:
    """Count a call of an address, or at the thing that ``key`` names; in one query. The last action's count is given.

    Raises:
        TooOften: there were more than an action's rate allows.
    """
    keys: list[str] = []
    own: list[str] = []
    limits: list[Rate] = []
    for action in actions:
        rates = rates_of(action)
        whose = [get_ip(request) if rate.per == "ip" else str(key) for rate in rates]
        # Neither addresses nor what was guessed at stand in the database.
        own = [lookup_hash(who, f"{action}/{rate}") for who, rate in zip(whose, rates, strict=True)]
        keys += own
        limits += rates
    at = value_of(
        "SELECT kernel_count_calls($1::text[], $2::int[], $3::float8[])",
        _array(keys),
        _array(rate.amount for rate in limits),
        _array(rate.duration for rate in limits),
    )
    if at is None:
        raise TooOften
    return Counted(own, at.decode())


def _array(items: Iterable[object]) -> str:
    """Numbers and keyed hashes as PostgreSQL writes an array; neither need quotes."""
    return "{" + ",".join(map(str, items)) + "}"
