"""One person's page: the whole way, in order of time, as far as it lies in sight."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.identities import Identity
from jineng.registry.lifelong import Life, Stage, life_of
from jineng.registry.verbs.reading import read_people
from jineng.registry.web.records import Cell, Section, Shown, organisation_cell, person_fact, show

TITLE, TITLE_EN = "终身学习档案", "Lifelong record"
LEAD = (
    "按时间列出各登记中属于本岗位可见范围的记录；范围之外的不显示，此处没有不等于没有。 "
    "What lies in your sight, in order of time. What lies out of it is not shown: there may be more elsewhere."
)
HEADINGS = ("日期 Date", "阶段 Stage", "内容 What", "单位 Where", "状态 State")


@require_GET
@door(Right.VIEW_LEARNING)
def lifelong(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What the rooms know of a person; the name is masked."""
    return _page(request, _found(request, pk), None)


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def lifelong_person(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The same page with the person in full; the reading is written down."""
    life = _found(request, pk)
    people = read_people(actor=request.actor, person_ids=[life.person.pk], subject=life.person)
    return _page(request, life, people.get(life.person.pk))


def _found(request: ActorRequest, pk: UUID) -> Life:
    life = life_of(request.actor, pk)
    if life is None:
        raise Http404
    return life


def _page(request: ActorRequest, life: Life, person: Identity | None) -> HttpResponse:
    name = person.name if person else life.person.masked_name
    facts = [
        person_fact("学习者 Learner", life.person, person),
        *([Fact("证件号码 Resident ID", person.number, kind="code")] if person else []),
        Fact("可见记录 Records in sight", len(life.stages)),
    ]
    if len(life.ids) > 1:
        facts.append(Fact("合并身份 Merged identities", len(life.ids), note="视为一人 count as one person"))
    rows = [_row(stage, life) for stage in life.stages]
    section = Section("历程", "The way", "stages", HEADINGS, rows, empty="可见范围内没有记录。 Nothing in your sight.")
    return show(
        request,
        Shown(
            f"{TITLE}：{name}",
            TITLE_EN,
            [Crumb(TITLE), Crumb(name)],
            facts,
            sections=[section],
            lead=LEAD,
            template="registry/lifelong.html",
            more={
                "reveal": reverse("lifelong_person", args=[life.person.pk]),
                "shown": person is not None,
                "may_read": request.actor.may(Right.VIEW_PERSONAL_DATA),
            },
        ),
    )


def _row(stage: Stage, life: Life) -> tuple[Cell, ...]:
    days = f"{stage.on} 至 {stage.until}" if stage.until and stage.until != stage.on else f"{stage.on}"
    return (
        Cell(days, kind="date"),
        Cell(stage.kind),
        Cell(stage.what, reverse(stage.url_name, args=[stage.key]) if stage.url_name else ""),
        organisation_cell(stage.organisation_id, life.names.get(stage.organisation_id, ""))
        if stage.organisation_id
        else Cell("—"),
        Cell(stage.state or "—", kind=stage.mark if stage.state else ""),
    )
