"""How evidence is judged, condition by condition, by a version of the standard and the bridges of a day; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from jineng.workforce.kinds import (
    ConditionKind,
    DualLevel,
    QualificationKind,
    Series,
    SkillGrade,
    TeacherKind,
    TitleLevel,
)
from jineng.workforce.rules import (
    Assessment,
    Bridge,
    Condition,
    Evidence,
    Finding,
    Held,
    Level,
    Standing,
    Version,
    holds,
    practice_days,
    recognised_on,
    service_years,
    years_before,
)


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
