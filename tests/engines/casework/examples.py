"""The definitions under `data`, with a vocabulary and a calendar that knows only weekends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import yaml

from jineng.engines.casework import Flow, Form, Situation, Term, Type, Vocabulary, load_flow, load_form

DATA = Path(__file__).parent / "data"
NAMES = ("pilot", "double-high", "offering", "returns", "agreement")
VOCABULARY = Vocabulary(
    facts={
        "closes_on": Term(Type.DATE, "截止日期", "closing day"),
        "year_closes_on": Term(Type.DATE, "关账日期", "day the year is closed"),
        "open_objections": Term(Type.NUMBER, "未处理的异议", "open objections"),
        "review_closed": Term(Type.FLAG, "评审已结束", "the review is closed"),
        "score": Term(Type.NUMBER, "评审得分", "score"),
        "rank": Term(Type.NUMBER, "推荐名次", "rank"),
        "quota": Term(Type.NUMBER, "推荐名额", "quota"),
        "exempt": Term(Type.FLAG, "不占名额", "exempt from the quota"),
        "state_controlled": Term(Type.FLAG, "国控专业", "state-controlled"),
        "errors": Term(Type.NUMBER, "未改正的错误", "errors"),
        "past": Term(Type.LIST, "已获立项", "earlier awards"),
    },
    effects=("award", "set_status", "offering", "agreement", "land", "lock", "unlock"),
    levels=("city", "county"),
    filters={"organisation": ("kind",), "major": ("level",), "award": ("item",), "person": ()},
)
CHINA = ZoneInfo("Asia/Shanghai")


class Definition(NamedTuple):
    """A form with the flow that is made for it, and the data of both."""

    data: dict[str, Any]
    form: Form
    flow: Flow


@cache
def definition(name: str) -> Definition:
    """One of the definitions under `data`."""
    data = yaml.load((DATA / f"{name}.yaml").read_bytes(), yaml.CSafeLoader)
    form = load_form(data["form"], VOCABULARY)
    return Definition(data, form, load_flow(data["flow"], form, VOCABULARY))


def weekdays(day: date, days: int) -> date:
    """The weekday so many after a day, or before it."""
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        left -= day.weekday() < 5
    return day


def at(day: str, hour: int = 9) -> datetime:
    """A moment of a day in China."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), CHINA).replace(hour=hour)


def situation(name: str = "pilot", **known: Any) -> Situation:
    """What the room knows, with whatever a test says of it."""
    return Situation(**{"form": definition(name).form, "calendar": weekdays, "vocabulary": VOCABULARY, **known})
