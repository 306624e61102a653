"""Pages that show: teachers, one teacher, who could be recognised at a school, standards, autonomies."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.identities import Identity
from jineng.registry.models import Organisation
from jineng.registry.queries import told_of
from jineng.registry.scope import visible
from jineng.registry.verbs.reading import read_people
from jineng.registry.web.records import lifelong_fact, origin_facts, person_fact
from jineng.workforce.kinds import DualLevel
from jineng.workforce.models import Recognition, Standard, Teacher
from jineng.workforce.queries import (
    identities_of,
    judge_in_force,
    practice_of,
    qualifications_of,
    recognitions_of,
    school_standings,
    schools_with_teachers,
    standard_in_force,
    standards,
    standings_of,
    teachers_of,
    titles_of,
)
from jineng.workforce.rules import Standing
from jineng.workforce.web.filters import CandidateFilters, RecognitionFilters, SchoolFilters, TeacherFilters
from jineng.workforce.web.tables import (
    MARKS,
    STATUS,
    CandidateTable,
    RecognitionTable,
    SchoolTable,
    StandardTable,
    TeacherTable,
)
from jineng.workforce.web.wording import bridges_in_words, levels_in_words


def home() -> Crumb:
    """The way back to the teachers."""
    return Crumb("教师", reverse("teachers"))


def dual_home() -> Crumb:
    """The way back to the schools."""
    return Crumb("双师型", reverse("dual_schools"))


@require_GET
@door(Right.VIEW_WORKFORCE)
def teacher_list(request: ActorRequest) -> HttpResponse:
    """Teachers within the actor's scope; void ones only where asked for."""
    return list_page(
        request,
        title="教师",
        title_en="Teachers",
        lead="一行是一人在一所学校任教；姓名已遮盖。 One line per person and school; names are masked.",
        rows=lambda: keys_first(
            teachers_of(request.actor, standing="validity" not in request.GET), together=not request.actor.sees_all
        ),
        table=TeacherTable,
        filters=TeacherFilters,
        crumbs=[Crumb("教师")],
        template="workforce/teachers.html",
        empty="管辖范围内还没有登记教师。 No teachers in your scope yet.",
    )


