"""The law of this room, without a database: what a version of the standard asks, what a teacher has, what is missing.

Which conditions hold from when on is declared data (see ``models/standards.py``); here stands how a condition is
judged. Sources of the kinds of conditions: 教师〔2019〕6号 (dual-qualified teachers), 教师〔2016〕3号 (practice in
enterprises, months within years), 人社部发〔2020〕96号 (bridge between skill grades and titles).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from jineng.workforce.kinds import (
    ConditionKind,
    DualLevel,
    Recogniser,
    SkillGrade,
    TeacherKind,
    TitleLevel,
)

OPTIONS: dict[str, type[TeacherKind | SkillGrade | TitleLevel | DualLevel]] = {
    ConditionKind.KIND: TeacherKind,
    ConditionKind.SKILL: SkillGrade,
    ConditionKind.TITLE: TitleLevel,
    ConditionKind.EARLIER: DualLevel,
}
"""Kinds of conditions that need an option, and the codes that it is one of."""
AMOUNTS = frozenset({ConditionKind.PRACTICE, ConditionKind.SERVICE})
"""Kinds of conditions that need an amount: months of practice, years of teaching."""


def holds(day: date, since: date, until: date | None) -> bool:
    """Whether what began on ``since`` holds on ``day``; ``until`` is the first day without it."""
    return since <= day and (until is None or day < until)


def years_before(day: date, years: int) -> date:
    """The same day ``years`` years earlier; of 29 February the 28th where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def years_after(day: date, years: int) -> date:
    """The same day ``years`` years later; of 29 February the 28th where there is none."""
    return years_before(day, -years)


@dataclass(frozen=True)
class Held:
    """Something held from ``since`` on, until the first day without it: a grade, a title, a post, a recognition."""

    what: str
    since: date
    until: date | None = None
    series: str = ""

    def on(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return holds(day, self.since, self.until)


@dataclass(frozen=True)
class Stay:
    """A stay in an enterprise from its first to its last day, ``days`` of which were worked."""

    first: date
    last: date
    days: int


@dataclass(frozen=True)
class Evidence:
    """What a teacher can show. ``posts`` are all times of teaching, at whatever school."""

    kind: str
    posts: tuple[Held, ...] = ()
    certificates: tuple[Held, ...] = ()
    grades: tuple[Held, ...] = ()
    titles: tuple[Held, ...] = ()
    stays: tuple[Stay, ...] = ()
    recognitions: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Condition:
    """One condition of a level; conditions of one ``item`` are alternatives. See ``models.StandardCondition``."""

    item: int
    kind: str
    option: str = ""
    series: str = ""
    amount: int = 0
    window_years: int | None = None
    bridged: bool = False


@dataclass(frozen=True)
class Level:
    """A level of a version: who may recognise it, how many years it holds (``None``: without end), what it asks."""

    level: str
    recogniser: str
    valid_years: int | None
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Version:
    """A version of the standard, in force from a day until another; a month of practice is so many days."""

    code: str
    since: date
    until: date | None
    days_per_month: int
    levels: tuple[Level, ...]

    def level(self, name: str) -> Level | None:
        """The level of that name, if the version has it."""
        return next((level for level in self.levels if level.level == name), None)


@dataclass(frozen=True)
class Bridge:
    """A skill grade, held for ``years`` years, is worth a title of ``series`` and ``level``."""

    grade: str
    series: str
    level: str
    years: int
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Finding:
    """How one item of a level came out: the kinds of its conditions, whether it is met, in words what by or what of."""

    item: int
    kinds: tuple[str, ...]
    met: bool
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Assessment:
    """How a teacher stands to one level."""

    level: str
    findings: tuple[Finding, ...]

    @property
    def met(self) -> tuple[Finding, ...]:
        """Items that are met."""
        return tuple(finding for finding in self.findings if finding.met)

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Items that are not."""
        return tuple(finding for finding in self.findings if not finding.met)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def lacks(self) -> frozenset[str]:
        """Kinds of conditions by which a missing item could be met."""
        return frozenset(kind for finding in self.missing for kind in finding.kinds)


@dataclass(frozen=True)
class Standing:
    """How a teacher stands on a day: the level recognised, if any, and every level of the standard assessed."""

    recognised: str
    assessments: tuple[Assessment, ...]

    @property
    def reachable(self) -> str:
        """The highest level above the recognised one at which nothing is missing; empty if none."""
        ready = [one.level for one in self.assessments if one.ready and above(one.level, self.recognised)]
        return max(ready, key=DualLevel.values.index, default="")

    @property
    def next(self) -> Assessment | None:
        """The lowest level that is neither recognised nor within reach; ``None`` at the top."""
        reached = self.reachable or self.recognised
        return next((one for one in self.assessments if above(one.level, reached)), None)

    def at(self, level: str) -> Assessment | None:
        """The assessment of one level."""
        return next((one for one in self.assessments if one.level == level), None)


def above(level: str, other: str) -> bool:
    """Whether ``level`` lies above ``other``; everything lies above none (the empty text)."""
    return not other or DualLevel.values.index(level) > DualLevel.values.index(other)


def version_on(day: date, versions: Iterable[Version]) -> Version | None:
    """The version in force on ``day``; of several the one that began last."""
    found = [version for version in versions if holds(day, version.since, version.until)]
    return max(found, key=lambda version: version.since, default=None)


def may_recognise(recogniser: str, body: str) -> bool:
    """Whether a body (institution, county, city, province) may recognise what ``recogniser`` at least may."""
    ranks = Recogniser.values
    return body in ranks and ranks.index(body) >= ranks.index(recogniser)


def recognised_on(day: date, recognitions: Iterable[Held]) -> str:
    """The highest level recognised and holding on ``day``; empty if none."""
    levels = [one.what for one in recognitions if one.on(day)]
    return max(levels, key=DualLevel.values.index, default="")


def practice_days(stays: Sequence[Stay], first: date, last: date) -> int:
    """Days practised from ``first`` to ``last``, both included.

    A stay that reaches beyond counts in proportion; overlapping stays never count more days than the calendar has.
    """
    within = [
        (max(stay.first, first), min(stay.last, last), stay)
        for stay in stays
        if stay.first <= last and stay.last >= first
    ]
    worked = sum(
        (
            Fraction(stay.days) * ((until - since).days + 1) / ((stay.last - stay.first).days + 1)
            for since, until, stay in within
        ),
        Fraction(0),
    )
    return min(int(worked), _days_of([(since, until) for since, until, _ in within]))


def service_years(posts: Sequence[Held], day: date) -> int:
    """Whole years taught up to ``day``; time at two schools at once counts once, breaks do not count."""
    spans = [
        (post.since, min(post.until - timedelta(days=1) if post.until else day, day))
        for post in posts
        if post.since <= day
    ]
    if not spans:
        return 0
    end = max(last for _, last in spans) + timedelta(days=1)
    start = end - timedelta(days=_days_of(spans))
    years = end.year - start.year
    return years if years_before(end, years) >= start else years - 1


def _days_of(spans: Iterable[tuple[date, date]]) -> int:
    """Calendar days in the union of ``spans``, first and last days included."""
    total, free = 0, date.min
    for first, last in sorted(spans):
        start = max(first, free)
        total += max((last - start).days + 1, 0)
        free = max(free, last + timedelta(days=1))
    return total
