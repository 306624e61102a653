"""Returns: hand in a workbook, see what came of it, download the template and the marked errors."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from jineng.engines.exchange import write_template
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.jobs import soon
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.landing import landings
from jineng.kernel.returns.receiving import error_workbook, submit_return
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_of_a_part
from jineng.kernel.web.lists import XLSX, list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.forms import ReturnForm
from jineng.registry.web.tables import ReceiptFilters, ReceiptTable

HOME = Crumb("填报", "/returns/")


@require_GET
@door(Right.VIEW_RETURNS)
def receipt_list(request: ActorRequest) -> HttpResponse:
    """Files handed in within the actor's scope."""
    return list_page(
        request,
        title="填报",
        title_en="Returns",
        rows=keys_of_a_part(
            request.actor, visible(request.actor, Receipt).defer("errors", "counts", "seal", "progress")
        ),
        table=ReceiptTable,
        filters=ReceiptFilters,
        crumbs=[Crumb("填报")],
        template="registry/returns.html",
        context={"year": clock.today().year},
    )


@require_http_methods(["GET", "POST"])
@door(Right.SUBMIT_RETURNS)
def submit(request: ActorRequest) -> HttpResponse:
    """Hand in a workbook; it is worked on by a job, and its receipt tells how far it got."""
    form = ReturnForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with transaction.atomic():
            receipt = submit_return(
                actor=request.actor,
                file_name=upload.name,
                content=upload.read(),
                dry_run=form.cleaned_data["dry_run"],
            )
            soon(
                "process_return",
                receipt_id=str(receipt.pk),
                account_id=request.actor.account_id,
                post_id=str(request.actor.post_id),
            )
        return redirect("receipt", pk=receipt.pk)
    return render(
        request,
        "registry/submit_return.html",
        {
            "title": "提交填报",
            "title_en": "Hand in a return",
            "form": form,
            "crumbs": [HOME, Crumb("提交")],
            "sheets": [landing.sheet for landing in landings().values()],
        },
        status=422 if form.errors else 200,
    )


@require_GET
@door(Right.SUBMIT_RETURNS)
def template(request: ActorRequest) -> HttpResponse:
    """The empty workbook with its instructions and lists."""
    return workbook(write_template(the_book()), "职业教育年度填报模板.xlsx")


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook as a download under a name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition or "attachment"})


def _get(request: ActorRequest, pk: UUID) -> Receipt:
    found = visible(request.actor, Receipt).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_RETURNS)
def receipt(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What came of a file. While it is worked on, the page looks again by itself."""
    found = _get(request, pk)
    sheets = {landing.sheet.name: landing.sheet.title for landing in landings().values()}
    kinds = {"landed": "ok", "checked": "ok", "refused": "red", "failed": "red"}
    response = render(
        request,
        "registry/receipt.html",
        {
            "title": found.file_name,
            "crumbs": [HOME, Crumb(found.file_name)],
            "receipt": found,
            "waiting": found.state in (Receipt.State.WAITING, Receipt.State.RUNNING),
            "facts": [
                Fact("状态 State", found.get_state_display(), kind=kinds.get(found.state, "plain")),
                Fact("提交人 By", found.actor_label),
                Fact("提交时间 Submitted", found.submitted_at),
                Fact("完成时间 Finished", found.finished_at or ""),
                Fact("大小 Size", f"{found.size:,} 字节"),
                Fact("SHA-256", found.digest, kind="code"),
            ],
            "counts": [{"sheet": sheets.get(name, name), **counts} for name, counts in found.counts.items()],
            "cells": [error for error in found.errors if "cell" in error][:200],
            "file_errors": [error for error in found.errors if "cell" not in error],
            "errors_url": reverse("return_errors", args=[pk]),
        },
    )
    if found.state in (Receipt.State.WAITING, Receipt.State.RUNNING):
        response["Refresh"] = "2"
    return response


@require_GET
@door(Right.SUBMIT_RETURNS)
def errors(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The submitted workbook with its bad cells marked."""
    found = _get(request, pk)
    if not any("cell" in error for error in found.errors):
        raise Http404
    return workbook(error_workbook(found), f"错误-{found.file_name}")


@require_GET
@door(Right.VIEW_RETURNS)
def sealed(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The sealed receipt, to be kept and verified anywhere."""
    found = _get(request, pk)
    if not found.seal:
        raise Http404
    return JsonResponse(found.seal, json_dumps_params={"ensure_ascii": False, "indent": 1})