def find_teacher(request: ActorRequest, pk: UUID) -> Teacher:
    """The teacher within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    found = teachers_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_WORKFORCE)
def teacher(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One teacher: posts and evidence, and how the teacher stands to every level of the standard."""
    return _teacher_page(request, find_teacher(request, pk), None)


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def teacher_names(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The same page with name and number in full; the reading is written down."""
    found = find_teacher(request, pk)
    people = read_people(actor=request.actor, person_ids=[found.person_id], subject=found)
    return _teacher_page(request, found, people.get(found.person_id))


def _teacher_page(request: ActorRequest, found: Teacher, person: Identity | None) -> HttpResponse:
    actor, day = request.actor, asked_day(request)
    in_force = judge_in_force(day)
    identities = identities_of(actor, [found.person_id])
    people = list(identities)
    teaches = in_force is not None and found.teaches_on(day)
    standing = standings_of(actor, [found], in_force[1], identities)[found.pk] if in_force and teaches else None
    may_change = actor.may(Right.EDIT_WORKFORCE) and not found.is_void
    facts = [
        person_fact("姓名 Name", found.person, person),
        lifelong_fact(found.person_id),
        Fact("学校 School", found.organisation.name, url=reverse("dual_candidates", args=[found.organisation_id])),
        Fact("类别 Kind", found.get_kind_display()),
        Fact("任教专业 Field", found.field),
        Fact("任教自 Since", str(found.since)),
        Fact("任教至 Until", str(found.until or "")),
        Fact("状态 State", STATUS[found.status], kind=MARKS[found.status], note=found.void_reason),
        *origin_facts(actor, found),
    ]
    if person:
        facts.insert(1, Fact("证件号码 Resident ID", person.number, kind="code"))
    others = teachers_of(actor).filter(person__in=people).exclude(pk=found.pk)
    return render(
        request,
        "workforce/teacher.html",
        {
            "title": person.name if person else found.person.masked_name,
            "title_en": "Teacher",
            "crumbs": [
                home(),
                Crumb(found.organisation.name, reverse("dual_candidates", args=[found.organisation_id])),
                Crumb(found.person.masked_name),
            ],
            "teacher": found,
            "facts": facts,
            "others": others,
            "day": day,
            "asked": asked_day_kept(request),
            "standard": in_force[0] if in_force else None,
            "levels": _levels(standing) if standing else [],
            "standing": standing,
            "qualifications": qualifications_of(actor, people),
            "titles": titles_of(actor, people),
            "stays": practice_of(actor, people),
            "recognitions": recognitions_of(actor, standing=False).filter(person__in=people),
            "told": told_of(found),
            "may_change": may_change,
            "may_read_names": actor.may(Right.VIEW_PERSONAL_DATA),
            "revealed": person is not None,
        },
    )


def _levels(standing: Standing) -> list[dict[str, Any]]:
    return [
        {"level": one.level, "label": DualLevel(one.level).label, "ready": one.ready, "findings": one.findings}
        for one in standing.assessments
    ]


@require_GET
@door(Right.VIEW_WORKFORCE)
def school_list(request: ActorRequest) -> HttpResponse:
    """Schools with teachers in the actor's scope: how many there are, how many are recognised."""
    return list_page(
        request,
        title="双师型教师",
        title_en="Dual-qualified teachers",
        lead="点开一所学校，看哪些教师可以认定、各还差什么。 Open a school to see who could be recognised.",
        rows=lambda: schools_with_teachers(request.actor, clock.today()),
        table=SchoolTable,
        filters=SchoolFilters,
        crumbs=[Crumb("双师型")],
        template="workforce/schools.html",
        empty="管辖范围内还没有在任教师。 No teachers in your scope yet.",
    )


@require_GET
@door(Right.VIEW_WORKFORCE)
def candidates(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Who at a school could be recognised on a day (``?on=``; today unless said), and what each still lacks."""
    school = visible(request.actor, Organisation).filter(pk=pk).first()
    if school is None:
        raise Http404
    day = asked_day(request)
    in_force = standard_in_force(day)
    standings = remembered(
        ("standings of a school", pk, day, request.actor),
        lambda: school_standings(request.actor, pk, day),
        lambda told: 20 * len(told),
    )
    level = request.GET.get("level", "")
    return list_page(
        request,
        title=school.name,
        title_en="Who could be recognised",
        lead="按当日施行的标准逐条核对；可认定的点开教师后认定。 Judged by the standard of the day.",
        rows=teachers_of(request.actor).filter(pk__in=list(standings)),
        table=partial(  # type: ignore[arg-type]
            CandidateTable,
            standings=standings,
            level=level if level in DualLevel.values else "",
            asked=asked_day_kept(request),
        ),
        filters=partial(CandidateFilters, standings=standings),  # type: ignore[arg-type]
        crumbs=[dual_home(), Crumb(school.name)],
        template="workforce/candidates.html",
        empty="该校当日没有在任教师，或当日没有施行的认定标准。 No teachers, or no standard, on that day.",
        context={
            "school": school,
            "day": day,
            "keep_day": asked_day_kept(request).replace("?", "&"),
            "standard": in_force[0] if in_force else None,
            "teaching": len(standings),
            "recognised": sum(bool(one.recognised) for one in standings.values()),
            "ready": sum(bool(one.reachable) for one in standings.values()),
        },
    )


@require_GET
@door(Right.VIEW_WORKFORCE)
def recognition_list(request: ActorRequest) -> HttpResponse:
    """Recognitions that the actor sees; void ones only where asked for."""
    return list_page(
        request,
        title="双师型认定",
        title_en="Recognitions",
        rows=lambda: keys_first(
            recognitions_of(request.actor, standing="validity" not in request.GET), together=not request.actor.sees_all
        ),
        table=RecognitionTable,
        filters=RecognitionFilters,
        crumbs=[dual_home(), Crumb("认定")],
        empty="还没有认定。 Nobody was recognised yet.",
    )


def find_recognition(request: ActorRequest, pk: UUID) -> Recognition:
    """The recognition within the actor's sight, void or not.

    Raises:
        Http404: there is none.
    """
    found = recognitions_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_WORKFORCE)
def recognition(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One recognition: who, on which level, by whom and by which version."""
    found = find_recognition(request, pk)
    until = found.until is not None and found.until <= clock.today()
    state, mark = ("已作废", "red") if found.is_void else ("已失效", "plain") if until else ("有效", "ok")
    facts = [
        person_fact("教师 Teacher", found.person),
        Fact("学校 School", found.organisation.name),
        Fact("等级 Level", found.get_level_display()),
        Fact("认定单位 Recognised by", found.recognised_by.name),
        Fact("认定日期 Recognised on", str(found.recognised_on)),
        Fact("有效期至 Until", str(found.until or "长期")),
        Fact("标准 Standard", str(found.standard), url=reverse("dual_standard", args=[found.standard_id])),
        Fact("文号 Document", found.document),
        Fact("状态 State", state, kind=mark, note=found.void_reason),
        *origin_facts(request.actor, found),
    ]
    mine = request.actor.sees_all or found.recognised_by_id == request.actor.organisation_id
    return render(
        request,
        "workforce/recognition.html",
        {
            "title": str(found),
            "title_en": "Recognition",
            "crumbs": [dual_home(), Crumb("认定", reverse("recognitions")), Crumb(str(found))],
            "recognition": found,
            "facts": facts,
            "told": told_of(found),
            "may_change": request.actor.may(Right.EDIT_WORKFORCE) and mine and not found.is_void,
        },
    )


@require_GET
@door(Right.VIEW_WORKFORCE)
def standard_list(request: ActorRequest) -> HttpResponse:
    """Versions of the standard, as the province declared them by return."""
    return list_page(
        request,
        title="双师型认定标准",
        title_en="Standards",
        lead="由省级主管部门以填报表公布；据以认定过的版本不再改动。 Declared by the province; used versions stay.",
        rows=lambda: Standard.objects.filter(voided_at__isnull=True),
        table=StandardTable,
        crumbs=[dual_home(), Crumb("标准")],
        empty="还没有公布标准。 No standard was declared yet.",
    )


@require_GET
@door(Right.VIEW_WORKFORCE)
def standard(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One version: its levels, who may recognise them, what each asks, and the bridge between careers."""
    found = standards().filter(pk=pk).first()
    if found is None:
        raise Http404
    facts = [
        Fact("版本 Version", found.code, kind="code"),
        Fact("文号 Document", found.document),
        Fact("施行 In force from", str(found.in_force_from)),
        Fact("废止 Until", str(found.in_force_until or "")),
        Fact("每月按天数 Days per month", f"{found.days_per_month}天"),
    ]
    return render(
        request,
        "workforce/standard.html",
        {
            "title": found.name,
            "title_en": "Standard",
            "crumbs": [dual_home(), Crumb("标准", reverse("dual_standards")), Crumb(found.code)],
            "facts": facts,
            "levels": levels_in_words(found),
            "bridges": bridges_in_words(),
        },
    )


def asked_day_kept(request: ActorRequest) -> str:
    """The end of an address that keeps the day asked for; empty where none was."""
    return f"?on={asked_day(request)}" if "on" in request.GET else ""


def asked_day(request: ActorRequest) -> date:
    """The day of ``?on=``; what is no date means today."""
    try:
        return parse_date(request.GET.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()
