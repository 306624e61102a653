"""The application book as a file."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from jineng.cases.books import book_of
from jineng.cases.web.cases import find
from jineng.engines.documents.docx import render_docx
from jineng.engines.documents.pdf import render_pdf
from jineng.engines.documents.tree import Document
from jineng.kernel.doors import door
from jineng.kernel.memory import memory
from jineng.kernel.rights import Right
from jineng.kernel.web.requests import ActorRequest

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", lambda made: render_pdf(made)),
    "docx": (DOCX, lambda made: render_docx(made)),
}


@require_GET
@door(Right.VIEW_CASES)
def book(request: ActorRequest, pk: UUID, kind: str) -> HttpResponse:
    """What was filled in, printed as PDF or for Word; what is personal is masked."""
    found = find(request, pk)
    if kind not in KINDS:
        raise Http404
    content_type, render = KINDS[kind]
    name = f"{found.number}.{kind}"
    made = book_of(found, found.applicant_name)
    # What is printed follows from the content alone, in which everything that one may not read is masked already.
    content = memory.answer(
        ("book", kind, sha256(repr(made).encode()).digest()), lambda: render(made), lambda printed: len(printed) // 200
    )
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
    return HttpResponse(content, content_type=content_type, headers=headers)
