"""Pure rules of the room: dates in order, what a cap leaves, which channels a season knows.

The law of a year is data (caps, exempt categories, rounds, each with its document); what stands here holds in every
year: what a total plan means (甘教发〔2020〕10号: 总量控制、学校自主), and that a step comes after the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jineng.admissions.kinds import CapKind, Channel, Ending, Pool, SeasonKind
from jineng.engines.allocation.plan_caps import room_left
from jineng.engines.exchange import ErrorCode

SEPARATORS = re.compile(r"[、,，;；\s]+")
CHANNELS = {str(label): str(value) for value, label in Channel.choices}
BACHELOR_CODE = re.compile(r"[01][0-9]{5}[TK]{0,2}\Z")
"""Codes of the ordinary catalogue of bachelor majors: 080901, 080910T, 030101K."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, at which field, and what to do: Chinese and English."""

    field: str
    code: ErrorCode
    message: str
    message_en: str
    remedy: str
    remedy_en: str

    def __str__(self) -> str:
        return f"{self.message}{self.remedy} {self.message_en} {self.remedy_en}"


def season_faults(*, year: int, opens_on: date, closes_on: date | None) -> Iterator[Fault]:
    """A season opens in its year and does not close before it opens."""
    if opens_on.year != year:
        yield _late("opens_on", "招生季在所属年度内开始。", "A season opens in its own year.")
    if closes_on is not None and closes_on < opens_on:
        yield _late("closes_on", "结束日期早于开始日期。", "It closes before it opens.")


def cap_faults(
    *,
    kind: str,
    names_institution: bool,
    limit_seats: int | None,
    limit_percent: object | None,
    issued_on: date,
    lifted_on: date | None,
) -> Iterator[Fault]:
    """A share is a percentage; other caps are seats; an institution's cap names it, a season's names none."""
    if kind == CapKind.SHARE:
        if limit_percent is None:
            yield _needed("limit_percent", "比例限额须填比例上限。", "A share needs its percentage.")
        if limit_seats is not None:
            yield _surplus("limit_seats", "比例限额不填计划上限。", "A share has no number of seats.")
    else:
        if limit_seats is None:
            yield _needed("limit_seats", "须填计划上限。", "The cap needs its number of seats.")
        if limit_percent is not None:
            yield _surplus("limit_percent", "只有比例限额填比例上限。", "Only a share has a percentage.")
    if kind == CapKind.INSTITUTION and not names_institution:
        yield _needed("org_code", "机构限额须指明机构。", "An institution's cap names the institution.")
    if kind == CapKind.SEASON and names_institution:
        yield _surplus("org_code", "全省限额不填机构。", "A cap of the whole season names no institution.")
    if lifted_on is not None and lifted_on < issued_on:
        yield _late("lifted_on", "解除日期早于下达日期。", "It is lifted before it is issued.")


def plan_faults(
    *, pool: str, county_code: str, filed_on: date, accepted_on: date | None, withdrawn_on: date | None
) -> Iterator[Fault]:
    """A county-targeted pool names its county, no other does; what follows the filing is not before it."""
    if pool == Pool.COUNTY and not county_code:
        yield _needed("county_code", "定向计划须填县区代码。", "A county-targeted plan names its county.")
    if pool != Pool.COUNTY and county_code:
        yield _surplus("county_code", "只有县区定向计划填县区代码。", "Only county-targeted plans name a county.")
    if accepted_on is not None and accepted_on < filed_on:
        yield _late("accepted_on", "核准日期早于申报日期。", "It is accepted before it is filed.")
    if withdrawn_on is not None and withdrawn_on < filed_on:
        yield _late("withdrawn_on", "撤回日期早于申报日期。", "It is withdrawn before it is filed.")


def admission_faults(
    *,
    placed_on: date | None,
    admitted_on: date | None,
    confirmed_on: date | None,
    ended_on: date | None,
    ending: str,
) -> Iterator[Fault]:
    """Placed, admitted, confirmed, ended: some step was reached, in this order; what ended says how."""
    steps = (("placed_on", placed_on), ("admitted_on", admitted_on), ("confirmed_on", confirmed_on))
    last: date | None = None
    for field, day in (*steps, ("ended_on", ended_on)):
        if day is None:
            continue
        if last is not None and day < last:
            yield _late(field, "日期早于上一步。", "The day lies before that of the step before.")
        last = day
    if all(day is None for _, day in steps):
        yield _needed("admitted_on", "投档、录取、确认日期至少填一个。", "At least one of the three days is needed.")
    if ended_on is not None and not ending:
        yield _needed("ending", "有终止日期的须填终止方式。", "What ended needs to say how.")
    if ended_on is None and ending:
        yield _needed("ended_on", "有终止方式的须填终止日期。", "What ended needs its day.")
    if ending in (Ending.REFUSED, Ending.LAPSED) and confirmed_on is not None:
        yield _surplus("ending", "已确认的不能退档或逾期。", "A confirmed seat is neither refused nor lapsed.")


