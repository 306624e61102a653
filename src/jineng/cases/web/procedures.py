"""Pages of the procedures: the list, one version, and how it is written, published and retired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from jineng.cases.facts import vocabulary
from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Intake, Procedure
from jineng.cases.outlines import outline_flow, outline_form, outline_rules
from jineng.cases.procedure_queries import (
    procedures_before,
    procedures_draft,
    procedures_free_code,
    procedures_may_edit,
    procedures_of,
    procedures_use,
    procedures_versions,
)
from jineng.cases.procedures import COMPARISON, REVIEW, read, written
from jineng.cases.verbs import draft_procedure, open_intake, publish_procedure, retire_procedure
from jineng.cases.verbs.procedures import OTHERS
from jineng.cases.web.procedure_forms import ConfirmForm, DraftForm, IntakeForm
from jineng.cases.web.procedure_tables import STATE_MARKS, ProcedureFilters, ProcedureTable
from jineng.engines.casework import ROLES, Change, Flow, compare
from jineng.engines.casework.drawing import to_svg
from jineng.engines.casework.replaying import RULES
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import Told, told_of

FORM = ("GET", "POST")
OUT_OF_SIGHT = "（可见范围之外的单位）"
NEW = "form:\n  code: \n  name: \n  sections:\nflow:\n  code: \n  name: \n  parties:\n  stages:\n  ends:\n"


@dataclass(frozen=True)
class Button:
    """A door to something that may be done."""

    label: str
    label_en: str
    url: str
    kind: str = "plain"


def home() -> Crumb:
    """The way back to the procedures."""
    return Crumb("办理规程", reverse("procedures"))


def page_of(found: Procedure) -> str:
    """The address of a version."""
    return reverse("procedure", args=[found.pk])


def drawn(flow: Flow, at: str = "") -> SafeString:
    """The flow as an SVG to stand in a page; ``at`` marks where a case stands."""
    return mark_safe(to_svg(flow, at))  # noqa: S308 the engine escapes every name


@require_GET
@door(Right.VIEW_CASES)
def procedure_list(request: ActorRequest) -> HttpResponse:
    """Every version of every procedure: everything published, and drafts of one's own."""
    new = [Button("新建规程", "New", reverse("draft_procedure"), "primary")]
    return list_page(
        request,
        title="办理规程",
        title_en="Procedures",
        lead="规程规定填什么、谁来办、何时办完；发布后不再变，修改即出新版。"
        " What is asked, who acts and by when. What is published stays; an edit makes a new version.",
        rows=lambda: procedures_of(request.actor).defer("content"),
        table=ProcedureTable,
        filters=ProcedureFilters,
        crumbs=[Crumb("办理规程")],
        template="cases/procedures.html",
        context={"buttons": new if request.actor.may(Right.EDIT_PROCEDURES) else []},
        empty="还没有办理规程。 No procedures yet.",
    )


@require_GET
@door(Right.VIEW_CASES)
def procedure(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One version: its flow as a drawing and in words, its form, what it changes, and what runs by it."""
    found = _find(request, pk)
    known, content = vocabulary(), read(found)
    earlier = procedures_before(request.actor, found)
    versions = procedures_versions(request.actor, found)
    context = {
        "title": found.name,
        "title_en": f"Procedure, version {found.version}",
        "crumbs": [home(), Crumb(str(found))],
        "buttons": _buttons(request.actor, found),
        "facts": _facts(request.actor, found),
        "parties": [(party, ROLES[party.role]) for party in content.flow.parties],
        "svg": drawn(content.flow),
        "stages": outline_flow(content.flow, content.form, known),
        "ends": content.flow.ends,
        "form_name": content.form.name,
        "form_sections": outline_form(content.form, known),
        "rules": outline_rules(content.form, known),
        "versions": [(version, STATE_MARKS[ProcedureState(version.state)]) for version in versions],
        "found": found,
        "review": content.review,
        "comparison": content.comparison,
        "part": f"{(100 * content.comparison.change).normalize():f}%" if content.comparison else "",
        "rule": RULES.find(content.review.rule).words if content.review else None,
        "earlier": earlier,
        "changes": _changes(earlier, found) if earlier else (),
        "told": _told(found),
    }
    return render(request, "cases/procedure.html", context)


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def draft(request: ActorRequest) -> HttpResponse:
    """Write a draft: from nothing, of a procedure's next version (``from``), or as a new procedure (``copy``)."""
    source = _source(request)
    copied = source is not None and "copy" in request.GET
    if source is not None and not copied and not procedures_may_edit(request.actor, source):
        raise NotAllowed(OTHERS)
    title, title_en, initial = _beginning(request.actor, source, copied)
    return deed_page(
        request,
        DraftForm(request.POST if request.method == "POST" else None, actor=request.actor, initial=initial),
        lambda data: draft_procedure(actor=request.actor, **data),
        title=title,
        title_en=title_en,
        lead="保存为草稿，发布前可反复修改；已在办的事项仍按原来的版本。"
        " Saved as a draft until published; cases that run keep their version.",
        done="草稿已保存。 The draft is saved.",
        then=page_of,
        crumbs=[home(), *([Crumb(str(source), page_of(source))] if source else []), Crumb("起草")],
        cancel=page_of(source) if source else reverse("procedures"),
        submit="保存草稿 Save the draft",
    )


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def publish(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Publish a draft."""
    return _confirmed(
        request,
        pk,
        publish_procedure,
        words=("发布", "Publish", "已发布。 Published."),
        lead="发布后人人可查、不能再改，可用它开展受理。"
        " Once published it is open to all and stays as it is; intakes may be held by it.",
    )


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def retire(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take no more intakes by a version."""
    return _confirmed(
        request,
        pk,
        retire_procedure,
        words=("停用", "Retire", "已停用。 Retired."),
        lead="停用后不再用它开展新的受理，已开展的照常办完。"
        " No new intakes are held by it; those that run by it go on.",
    )


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def hold_intake(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take cases by a version at one's own office, for no call: filings, approvals."""
    found = _find(request, pk)

    def do(data: dict[str, Any]) -> Intake:
        return open_intake(
            actor=request.actor,
            office_id=request.actor.organisation_id,
            procedure_id=pk,
            decider_ids=data.pop("deciders"),
            **data,
        )

    return deed_page(
        request,
        IntakeForm(request.POST if request.method == "POST" else None, actor=request.actor),
        do,
        title=f"受理事项：{found}",
        title_en="Take cases",
        lead="本单位按此规程受理备案、审批等事项；遴选请在遴选页面受理申报。"
        " Your office takes cases by it; calls take theirs on their own page.",
        done="已开始受理。 Cases are taken.",
        then=lambda made: reverse("intake", args=[made.pk]),
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb("受理")],
        cancel=page_of(found),
    )


def _find(request: ActorRequest, pk: UUID) -> Any:
    return get_object_or_404(procedures_of(request.actor), pk=pk)


def _confirmed(
    request: ActorRequest, pk: UUID, verb: Callable[..., Procedure], *, words: tuple[str, str, str], lead: str
) -> HttpResponse:
    """The page that asks whether a verb is meant, and calls it."""
    found = _find(request, pk)
    if not procedures_may_edit(request.actor, found):
        raise NotAllowed(OTHERS)
    label, label_en, done = words
    return deed_page(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None, actor=request.actor),
        lambda data: verb(actor=request.actor, procedure_id=pk),
        title=f"{label}：{found}",
        title_en=label_en,
        lead=lead,
        done=done,
        then=page_of,
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb(label)],
        cancel=page_of(found),
        submit=f"{label} {label_en}",
    )


