"""The law of this room, without a database: levels, who may pilot, how certificates are numbered.

Sources: the pilot plan of 1+X (教职成〔2019〕6号) says which schools take part. How the nation numbers X certificates
is not published; the pattern here is the program's own and carries a check character of ISO/IEC 7064, MOD 37,36.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from stdnum.exceptions import ValidationError as BadNumber
from stdnum.iso7064 import mod_37_36

from jineng.credentials.kinds import SkillLevel
from jineng.engines.exchange import ErrorCode
from jineng.registry.kinds import HIGHER_VOCATIONAL_KINDS, OrganisationKind

LEVEL_DIGITS: Mapping[str, str] = {
    SkillLevel.ELEMENTARY: "1",
    SkillLevel.INTERMEDIATE: "2",
    SkillLevel.ADVANCED: "3",
}
LEVEL_OF_LABEL: Mapping[str, str] = {str(label): value for value, label in SkillLevel.choices}
SERIAL_DIGITS = 6
LAST_SERIAL = 10**SERIAL_DIGITS - 1
_BETWEEN_LEVELS = re.compile(r"[、,，;；/\s]+")
_NUMBER = re.compile(r"([A-Z0-9]{2,12})-([0-9]{4})([1-3])([0-9]{6})([0-9A-Z])")

UNDERGRADUATE, HIGHER, SECONDARY = "undergraduate", "higher", "secondary"
GROUPS: Mapping[str, tuple[OrganisationKind, ...]] = {
    UNDERGRADUATE: (OrganisationKind.UNDERGRADUATE,),
    HIGHER: HIGHER_VOCATIONAL_KINDS,
    SECONDARY: (OrganisationKind.SECONDARY_VOCATIONAL, OrganisationKind.COUNTY_CENTRE),
}
"""The three groups of schools that figures tell apart, by the kind that a school was on the day in question."""
GROUP_LABELS: Mapping[str, str] = {UNDERGRADUATE: "本科", HIGHER: "高职", SECONDARY: "中职"}


@dataclass(frozen=True)
class PilotLaw:
    """Which kinds of organisation may pilot certificates from ``since`` on, by ``document``."""

    since: date
    document: str
    kinds: frozenset[str]


PILOT_LAWS = (
    PilotLaw(date(2019, 4, 4), "教职成〔2019〕6号", frozenset(kind for group in GROUPS.values() for kind in group)),
)
"""In the order of their dates; the first also judges what was applied for before it."""


@dataclass(frozen=True)
class Fault:
    """What is wrong: the field, the kind of error, what and how to mend it, in both languages."""

    field: str
    code: ErrorCode
    message: str
    message_en: str
    remedy: str
    remedy_en: str

    def __str__(self) -> str:
        return f"{self.message}{self.remedy} {self.message_en} {self.remedy_en}"


def pilot_law_on(day: date, laws: Iterable[PilotLaw] = PILOT_LAWS) -> PilotLaw:
    """The law in force on ``day``; before the first law, the first."""
    ordered = sorted(laws, key=lambda law: law.since)
    return next((law for law in reversed(ordered) if law.since <= day), ordered[0])


def group_of(kind: str) -> str:
    """The group that a kind of organisation counts in; empty for kinds that pilot nothing."""
    return next((name for name, kinds in GROUPS.items() if kind in kinds), "")


def parse_levels(text: str) -> list[str]:
    """Levels named in a cell such as 初级、中级, the lowest first, each once.

    Raises:
        ValueError: a word is no level, or there is none.
    """
    words = [word for word in _BETWEEN_LEVELS.split(text.strip()) if word]
    unknown = [word for word in words if word not in LEVEL_OF_LABEL]
    if unknown or not words:
        raise ValueError(f"not levels: {unknown or text!r}")
    return in_order(LEVEL_OF_LABEL[word] for word in words)


def in_order(levels: Iterable[str]) -> list[str]:
    """Levels, the lowest first, each once."""
    return sorted(set(levels), key=lambda level: LEVEL_DIGITS[level])


def say_levels(levels: Iterable[str]) -> str:
    """Levels as a cell writes them: 初级、中级."""
    return "、".join(str(SkillLevel(level).label) for level in in_order(levels))


def make_number(code: str, year: int, level: str, serial: int) -> str:
    """The number of a certificate: code of the certificate, year, level, serial, check character.

    Raises:
        ValueError: the serial does not fit into six digits.
    """
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"serials run from 1 to {LAST_SERIAL}, not {serial}")
    body = f"{year}{LEVEL_DIGITS[level]}{serial:0{SERIAL_DIGITS}d}"
    return f"{code}-{body}{mod_37_36.calc_check_digit(code + body)}"


@dataclass(frozen=True)
class NumberParts:
    """What a number of the program's own pattern says."""

    code: str
    year: int
    level: str
    serial: int


