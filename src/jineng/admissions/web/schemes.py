"""Pages of a season's law: set up by copying, the scheme, rules of scoring with their preview, statistics."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import yaml
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.admissions.capping import cap_words
from jineng.admissions.kinds import ApplicantCategory
from jineng.admissions.models import ScoreRule, Season
from jineng.admissions.running_queries import preview_rule, read_scheme, rules_in, scheme_in, statistics
from jineng.admissions.schemes import Law, RoundLaw, in_order
from jineng.admissions.verbs import copy_season, declare_scheme, file_score_rule
from jineng.admissions.verbs.schemes import first_scheme
from jineng.admissions.web.pages import find_season, may_decide, seasons_home
from jineng.admissions.web.round_forms import CopyForm, RuleForm, SchemeForm
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact, bars_of
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible

FORM = ("GET", "POST")


def crumbs_of(season: Season, last: str) -> list[Crumb]:
    """The way from the seasons to a page of one."""
    return [seasons_home(), Crumb(season.name, reverse("season", args=[season.pk])), Crumb(last)]


def written(data: Any) -> str:
    """A scheme as its page and form show it."""
    return yaml.safe_dump(in_order(data), allow_unicode=True, sort_keys=False, width=110)


@require_http_methods(FORM)
@door(Right.DECIDE_ADMISSIONS)
def copy(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Set up a season as this one was."""
    found = find_season(request, pk)
    year = found.year + 1
    opens = found.opens_on.replace(year=year, day=min(found.opens_on.day, 28))
    code = found.code.replace(str(found.year), str(year))
    name = found.name.replace(str(found.year), str(year))
    return deed_page(
        request,
        CopyForm(request.POST or None, actor=request.actor, initial={"code": code, "name": name, "opens_on": opens}),
        lambda data: copy_season(actor=request.actor, season_id=pk, **data),
        title=f"按“{found.name}”设置新一季",
        title_en="Set up a season as this one",
        lead="轮次、限额、免试类别和招生办法照搬，计划和计分规则由学校重新申报。"
        " Rounds, caps, exempt categories and scheme are taken over.",
        done="已设置。 Set up.",
        then=lambda made: reverse("season", args=[made.pk]),
        crumbs=crumbs_of(found, "照搬设置"),
        cancel=reverse("season", args=[pk]),
        submit="设置 Set up",
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def scheme(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The scheme of a season: its rounds in a table, the whole as text, and the rules that schools filed."""
    found = find_season(request, pk)
    newest = scheme_in(request.actor, found)
    law = read_scheme(newest) if newest else None
    names = {part.key: part.name for part in law.components} if law else {}
    return render(
        request,
        "admissions/scheme.html",
        {
            "title": "招生办法",
            "title_en": "Scheme",
            "crumbs": crumbs_of(found, "招生办法"),
            "season": found,
            "scheme": newest,
            "law": law,
            "rounds": _told_rounds(law) if law else [],
            "caps": [(each.key, cap, cap_words(cap)) for each in law.rounds for cap in each.caps] if law else [],
            "text": written(newest.data) if newest else "",
            "rules": [(rule, _formula(rule.formula["weights"], names)) for rule in rules_in(request.actor, found)],
            "may_decide": may_decide(request),
            "may_file": request.actor.may(Right.EDIT_ADMISSIONS) and law is not None,
        },
    )


def _told_rounds(law: Law) -> list[tuple[RoundLaw, str, str, str]]:
    """Each round with who enters it, its formula and where its unfilled seats go, in words."""
    names = {part.key: part.name for part in law.components}
    pools = {pool.key: pool.name for pool in law.pools}
    return [(each, _enters(each), _formula(each.rule.weights, names), _rolls(each, pools)) for each in law.rounds]


def _rolls(of: RoundLaw, pools: dict[str, str]) -> str:
    """Where unfilled seats go, the first that the programme has: 第 2 轮普通，否则第 2 轮."""
    return "，否则".join(f"第 {each.round} 轮{pools.get(each.pool or '', '')}" for each in of.rolls_to)


def _enters(of: RoundLaw) -> str:
    """Who enters a round, in words."""
    if of.exempt:
        return "免试生"
    return "、".join(str(ApplicantCategory(key).label) for key in of.enters) or "全部考生"


def _formula(weights: Any, names: dict[str, str]) -> str:
    """A formula in words: 文化素质 + 1.5 × 职业技能."""
    parts = []
    known = list(names)
    for key, weight in sorted(weights.items(), key=lambda item: known.index(item[0]) if item[0] in names else 0):
        name = names.get(key, key)
        parts.append(name if str(weight) == "1" else f"{weight} × {name}")
    return " + ".join(parts)


@require_http_methods(FORM)
@door(Right.DECIDE_ADMISSIONS)
def declare(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Declare a season's scheme, beginning with the one it has or with the default of its kind."""
    found = find_season(request, pk)
    newest = scheme_in(request.actor, found)
    data = newest.data if newest else first_scheme(found.kind)
    page = reverse("admission_scheme", args=[pk])
    return deed_page(
        request,
        SchemeForm(request.POST or None, actor=request.actor, initial={"content": written(data)}),
        lambda given: declare_scheme(
            actor=request.actor,
            season_id=pk,
            data=given["content"],
            declared_on=given["declared_on"],
            document=given["document"],
        ),
        title="公布招生办法",
        title_en="Declare the scheme",
        lead="公布后对新开放的轮次有效；有错会逐处指出。 It binds the rounds that open after it; every fault is told.",
        done="已公布。 Declared.",
        then=lambda made: page,
        crumbs=crumbs_of(found, "公布招生办法"),
        cancel=page,
        submit="公布 Declare",
    )


@require_http_methods(FORM)
@door(Right.EDIT_ADMISSIONS)
def file_rule(request: ActorRequest, pk: UUID) -> HttpResponse:
    """File a school's rule of scoring."""
    found = find_season(request, pk)
    newest = scheme_in(request.actor, found)
    if newest is None:
        return redirect("admission_scheme", pk=pk)
    law = read_scheme(newest)
    initial: dict[str, Any] = {f"weight_{key}": weight for key, weight in law.rounds[0].rule.weights.items()}
    initial |= {f"tie_{at}": key for at, key in enumerate(law.ties, 1)}
    form = RuleForm(request.POST or None, actor=request.actor, law=law, initial=initial)

    def do(data: dict[str, Any]) -> ScoreRule:
        try:
            return file_score_rule(
                actor=request.actor,
                season_id=pk,
                organisation_id=data["organisation"].pk,
                formula=form.formula,
                ties=form.ties,
                channel=data["channel"],
                document=data["document"],
            )
        except ValidationError as error:
            raise ValidationError(error.messages) from error

    return deed_page(
        request,
        form,
        do,
        title="备案计分规则",
        title_en="File a rule of scoring",
        lead="总分 = 各成绩项 × 权重之和；未达任一最低分的不能录取。 The score is the sum of components times weights.",
        done="已备案，可在下面预览往年考生按此办法的得分。 Filed; below is what it makes of last year's scores.",
        then=lambda made: reverse("score_rule", args=[made.pk]),
        crumbs=crumbs_of(found, "备案计分规则"),
        cancel=reverse("admission_scheme", args=[pk]),
        submit="备案 File",
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def rule(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A filed rule, and what it would have made of the scores of the season before."""
    rows = visible(request.actor, ScoreRule).filter(STANDS).select_related("season", "organisation")
    found = get_object_or_404(rows, pk=pk)
    newest = scheme_in(request.actor, found.season)
    preview, law = None, read_scheme(newest) if newest else None
    if law is not None:
        preview = preview_rule(law, found.formula, found.ties, found.season)
    names = {part.key: part.name for part in law.components} if law else {}
    least = "，".join(f"{names.get(key, key)} ≥ {number}" for key, number in found.formula.get("least", {}).items())
    return render(
        request,
        "admissions/score_rule.html",
        {
            "title": f"{found.organisation.name} 计分规则",
            "title_en": "Rule of scoring",
            "crumbs": crumbs_of(found.season, "计分规则"),
            "facts": [
                Fact("招生季 Season", found.season.name, url=reverse("admission_scheme", args=[found.season_id])),
                Fact("途径 Way in", found.get_channel_display()),
                Fact("版本 Version", found.version),
                Fact("总分 Score", _formula(found.formula["weights"], names)),
                Fact("最低要求 Least", least or "—"),
                Fact("最低总分 Least score", found.formula.get("total", "0")),
                Fact("同分排序 Ties", " → ".join(names.get(key, key) for key in found.ties) or "—"),
                Fact("备案日期 Filed", found.filed_on),
                Fact("文号 Document", found.document),
            ],
            "preview": preview,
            "bars": bars_of((label, number, "") for label, number in preview.spread) if preview else [],
        },
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def season_statistics(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Who registered, was admitted and confirmed, by county, category and school."""
    found = find_season(request, pk)
    tallies = remembered(
        ("statistics of a season", pk, request.actor),
        lambda: statistics(request.actor, found),
        lambda told: sum(map(len, told.values())),
    )
    people = tallies["categories"]
    return render(
        request,
        "admissions/statistics.html",
        {
            "title": "招生统计",
            "title_en": "Statistics",
            "lead": "管辖范围内的考生和录取。 Applicants and admissions within your scope.",
            "crumbs": crumbs_of(found, "招生统计"),
            "season": found,
            "registered": sum(each.registered for each in people),
            "admitted": sum(each.admitted for each in people),
            "confirmed": sum(each.confirmed for each in people),
            "parts": [
                ("按户籍县区", "By home county", tallies["counties"], True),
                ("按考生类别", "By category", tallies["categories"], True),
                ("按招生学校", "By school", tallies["schools"], False),
            ],
            "day": clock.today(),
        },
    )
