"""Admission slips as files, the seating list, and the public page to which a slip's code leads."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jineng.credentials.queries import candidates_of, chair_of, seated_of
from jineng.credentials.slips import REGISTER, RULES, Scanned, SlipState, scanned, span_of
from jineng.credentials.verbs import export_slips
from jineng.credentials.web.pages import found_or_404
from jineng.credentials.web.sealed import kept_file
from jineng.credentials.web.sessions import find_session, home, page_of
from jineng.credentials.web.verifying import WAIT, private
from jineng.engines.documents.slip import render_slips
from jineng.kernel import clock
from jineng.kernel.doors import door, open_door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.limits import TooOften, count
from jineng.kernel.web.requests import ActorRequest

WORDS: dict[SlipState, tuple[str, str, str]] = {
    SlipState.VALID: ("有效", "Valid", "ok"),
    SlipState.OVER: ("本场已结束", "The session is over", "warn"),
    SlipState.VOID: ("已作废", "Void", "red"),
}


@require_GET
@door(Right.VIEW_CREDENTIALS)
def seating(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Who sits where, room by room, to be printed and hung at the door; names are masked."""
    found = find_session(request, pk)
    seated = seated_of(request.actor).filter(session=pk, seat__isnull=False).order_by("seat")
    chairs = [(candidate, chair_of(candidate)) for candidate in seated]
    rooms = [
        (room, [(candidate, chair.number if chair else candidate.seat) for candidate, chair in rows])
        for room, rows in groupby(chairs, key=lambda row: row[1].room if row[1] else "")
    ]
    return render(
        request,
        "credentials/seating.html",
        {
            "title": f"座位表：{found}",
            "title_en": "Seating list",
            "lead": " ".join(part for part in (found.code, span_of(found), str(found.site or found.place)) if part),
            "crumbs": [home(), Crumb(str(found), page_of(found)), Crumb("座位表")],
            "rooms": rooms,
        },
    )


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def session_slips(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The slips of a session in one file, a page each; that they were made is written down."""
    found = find_session(request, pk)
    after = request.POST.get("after", "")
    return _file(request, pk, None, page_of(found), int(after) if after.isdecimal() and len(after) < 7 else 0)


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def candidate_slip(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The slip of one candidate; that it was made is written down."""
    found = found_or_404(candidates_of(request.actor), pk)
    return _file(request, found.session_id, pk, reverse("candidate", args=[pk]))


def _file(request: ActorRequest, session: UUID, candidate: UUID | None, back: str, after: int = 0) -> HttpResponse:
    try:
        papers = export_slips(actor=request.actor, session_id=session, candidate_id=candidate, after=after)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(back)
    return kept_file(render_slips(papers, RULES, clock.today()), "application/pdf", "slips.pdf")


@require_GET
@open_door
def check(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """What the code on a slip leads to; a wrong code and a slip that never was are told in the same words."""
    context = {"title": "准考证核验", "title_en": "Check of an admission slip", "crumbs": [Crumb("准考证核验")]}
    try:
        guess = count(request, "verify", "verify_guess", key=str(pk), ask=REGISTER, about=str(pk))
    except TooOften:
        return private(render(request, "credentials/slip.html", {**context, "wait": WAIT}, status=429))
    found = scanned(guess.answer, pk, code)
    if found is None:
        return private(render(request, "credentials/slip.html", context, status=404))
    guess.rollback()
    return private(render(request, "credentials/slip.html", context | _told(found)))


def _told(found: Scanned) -> dict[str, object]:
    words, words_en, kind = WORDS[found.state]
    facts = [Fact(label, text) for label, text in found.says]
    return {"words": words, "words_en": words_en, "kind": kind, "facts": facts}
