"""Verification by machine, for anybody: no sign-in, limited by address."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from jineng.credentials.checking import MOST_BYTES, Checked, check_file
from jineng.credentials.web.verifying import WAIT, counted_number
from jineng.kernel.web.limits import TooOften, count

router = Router()


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


def _open(operation: Callable[..., Checked]) -> Callable[..., Any]:
    @functools.wraps(operation)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            found = operation(request, *args, **kwargs)
        except TooOften:
            raise HttpError(429, WAIT) from None
        told = {"verdict": found.verdict, "reason": found.finding.reason, "reason_en": found.finding.reason_en}
        return {**told, "issuer": found.issuer, "signed_at": found.signed_at, "says": dict(found.says)}

    answered.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
    answered.jineng_door = "open"  # type: ignore[attr-defined]
    return answered


@router.post("/verification", response=CheckedOut, auth=None, operation_id="verify_credential")
@_open
def verify_credential(request: HttpRequest) -> Checked:
    """Check a credential: the body is the file itself, as JSON, or as PDF or PNG that carries it; 2 MB at most."""
    count(request, "verify")
    content = request.body
    if len(content) > MOST_BYTES:
        raise HttpError(413, "文件超过 2 MB。 The file is larger than 2 MB.")
    return check_file(content)


@router.post("/verification/number", response=CheckedOut, auth=None, operation_id="verify_number")
@_open
def verify_number(request: HttpRequest, payload: NumberIn) -> Checked:
    """Check a certificate by its number and check code."""
    return counted_number(request, payload.number, payload.code)
