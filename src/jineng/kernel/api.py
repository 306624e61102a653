"""By machine: hand in a workbook, read its receipt; read one's notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.pagination import PageNumberPagination, paginate

from jineng.kernel.jobs import soon
from jineng.kernel.models import Notice, Receipt
from jineng.kernel.notices.inbox import UNREAD, tray
from jineng.kernel.notices.verbs import read_all_notices, read_notice
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


class NoticeOut(Schema):
    """Something that the account or its office was told; ``link`` is a path within the site."""

    id: UUID
    kind: str
    subject: str
    body: str
    link: str
    name_of: str
    name_of_id: UUID
    about_type: str
    about_id: str
    created_at: datetime
    times: int
    read_at: datetime | None = None


class ReadOut(Schema):
    """How many notices were marked as read."""

    notices: int


@router.get("/notices", response=list[NoticeOut], operation_id="list_notices")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.USE_WORKSPACE)
def notices(request: ActorRequest, unread: bool = False, kind: str = "") -> Any:
    """What the caller was told in the post that it acts in, unread first, then the latest."""
    rows = tray(request.actor)
    if unread:
        rows = rows.filter(UNREAD)
    return rows.filter(kind=kind) if kind else rows


@router.post("/notices/read", response=ReadOut, operation_id="read_all_notices")
@api_door(Right.USE_WORKSPACE)
def read_all(request: ActorRequest) -> Any:
    """Mark everything as read."""
    return {"notices": read_all_notices(actor=request.actor)}


@router.post("/notices/{notice_id}/read", response=NoticeOut, operation_id="read_notice")
@api_door(Right.USE_WORKSPACE)
def read_one(request: ActorRequest, notice_id: UUID) -> Any:
    """Mark one notice as read."""
    found: Notice | None = tray(request.actor).filter(pk=notice_id).first()
    if found is None:
        raise Http404
    return read_notice(actor=request.actor, notice_id=notice_id)
