"""What is published for machines, as signed statements name it: issuers' keys and status lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from jineng.credentials.publishing import documents_of, issuers, list_at
from jineng.kernel.doors import open_door
from jineng.kernel.tokens import SigningFailure

SHORTLY = "public, max-age=30"
"""A revocation shows within a minute, also through caches."""


@require_GET
@open_door
def issuer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The document of a signer (``did:web``), with its keys."""
    found = documents_of(issuers(bodies=[pk]))
    return _answer(found, "application/did+json")


@require_GET
@open_door
def status_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A status list as of now."""
    return _list(pk)


@require_GET
@open_door
def suspensions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list of suspensions beside a status list, as of now."""
    return _list(pk, suspensions=True)


def _list(pk: UUID, *, suspensions: bool = False) -> HttpResponse:
    try:
        return _answer(list_at(pk, suspensions=suspensions), "application/vc+json")
    except SigningFailure as failure:
        return HttpResponse(failure.messages[0], status=503, content_type="text/plain; charset=utf-8")


def _answer(found: dict[str, dict[str, Any]], kind: str) -> HttpResponse:
    for document in found.values():
        answer = JsonResponse(document, content_type=kind, json_dumps_params={"ensure_ascii": False})
        answer["Cache-Control"] = SHORTLY
        answer["Access-Control-Allow-Origin"] = "*"
        return answer
    raise Http404
