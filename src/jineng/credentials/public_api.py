"""Verification by machine, for anybody: no sign-in, limited by address."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.errors import HttpError

from jineng.credentials.checking import MOST_BYTES, Checked
from jineng.credentials.web.verifying import WAIT, counted_file, counted_number
from jineng.kernel.web.limits import TooOften

router = Router()
CONTENT_TYPE = "application/json; charset=utf-8"


class CheckedOut(Schema):
    """One word of ``valid``, ``revoked``, ``suspended``, ``expired``, ``not_yet_valid``, ``altered``, ``unknown``,
    ``malformed``; by whom and when as far as the signature holds; ``says`` is what was shown."""

    verdict: str
    reason: str
    reason_en: str
    issuer: str
    signed_at: datetime | None
    says: dict[str, str]


class NumberIn(Schema):
    """A certificate's number and the check code printed below it."""

    number: str
    code: str


def _told(act: Callable[[], Checked]) -> HttpResponse:
    """What was found as JSON, written once for both ways in; 429 where the caller must wait."""
    try:
        found = act()
    except TooOften:
        return _json({"detail": WAIT}, 429)
    told = {"verdict": found.verdict, "reason": found.finding.reason, "reason_en": found.finding.reason_en}
    return _json({**told, "issuer": found.issuer, "signed_at": found.signed_at, "says": dict(found.says)})


def _json(told: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(told, cls=DjangoJSONEncoder), CONTENT_TYPE, status)


def _open(operation: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    operation.jineng_door = "open"  # type: ignore[attr-defined]
    return operation


@router.post("/verification", response=CheckedOut, auth=None, operation_id="verify_credential")
@_open
def verify_credential(request: HttpRequest) -> HttpResponse:
    """Check a credential: the body is the file itself, as JSON, or as PDF or PNG that carries it; 2 MB at most."""
    content = request.body
    if len(content) > MOST_BYTES:
        raise HttpError(413, "文件超过 2 MB。 The file is larger than 2 MB.")
    return _told(lambda: counted_file(request, content))


@router.post("/verification/number", response=CheckedOut, auth=None, operation_id="verify_number")
@_open
def verify_number(request: HttpRequest, payload: NumberIn) -> HttpResponse:
    """Check a certificate by its number and check code."""
    return _told(lambda: counted_number(request, payload.number, payload.code))


def early_credential(request: HttpRequest) -> HttpResponse | None:
    """What :func:`verify_credential` answers, before the framework is asked."""
    return _told(lambda: counted_file(request, request.body))


def early_number(request: HttpRequest) -> HttpResponse | None:
    """What :func:`verify_number` answers, before the framework is asked; what is not plainly written is left to it."""
    body = request.body
    try:
        asked = json.loads(body) if body.isascii() and b"\\" not in body else None
    except ValueError:
        return None
    if not isinstance(asked, dict):
        return None
    number, code = asked.get("number"), asked.get("code")
    if not isinstance(number, str) or not isinstance(code, str):
        return None
    return _told(lambda: counted_number(request, number, code))
