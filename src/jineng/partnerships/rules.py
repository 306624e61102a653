"""The law of this room, without a database: terms of agreements, when parties are asked, what their answers come to.

A term's last day is in it (有效期至 2023-12-31 still holds on that day), as contracts are read (Civil Code, 160
and 201: a period given by its last day runs to the end of that day). An end of anything else is its first day without
it, as everywhere in the house.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jineng.engines.exchange import ErrorCode
from jineng.majors.rules import Fault
from jineng.partnerships.kinds import Answer


@dataclass(frozen=True)
class Asking:
    """From ``since`` on the parties are asked ``months`` before a term's last day, by ``document``."""

    since: date
    months: int
    document: str


ASKINGS = (
    Asking(date(2016, 1, 1), 2, "平台设置：校企合作协议管理（2016）"),
    Asking(date(2021, 1, 1), 3, "平台设置：校企合作协议管理（2021）"),
)
"""In the order of their dates; the first also holds before its date. A setting of the platform, no law."""


class State(StrEnum):
    """What an agreement is on a day."""

    COMING = "coming"
    RUNNING = "running"
    NEARING = "nearing"
    LAPSED = "lapsed"
    ENDED = "ended"


class Verdict(StrEnum):
    """What the answers of the parties come to."""

    WAITING = "waiting"
    AGREED = "agreed"
    ENDING = "ending"
    DISAGREED = "disagreed"


@dataclass(frozen=True)
class Term:
    """A stretch of days, both included; without ``until`` it has no end."""

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: Term) -> bool:
        """Whether they share a day."""
        return (other.until is None or self.since <= other.until) and (self.until is None or other.since <= self.until)


@dataclass(frozen=True)
class Said:
    """What one party said of a renewal, and how far it would renew."""

    answer: str
    until: date | None = None


