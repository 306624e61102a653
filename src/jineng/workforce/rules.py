"""The law of this room, without a database: what a version of the standard asks, what a teacher has, what is missing.

Which conditions hold from when on is declared data (see ``models/standards.py``); here stands how a condition is
judged. Sources of the kinds of conditions: 教师〔2019〕6号 (dual-qualified teachers), 教师〔2016〕3号 (practice in
enterprises, months within years), 人社部发〔2020〕96号 (bridge between skill grades and titles).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from jineng.workforce.kinds import (
    ConditionKind,
    DualLevel,
    QualificationKind,
    Recogniser,
    Series,
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


@dataclass(frozen=True)
class Judge:
    """Judges evidence by a version of the standard and the bridges of the day."""

    version: Version
    day: date
    bridges: Sequence[Bridge] = ()
    _in_force: tuple[Bridge, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        standing = tuple(bridge for bridge in self.bridges if holds(self.day, bridge.since, bridge.until))
        object.__setattr__(self, "_in_force", standing)

    def standing(self, evidence: Evidence) -> Standing:
        """How the teacher stands to every level of the version, the lowest first."""
        levels = sorted(self.version.levels, key=lambda level: DualLevel.values.index(level.level))
        return Standing(
            recognised_on(self.day, evidence.recognitions),
            tuple(Assessment(level.level, self._findings(level, evidence)) for level in levels),
        )

    def _findings(self, level: Level, evidence: Evidence) -> tuple[Finding, ...]:
        ordered = sorted(level.conditions, key=lambda condition: condition.item)
        return tuple(
            self._finding(item, list(conditions), evidence)
            for item, conditions in groupby(ordered, key=lambda condition: condition.item)
        )

    def _finding(self, item: int, conditions: Sequence[Condition], evidence: Evidence) -> Finding:
        kinds = tuple(dict.fromkeys(condition.kind for condition in conditions))
        answers = [self._judge(condition, evidence) for condition in conditions]
        met = next((text for fulfilled, text in answers if fulfilled), None)
        return Finding(item, kinds, met is not None, met or "，或".join(text for _, text in answers))

    def _judge(self, condition: Condition, evidence: Evidence) -> tuple[bool, str]:
        match condition.kind:
            case ConditionKind.KIND:
                wanted = TeacherKind(condition.option).label
                return evidence.kind == condition.option, (
                    str(wanted) if evidence.kind == condition.option else f"应为{wanted}"
                )
            case ConditionKind.CERTIFICATE:
                return self._certificate(evidence, QualificationKind.TEACHER, "教师资格证")
            case ConditionKind.PROFESSIONAL:
                return self._certificate(evidence, QualificationKind.PROFESSIONAL, "其他职业资格")
            case ConditionKind.SKILL:
                return self._skill(condition, evidence)
            case ConditionKind.TITLE:
                return self._title(condition, evidence)
            case ConditionKind.PRACTICE:
                return self._practice(condition, evidence)
            case ConditionKind.SERVICE:
                return self._service(condition, evidence)
            case ConditionKind.EARLIER:
                return self._earlier(condition, evidence)
        raise ValueError(f"no condition of kind {condition.kind!r}")

    def _certificate(self, evidence: Evidence, kind: str, name: str) -> tuple[bool, str]:
        held = any(one.what == kind and one.on(self.day) for one in evidence.certificates)
        return held, f"有{name}" if held else f"缺{name}"

    def _skill(self, condition: Condition, evidence: Evidence) -> tuple[bool, str]:
        least = SkillGrade.values.index(condition.option)
        held = [one for one in evidence.grades if one.on(self.day)]
        best = max(held, key=lambda one: SkillGrade.values.index(one.what), default=None)
        if best is not None and SkillGrade.values.index(best.what) >= least:
            return True, f"技能等级{SkillGrade(best.what).label}"
        if condition.bridged:
            for bridge in self._in_force:
                if SkillGrade.values.index(bridge.grade) >= least and (
                    worth := self._best_title(evidence, bridge.series, bridge.level)
                ):
                    return True, f"{_title(worth)}（贯通{SkillGrade(bridge.grade).label}）"
        now = f"现为{SkillGrade(best.what).label}" if best is not None else "现无"
        return False, f"技能等级须达{SkillGrade(condition.option).label}，{now}"

    def _title(self, condition: Condition, evidence: Evidence) -> tuple[bool, str]:
        if best := self._best_title(evidence, condition.series, condition.option):
            return True, _title(best)
        if condition.bridged:
            for bridge in self._in_force:
                if (bridge.series == condition.series or not condition.series) and TitleLevel.values.index(
                    bridge.level
                ) >= TitleLevel.values.index(condition.option):
                    held = self._long_held(evidence, bridge)
                    if held is not None:
                        return True, f"{SkillGrade(held.what).label}（贯通{_level(bridge.series, bridge.level)}）"
        series = Series(condition.series).label if condition.series else ""
        return False, f"专业技术职务须达{series}{TitleLevel(condition.option).label}"

    def _best_title(self, evidence: Evidence, series: str, least: str) -> Held | None:
        """The highest title of ``series`` (any, where empty) of at least this level that holds on the day."""
        rank = TitleLevel.values.index
        found = [
            one
            for one in evidence.titles
            if one.on(self.day) and series in ("", one.series) and rank(one.what) >= rank(least)
        ]
        return max(found, key=lambda one: rank(one.what), default=None)

    def _long_held(self, evidence: Evidence, bridge: Bridge) -> Held | None:
        rank = SkillGrade.values.index
        return next(
            (
                one
                for one in evidence.grades
                if one.on(self.day)
                and rank(one.what) >= rank(bridge.grade)
                and one.since <= years_before(self.day, bridge.years)
            ),
            None,
        )

    def _practice(self, condition: Condition, evidence: Evidence) -> tuple[bool, str]:
        window = condition.window_years
        first = years_before(self.day, window) + timedelta(days=1) if window else date.min
        days = practice_days(evidence.stays, first, self.day)
        have, need = Fraction(days, self.version.days_per_month), condition.amount
        when = f"近{window}年" if window else "累计"
        if have >= need:
            return True, f"{when}企业实践{_months(have)}个月"
        return False, f"{when}企业实践须满{need}个月，还差{_months(need - have, up=True)}个月"

    def _service(self, condition: Condition, evidence: Evidence) -> tuple[bool, str]:
        years = service_years(evidence.posts, self.day)
        if years >= condition.amount:
            return True, f"任教满{years}年"
        return False, f"任教须满{condition.amount}年，还差{condition.amount - years}年"

    def _earlier(self, condition: Condition, evidence: Evidence) -> tuple[bool, str]:
        rank = DualLevel.values.index
        wanted = f"双师型{DualLevel(condition.option).label}"
        latest = years_before(self.day, condition.amount)
        for one in evidence.recognitions:
            if one.on(self.day) and rank(one.what) >= rank(condition.option) and one.since <= latest:
                return True, f"已认定双师型{DualLevel(one.what).label}"
        return False, f"须先认定{wanted}" + (f"满{condition.amount}年" if condition.amount else "")


def _title(held: Held) -> str:
    return _level(held.series, held.what)


def _level(series: str, level: str) -> str:
    return f"{Series(series).label}{TitleLevel(level).label}"


def _months(months: Fraction, *, up: bool = False) -> str:
    """Months with one decimal, rounded away from what would flatter: had ones down, missing ones up."""
    tenths = months * 10
    whole = -int(-tenths // 1) if up else int(tenths // 1)
    return f"{whole // 10}.{whole % 10}" if whole % 10 else str(whole // 10)
