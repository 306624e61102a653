"""The law of this room, without a database: codes of majors, who may offer what for how long, from when to when.

Sources: the catalogue of 2021 (教职成〔2021〕2号); rules on setting up majors for the three levels
(教职成厅〔2010〕9号, 教职成〔2015〕10号, 教职成厅〔2021〕1号); basic lengths of study by the Higher
Education Law, article 17, and by the custom of five-year integrated courses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jineng.engines.exchange import ErrorCode
from jineng.majors.kinds import MajorLevel
from jineng.registry.kinds import OrganisationKind

CATEGORIES = 19
CONTROLLED_MARK = "K"
FIRST_CATEGORY: Mapping[str, int] = {MajorLevel.BACHELOR: 21, MajorLevel.HIGHER: 41, MajorLevel.SECONDARY: 61}
_CODE = re.compile(r"(\d{2})\d{4}")


@dataclass(frozen=True)
class Law:
    """What is allowed from ``since`` on: durations (years) and kinds of provider by level, categories by theme.

    ``documents`` names the texts that set it. ``rural`` holds the numbers (1 to 19) of the categories that count as
    serving the countryside.
    """

    since: date
    documents: str
    durations: Mapping[str, frozenset[Decimal]]
    providers: Mapping[str, frozenset[str]]
    rural: frozenset[int]


def _years(*numbers: int) -> frozenset[Decimal]:
    return frozenset(map(Decimal, numbers))


_COLLEGES = frozenset(
    {
        OrganisationKind.HIGHER_VOCATIONAL,
        OrganisationKind.JUNIOR_COLLEGE,
        OrganisationKind.VOCATIONAL_UNIVERSITY,
        OrganisationKind.OPEN_UNIVERSITY,
        OrganisationKind.ADULT_HIGHER,
    }
)
LAWS = (
    Law(
        since=date(2021, 3, 12),
        documents="教职成〔2021〕2号",
        durations={
            MajorLevel.SECONDARY: _years(1, 2, 3, 4),
            MajorLevel.HIGHER: _years(2, 3, 4, 5),
            MajorLevel.BACHELOR: _years(2, 4, 5),
        },
        providers={
            MajorLevel.SECONDARY: _COLLEGES | {OrganisationKind.SECONDARY_VOCATIONAL, OrganisationKind.COUNTY_CENTRE},
            MajorLevel.HIGHER: _COLLEGES | {OrganisationKind.UNDERGRADUATE},
            MajorLevel.BACHELOR: frozenset({OrganisationKind.VOCATIONAL_UNIVERSITY, OrganisationKind.UNDERGRADUATE}),
        },
        rural=frozenset({1, 9, 14}),
    ),
)
"""In the order of their dates; the first also judges what was opened before it."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with an offering: the field, the kind of error, what and how to mend it, in both languages."""

    field: str
    code: ErrorCode
    message: str
    message_en: str
    remedy: str
    remedy_en: str

    def __str__(self) -> str:
        return f"{self.message}{self.remedy} {self.message_en} {self.remedy_en}"


@dataclass(frozen=True)
class MajorFacts:
    """What the rules need to know of a major; ``since_year`` is None where it stood in the edition from its start."""

    level: str
    state_controlled: bool = False
    since_year: int | None = None


def law_on(day: date, laws: Iterable[Law] = LAWS) -> Law:
    """The law in force on ``day``; before the first law, the first."""
    ordered = sorted(laws, key=lambda law: law.since)
    return next((law for law in reversed(ordered) if law.since <= day), ordered[0])


def bare_code(text: str) -> tuple[str, bool]:
    """The six digits of a major's code as written, and whether it bore the mark of state control.

    Raises:
        ValueError: not six digits, perhaps with a ``K``; or no level has a category of that number.
    """
    written = text.strip().upper()
    code = written.removesuffix(CONTROLLED_MARK)
    level_of(code)
    return code, code != written


def level_of(code: str) -> MajorLevel:
    """The level that a major's code belongs to, by its category: 61–79, 41–59, 21–39.

    Raises:
        ValueError: not six digits, or no level has a category of that number.
    """
    match = _CODE.fullmatch(code)
    if match is None or not code.isascii():
        raise ValueError(f"{code!r} is not a major's code of six digits")
    category = int(match.group(1))
    for level, first in FIRST_CATEGORY.items():
        if first <= category < first + CATEGORIES:
            return MajorLevel(level)
    raise ValueError(f"no level has a category {category}")