def exemption_faults(*, kind: str, pool: str, is_exempt: bool) -> Iterator[Fault]:
    """Exempt seats are planned apart (计划单列): an exempt pool takes exempt applicants, and only them."""
    if kind != SeasonKind.UPGRADE:
        return
    if pool == Pool.EXEMPT and not is_exempt:
        yield _needed("exempt_code", "免试计划录取的须填免试类别。", "An exempt seat needs the exempt category.")
    if pool != Pool.EXEMPT and is_exempt:
        yield _surplus("exempt_code", "免试生只占免试计划。", "Exempt applicants take exempt seats only.")


def read_channels(text: str) -> str:
    """Ways in, written by their Chinese names, as the register keeps them: values in order, commas between.

    Raises:
        ValueError: a name is unknown; its argument is the name.
    """
    found = set()
    for word in SEPARATORS.split(text):
        if not word:
            continue
        if word not in CHANNELS:
            raise ValueError(word)
        found.add(CHANNELS[word])
    return ",".join(value for value in Channel.values if value in found)


def written_channels(channels: str) -> str:
    """The reverse of :func:`read_channels`."""
    return "、".join(str(Channel(value).label) for value in channels.split(",") if value)


@dataclass(frozen=True)
class CapState:
    """A cap as it binds one institution (or the whole season): what it allows and what is used of it, in seats.

    ``base`` is the institution's whole plan, of which ``percent`` is a share: its cap of the season where it has one,
    else the sum of what it filed, which ``floats`` says.
    """

    code: str
    name: str
    kind: str
    channels: str
    category: int
    allowed: int
    used: int
    base: int = 0
    percent: str = ""
    floats: bool = False

    @property
    def left(self) -> int:
        """Seats that still fit; never below nought."""
        return max(self.allowed - self.used, 0)

    def counts(self, channel: str, category: int) -> bool:
        """Whether it counts a plan of this way in and this category of the catalogue."""
        return (not self.channels or channel in self.channels.split(",")) and self.category in (0, category)

    @property
    def fits(self) -> int:
        """The most seats that may be added to what it counts.

        The base of a share stands still while plans are filed where the institution has a cap of its own, and grows
        with them elsewhere.
        """
        grows = self.kind == CapKind.SHARE and self.floats
        return room_left(self.allowed, self.used, Fraction(self.percent) / 100 if grows else None, self.base)


def tightest(states: Iterable[CapState], channel: str, category: int) -> CapState | None:
    """Of the caps that count such a plan, the one that leaves least; ``None`` where none does."""
    counting = [state for state in states if state.counts(channel, category)]
    return min(counting, key=lambda state: (state.fits, state.code), default=None)


def explain(state: CapState, asked: int, others: Sequence[tuple[str, int]]) -> str:
    """Why so many seats do not fit, how many would, and which plans of the institution use the cap."""
    limit = (
        f"占学校计划的{state.percent}%，即 {state.allowed} 人" if state.kind == CapKind.SHARE else f"{state.allowed} 人"
    )
    whose = "全省" if state.kind == CapKind.SEASON else "本机构"
    listed = "；".join(f"{name} {seats}" for name, seats in others)
    mine = f"本机构受此限额约束的其他计划：{listed}。" if listed else ""
    return (
        f"超出限额“{state.name}”（{limit}）：{whose}已申报 {state.used} 人，"
        f"还可申报 {state.fits} 人，本次增加 {asked} 人。"
        f"{mine}请把计划数减到可申报数以内，或先调减其他计划。 "
        f"The cap leaves {state.fits} seats; {asked} were asked for. "
        + ("Your other plans under the cap are listed in the Chinese." if others else "")
    ).strip()


def _needed(field: str, message: str, message_en: str) -> Fault:
    return Fault(field, ErrorCode.REQUIRED, message, message_en, "请填写。", "Fill it in.")


def _surplus(field: str, message: str, message_en: str) -> Fault:
    return Fault(field, ErrorCode.CONFLICT, message, message_en, "请清空或改正此格。", "Clear or correct the cell.")


def _late(field: str, message: str, message_en: str) -> Fault:
    return Fault(field, ErrorCode.OUT_OF_RANGE, message, message_en, "请核对日期。", "Check the days.")
