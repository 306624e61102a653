"""Pages on which a certificate is suspended and the suspension lifted."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.credentials.verbs import lift_suspension, suspend_certificate
from jineng.credentials.web.deeds import CERTIFICATES, FORM, own_certificate
from jineng.credentials.web.forms import ReasonForm
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest


class WhyForm(ReasonForm):
    """Why a certificate is suspended or stands again; it is not struck out."""

    reason = forms.CharField(label="原因 Reason", max_length=300)


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def suspend(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Suspend a certificate from today on."""
    found, page = own_certificate(request, pk), reverse("certificate", args=[pk])
    return deed_page(
        request,
        WhyForm(request.POST or None, actor=request.actor),
        lambda data: suspend_certificate(actor=request.actor, certificate_id=pk, **data),
        title=f"暂停：{found.number}",
        title_en="Suspend a certificate",
        lead="今日起核验显示“已暂停”，恢复之前不能转换学分；各项数字和已转换的学分不变。 It is still held.",
        done="已暂停。 Suspended.",
        then=lambda made: page,
        crumbs=[Crumb(CERTIFICATES, reverse("certificates")), Crumb(found.number, page), Crumb("暂停")],
        cancel=page,
        submit="暂停 Suspend",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def lift(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Lift a suspension."""
    found, page = own_certificate(request, pk), reverse("certificate", args=[pk])
    return deed_page(
        request,
        WhyForm(request.POST or None, actor=request.actor),
        lambda data: lift_suspension(actor=request.actor, certificate_id=pk, **data),
        title=f"恢复：{found.number}",
        title_en="Lift a suspension",
        lead="证书随即恢复有效，原因留痕。 It stands again at once; the reason is written down.",
        done="已恢复。 Lifted.",
        then=lambda made: page,
        crumbs=[Crumb(CERTIFICATES, reverse("certificates")), Crumb(found.number, page), Crumb("恢复")],
        cancel=page,
        submit="恢复 Lift",
    )