def category_number(code: str) -> int:
    """Number (1 to 19) of the category of a major's code, the same on all levels: 41, 61 and 21 are all 1.

    Raises:
        ValueError: not a major's code.
    """
    return int(code[:2]) - FIRST_CATEGORY[level_of(code)] + 1


def category_code(number: int, level: str) -> str:
    """The two digits of category ``number`` (1 to 19) on ``level``.

    Raises:
        ValueError: there is no such category.
    """
    if not 1 <= number <= CATEGORIES:
        raise ValueError(f"categories are numbered 1 to {CATEGORIES}, not {number}")
    return str(FIRST_CATEGORY[level] + number - 1)


def in_being(day: date, opened_on: date, revoked_on: date | None) -> bool:
    """Whether an offering holds on ``day``: from its opening on, and no longer on the day of its revocation."""
    return opened_on <= day and (revoked_on is None or day < revoked_on)


def overlap(opened_on: date, revoked_on: date | None, other_opened_on: date, other_revoked_on: date | None) -> bool:
    """Whether two offerings are in being on one day at least."""
    return (other_revoked_on is None or opened_on < other_revoked_on) and (
        revoked_on is None or other_opened_on < revoked_on
    )


def faults(
    major: MajorFacts,
    *,
    kind: str,
    duration_years: Decimal,
    opened_on: date,
    revoked_on: date | None,
    document: str,
) -> Iterator[Fault]:
    """Everything that is wrong with an offering of ``major`` by an organisation that was of ``kind`` when it opened."""
    law = law_on(opened_on)
    if kind not in law.providers[major.level]:
        yield WRONG_PROVIDER
    if duration_years not in law.durations[major.level]:
        allowed = [str(years) for years in sorted(law.durations[major.level])]
        yield Fault(
            "duration",
            ErrorCode.OUT_OF_RANGE,
            f"该层次专业的修业年限应为 {'、'.join(allowed)} 年之一。",
            f"At this level a course lasts {', '.join(allowed)} years.",
            "请核对修业年限。",
            "Check the duration.",
        )
    if major.state_controlled and not document:
        yield DOCUMENT_NEEDED
    if revoked_on is not None and revoked_on <= opened_on:
        yield REVOKED_TOO_EARLY
    if major.since_year is not None and opened_on.year < major.since_year:
        yield Fault(
            "opened_on",
            ErrorCode.OUT_OF_RANGE,
            f"该专业 {major.since_year} 年才增补进目录，不可能更早开设。",
            f"The major entered the catalogue in {major.since_year} and cannot have been opened before.",
            "请核对专业代码和开设日期。",
            "Check the major's code and the date.",
        )


WRONG_PROVIDER = Fault(
    "major_code",
    ErrorCode.CONFLICT,
    "该机构开设时的类别不能开设此层次的专业。",
    "An organisation of this kind, as it was on the opening day, may not offer majors of this level.",
    "请核对机构、专业代码和开设日期。",
    "Check the organisation, the major's code and the opening date.",
)
DOCUMENT_NEEDED = Fault(
    "document",
    ErrorCode.REQUIRED,
    "国控专业须经审批，这里缺少批准文号。",
    "A state-controlled major needs approval; its document is missing.",
    "请填写批准文号。",
    "Give the number of the approving document.",
)
REVOKED_TOO_EARLY = Fault(
    "revoked_on",
    ErrorCode.OUT_OF_RANGE,
    "撤销日期应晚于开设日期。",
    "The revocation must lie after the opening.",
    "请核对两个日期；若从未开设，请作废而不是撤销。",
    "Check both dates; what never held is voided, not revoked.",
)
OVERLAPS = Fault(
    "opened_on",
    ErrorCode.CONFLICT,
    "与同一机构、同一专业、同一修业年限的另一专业点时间重叠。",
    "It overlaps another offering of the same organisation, major and duration.",
    "请先撤销或更正已有的专业点，或核对开设日期。",
    "Revoke or correct the other offering first, or check the opening date.",
)