def months_before(day: date, months: int) -> date:
    """The day that many months earlier; the month's last day where it is shorter."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def asking_on(day: date, askings: Sequence[Asking] = ASKINGS) -> Asking:
    """The setting in force on ``day``; before the first, the first."""
    ordered = sorted(askings, key=lambda item: item.since)
    return next((item for item in reversed(ordered) if item.since <= day), ordered[0])


def asked_from(until: date, askings: Sequence[Asking] = ASKINGS) -> date:
    """The day from which the parties are asked about a term that ends with ``until``."""
    return months_before(until, asking_on(until, askings).months)


def current_term(terms: Iterable[Term], day: date) -> Term | None:
    """The term that covers ``day``, else the last that was over by then, else the first to come."""
    ordered = sorted(terms, key=lambda term: term.since)
    begun = [term for term in ordered if term.since <= day]
    return begun[-1] if begun else ordered[0] if ordered else None


def state_on(day: date, terms: Sequence[Term], ended_on: date | None) -> State:
    """What an agreement with these terms is on ``day``."""
    if ended_on is not None and ended_on <= day:
        return State.ENDED
    term = current_term(terms, day)
    if term is None or day < term.since:
        return State.COMING
    if not term.covers(day):
        return State.LAPSED
    followed = any(other.since > term.since for other in terms)
    if term.until is not None and not followed and day >= asked_from(term.until):
        return State.NEARING
    return State.RUNNING


def in_force(day: date, terms: Iterable[Term], ended_on: date | None) -> bool:
    """Whether an agreement with these terms holds on ``day``."""
    return (ended_on is None or day < ended_on) and any(term.covers(day) for term in terms)


def ends_on(terms: Sequence[Term], ended_on: date | None) -> date | None:
    """The first day without the agreement, as things stand; ``None`` where it has no end."""
    if not terms or any(term.until is None for term in terms):
        return ended_on
    after = max(term.until for term in terms if term.until is not None) + timedelta(days=1)
    return after if ended_on is None else min(after, ended_on)


def verdict_of(asked: int, said: Sequence[Said]) -> Verdict:
    """What ``said`` comes to where ``asked`` parties are to answer.

    Two that answer differently, or would renew for different terms, disagree, whoever else is still silent.
    """
    if len({(item.answer, item.until) for item in said}) > 1:
        return Verdict.DISAGREED
    if len(said) < max(asked, 1):
        return Verdict.WAITING
    return Verdict.AGREED if said[0].answer == Answer.RENEW else Verdict.ENDING


def follow_up(term: Term, until: date | None) -> Term:
    """The term that follows ``term``, up to ``until``.

    Raises:
        ValueError: ``term`` has no end, or ``until`` lies before the follow-up's first day.
    """
    if term.until is None:
        raise ValueError("a term without end has no follow-up")
    since = term.until + timedelta(days=1)
    if until is not None and until < since:
        raise ValueError(f"the follow-up would begin on {since}, after its end {until}")
    return Term(since, until)


def usual_end(term: Term) -> date | None:
    """How far parties usually renew: for as many years as the term had, at least one."""
    if term.until is None:
        return None
    years = max(round((term.until - term.since).days / 365.25), 1)
    return months_before(term.until, -12 * years)


TAKEN = Fault(
    "code",
    ErrorCode.CONFLICT,
    "此编号已由其他单位使用。",
    "Another organisation uses this code.",
    "请换一个编号，建议以本单位代码起头。",
    "Choose another code, such as one that begins with your own.",
)
UNKNOWN_COUNTRY = Fault(
    "country",
    ErrorCode.UNKNOWN_REFERENCE,
    "没有此国家或地区。",
    "There is no such country.",
    "请填国名或两位国别代码（ISO 3166-1），如“巴基斯坦”或 PK。",
    "Give its name or its two letters of ISO 3166-1, such as PK.",
)
NOT_ABROAD = frozenset({"CN", "HK", "MO", "TW"})
"""Partners there are no foreign partners."""
AT_HOME = Fault(
    "country",
    ErrorCode.CONFLICT,
    "国际合作项目的合作方须在国外。",
    "The partner of an international project lies abroad.",
    "国内（含港澳台）的合作请填合作协议。",
    "Record partners at home as an agreement.",
)
TERMS_OVERLAP = Fault(
    "since",
    ErrorCode.CONFLICT,
    "与同一协议的另一期限重叠。",
    "It overlaps another term of the agreement.",
    "请核对生效日期和有效期；续签的期限从上一期限届满次日起。",
    "Check both days; a follow-up begins on the day after.",
)
MEMBERSHIPS_OVERLAP = Fault(
    "joined_on",
    ErrorCode.CONFLICT,
    "同一成员的两段时间重叠。",
    "Two stretches of the same member overlap.",
    "请核对加入和退出日期。",
    "Check the days of joining and leaving.",
)
SAME_BODY = Fault(
    "name",
    ErrorCode.CONFLICT,
    "同一牵头单位已用另一编号登记了同类同名的合作机构。",
    "The same lead keeps a body of this kind and name under another code.",
    "同一机构只登记一次：请改用原编号，或核对名称。",
    "Use the code under which it is kept, or check the name.",
)
UNTIL_BEFORE_SINCE = Fault(
    "until",
    ErrorCode.OUT_OF_RANGE,
    "有效期早于生效日期。",
    "The last day lies before the first.",
    "请核对两个日期。",
    "Check both dates.",
)
END_TOO_EARLY = Fault(
    "ended_on",
    ErrorCode.OUT_OF_RANGE,
    "终止日期应晚于签订或成立日期。",
    "The end must lie after the signing or founding.",
    "请核对两个日期；若从未有过，请作废。",
    "Check both dates; what never held is voided.",
)
LEFT_TOO_EARLY = Fault(
    "left_on",
    ErrorCode.OUT_OF_RANGE,
    "退出日期应晚于加入日期。",
    "Leaving must lie after joining.",
    "请核对两个日期；若从未加入，请作废。",
    "Check both dates; what never held is voided.",
)
AUTHORITY_WITHOUT_PROVINCE = Fault(
    "province",
    ErrorCode.REQUIRED,
    "省级教育主管部门须填省份代码。",
    "An education authority needs its province.",
    "请填行政区划代码前两位。",
    "Give the first two digits of its code.",
)
