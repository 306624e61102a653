"""The law of the credit bank, pure: whether a rule takes an achievement, and what a ledger of statements comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from jineng.engines.canonical import digest

POSTING = "credit-posting"


class BrokenLedger(ValueError):
    """Statements that are no whole ledger: a line is missing, doubled, or not what it says."""


@dataclass(frozen=True)
class Offer:
    """An achievement as a rule looks at it."""

    kind: str
    code: str
    level: str
    obtained_on: date
    used: bool = False
    revoked: bool = False
    suspended: bool = False


@dataclass(frozen=True)
class Terms:
    """A rule with its scheme's cap, and what the learner already got by the school's rules."""

    accepts: str
    source: str
    level: str
    credits: Decimal
    valid_years: int
    cap: Decimal
    granted: Decimal = Decimal(0)


def good_until(obtained_on: date, years: int) -> date:
    """The last day on which an achievement of that day is taken; 29 February becomes 28 February."""
    try:
        return obtained_on.replace(year=obtained_on.year + years)
    except ValueError:
        return obtained_on.replace(year=obtained_on.year + years, day=28)


def obstacles(offer: Offer, terms: Terms, on: date) -> list[str]:
    """Why the achievement cannot be converted on the day, each reason fit to be shown; none: it can."""
    last = good_until(offer.obtained_on, terms.valid_years)
    found = []
    if (offer.kind, offer.code, offer.level) != (terms.accepts, terms.source, terms.level):
        found.append("规则不适用于该成果。 The rule does not take this achievement.")
    if offer.revoked:
        found.append("证书已撤销或作废。 The certificate does not stand.")
    if offer.suspended:
        found.append("证书暂停中，恢复后方可转换。 The certificate is suspended; convert it once that is lifted.")
    if offer.used:
        found.append("该成果已用于转换，不能重复使用。 The achievement is used already.")
    if on < offer.obtained_on:
        found.append("成果尚未取得。 It is not achieved yet.")
    if on > last:
        found.append(f"成果已过有效期（至 {last}）。 It was good until {last}.")
    if terms.granted + terms.credits > terms.cap:
        left = terms.cap - terms.granted
        found.append(f"超出转换学分上限 {terms.cap}，尚可转换 {left}。 Above the cap of {terms.cap}; {left} are left.")
    return found


NO_SCHEME = (
    "转入院校没有现行的学分转换办法：请先发布办法和规则，再申请转移。 "
    "The receiving school has no scheme in force: publish one with its rules, then apply."
)
NONE_TAKES = (
    "转入院校现行办法中没有接受该成果的规则，学分不能转移：请在新版办法中增加规则，或由学习者选择转换其他成果。 "
    "No rule of the receiving school's scheme in force takes this achievement, so its credits cannot be taken over: "
    "add a rule in a new version of the scheme, or let the learner convert another achievement."
)


def taken_over(offer: Offer, rules: Mapping[str, Terms], wanted: str, on: date) -> tuple[str, list[str]]:
    """By which of a school's ``rules`` (by their codes) it takes over what another school granted for an achievement,
    and what stands against it on the day, each reason fit to be shown; without a reason it can.

    ``wanted`` is the code that was asked for; empty where the one rule that takes the achievement is meant. That the
    other school uses the achievement is no obstacle: its use ends there.
    """
    taking = sorted(
        code
        for code, terms in rules.items()
        if (offer.kind, offer.code, offer.level) == (terms.accepts, terms.source, terms.level)
    )
    if not taking:
        return "", [NONE_TAKES if rules else NO_SCHEME]
    if wanted and wanted not in taking:
        named = "、".join(taking)
        return "", [f"规则 {wanted} 不接受该成果，可改用：{named}。 {wanted} does not take it; use one of: {named}."]
    if not wanted and len(taking) > 1:
        named = "、".join(taking)
        return "", [f"有多条规则接受该成果，请写明其一：{named}。 Several rules take it; name one: {named}."]
    code = wanted or taking[0]
    return code, obstacles(replace(offer, used=False), rules[code], on)


def statement_of(
    account: str, number: int, school: str, credits: Decimal, *, previous: Mapping[str, Any] | None, **more: str
) -> dict[str, Any]:
    """What a line of the ledger says, to be sealed; ``previous`` is the sealed line before it."""
    return {
        "type": POSTING,
        "account": account,
        "number": number,
        "school": school,
        "credits": str(credits),
        "previous": digest(dict(previous)) if previous else "",
        **more,
    }


def replayed(lines: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    """Credits by school from an account's sealed lines alone, counted from zero; checks that they form one chain, in
    which what leaves a school by a transfer comes to the other by the very next line.

    Signatures are the caller's to check (``seals.verify``). Raises BrokenLedger.
    """
    balances: dict[str, Decimal] = {}
    previous: Mapping[str, Any] | None = None
    account, leaving = None, ("", "")
    for place, sealed in enumerate(lines, 1):
        told = sealed["statement"]
        if told["type"] != POSTING or told["number"] != place or account not in (None, told["account"]):
            raise BrokenLedger(f"line {place} is not the next of its account")
        if told["previous"] != (digest(dict(previous)) if previous else ""):
            raise BrokenLedger(f"line {place} does not follow the line before it")
        if leaving != ((told["school"], told["transfers"]) if told.get("transfers") else ("", "")):
            raise BrokenLedger(f"line {place} is half of a transfer")
        leaving = (told["transferred_to"], told["reverses"]) if told.get("transferred_to") else ("", "")
        account, previous = told["account"], sealed
        balances[told["school"]] = balances.get(told["school"], Decimal(0)) + Decimal(told["credits"])
    if leaving[0]:
        raise BrokenLedger("the last line is half of a transfer")
    return balances
