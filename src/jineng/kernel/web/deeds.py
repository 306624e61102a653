"""Form pages: show, check, call one verb, say what happened. The one way for a page to change something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jineng.kernel.actors import NotAllowed
from jineng.kernel.web.components import Crumb


def deed_page(
    request: HttpRequest,
    form: Form,
    do: Callable[[dict[str, Any]], object],
    *,
    title: str,
    title_en: str,
    done: str,
    then: Callable[[Any], str],
    crumbs: Sequence[Crumb] = (),
    submit: str = "保存 Save",
    cancel: str = "",
    lead: str = "",
    template: str = "kernel/form.html",
) -> HttpResponse:
    """A page with ``form``; a valid one calls ``do`` with its data and goes ``then`` with the result.

    What the verb refuses (ValidationError: 422, NotAllowed: 403) stands in the form as its error; nothing typed is
    lost. ``template`` extends ``kernel/form.html``.
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            result = do(form.cleaned_data)
        except ValidationError as error:
            _put(form, error)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
            status = 403
        else:
            messages.success(request, done)
            return redirect(then(result))
    context = {
        "title": title,
        "title_en": title_en,
        "lead": lead,
        "form": form,
        "crumbs": list(crumbs),
        "submit": submit,
        "cancel": cancel,
    }
    if form.errors and status == 200:
        status = 422
    return render(request, template, context, status=status)


def _put(form: Form, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)
