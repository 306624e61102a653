"""Pages of a reporting round: opening it, urging those who are late, and a return beside what it is compared with."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.cases.kinds import ROUND, ProcedureState
from jineng.cases.models import Case, Procedure
from jineng.cases.queries import intakes_of, round_counts
from jineng.cases.rounds import compared
from jineng.cases.verbs import open_round, urge_round
from jineng.cases.verbs.rounds import locks_returns
from jineng.cases.web.procedure_forms import ConfirmForm
from jineng.engines.casework.comparing import Compared
from jineng.kernel.actors import Actor
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.returns.landing import landings
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.kinds import AUTHORITY_KINDS, OrganisationKind
from jineng.registry.scope import visible
from jineng.registry.web.forms import DAY, ScopedForm
from jineng.registry.web.records import Cell, Section, posted

FORM = ("GET", "POST")
COMPARED = ("表 Sheet", "本次行数 Rows", "上年 Last year", "变化 Change", "同类中位 Middle of others", "核对 Check")
OWING = [(kind.value, kind.label) for kind in OrganisationKind if kind not in AUTHORITY_KINDS]


class RoundForm(ScopedForm):
    """Who owes a return by when, by which procedure."""

    name = forms.CharField(label="名称 Name", max_length=160, help_text="如“2021年度职业教育填报”。")
    procedure = forms.ChoiceField(label="规程 Procedure", choices=[])
    closes_on = forms.DateField(label="报送期限 Due on", **DAY)
    kinds = forms.MultipleChoiceField(
        label="应报单位 Who owes a return", choices=OWING, widget=forms.CheckboxSelectMultiple
    )
    announcement = forms.CharField(
        label="通知正文 Announcement", required=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        published = (
            visible(actor, Procedure).filter(STANDS, state=ProcedureState.PUBLISHED).order_by("code", "-version")
        )
        choices: Any = self.fields["procedure"]
        choices.choices = [(str(each.pk), str(each)) for each in published if locks_returns(each)]


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def begin(request: ActorRequest) -> HttpResponse:
    """Say who owes which return by when; each of them has a case for it and is told."""
    return deed_page(
        request,
        RoundForm(posted(request), actor=request.actor),
        lambda data: open_round(
            actor=request.actor,
            name=data["name"],
            procedure_id=UUID(data["procedure"]),
            closes_on=data["closes_on"],
            kinds=data["kinds"],
            announcement=data["announcement"],
        ),
        title="布置填报",
        title_en="Open a reporting round",
        lead="管辖范围内所选类别的每个单位各有一件填报事项，并收到通知。 Whoever owes a return has a case for it.",
        done="已布置。 Opened.",
        then=lambda made: reverse("intake", args=[made.pk]),
        crumbs=[Crumb("受理批次", reverse("intakes")), Crumb("布置填报")],
        cancel=reverse("intakes"),
        submit="布置 Open",
    )


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def urge(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Urge those who have not done what the round asks of them now."""
    found: Any = get_object_or_404(intakes_of(request.actor), pk=pk, subject_type=ROUND)
    return deed_page(
        request,
        ConfirmForm(posted(request), actor=request.actor),
        lambda data: urge_round(actor=request.actor, intake_id=pk),
        title=f"催报：{found.name}",
        title_en="Urge",
        lead="可见范围内尚未办完的，通知轮到办理的单位。 Whoever has to act in what is in your sight is told.",
        done="已通知可见范围内轮到办理的单位。 Those whose turn it is are told.",
        then=lambda made: reverse("intake", args=[pk]),
        crumbs=[Crumb("受理批次", reverse("intakes")), Crumb(found.name, reverse("intake", args=[pk])), Crumb("催报")],
        cancel=reverse("intake", args=[pk]),
        submit="催报 Urge",
    )


def round_facts(actor: Actor, intake: Any) -> list[Fact]:
    """How far a round is, of what the actor sees; nothing of other intakes."""
    if intake.subject_type != ROUND:
        return []
    counts = round_counts(actor, intake)
    cases = f"{reverse('cases')}?intake={intake.pk}"
    return [
        Fact("应报 Owed", counts["owed"], url=cases),
        Fact("未报送 Not reported", counts["waiting"], url=f"{cases}&state=open"),
        Fact("已锁定 Locked", counts["locked"]),
    ]


def comparison(case: Case) -> list[Section]:
    """A return beside last year's and those of others of its kind, where the case is one."""
    if case.intake.subject_type != ROUND:
        return []
    titles = {name: landing.sheet.title for name, landing in landings().items()}
    rows = [
        (
            Cell(titles.get(each.sheet, each.sheet)),
            Cell(each.rows, kind="num"),
            Cell("—" if each.before is None else each.before, kind="num"),
            Cell("—" if each.change is None else f"{float(100 * each.change):+.0f}%", kind="num"),
            Cell("—" if each.near is None else _whole(each.near), kind="num"),
            Cell(_asked(each), kind="warn") if each.stands_out else Cell("无异常" if each.rule else "—"),
        )
        for each in compared(case)
    ]
    return [Section("核对", "Compared", "compared", COMPARED, rows, "还没有填报表入库。 No file has landed yet.")]


def _asked(each: Compared) -> str:
    why = [*(["与上年相差较大"] if each.from_before else []), *(["与同类单位相差较大"] if each.from_others else [])]
    return f"请说明：{'、'.join(why)}"


def _whole(number: Fraction) -> str:
    return f"{float(number):g}"
