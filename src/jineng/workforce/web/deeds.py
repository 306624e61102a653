"""Pages that change: enter and end teachers, record what they can show, recognise them, strike out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.workforce import verbs
from jineng.workforce.models import PracticeStay, Qualification, Recognition, Teacher, Title
from jineng.workforce.queries import teachers_of
from jineng.workforce.web import forms
from jineng.workforce.web.pages import asked_day, asked_day_kept, find_recognition, find_teacher, home


def _page(found: Teacher) -> str:
    return reverse("teacher", args=[found.pk])


def _crumbs(found: Teacher, last: str) -> list[Crumb]:
    return [home(), Crumb(found.person.masked_name, _page(found)), Crumb(last)]


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def enter(request: ActorRequest) -> HttpResponse:
    """Record that somebody teaches at a school; ``?organisation=`` fills in its code."""
    return deed_page(
        request,
        forms.EnterForm(request.POST or None, actor=request.actor, initial=forms.given(request.GET, "organisation")),
        lambda data: verbs.enter_teacher(actor=request.actor, organisation_id=data.pop("organisation").pk, **data),
        title="登记教师",
        title_en="Enter a teacher",
        done="已登记。 Recorded.",
        then=_page,
        crumbs=[home(), Crumb("登记")],
        cancel=reverse("teachers"),
    )


def _on_teacher(
    request: ActorRequest,
    pk: UUID,
    form: type[Form],
    do: Callable[..., object],
    title: str,
    title_en: str,
    initial: dict[str, Any] | None = None,
    lead: str = "",
) -> HttpResponse:
    """A form about one teacher; what it does goes back to the teacher's page."""
    found = find_teacher(request, pk)
    page = _page(found) + asked_day_kept(request)
    return deed_page(
        request,
        form(request.POST or None, actor=request.actor, initial=initial),  # type: ignore[call-arg]
        lambda data: do(actor=request.actor, teacher_id=pk, **data),
        title=f"{title}：{found.person.masked_name}",
        title_en=title_en,
        lead=lead,
        done="已登记。 Recorded.",
        then=lambda made: page,
        crumbs=_crumbs(found, title),
        cancel=page,
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """From when somebody no longer teaches there."""
    return _on_teacher(request, pk, forms.EndForm, verbs.end_teaching, "离任", "End", {"until": clock.today()})


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def void_teacher(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out somebody who never taught there."""
    return _on_teacher(request, pk, forms.ReasonForm, verbs.void_teacher, "作废", "Void")


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def qualification(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record a certificate."""
    return _on_teacher(
        request, pk, forms.QualificationForm, verbs.record_qualification, "登记证书", "Record a certificate"
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def title(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record a professional title."""
    return _on_teacher(request, pk, forms.TitleForm, verbs.record_title, "登记职称", "Record a title")


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def practice(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record a stay in an enterprise."""
    return _on_teacher(request, pk, forms.PracticeForm, verbs.record_practice, "登记企业实践", "Record a stay")


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def recognise(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Recognise a teacher; ``?level=`` chooses the level. Who does not meet it is refused, with what is missing."""
    return _on_teacher(
        request,
        pk,
        forms.RecogniseForm,
        verbs.recognise_teacher,
        "认定双师型",
        "Recognise as dual-qualified",
        {"recognised_on": asked_day(request), **forms.given(request.GET, "level")},
        lead="按认定当日施行的标准核对，不符合条件的不能认定。 Judged by the standard of that day.",
    )


def _void_of(
    request: ActorRequest,
    pk: UUID,
    model: type[Qualification] | type[Title] | type[PracticeStay],
    do: Callable[..., Any],
    name: str,
) -> HttpResponse:
    """Strike out one thing that a teacher showed; goes back to the teacher whose page it stood on."""
    found = visible(request.actor, model).filter(pk=pk).first()
    owner = teachers_of(request.actor).filter(person=found.person_id).first() if found else None
    if found is None or owner is None:
        raise Http404
    return deed_page(
        request,
        forms.ReasonForm(request.POST or None, actor=request.actor),
        lambda data: do(actor=request.actor, reason=data["reason"], **{name: pk}),
        title=f"作废：{found}",
        title_en="Void",
        done="已作废。 Voided.",
        then=lambda made: _page(owner),
        crumbs=_crumbs(owner, "作废"),
        cancel=_page(owner),
        submit="作废 Void",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def void_qualification(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a certificate that never was."""
    return _void_of(request, pk, Qualification, verbs.void_qualification, "qualification_id")


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def void_title(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a title that never was."""
    return _void_of(request, pk, Title, verbs.void_title, "title_id")


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def void_practice(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a stay that never was."""
    return _void_of(request, pk, PracticeStay, verbs.void_practice, "practice_id")


def _on_recognition(
    request: ActorRequest,
    pk: UUID,
    form: Form,
    do: Callable[[dict[str, Any]], Recognition],
    words: tuple[str, str, str],
) -> HttpResponse:
    found = find_recognition(request, pk)
    page = reverse("recognition", args=[pk])
    name, name_en, lead = words
    return deed_page(
        request,
        form,
        do,
        title=f"{name}：{found}",
        title_en=name_en,
        lead=lead,
        done=f"已{name}。 Done.",
        then=lambda made: page,
        crumbs=[home(), Crumb(str(found), page), Crumb(name)],
        cancel=page,
        submit=f"{name} {name_en}",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Withdraw a recognition from a day on."""
    return _on_recognition(
        request,
        pk,
        forms.WithdrawForm(request.POST or None, actor=request.actor, initial={"until": clock.today()}),
        lambda data: verbs.withdraw_recognition(actor=request.actor, recognition_id=pk, **data),
        ("撤销", "Withdraw", "自所填日期起无效，此前仍有效。 It takes effect from the day given."),
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def void_recognition(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a recognition that never was."""
    return _on_recognition(
        request,
        pk,
        forms.ReasonForm(request.POST or None, actor=request.actor),
        lambda data: verbs.void_recognition(actor=request.actor, recognition_id=pk, reason=data["reason"]),
        ("作废", "Void", "作废表示从未认定过。 Void means that it never held."),
    )
