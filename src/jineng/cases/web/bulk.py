"""Many cases at once: which of an intake's cases an action is open for, and doing it for those chosen, all or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.cases.models import Case
from jineng.cases.procedures import read
from jineng.cases.queries import cases_of, intakes_of
from jineng.cases.verbs import SomeRefused, act_on_cases
from jineng.cases.verbs.acting import MOST_AT_ONCE
from jineng.cases.web.cases import offered
from jineng.cases.web.intakes import home
from jineng.engines.casework import Action
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.requests import ActorRequest

FORM = ("GET", "POST")


@dataclass(frozen=True)
class Row:
    """A case for which the action is offered: whether it is open, what stands against it."""

    case: Case
    is_open: bool
    why: str = ""
    chosen: bool = False


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def bulk(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Choose an action, see what it would do for which cases, do it for those chosen."""
    intake: Any = get_object_or_404(intakes_of(request.actor), pk=pk)
    rows: dict[str, list[Row]] = {}
    actions: dict[str, Action] = {}
    cases: Any = cases_of(request.actor).filter(intake=intake, outcome="").order_by("rank", "serial")[:MOST_AT_ONCE]
    for case in cases:
        for offer in offered(request, case, read(case.procedure)):
            actions.setdefault(offer.action.key, offer.action)
            why = " ".join(f"{words.zh} {words.en}" for words in offer.why)
            rows.setdefault(offer.action.key, []).append(Row(case, offer.open, why, offer.open))
    asked = request.POST.get("action") or request.GET.get("action") or ""
    reason, refused, status = request.POST.get("reason", "").strip(), "", 200
    if request.method == "POST":
        chosen = _chosen(request)
        try:
            number = act_on_cases(actor=request.actor, seen=chosen, action=asked, reason=reason)
        except SomeRefused as error:
            told = error.by_case
            rows[asked] = [
                replace(row, why=told.get(row.case.pk, row.why), chosen=row.case.pk in chosen)
                for row in rows.get(asked, [])
            ]
            refused, status = error.messages[0], 422
        except ValidationError as error:
            refused, status = " ".join(error.messages), 422
        else:
            messages.success(request, f"已办理 {number} 件。 {number} done.")
            return redirect("intake", pk)
    return render(
        request,
        "cases/bulk.html",
        {
            "title": f"批量办理：{intake.name}",
            "title_en": "Many at once",
            "lead": "先选操作，再核对每件能否办理；有一件不能办理则全部不办。 All or none.",
            "crumbs": [home(), Crumb(intake.name, reverse("intake", args=[pk])), Crumb("批量办理")],
            "actions": [(action, len(rows[key]), key == asked) for key, action in actions.items()],
            "action": actions.get(asked),
            "rows": rows.get(asked, []),
            "reason": reason,
            "refused": refused,
            "intake": intake,
        },
        status=status,
    )


def _chosen(request: ActorRequest) -> dict[UUID, int]:
    """The cases that were ticked, each with the steps that the page showed; what is no such thing is left out."""
    found = {}
    for text in request.POST.getlist("case"):
        identity, _, steps = text.partition(":")
        try:
            found[UUID(identity)] = int(steps)
        except ValueError:
            continue
    return found
