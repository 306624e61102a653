"""Notices: the tray of whoever acts, each notice, and how one wants to be told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.kernel.actors import acting
from jineng.kernel.doors import door
from jineng.kernel.models import Notice, OfficeAddress
from jineng.kernel.notices import kind_label
from jineng.kernel.notices.inbox import tray
from jineng.kernel.notices.verbs import choose_telling, read_all_notices, read_notice, set_reply_address
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.acting import actor_in
from jineng.registry.web.notice_forms import ReplyForm, TellingForm
from jineng.registry.web.notice_tables import NoticeFilters, NoticeTable

HOME = Crumb("通知", "/notices/")


@require_GET
@door(Right.USE_WORKSPACE)
def notice_list(request: ActorRequest) -> HttpResponse:
    """What the account and its office were told, unread first."""
    return list_page(
        request,
        title="通知",
        title_en="Notices",
        rows=keys_first(_shown(request), together=True),
        table=NoticeTable,
        filters=NoticeFilters,
        crumbs=[Crumb("通知")],
        empty="还没有通知。 Nobody has told you anything yet.",
        template="registry/notices.html",
    )


def _shown(request: ActorRequest) -> QuerySet[Notice]:
    return tray(request.actor).select_related("read_by")


def _get(request: ActorRequest, pk: UUID) -> Notice:
    found = _shown(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.USE_WORKSPACE)
def notice(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One notice in full; e-mails lead here, whatever post the reader acts in at the moment."""
    found = _shown(request).filter(pk=pk).first()
    if found is None:
        return _in_another_post(request, pk)
    facts = [
        Fact("来自 From", found.name_of),
        Fact("时间 At", found.created_at),
        Fact("类别 Kind", kind_label(found.kind)),
        Fact("状态 State", "已读 Read" if found.read_at else "未读 Unread", kind="plain" if found.read_at else "warn"),
    ]
    if found.read_at:
        facts.append(Fact("已读 Read by", found.read_by or "", note=f"{found.read_at:%Y-%m-%d}"))
    return render(
        request,
        "registry/notice.html",
        {"title": found.subject, "crumbs": [HOME, Crumb(found.subject)], "notice": found, "facts": facts},
    )


def _in_another_post(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Where the notice was told to the reader in another post: the way there."""
    for seat in request.seats:
        other = actor_in(request.user, seat)
        if other.post_id == request.actor.post_id:
            continue
        with acting(other):
            is_there = tray(other).filter(pk=pk).exists()
        if is_there:
            return render(request, "registry/notice_elsewhere.html", {"crumbs": [HOME], "seat": seat})
    raise Http404


@require_POST
@door(Right.USE_WORKSPACE)
def open_notice(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Read a notice and go where it leads."""
    found = _get(request, pk)
    if found.read_at is None:
        read_notice(actor=request.actor, notice_id=pk)
    return redirect(found.link or reverse("notice", args=[pk]))


@require_POST
@door(Right.USE_WORKSPACE)
def mark_read(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Mark a notice as read and stay in the list."""
    _get(request, pk)
    read_notice(actor=request.actor, notice_id=pk)
    return redirect("notices")


@require_POST
@door(Right.USE_WORKSPACE)
def mark_all_read(request: ActorRequest) -> HttpResponse:
    """Mark everything as read."""
    found = read_all_notices(actor=request.actor)
    messages.success(request, f"{found} 条通知已标为已读。 {found} notices marked as read.")
    return redirect("notices")


@require_http_methods(["GET", "POST"])
@door(Right.USE_WORKSPACE)
def settings(request: ActorRequest) -> HttpResponse:
    """How the account is told outside the workspace."""
    account = request.user
    form = TellingForm(request.POST or None, initial={"telling": account.telling, "email": account.email or ""})
    return deed_page(
        request,
        form,
        lambda data: choose_telling(actor=request.actor, **data),
        title="通知设置",
        title_en="How I am told",
        lead="通知总在平台内显示，填写邮箱后也可发到邮箱。 Always told here; with an address, by e-mail, too.",
        done="已保存。 Saved.",
        then=lambda made: reverse("notice_settings"),
        crumbs=[HOME, Crumb("通知设置")],
        cancel=reverse("notices"),
        **_office_link(request),
    )


def _office_link(request: ActorRequest) -> dict[str, Any]:
    """The way to the office's address, for those who speak for the office."""
    if not request.actor.may(Right.SUBMIT_RETURNS):
        return {}
    return {"template": "registry/notice_settings.html"}


@require_http_methods(["GET", "POST"])
@door(Right.SUBMIT_RETURNS)
def reply_address(request: ActorRequest) -> HttpResponse:
    """Where answers to mail in the office's name go."""
    known = OfficeAddress.objects.filter(pk=request.actor.organisation_id).first()
    return deed_page(
        request,
        ReplyForm(request.POST or None, initial={"reply_to": known.reply_to if known else ""}),
        lambda data: set_reply_address(actor=request.actor, **data),
        title="单位回信地址",
        title_en="The office's reply address",
        lead="以本单位名义发出的邮件，收件人回信时寄往此地址。 Answers to mail in your office's name go there.",
        done="已保存。 Saved.",
        then=lambda made: reverse("notice_settings"),
        crumbs=[HOME, Crumb("通知设置", reverse("notice_settings")), Crumb("单位回信地址")],
        cancel=reverse("notice_settings"),
    )
