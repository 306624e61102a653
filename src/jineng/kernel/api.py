"""Returns by machine: hand in a workbook, read its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from jineng.kernel.jobs import soon
from jineng.kernel.models import Receipt
from jineng.kernel.returns.receiving import submit_return
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest

router = Router()


class ReceiptOut(Schema):
    """What came of a file."""

    id: UUID
    file_name: str
    digest: str
    state: str
    dry_run: bool
    submitted_at: datetime
    finished_at: datetime | None = None
    counts: dict[str, Any]
    error_count: int
    errors: list[dict[str, Any]]
    seal: dict[str, Any] | None = None


@router.post("/returns", response={202: ReceiptOut}, operation_id="submit_return")
@api_door(Right.SUBMIT_RETURNS)
def submit(request: ActorRequest, file: File[UploadedFile], dry_run: Form[bool] = False) -> Any:
    """Hand in a workbook; a job lands it, all of it or nothing. Ask for the receipt until it is finished."""
    with transaction.atomic():
        receipt = submit_return(
            actor=request.actor, file_name=file.name or "return.xlsx", content=file.read(), dry_run=dry_run
        )
        soon(
            "process_return",
            receipt_id=str(receipt.pk),
            account_id=request.actor.account_id,
            post_id=str(request.actor.post_id),
        )
    receipt.refresh_from_db()
    return Status(202, receipt)


@router.get("/returns/{receipt_id}", response=ReceiptOut, operation_id="get_receipt")
@api_door(Right.VIEW_RETURNS)
def receipt(request: ActorRequest, receipt_id: UUID) -> Any:
    """The receipt of a file handed in within the caller's scope; the database's wall decides which."""
    found = Receipt.objects.filter(pk=receipt_id).first()
    if found is None:
        raise Http404
    return found
