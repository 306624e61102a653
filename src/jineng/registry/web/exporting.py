"""Take the registers of a year out as a workbook that can be handed in again."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Tab
from jineng.kernel.web.lists import EXPORTED_ROWS
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.verbs.exporting import export_return, exportable
from jineng.registry.web.forms import ExportForm
from jineng.registry.web.returns import HOME, workbook

YEARS = range(1980, 2201)
AROUND = 2
"""How many years before and after are offered beside the one shown."""


@require_http_methods(["GET", "POST"])
@door(Right.VIEW_RETURNS)
def export(request: ActorRequest, year: int) -> HttpResponse:
    """Choose sheets of a year; sending the form answers with the workbook, and the taking-out is written down."""
    if year not in YEARS:
        raise Http404
    sheets = exportable(request.actor)
    form = ExportForm(request.POST or None, actor=request.actor, sheets=sheets)
    if request.method == "POST" and (form.is_valid() or not form.is_bound):
        chosen = form.cleaned_data["sheets"] if form.is_bound else []
        try:
            content = export_return(actor=request.actor, year=year, sheets=chosen, at_most=EXPORTED_ROWS)
        except ValidationError as refusal:
            form = ExportForm({"sheets": chosen}, actor=request.actor, sheets=sheets)
            form.add_error(None, refusal)
        else:
            return workbook(content, f"{year}年填报表.xlsx")
    years = [one for one in range(year - AROUND, year + AROUND + 1) if one in YEARS]
    return render(
        request,
        "registry/export_return.html",
        {
            "title": f"导出 {year} 年填报表",
            "title_en": "Export",
            "lead": "导出管辖范围内该年有效的记录；可更正后再提交，原样提交不会改变任何记录。 "
            "What held in that year within your scope, ready to be handed in again.",
            "form": form,
            "crumbs": [HOME, Crumb("导出")],
            "years": [Tab(f"{one}年", reverse("export_return", args=[one]), current=one == year) for one in years],
            "personal": request.actor.may(Right.VIEW_PERSONAL_DATA),
        },
        status=422 if form.is_bound and form.errors else 200,
    )
