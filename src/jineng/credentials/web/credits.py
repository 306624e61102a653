"""Pages of the credit bank: accounts with their transcripts, schemes with their rules, what is stated and reversed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.credentials.credit_queries import accounts_of, achievements_of, postings_of, schemes_of
from jineng.credentials.models import Achievement, ConversionRule, CreditPosting, CreditScheme
from jineng.credentials.transcripts import FORMS
from jineng.credentials.verbs import (
    add_rule,
    export_transcript,
    publish_scheme,
    reverse_posting,
    state_achievement,
    state_certificate,
)
from jineng.credentials.verbs.reach import require_reach
from jineng.credentials.web.credit_forms import (
    AccountTable,
    AchievementForm,
    NumberForm,
    RuleForm,
    SchemeForm,
    SchemeTable,
)
from jineng.credentials.web.forms import ReasonForm
from jineng.credentials.web.pages import found_or_404, organisation_fact
from jineng.credentials.web.sealed import kept_file
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import told_of
from jineng.registry.scope import in_reach, visible
from jineng.registry.verbs.people import PersonRow
from jineng.registry.web.records import lifelong_fact, origin_facts, person_fact

FORM = ("GET", "POST")
ACCOUNTS, SCHEMES = "学分账户", "学分转换办法"


def _home(title: str = ACCOUNTS, route: str = "credit_accounts") -> Crumb:
    return Crumb(title, reverse(route))


@require_GET
@door(Right.VIEW_CREDENTIALS)
def accounts(request: ActorRequest) -> HttpResponse:
    """Accounts of learners in the actor's sight."""
    return list_page(
        request,
        title=ACCOUNTS,
        title_en="Credit accounts",
        lead="学习者首次转换学分时开户；姓名已遮盖。 An account is opened with its first line.",
        rows=lambda: accounts_of(request.actor),
        table=AccountTable,
        crumbs=[Crumb(ACCOUNTS)],
        template="credentials/accounts.html",
        empty="可见范围内还没有学分账户。 No accounts in your sight yet.",
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def account(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One account: its ledger, and what the learner achieved."""
    found = found_or_404(accounts_of(request.actor), pk)
    lines = postings_of(request.actor, found)
    may_edit = request.actor.may(Right.EDIT_CREDENTIALS)
    for line in lines:
        open_line = line.reverses_id is None and not hasattr(line, "reversed_by")
        line.may_reverse = may_edit and open_line and in_reach(request.actor, line.school_id)  # type: ignore[attr-defined]
    return render(
        request,
        "credentials/account.html",
        {
            "title": f"学分账户：{found.person.masked_name}",
            "title_en": "Credit account",
            "crumbs": [_home(), Crumb(found.person.masked_name)],
            "facts": [
                person_fact("学习者 Learner", found.person),
                lifelong_fact(found.person_id),
                Fact("开户日期 Opened on", found.opened_on.isoformat()),
                Fact("学分 Credits", f"{found.balance.normalize():f}"),
            ],
            "lines": lines,
            "achievements": list(achievements_of(request.actor, found.person_id)),
            "account": found,
            "may_export": request.actor.may(Right.VIEW_PERSONAL_DATA),
        },
    )


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def transcript_file(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A learner's transcript as a learner record or as PDF that carries it; that it was taken is written down."""
    found_or_404(accounts_of(request.actor), pk)
    form = request.POST.get("form", "pdf")
    form = form if form in FORMS else "pdf"
    try:
        it = export_transcript(actor=request.actor, account_id=pk, form=form)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(reverse("credit_account", args=[pk]))
    kind, make = FORMS[form]
    return kept_file(make(it), kind, f"transcript.{form}")


@require_GET
@door(Right.VIEW_CREDENTIALS)
def schemes(request: ActorRequest) -> HttpResponse:
    """Schemes of all schools: who converts what is public among those who act."""
    return list_page(
        request,
        title=SCHEMES,
        title_en="Conversion schemes",
        lead="每所院校自定规则；有过转换的版本不再改动，要改请发布新版本。 A version in use is not changed.",
        rows=lambda: schemes_of(request.actor),
        table=SchemeTable,
        crumbs=[Crumb(SCHEMES)],
        template="credentials/schemes.html",
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def scheme(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One version of a scheme with its rules."""
    found: CreditScheme = found_or_404(schemes_of(request.actor), pk)
    name = getattr(found, "school_name", "")
    return render(
        request,
        "credentials/scheme.html",
        {
            "title": f"{name or SCHEMES} {found}",
            "title_en": "Conversion scheme",
            "crumbs": [_home(SCHEMES, "credit_schemes"), Crumb(str(found))],
            "record": found,
            "facts": [
                organisation_fact("院校 School", name, found.school_id),
                Fact("版本 Version", found.version),
                Fact("生效日期 In force from", found.since.isoformat()),
                Fact("转换学分上限 Cap", f"{found.cap.normalize():f}"),
                Fact("依据文号 Document", found.document),
                *origin_facts(request.actor, found),
            ],
            "rules": list(found.rules.filter(STANDS).order_by("code")),
            "told": told_of(found),
            "may_add": request.actor.may(Right.EDIT_CREDENTIALS) and in_reach(request.actor, found.school_id),
        },
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def publish(request: ActorRequest) -> HttpResponse:
    """Publish the next version of a school's scheme."""

    def do(data: dict[str, Any]) -> CreditScheme:
        return publish_scheme(actor=request.actor, school_id=data.pop("school").pk, **data)

    return deed_page(
        request,
        SchemeForm(request.POST or None, actor=request.actor),
        do,
        title="发布学分转换办法",
        title_en="Publish a scheme",
        done="已发布，请增加规则。 Published; add its rules.",
        then=lambda made: reverse("credit_scheme", args=[made.pk]),
        crumbs=[_home(SCHEMES, "credit_schemes"), Crumb("发布")],
        cancel=reverse("credit_schemes"),
        submit="发布 Publish",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def add_conversion_rule(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add a rule to a scheme."""
    found: CreditScheme = found_or_404(schemes_of(request.actor), pk)
    require_reach(request.actor, found.school_id)
    page = reverse("credit_scheme", args=[pk])

    def do(data: dict[str, Any]) -> ConversionRule:
        return add_rule(actor=request.actor, scheme_id=pk, **data)

    return deed_page(
        request,
        RuleForm(request.POST or None, actor=request.actor),
        do,
        title="增加转换规则",
        title_en="Add a rule",
        done="已增加。 Added.",
        then=lambda made: page,
        crumbs=[_home(SCHEMES, "credit_schemes"), Crumb(str(found), page), Crumb("增加规则")],
        cancel=page,
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def state(request: ActorRequest) -> HttpResponse:
    """State what a learner achieved."""

    def do(data: dict[str, Any]) -> Achievement:
        person = PersonRow(data.pop("name").strip(), data.pop("number").strip().upper())
        return state_achievement(actor=request.actor, institution_id=data.pop("institution").pk, person=person, **data)

    return _stating(request, AchievementForm(request.POST or None, actor=request.actor), do, "登记学习成果")


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def state_by_number(request: ActorRequest) -> HttpResponse:
    """Enter a certificate as an achievement."""

    def do(data: dict[str, Any]) -> Achievement:
        return state_certificate(actor=request.actor, **data)

    return _stating(request, NumberForm(request.POST or None, actor=request.actor), do, "登记证书为成果")


def _stating(request: ActorRequest, form: Any, do: Any, title: str) -> HttpResponse:
    return deed_page(
        request,
        form,
        do,
        title=title,
        title_en="State an achievement",
        lead="成果由出具单位签名；转换学分请以“学分转换”事项申请。 It is sealed; credits are applied for by a case.",
        done="已登记。 Stated.",
        then=lambda made: reverse("credit_accounts"),
        crumbs=[_home(), Crumb(title)],
        cancel=reverse("credit_accounts"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def reverse_line(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a line of a ledger back."""
    found: CreditPosting = found_or_404(visible(request.actor, CreditPosting), pk)
    require_reach(request.actor, found.school_id)
    page = reverse("credit_account", args=[found.account_id])
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: reverse_posting(actor=request.actor, posting_id=pk, **data),
        title=f"冲销学分 {found.credits:+}",
        title_en="Reverse a line",
        lead="冲销另记一笔，原记录不变；成果可再次使用。 A line is added, none is changed.",
        done="已冲销。 Reversed.",
        then=lambda made: page,
        crumbs=[_home(), Crumb("账户", page), Crumb("冲销")],
        cancel=page,
        submit="冲销 Reverse",
    )
