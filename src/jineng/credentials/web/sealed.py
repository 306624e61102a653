"""What is done with sealed certificates: a session is sealed by a job, a certificate is handed out as a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from jineng.credentials.forms_of import FORMS, Printable
from jineng.credentials.queries import certificates_of
from jineng.credentials.verbs import export_certificate, seal_session_soon
from jineng.credentials.web.pages import found_or_404
from jineng.credentials.web.sessions import find_own_session, page_of
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.requests import ActorRequest


def file_answer(it: Printable, form: str) -> HttpResponse:
    """A certificate as a file to keep."""
    kind, make = FORMS[form]
    return kept_file(make(it), kind, f"{it.number}.{form}")


def kept_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep, which no cache does."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@door(Right.EDIT_CREDENTIALS)
def seal(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Have a session's certificates sealed: those that came by a return, or that a job left behind."""
    found = find_own_session(request, pk)
    seal_session_soon(actor=request.actor, session_id=pk)
    messages.success(request, "正在签发电子证书。 The certificates are being sealed.")
    return redirect(page_of(found))


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def certificate_file(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A certificate as JSON, PDF or picture; that it was taken is written down."""
    found_or_404(certificates_of(request.actor, standing=False), pk)
    form = request.POST.get("form", "pdf")
    try:
        it = export_certificate(actor=request.actor, certificate_id=pk, form=form if form in FORMS else "pdf")
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(reverse("certificate", args=[pk]))
    return file_answer(it, form if form in FORMS else "pdf")
