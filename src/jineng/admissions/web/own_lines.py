"""What only the reader of an applicant's own pages reads: the lines of their list, of their rounds and scores, as HTML.

The pages around them are the same for all (:mod:`jineng.kernel.web.gaps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jineng.admissions.kinds import Component


def moment(at: str | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A moment as the database tells it, in the business time zone; nothing for none."""
    return timezone.localtime(datetime.fromisoformat(at)).strftime(form) if at else ""


def wish_lines(wishes: Iterable[Mapping[str, Any]], *, is_open: bool) -> str:
    """A list of preferences as :meth:`Offered.named` tells it, with buttons to change it while the round is open."""
    return "".join(_wish_line(place, wish, is_open) for place, wish in enumerate(wishes, 1))


def _wish_line(place: int, wish: Mapping[str, Any], is_open: bool) -> str:
    others, instead = ("服从调剂", "不服从") if wish["any_major"] else ("不服从调剂", "服从")
    change = ""
    if is_open:
        others = _button("any", place, f"{others}（改为{instead}）", "button link")
        buttons = (
            _button("up", place, "↑", label="上移 Up"),
            _button("down", place, "↓", label="下移 Down"),
            _button("drop", place, "删除"),
        )
        change = f'<span class="buttons">{"".join(buttons)}</span>'
    return (
        f'<tr><td class="num" data-label="志愿">{place}</td><th scope="row">{escape(wish["name"])}</th>'
        f'<td data-label="专业">{escape("、".join(wish["major_names"]))}</td>'
        f'<td data-label="其他专业">{others}</td><td data-label="调整">{change}</td></tr>'
    )


def _button(deed: str, place: int, words: str, kind: str = "button", label: str = "") -> str:
    named = f' aria-label="{label}"' if label else ""
    return f'<button type="submit" class="{kind}" name="do" value="{deed}:{place}"{named}>{words}</button>'


def round_lines(rounds: Iterable[Mapping[str, Any]]) -> str:
    """The rounds of the season, with how one's own form stands in each."""
    return "".join("".join(_round_line(each)) for each in rounds)


def _round_line(each: Mapping[str, Any]) -> Iterator[str]:
    window = " — ".join(moment(each[name], "%m-%d %H:%M") for name in ("opens_at", "closes_at"))
    yield f'<tr><th scope="row">{escape(each["name"])}</th><td data-label="填报时间">{window}</td>'
    if each["submitted_at"]:
        mine = f'<span class="mark ok">已提交 {len(each["wishes"])} 个</span>'
    else:
        mine = '<span class="mark warn">有草稿，未提交</span>' if each["draft"] else "—"
    yield f'<td data-label="我的志愿">{mine}</td><td>'
    here = reverse("own_preferences", args=[each["opening"]])
    if each["is_open"]:
        yield f'<a class="button" href="{here}">填报 <small lang="en">Fill in</small></a>'
    elif each["submitted_at"]:
        yield f'<a href="{here}">查看 <small lang="en">Look</small></a>'
    yield "</td></tr>"


def score_lines(scores: Iterable[Mapping[str, Any]]) -> str:
    """One's own scores: component, points and full points."""
    return "".join(
        f'<tr><th scope="row">{Component(each["component"]).label}{escape(" " + each["subject"]).rstrip()}</th>'
        f'<td class="num" data-label="得分">{_points(each["points"])}</td>'
        f'<td class="num" data-label="满分">{_points(each["out_of"])}</td></tr>'
        for each in scores
    )


def _points(told: str) -> str:
    return told.removesuffix(".00")
