"""What is published for machines, as signed statements name it: issuers' keys and status lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from jineng.credentials.publishing import documents_of, issuers, list_at
from jineng.kernel.doors import open_door

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
    return _answer(list_at(pk), "application/vc+json")


@require_GET
@open_door
def suspensions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list of suspensions beside a status list, as of now."""
    return _answer(list_at(pk, suspensions=True), "application/vc+json")


def _answer(found: dict[str, dict[str, Any]], kind: str) -> HttpResponse:
    for document in found.values():
        answer = JsonResponse(document, content_type=kind, json_dumps_params={"ensure_ascii": False})
        answer["Cache-Control"] = SHORTLY
        answer["Access-Control-Allow-Origin"] = "*"
        return answer
    raise Http404
