"""Pages that change: pilots, sessions, candidates, certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.credentials.models import Candidate, Certificate, CertificatePilot
from jineng.credentials.queries import candidates_of, certificates_of, pilots_of
from jineng.credentials.verbs import (
    apply_for_pilot,
    decide_pilot,
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
    void_candidate,
    void_certificate,
    void_pilot,
    withdraw_pilot,
)
from jineng.credentials.verbs.reach import (
    NOT_YOURS,
    PROVINCE_ONLY,
    owns_session,
    require_reach,
    require_reporter,
)
from jineng.credentials.web.forms import (
    ApplyForm,
    DayForm,
    DecideForm,
    IssueForm,
    ReasonForm,
    RevokeForm,
)
from jineng.credentials.web.pages import found_or_404
from jineng.credentials.web.sessions import find_own_session, home, page_of
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.records import Recorded
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest

FORM = ("GET", "POST")
PILOTS, CERTIFICATES = "证书试点", "证书"


def require_standing(record: Recorded) -> None:
    """Let pass what was not struck out.

    Raises:
        NotAllowed: it is void.
    """
    if record.is_void:
        raise NotAllowed("该记录已作废。 The record was struck out.")


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def apply(request: ActorRequest) -> HttpResponse:
    """Apply for a pilot."""

    def do(data: dict[str, Any]) -> CertificatePilot:
        return apply_for_pilot(
            actor=request.actor,
            batch_id=data.pop("batch").pk,
            institution_id=data.pop("institution").pk,
            certificate_type_id=data.pop("certificate").pk,
            **data,
        )

    return deed_page(
        request,
        ApplyForm(request.POST or None, actor=request.actor, initial={"applied_on": clock.today()}),
        do,
        title="申报证书试点",
        title_en="Apply for a pilot",
        done="已申报。 Applied for.",
        then=lambda made: reverse("certificate_pilot", args=[made.pk]),
        crumbs=[Crumb(PILOTS, reverse("certificate_pilots")), Crumb("申报")],
        cancel=reverse("certificate_pilots"),
    )


def _pilot(request: ActorRequest, pk: UUID) -> CertificatePilot:
    found: CertificatePilot = found_or_404(pilots_of(request.actor, standing=False), pk)
    require_standing(found)
    require_reach(request.actor, found.institution_id)
    return found


def _pilot_crumbs(found: CertificatePilot, page: str, last: str) -> list[Crumb]:
    return [Crumb(PILOTS, reverse("certificate_pilots")), Crumb(str(found), page), Crumb(last)]


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def decide(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Approve or refuse an application."""
    if not request.actor.sees_all:
        raise NotAllowed(PROVINCE_ONLY)
    found, page = _pilot(request, pk), reverse("certificate_pilot", args=[pk])

    def do(data: dict[str, Any]) -> CertificatePilot:
        approved = data.pop("answer") == "approved"
        return decide_pilot(actor=request.actor, pilot_id=pk, approved=approved, **data)

    return deed_page(
        request,
        DecideForm(request.POST or None, actor=request.actor, initial={"on": clock.today()}),
        do,
        title=f"审批：{found}",
        title_en="Decide an application",
        done="已保存。 Saved.",
        then=lambda made: page,
        crumbs=_pilot_crumbs(found, page, "审批"),
        cancel=page,
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def end_pilot(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Withdraw a pilot from a day on."""
    found, page = _pilot(request, pk), reverse("certificate_pilot", args=[pk])
    return deed_page(
        request,
        DayForm(request.POST or None, actor=request.actor),
        lambda data: withdraw_pilot(actor=request.actor, pilot_id=pk, **data),
        title=f"退出：{found}",
        title_en="Withdraw a pilot",
        lead="自所填日期起退出，此前各年的数字不变。 It takes effect from the day given.",
        done="已退出。 Withdrawn.",
        then=lambda made: page,
        crumbs=_pilot_crumbs(found, page, "退出"),
        cancel=page,
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def strike_pilot(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a pilot that was never applied for."""
    found, page = _pilot(request, pk), reverse("certificate_pilot", args=[pk])
    require_reporter(request.actor, found)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_pilot(actor=request.actor, pilot_id=pk, **data),
        title=f"作废：{found}",
        title_en="Void a pilot",
        lead="作废表示从未申报，各年的数字都不再含它；退出请填退出日期。 Void means that it never was.",
        done="已作废。 Voided.",
        then=lambda made: page,
        crumbs=_pilot_crumbs(found, page, "作废"),
        cancel=page,
        submit="作废 Void",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def strike_candidate(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a candidature that never was."""
    found: Candidate = found_or_404(candidates_of(request.actor, standing=False), pk)
    require_standing(found)
    if not owns_session(request.actor, found.session_id):
        raise NotAllowed(NOT_YOURS)
    page = reverse("candidate", args=[pk])
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_candidate(actor=request.actor, candidate_id=pk, **data),
        title="作废考生",
        title_en="Void a candidature",
        lead="作废表示此人从未报名；缺考的不在此办理。 Void means that nobody registered.",
        done="已作废。 Voided.",
        then=lambda made: page,
        crumbs=[home(), Crumb(str(found.session), page_of(found.session)), Crumb("作废考生")],
        cancel=page,
        submit="作废 Void",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def issue(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Issue the certificates of a session."""
    found = find_own_session(request, pk)
    return deed_page(
        request,
        IssueForm(request.POST or None, actor=request.actor, initial={"issued_on": clock.today()}),
        lambda data: issue_certificates(actor=request.actor, session_id=pk, **data),
        title=f"发证：{found}",
        title_en="Issue certificates",
        lead="合格的考生按座位号依次编号；已持有同一证书同一等级的不再发。 Everybody who passed gets a number.",
        done="已发证。 Issued.",
        then=lambda made: page_of(found),
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb("发证")],
        cancel=page_of(found),
        submit="发证 Issue",
    )


def own_certificate(request: ActorRequest, pk: UUID) -> Certificate:
    """The certificate, for who answers for its session; 404 where it is out of sight or struck out."""
    found: Certificate = found_or_404(certificates_of(request.actor, standing=False), pk)
    require_standing(found)
    if not owns_session(request.actor, found.session_id):
        raise NotAllowed(NOT_YOURS)
    return found


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def revoke(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Revoke a certificate from a day on."""
    found, page = own_certificate(request, pk), reverse("certificate", args=[pk])
    return deed_page(
        request,
        RevokeForm(request.POST or None, actor=request.actor, initial={"on": clock.today()}),
        lambda data: revoke_certificate(actor=request.actor, certificate_id=pk, **data),
        title=f"撤销：{found.number}",
        title_en="Revoke a certificate",
        lead="自所填日期起不再持有，此前各年的数字不变；误发的请作废。 It takes effect from the day given.",
        done="已撤销。 Revoked.",
        then=lambda made: page,
        crumbs=[Crumb(CERTIFICATES, reverse("certificates")), Crumb(found.number, page), Crumb("撤销")],
        cancel=page,
        submit="撤销 Revoke",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def reissue(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Revoke a certificate and issue another in its place."""
    found, page = own_certificate(request, pk), reverse("certificate", args=[pk])
    return deed_page(
        request,
        RevokeForm(request.POST or None, actor=request.actor, initial={"on": clock.today()}),
        lambda data: reissue_certificate(actor=request.actor, certificate_id=pk, **data),
        title=f"换发：{found.number}",
        title_en="Re-issue a certificate",
        lead="原证书自所填日期起撤销，同日换发新编号的证书。 The old one is revoked, a new number is given.",
        done="已换发。 Re-issued.",
        then=lambda made: reverse("certificate", args=[made.pk]),
        crumbs=[Crumb(CERTIFICATES, reverse("certificates")), Crumb(found.number, page), Crumb("换发")],
        cancel=page,
        submit="换发 Re-issue",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def strike_certificate(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a certificate that was never held."""
    found, page = own_certificate(request, pk), reverse("certificate", args=[pk])
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_certificate(actor=request.actor, certificate_id=pk, **data),
        title=f"作废：{found.number}",
        title_en="Void a certificate",
        lead="作废表示从未持有，各年的数字都不再含它；编号不再使用。 Void means that it was never held.",
        done="已作废。 Voided.",
        then=lambda made: page,
        crumbs=[Crumb(CERTIFICATES, reverse("certificates")), Crumb(found.number, page), Crumb("作废")],
        cancel=page,
        submit="作废 Void",
    )