def read_number(number: str) -> NumberParts | None:
    """The parts of a number of the program's own pattern; none for a number of another pattern.

    Raises:
        ValueError: the pattern is ours, and the check character is wrong.
    """
    match = _NUMBER.fullmatch(number)
    if match is None:
        return None
    code, year, digit, serial, _ = match.groups()
    try:
        mod_37_36.validate(number.replace("-", ""))
    except BadNumber as error:
        raise ValueError(f"wrong check character in {number!r}") from error
    level = next(level for level, own in LEVEL_DIGITS.items() if own == digit)
    return NumberParts(code, int(year), level, int(serial))


@dataclass(frozen=True)
class PilotCase:
    """What the rules need to know of a pilot."""

    kind: str
    level: str
    levels: frozenset[str]
    applied_on: date
    approved_on: date | None
    refused_on: date | None
    withdrawn_on: date | None


def pilot_faults(case: PilotCase) -> Iterator[Fault]:
    """Everything that is wrong with a pilot of an institution that was of ``kind`` when it applied."""
    law = pilot_law_on(case.applied_on)
    if case.kind not in law.kinds:
        yield Fault(
            "org_code",
            ErrorCode.CONFLICT,
            "该机构申报时的类别不属于证书试点院校。",
            "An organisation of this kind, as it was when it applied, may not pilot certificates.",
            f"试点院校为本科院校、高等职业院校、中等职业学校（{law.document}），请核对机构代码。",
            "Universities, vocational colleges and secondary vocational schools may; check the code.",
        )
    if case.level not in case.levels:
        yield no_such_level(case.levels)
    if case.approved_on is not None and case.refused_on is not None:
        yield TWO_ANSWERS
    for name in ("approved_on", "refused_on"):
        day = getattr(case, name)
        if day is not None and day < case.applied_on:
            yield _too_early(name, "申报日期", "the application")
    if case.withdrawn_on is not None:
        if case.refused_on is not None:
            yield REFUSED_STAYS
        elif case.withdrawn_on < case.applied_on:
            yield _too_early("withdrawn_on", "申报日期", "the application")
        elif case.approved_on is not None and case.withdrawn_on <= case.approved_on:
            yield WITHDRAWN_AT_ONCE


@dataclass(frozen=True)
class Being:
    """From when to when a standard is in force: from its publication, until its withdrawal if there is one."""

    since: date
    until: date | None


def revision_fault(earlier: Being, published_on: date) -> Fault | None:
    """What keeps an edition that is published on a day from taking the place of an earlier one on that day, if anything
    does: the earlier one must have been in force until then."""
    if published_on <= earlier.since:
        return REVISION_TOO_EARLY
    return WITHDRAWN_BEFORE if earlier.until is not None and earlier.until < published_on else None


def no_such_level(levels: Iterable[str]) -> Fault:
    """The certificate has no such level."""
    known = say_levels(levels)
    return Fault(
        "level",
        ErrorCode.CONFLICT,
        f"该证书没有这个等级，只有{known}。",
        f"The certificate has no such level, only {known}.",
        "请核对证书代码和等级。",
        "Check the certificate's code and the level.",
    )


def _too_early(field: str, other: str, other_en: str) -> Fault:
    return Fault(
        field,
        ErrorCode.OUT_OF_RANGE,
        f"日期早于{other}。",
        f"The date lies before {other_en}.",
        "请核对两个日期。",
        "Check both dates.",
    )


TWO_ANSWERS = Fault(
    "refused_on",
    ErrorCode.CONFLICT,
    "同一试点不能既批准又未通过。",
    "A pilot is approved or refused, not both.",
    "请只保留一个日期。",
    "Keep one of the dates.",
)
REFUSED_STAYS = Fault(
    "withdrawn_on",
    ErrorCode.CONFLICT,
    "未通过的试点无从退出。",
    "A pilot that was refused cannot be withdrawn.",
    "请删除退出日期。",
    "Remove the date of withdrawal.",
)
WITHDRAWN_AT_ONCE = Fault(
    "withdrawn_on",
    ErrorCode.OUT_OF_RANGE,
    "退出日期应晚于批准日期。",
    "A pilot is withdrawn later than it is approved.",
    "请核对日期；从未批准的请作废或填未通过日期。",
    "Check the date; void a pilot that never stood, or say that it was refused.",
)
REVISION_TOO_EARLY = Fault(
    "published_on",
    ErrorCode.OUT_OF_RANGE,
    "修订版的发布日期应晚于所修订的标准。",
    "A revision is published after what it revises.",
    "请核对两个标准的发布日期。",
    "Check the dates on which both are published.",
)
WITHDRAWN_BEFORE = Fault(
    "revises",
    ErrorCode.CONFLICT,
    "所修订的标准在此之前已废止。",
    "What it revises was withdrawn before.",
    "请核对其代码，或作为首次发布的标准登记。",
    "Check its code, or record this one as a first edition.",
)
