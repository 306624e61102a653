"""The holder's own pages: enter by number, code and document; share parts; see who looked; take a signed record."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.credentials.checking import PARTS, of_register, register_row
from jineng.credentials.codes import plain_number
from jineng.credentials.credit_queries import lines_of_certificate
from jineng.credentials.sealing import address
from jineng.credentials.sharing import held_certificate, open_share, shares_of
from jineng.credentials.transcripts import FORMS
from jineng.credentials.verbs import fetch_own_transcript, share_certificate, take_back_share
from jineng.credentials.verbs.sharing import holder_of
from jineng.credentials.web.sealed import kept_file
from jineng.credentials.web.verifying import NumberForm, found_context, private
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import open_door
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.limits import TooOften, count
from jineng.registry.web.forms import DAY

HOLDING, SECONDS = "holding", 15 * 60
WRONG = "编号、校验码和证件号码不相符。 Number, code and document do not belong together."
WAIT = "尝试过于频繁，请稍后再试。 Too many tries; wait."
Held = Callable[..., HttpResponse]


class HolderForm(NumberForm):
    """What only the holder knows together."""

    document = forms.CharField(
        label="证件号码 Document number",
        max_length=30,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="不显示、不保存。 Neither shown nor kept.",
    )


class ShareForm(forms.Form):
    """What is shown, and until when."""

    shows = forms.MultipleChoiceField(
        label="另外展示 Also show", choices=list(PARTS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(label="有效至 Until", **DAY)


@require_http_methods(["GET", "POST"])
@open_door
def enter(request: HttpRequest) -> HttpResponse:
    """Become the holder of one certificate for a quarter of an hour."""
    form, status = HolderForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            guess = count(request, "holder_guess", key=plain_number(data["number"]))
        except TooOften:
            form.add_error(None, WAIT)
            status = 429
        else:
            found = held_certificate(data["number"], data["code"], data["document"])
            if found is not None:
                guess.rollback()
                request.session.cycle_key()
                until = time.time() + SECONDS
                request.session[HOLDING] = [str(found), plain_number(data["number"]), until]
                return redirect("own_certificate")
            form.add_error(None, WRONG)
    context = {"title": "我的证书", "title_en": "My certificate", "crumbs": _crumbs("我的证书"), "form": form}
    return private(
        render(request, "credentials/holder.html", context, status=422 if form.errors and status == 200 else status)
    )


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb("证书核验", reverse("verify")), Crumb(last)]


def _holders(view: Held) -> Held:
    """Let in who entered as a holder not long ago; everybody else may enter."""

    @wraps(view)
    def guarded(request: HttpRequest, **given: UUID) -> HttpResponse:
        kept = request.session.get(HOLDING)
        if not kept or kept[2] < time.time():
            return redirect("enter_as_holder")
        return view(request, UUID(kept[0]), kept[1], **given)

    return open_door(guarded)  # type: ignore[return-value]


@require_http_methods(["GET", "POST"])
@_holders
def certificate(request: HttpRequest, certificate_id: UUID, number: str) -> HttpResponse:
    """The holder's certificate, its links and who opened them; the form makes a new link, shown once."""
    usual = {"until": clock.today() + timedelta(days=30)}
    form = ShareForm(request.POST or None, initial=usual)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            token = share_certificate(
                actor=holder_of(certificate_id), certificate_id=certificate_id, **form.cleaned_data
            )
            link, form = address("shared_certificate", token), ShareForm(initial=usual)
        except ValidationError as error:
            for name, problems in error.error_dict.items():
                form.add_error(name, problems)
    row = register_row(number)
    context = {
        "title": "我的证书",
        "title_en": "My certificate",
        "crumbs": _crumbs("我的证书"),
        "form": form,
        "link": link,
        "parts": PARTS,
        "shares": [(share, [PARTS[part] for part in share.shows]) for share in shares_of(certificate_id)],
        "lines": lines_of_certificate(certificate_id),
        **(found_context(of_register(row, PARTS)) if row else {}),
    }
    return private(render(request, "credentials/own_certificate.html", context, status=422 if form.errors else 200))


@require_POST
@_holders
def take_back(request: HttpRequest, certificate_id: UUID, number: str, pk: UUID) -> HttpResponse:
    """Take a link back."""
    del number
    try:
        take_back_share(actor=holder_of(certificate_id), certificate_id=certificate_id, link_id=pk)
    except NotAllowed:
        messages.error(request, "没有此链接，或已撤回。 There is no such link, or it is taken back.")
    else:
        messages.success(request, "已撤回。 Taken back.")
    return redirect("own_certificate")


@require_POST
@_holders
def own_transcript(request: HttpRequest, certificate_id: UUID, number: str) -> HttpResponse:
    """The certificate and what it was converted to as a signed record, made anew; that it was taken is written down."""
    form = request.POST.get("form", "pdf")
    form = form if form in FORMS else "pdf"
    try:
        count(request, "own_transcript", key=number)
        it = fetch_own_transcript(actor=holder_of(certificate_id), certificate_id=certificate_id, form=form)
    except TooOften:
        messages.error(request, WAIT)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        kind, make = FORMS[form]
        return kept_file(make(it), kind, f"transcript.{form}")
    return redirect("own_certificate")


@require_POST
@open_door
def leave(request: HttpRequest) -> HttpResponse:
    """Stop being the holder."""
    request.session.pop(HOLDING, None)
    return redirect("verify")


@require_GET
@open_door
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What a link shows; one that is over, taken back or never was says the same."""
    context = {"title": "证书展示", "title_en": "A certificate is shown", "crumbs": _crumbs("证书展示")}
    try:
        count(request, "verify")
    except TooOften:
        return private(render(request, "credentials/shared.html", {**context, "wait": WAIT}, status=429))
    found = open_share(token, get_ip(request))
    if found is None:
        return private(render(request, "credentials/shared.html", context, status=404))
    checked, until = found
    return private(render(request, "credentials/shared.html", {**context, **found_context(checked), "until": until}))
