"""How often the same caller may knock at doors that are open to everybody, counted for all processes that serve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from allauth.core.internal.ratelimit import get_ip, parse_rates
from django.http import HttpRequest

from jineng.kernel.crypto import lookup_hash
from jineng.kernel.prepared import array, value_of

RATES = {
    "verify": "60/m/ip",
    "verify_guess": "20/h/key,60/h/ip",
    "holder_guess": "10/h/key,30/h/ip",
    "own_transcript": "10/h/key",
}
"""Calls of an address, and wrong guesses at one thing, in a time; sign-in has its own (``ACCOUNT_RATE_LIMITS``)."""


_COUNT = """
SELECT CASE WHEN at IS NOT NULL THEN concat(at, ' ', CASE WHEN $4::text IS NOT NULL THEN ({ask}) END) END
FROM kernel_count_calls($1::text[], $2::int[], $3::float8[]) AS at
"""


class TooOften(Exception):
    """The caller must wait."""


@dataclass(frozen=True)
class Counted:
    """A call that was counted, under which keys and when; and what the database was asked by the way."""

    keys: list[str]
    at: str
    answer: str

    def rollback(self) -> None:
        """Take the counting back, where only wrong guesses count."""
        value_of("SELECT kernel_uncount_calls($1::text[], $2::float8)", array(self.keys), self.at)


@dataclass(frozen=True)
class Plan:
    """What counting some actions asks of the database: per whom and for what, how many calls in how many seconds."""

    whose: tuple[tuple[str, str], ...]
    own: int
    most: str
    spans: str


@cache
def plan_of(actions: tuple[str, ...]) -> Plan:
    """The limits of some actions together; those of the last one are its own."""
    rates = {action: parse_rates(RATES[action]) for action in actions}
    told = [(rate, f"{action}/{rate}") for action in actions for rate in rates[action]]
    return Plan(
        tuple((rate.per, purpose) for rate, purpose in told),
        len(rates[actions[-1]]),
        array(rate.amount for rate, _ in told),
        array(rate.duration for rate, _ in told),
    )


def count(request: HttpRequest, *actions: str, key: str | None = None, ask: str = "NULL", about: str = "") -> Counted:
    """Count a call of an address, or at the thing that ``key`` names; in one query. The last action's count is given.

    With ``ask``, an SQL expression over the text ``$4`` (``about``), the same query answers it, where it may be told.

    Raises:
        TooOften: there were more than an action's rate allows.
    """
    plan, address = plan_of(actions), get_ip(request)
    # Neither addresses nor what was guessed at stand in the database.
    keys = [lookup_hash(address if per == "ip" else str(key), purpose) for per, purpose in plan.whose]
    found = value_of(_COUNT.format(ask=ask), array(keys), plan.most, plan.spans, about)
    if found is None:
        raise TooOften
    at, _, answer = found.decode().partition(" ")
    return Counted(keys[-plan.own :], at, answer)