def _source(request: ActorRequest) -> Procedure | None:
    """The version from which the draft begins."""
    asked = request.GET.get("from", "")
    if not asked:
        return None
    try:
        found: Procedure = _find(request, UUID(asked))
    except (ValueError, ValidationError) as error:
        raise Http404 from error
    return found


def _beginning(actor: Actor, source: Procedure | None, copied: bool) -> tuple[str, str, dict[str, str]]:
    """The title of the page, in both languages, and what stands in the form at first."""
    if source is None:
        return "新建规程", "New procedure", {"text": NEW}
    if not copied:
        note = source.note if source.state == ProcedureState.DRAFT else ""
        return f"修改：{source.name}", "Edit", {"text": written(source.content), "note": note}
    code = procedures_free_code(actor, source.code)
    flow = {**source.content["flow"], "code": code}
    note = f"复制自 {source}"
    return f"复制：{source.name}", "Copy", {"text": written({**source.content, "flow": flow}), "note": note[:300]}


def _buttons(actor: Actor, found: Procedure) -> list[Button]:
    if not actor.may(Right.EDIT_PROCEDURES):
        return []
    copy = Button("复制为新规程", "Copy", f"{reverse('draft_procedure')}?from={found.pk}&copy=1")
    hold = Button("受理", "Take cases", reverse("hold_intake", args=[found.pk]))
    if not procedures_may_edit(actor, found):
        return [hold, copy] if found.state == ProcedureState.PUBLISHED else [copy]
    # There is one draft at most; whoever edits an older version goes on with it, lest it be written over.
    begin = procedures_draft(actor, found.code) or found
    edit = Button("修改" if begin == found else "修改草稿", "Edit", f"{reverse('draft_procedure')}?from={begin.pk}")
    if found.state == ProcedureState.DRAFT:
        return [Button("发布", "Publish", reverse("publish_procedure", args=[found.pk]), "primary"), edit, copy]
    if found.state == ProcedureState.PUBLISHED:
        return [hold, edit, copy, Button("停用", "Retire", reverse("retire_procedure", args=[found.pk]), "danger")]
    return [edit, copy]


def _facts(actor: Actor, found: Any) -> list[Fact]:
    use = procedures_use(actor, found)
    owner = reverse("organisation", args=[found.owner_id]) if found.owner_name else ""
    return [
        Fact("状态 State", found.get_state_display(), kind=STATE_MARKS[ProcedureState(found.state)]),
        Fact("代码 Code", found.code, kind="code"),
        Fact("版本 Version", f"第 {found.version} 版"),
        Fact("制定单位 Owner", found.owner_name or OUT_OF_SIGHT, url=owner),
        Fact("发布时间 Published", found.published_at or ""),
        Fact("修改说明 Note", found.note),
        Fact("受理批次 Intakes", f"{use.intakes} 个"),
        Fact("事项 Cases", f"{use.cases} 件", note=f"其中在办 {use.open_cases} 件 {use.open_cases} still open"),
        Fact("摘要 Digest", found.digest, kind="code"),
    ]


def _changes(earlier: Procedure, found: Procedure) -> tuple[Change, ...]:
    """How a version differs from the one before: the form first, then the flow, then what else it has."""
    old, new = earlier.content, found.content
    return (
        *compare(old["form"], new["form"]),
        *compare(old["flow"], new["flow"], new["form"]),
        *compare(old.get(REVIEW, {}), new.get(REVIEW, {}), new["form"]),
        *compare(old.get(COMPARISON, {}), new.get(COMPARISON, {})),
    )


def _told(found: Procedure) -> list[Told]:
    """What the database noted, without the text itself, which the comparison tells better."""
    return [
        replace(event, changes={name: pair for name, pair in event.changes.items() if name != "content"})
        for event in told_of(found)
    ]
