"""The page that answers: why is this figure not what I count?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.briefs.composition import number_text, unit_text
from jineng.briefs.differing import (
    MOST_ROWS,
    SHOWN,
    Differing,
    Listed,
    Why,
    columns_of,
    differing,
    key_of,
    of_reading,
    own_returns,
    typed,
)
from jineng.briefs.web.figures import indicator_of, lookup_of
from jineng.engines.exchange import CellError, FileError, Sheet, read
from jineng.engines.measures import MeasureError, Period
from jineng.kernel import files
from jineng.kernel.actors import Actor
from jineng.kernel.doors import door
from jineng.kernel.measures import NaturalKey, record_doors
from jineng.kernel.returns import the_book
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.web.forms import ScopedForm

RECEIPTS = 30
WORDS = {
    Why.REFUSED: ("内容有误或被退回，未入库", "wrong or refused, did not come in"),
    Why.REPEATED: ("清单中重复，只计一次", "listed twice, counts once"),
    Why.UNKNOWN: ("登记册中没有（未入库，或不在可见范围）", "not in the register, or out of sight"),
    Why.VOID: ("已作废", "struck out"),
    Why.OTHER_YEAR: ("计入其他年度", "counts in another year"),
    Why.OUTSIDE: ("在登记册中，但不合本指标口径", "in the register, but not what this figure counts"),
    Why.ONCE: ("与另一行合计一次", "counts together with another row"),
}
"""What each reason is called."""


class ListForm(ScopedForm):
    """Somebody's own list: typed, or a workbook, or a return that was handed in."""

    rows = forms.CharField(
        label="逐行填写 Typed", required=False, max_length=2_000_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    file = forms.FileField(label="填报表 Workbook", required=False)
    receipt = forms.ChoiceField(label="已提交的填报 A return handed in", required=False, choices=[])

    def __init__(self, *args: Any, actor: Actor, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["rows"].help_text = help_text
        latest = own_returns(actor).defer("errors", "counts", "seal", "progress").order_by("-submitted_at")[:RECEIPTS]
        choices: Any = self.fields["receipt"]
        choices.choices = [("", "—"), *((str(each.pk), f"{each.submitted_at:%Y-%m-%d} {each}") for each in latest)]

    def clean(self) -> dict[str, Any]:
        """Exactly one of the three ways is taken."""
        data = super().clean() or {}
        if not self.errors and sum(bool(data.get(name)) for name in ("rows", "file", "receipt")) != 1:
            raise ValidationError("请任选一种方式给出清单。 Give the list in one of the three ways.")
        return data


@require_http_methods(("GET", "POST"))
@door(Right.VIEW_BRIEFS)
def why(request: ActorRequest, year: int, key: str) -> HttpResponse:
    """The officer's list beside what the figure counts: rows of theirs that it does not, and records they lack.

    Nothing is kept of the list.
    """
    where, indicator = lookup_of(year=year), indicator_of(key)
    named = key_of(indicator)
    if named is None:
        raise Http404
    record_door, natural, sheet = named
    within = request.GET.get("within") or None
    columns = [column.heading for column in columns_of(natural, sheet)]
    form = ListForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        actor=request.actor,
        help_text=f"一行一项，各列用制表符（从表格复制即是）或“|”隔开：{' | '.join(columns)}"
        " One a line; columns apart by tabs or |.",
    )
    found: Differing | None = None
    try:
        if form.is_valid() and (rows := _rows_of(request.actor, form, natural, sheet)):
            found = differing(request.actor, where.desk, indicator, year, within, rows)
        value = where.desk.measure(((key, Period.year(year)),))[key, Period.year(year)].value
    except MeasureError as error:
        raise Http404(str(error)) from error
    context = {
        "title": f"核对：{indicator.label}",
        "title_en": "Why is this figure not what I count?",
        "crumbs": [
            Crumb("简报", reverse("briefs:index")),
            Crumb(where.label, f"{where.page}?figure={key}#figure"),
            Crumb(indicator.label, where.figure_url(key, within=within or "")),
            Crumb("核对"),
        ],
        "indicator": indicator,
        "value": number_text(value, indicator.unit),
        "unit": unit_text(indicator.unit),
        "year": year,
        "form": form,
        "found": found,
        "counts": _counts(found) if found else [],
        "rows": [(each, *WORDS[each.why]) for each in found.not_counted] if found else [],
        "lacking": [
            {**row, "url": record_doors[str(row["record_type"])].url(row["record_id"])}
            for row in (found.lacking if found else ())
        ],
        "shown": SHOWN,
        "record": record_door.label,
    }
    return render(request, "briefs/why.html", context, status=422 if form.errors else 200)


def _counts(found: Differing) -> list[tuple[str, str, int]]:
    """How many rows there are of each reason."""
    tally = [(why, sum(each.why is why for each in found.not_counted)) for why in Why]
    return [(*WORDS[why], number) for why, number in tally if number]


def _rows_of(actor: Actor, form: ListForm, key: NaturalKey, sheet: Sheet) -> list[Listed]:
    """The rows of the list; what is wrong with it as a whole stands in the form."""
    data = form.cleaned_data
    if data["rows"]:
        rows = typed(key, sheet, data["rows"])
        name = "rows"
    else:
        name = "file" if data["file"] else "receipt"
        try:
            content, refused = _handed_in(actor, data)
            rows = of_reading(key, sheet, read(content, the_book()), refused)
        except FileError as error:
            form.add_error(name, f"{error.message}{error.remedy} {error.message_en} {error.remedy_en}")
            return []
        except FileNotFoundError:
            form.add_error(name, "原文件已不在。 The file is no longer there.")
            return []
    if not rows:
        form.add_error(name, f"其中没有“{sheet.title}”的内容。 It holds no rows of this sheet.")
    elif len(rows) > MOST_ROWS:
        form.add_error(name, f"一次最多核对 {MOST_ROWS} 行。 At most {MOST_ROWS} rows at once.")
        return []
    return rows


def _handed_in(actor: Actor, data: dict[str, Any]) -> tuple[bytes, list[CellError]]:
    """The bytes of the list, and what was refused of them when they were handed in."""
    if data["file"]:
        return data["file"].read(), []
    receipt = own_returns(actor).get(pk=data["receipt"])
    return files.fetch(receipt.pk), [CellError(**error) for error in receipt.errors if "cell" in error]
