"""Pages of a reviewer: what is to be reviewed, one review, stepping back, the files."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.cases.models import Review
from jineng.cases.review_queries import tasks_of
from jineng.cases.verbs import open_review_file, recuse, save_review
from jineng.cases.web.review_forms import RecuseForm, ReviewForm
from jineng.cases.web.review_tables import TaskTable
from jineng.engines.casework.rubric import load_rubric
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.web.records import posted

FORM = ("GET", "POST")


def home() -> Crumb:
    """The way back to what one has to review."""
    return Crumb("我的评审", reverse("my_reviews"))


@require_GET
@door(Right.REVIEW_CASES)
def my_reviews(request: ActorRequest) -> HttpResponse:
    """What one has to review, as long as its panel reviews."""
    return list_page(
        request,
        title="我的评审",
        title_en="My reviews",
        lead="提交前只有本人能看到自己的评分；评审组结束后才公开给合议。 Marks are sealed until the panel closes.",
        rows=lambda: tasks_of(request.actor).order_by("handed_in_at", "entry__number"),
        table=TaskTable,
        crumbs=[Crumb("我的评审")],
        empty="没有需要评审的事项。 Nothing to review.",
    )


@require_http_methods(FORM)
@door(Right.REVIEW_CASES)
def review(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Read a case as it is shown to reviewers, mark it, keep or hand in."""
    task = get_object_or_404(tasks_of(request.actor), pk=pk)
    kept = Review.objects.filter(task=task).first()
    form = ReviewForm(
        posted(request),
        actor=request.actor,
        rubric=load_rubric(task.panel.parameters["rubric"]),
        initial={**kept.marks, "words_": kept.words} if kept else {},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        hand_in = request.POST.get("do") == "hand_in"
        try:
            save_review(
                actor=request.actor, task_id=pk, marks=form.marks(), words=form.cleaned_data["words_"], hand_in=hand_in
            )
        except ValidationError as error:
            form.add_error(None, error.messages)  # type: ignore[arg-type]
            status = 422
        else:
            messages.success(request, "已提交。 Handed in." if hand_in else "已保存。 Saved.")
            return redirect("my_reviews") if hand_in else redirect("review", pk)
    content = json.loads(task.entry.content)
    return render(
        request,
        "cases/review.html",
        {
            "title": content["title"],
            "title_en": "Review",
            "lead": f"{task.panel.intake}；期限 {task.panel.due_on}",
            "crumbs": [home(), Crumb(content["title"])],
            "content": content,
            "form": form,
            "task": task,
        },
        status=422 if form.errors else status,
    )


@require_http_methods(FORM)
@door(Right.REVIEW_CASES)
def step_back(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Step back from a case in which one has an interest."""
    task = get_object_or_404(tasks_of(request.actor), pk=pk)
    return deed_page(
        request,
        RecuseForm(posted(request), actor=request.actor),
        lambda data: recuse(actor=request.actor, task_id=pk, reason=data["reason"]),
        title=f"申请回避：{task.entry} 号",
        title_en="Recuse oneself",
        lead="回避后不再看到该件，由其他专家评审。 You will see no more of it; somebody else reviews it.",
        done="已回避。 Done.",
        then=lambda made: reverse("my_reviews"),
        crumbs=[home(), Crumb("申请回避")],
        cancel=reverse("review", args=[pk]),
        submit="申请回避 Recuse oneself",
    )


@require_POST
@door(Right.REVIEW_CASES)
def file(request: ActorRequest, pk: UUID, file: UUID) -> HttpResponse:
    """A file that belongs to what one reviews, under the name that a reviewer may know."""
    name, content = open_review_file(actor=request.actor, task_id=pk, file_id=file)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)
