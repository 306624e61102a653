"""The outbox: mails in the names of the offices in scope, and the two decisions about those of unknown fate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from jineng.kernel.crypto import mask_address
from jineng.kernel.doors import door
from jineng.kernel.models import Mail
from jineng.kernel.notices.verbs import count_mail_as_sent, send_mail_again
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.notice_tables import MAIL_KINDS, MailFilters, MailTable

HOME = Crumb("发件箱", "/outbox/")


@require_GET
@door(Right.MANAGE_MAIL)
def mail_list(request: ActorRequest) -> HttpResponse:
    """Mails, the latest first."""
    unknown = visible(request.actor, Mail).filter(state=Mail.State.UNKNOWN).count()
    return list_page(
        request,
        title="发件箱",
        title_en="Outbox",
        rows=visible(request.actor, Mail).select_related("account").defer("body"),
        table=MailTable,
        filters=MailFilters,
        crumbs=[Crumb("发件箱")],
        empty="还没有发出过邮件。 No mail was written yet.",
        template="registry/outbox.html",
        context={"unknown": unknown},
    )


def _get(request: ActorRequest, pk: UUID) -> Mail:
    found = visible(request.actor, Mail).select_related("account").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.MANAGE_MAIL)
def mail(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One mail: what became of it, and what may be decided."""
    found = _get(request, pk)
    return render(
        request,
        "registry/mail.html",
        {
            "title": found.subject,
            "crumbs": [HOME, Crumb(found.subject)],
            "mail": found,
            "is_unknown": found.state == Mail.State.UNKNOWN,
            "is_failed": found.state == Mail.State.FAILED,
            "facts": [
                Fact("状态 State", found.get_state_display(), kind=MAIL_KINDS[Mail.State(found.state)]),
                Fact("原因 Why", found.last_error),
                Fact("收件人 To", found.account.display_name, note=mask_address(found.address)),
                Fact("来自 In the name of", found.name_of),
                Fact("回信地址 Reply to", found.reply_to),
                Fact("次数 Attempts", found.attempts),
                Fact("写成 Written", found.created_at),
                Fact("最近发送 Last tried", found.tried_at or ""),
                Fact("了结 Settled", found.finished_at or ""),
                Fact("Message-ID", found.message_id, kind="code"),
            ],
        },
    )


def _decide(request: ActorRequest, pk: UUID, decide: Callable[..., Any], done: str) -> HttpResponse:
    _get(request, pk)
    try:
        decide(actor=request.actor, mail_id=pk)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("mail", pk=pk)


@require_POST
@door(Right.MANAGE_MAIL)
def send_again(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Send it once more, under the same Message-ID."""
    return _decide(request, pk, send_mail_again, "将再次发送。 It will be sent again.")


@require_POST
@door(Right.MANAGE_MAIL)
def count_as_sent(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Leave it at that: it has arrived."""
    return _decide(request, pk, count_mail_as_sent, "已计为发出。 Counted as sent.")
