"""A version of the standard in words: what each condition asks, item by item."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from jineng.workforce.kinds import ConditionKind, Series
from jineng.workforce.models import CareerBridge, Standard, StandardCondition
from jineng.workforce.rules import OPTIONS


def condition_in_words(condition: StandardCondition) -> str:
    """What one condition asks."""
    kind = condition.kind
    option = str(OPTIONS[kind](condition.option).label) if kind in OPTIONS else ""
    bridged = "（可按职业发展贯通）" if condition.bridged else ""
    match kind:
        case ConditionKind.KIND:
            return option
        case ConditionKind.SKILL:
            return f"技能等级{option}以上{bridged}"
        case ConditionKind.TITLE:
            series = Series(condition.series).label if condition.series else ""
            return f"{series}{option}以上专业技术职务{bridged}"
        case ConditionKind.PRACTICE:
            window = f"近{condition.window_years}年" if condition.window_years else ""
            return f"{window}企业实践满{condition.amount}个月"
        case ConditionKind.SERVICE:
            return f"任教满{condition.amount}年"
        case ConditionKind.EARLIER:
            years = f"满{condition.amount}年" if condition.amount else ""
            return f"已认定双师型{option}以上{years}"
        case _:
            return f"有{condition.get_kind_display()}证书"


def levels_in_words(standard: Standard) -> list[dict[str, Any]]:
    """Levels of a version from ``queries.standards``: who recognises, how long it holds, the items."""
    return [
        {
            "label": level.get_level_display(),
            "recogniser": level.get_recogniser_display(),
            "validity": f"{level.valid_years}年" if level.valid_years else "长期",
            "items": [
                "，或".join(map(condition_in_words, conditions))
                for _, conditions in groupby(level.conditions.all(), key=lambda condition: condition.item)
            ],
        }
        for level in standard.levels.all()
    ]


def bridges_in_words() -> list[dict[str, Any]]:
    """The bridges between skill grades and titles."""
    return [
        {
            "grade": row.get_grade_display(),
            "title": f"{row.get_series_display()}{row.get_level_display()}",
            "years": row.years,
            "since": row.since,
            "until": row.until,
            "document": row.document,
        }
        for row in CareerBridge.objects.filter(voided_at__isnull=True)
    ]
