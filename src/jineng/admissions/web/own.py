"""What applicants see: sign in by ticket, preferences, receipts, answers, letters.

No session is written: a signed cookie names the ticket for half an hour, and the database answers for that ticket.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from html import escape
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.admissions.kinds import ApplicantCategory
from jineng.admissions.letters import letter_pdf, letter_statement, seal_line
from jineng.admissions.models import Offer
from jineng.admissions.offered import Offered, offered_in, with_county
from jineng.admissions.schemes import order_of
from jineng.admissions.telling import ANSWERS, OUTCOMES, STANDING
from jineng.admissions.tickets import (
    Own,
    admission_of_letter,
    letter_code,
    letter_facts,
    lookup_of,
    own,
    ticket_stands,
    told,
)
from jineng.admissions.verbs import answer_admission, draft_preferences, submit_preferences
from jineng.admissions.verbs.entering import may_answer, receipt_of
from jineng.admissions.web.lists_of_wishes import changed
from jineng.admissions.web.own_lines import moment, round_lines, score_lines, wish_lines
from jineng.engines.seals import seal
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import open_door
from jineng.kernel.keys import signer
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered_for_all
from jineng.kernel.web.addresses import address_of
from jineng.kernel.web.gaps import gap, page_with_gaps
from jineng.kernel.web.paging import cut_to_page

COOKIE, SALT = "admissions_ticket", "jineng.admissions.ticket"
MINUTES = 30
Page = Callable[..., HttpResponse]


def ticketed(view: Callable[..., HttpResponse]) -> Page:
    """Only for who holds a ticket: the view gets what stands under it. Only what it does acts as the applicant."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        lookup = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=MINUTES * 60) or ""
        mine = own(lookup) if lookup else None
        if mine is None:
            return redirect(address_of("own_enter"))
        response = view(request, mine, *args, **kwargs)
        _remember(response, lookup)
        response["Cache-Control"] = "no-store"
        return response

    return open_door(guarded)  # type: ignore[return-value]


def _remember(response: HttpResponse, lookup: str) -> None:
    response.set_signed_cookie(
        COOKIE,
        lookup,
        salt=SALT,
        max_age=MINUTES * 60,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
        path=address_of("own_home"),
    )


@require_http_methods(["GET", "POST"])
@open_door
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in with number and code."""
    number, wrong = "", ""
    if request.method == "POST":
        number = request.POST.get("number", "")[:20]
        lookup = lookup_of(number, request.POST.get("code", "")[:40])
        if ticket_stands(lookup):
            response = redirect(address_of("own_home"))
            _remember(response, lookup)
            return response
        wrong = "报名号或查询码有误。 The number or the code is wrong."
    shared = {"title": "考生服务", "title_en": "For applicants", "wrong": wrong}
    own_part = {"number": escape(number)}
    return page_with_gaps(request, "admissions/own_enter.html", shared, own_part, status=422 if wrong else 200)


def _rounds(page: dict[str, Any] | None) -> list[dict[str, Any]]:
    found = []
    for key, each in sorted((page or {}).get("rounds", {}).items(), key=lambda item: order_of(item[0])):
        until = parse_datetime(each["answers_until"]) if each.get("answers_until") else None
        outcome, answer = OUTCOMES[each["outcome"]], ANSWERS.get(each["answer"])
        stands = each["answer"] in STANDING
        told_of = {"key": key, "words": outcome, "answer_words": answer, "until": until, "stands": stands}
        found.append({**each, **told_of, "may_answer": may_answer(stands=stands, until=until)})
    return found


@require_GET
@ticketed
def home(request: HttpRequest, mine: Own) -> HttpResponse:
    """Everything of one's own: rounds with the form's state, scores, results with their reasons, what to answer."""
    results = _rounds(told(mine.lookup))
    held = {each["id"] for each in mine.data["admissions"] if not each["ending"] and each["confirmed_on"]}
    for each in results:
        each["letter"] = each["admission"] if each["admission"] in held else ""
    rounds, scores = mine.data["rounds"], mine.data["scores"]
    return page_with_gaps(
        request,
        "admissions/own_home.html",
        {
            "title": mine.data["season_name"],
            "title_en": "My admission",
            "lead": f"报名号 {gap('number')} · {ApplicantCategory(mine.data['category']).label}"
            " Registration number and category.",
            "has_rounds": bool(rounds),
            "has_scores": bool(scores),
        },
        {
            "number": escape(mine.number),
            "results": _results(request, results) if results else "",
            "rounds": round_lines(rounds),
            "scores": score_lines(scores),
        },
    )


def _results(request: HttpRequest, results: list[dict[str, Any]]) -> str:
    return render_to_string("admissions/own_results.html", {"results": results}, request)


def _found(mine: Own, opening_id: UUID) -> dict[str, Any]:
    found = mine.round(opening_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@ticketed
def preferences(request: HttpRequest, mine: Own, pk: UUID) -> HttpResponse:
    """The list of one round: what is offered, one's own draft, and submitting it."""
    found = _found(mine, pk)
    draft = found["draft"] or []
    if request.method == "POST":
        return _change(request, mine, pk, draft)
    query = request.GET.get("q", "").replace("\0", "").strip()[:40]
    offered, offers = _offers(request, mine, found, query)
    return page_with_gaps(
        request,
        "admissions/own_preferences.html",
        {
            "title": f"{found['name']} 志愿",
            "title_en": "Preferences",
            "opening": str(pk),
            "is_open": found["is_open"],
            "closes_at": moment(found["closes_at"]),
            "most": offered.law.most if offered.law else 0,
            "has_wishes": bool(draft),
            "same": found["wishes"] == draft and bool(draft),
            "is_submitted": bool(found["submitted_at"]),
        },
        {
            "number": str(len(draft)),
            "wishes": wish_lines(offered.named(draft), is_open=found["is_open"]),
            "version": str(found["version"]),
            "submitted_at": moment(found["submitted_at"]),
            "query": escape(query),
            "offers": offers,
        },
    )


def _offers(request: HttpRequest, mine: Own, found: dict[str, Any], query: str) -> tuple[Offered, SafeString]:
    """What the round offers, and the page of it that is asked for: the same for everybody who looks at it."""

    def find() -> tuple[Offered, SafeString]:
        offered = offered_in(found, mine.actor)
        rows = with_county(Offer.objects.filter(STANDS, opening=found["opening"]))
        if query:
            rows = rows.filter(group_name__icontains=query) | rows.filter(major_name__icontains=query)
        shown, pages = cut_to_page(rows.order_by("group", "major", "pool", "id"), request)
        context = {"offers": shown, "pages": pages, "is_open": found["is_open"]}
        return offered, render_to_string("admissions/own_offers.html", context)

    asked = tuple((name, *values) for name, values in request.GET.lists())
    place = found["opening"], found["scheme"], found["ordinal"], found["supplement"]
    return remembered_for_all(
        ("own offers", place, asked, found["is_open"]), find, lambda told: len(told[1]) // 100, mine.actor
    )


def _change(request: HttpRequest, mine: Own, pk: UUID, draft: list[dict[str, Any]]) -> HttpResponse:
    deed, here = request.POST.get("do", ""), reverse("own_preferences", args=[pk])
    try:
        if deed == "submit":
            done = submit_preferences(actor=mine.actor, own=mine, opening_id=pk, wishes=draft)
            messages.success(request, f"已提交（第 {done.version} 次），回执可下载。 Submitted; the receipt is below.")
        else:
            draft_preferences(actor=mine.actor, own=mine, opening_id=pk, wishes=changed(draft, deed))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    query = request.POST.get("q", "")
    return redirect(f"{here}?q={query}" if query else here)


@require_GET
@ticketed
def receipt(request: HttpRequest, mine: Own, pk: UUID) -> HttpResponse:
    """The sealed receipt of the last submission, for `jineng verify`."""
    _found(mine, pk)
    sealed = receipt_of(mine, pk)
    if sealed is None:
        raise Http404
    return _file(sealed, f"receipt-{mine.number}.json")


def _file(content: Any, name: str) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": disposition})


@require_GET
@ticketed
def paper(request: HttpRequest, mine: Own, pk: UUID) -> HttpResponse:
    """One's own row of a published run with its proof, for `jineng verify`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT admissions_paper(%s, %s)", [mine.lookup, pk])
        (found,) = cursor.fetchone()
    if found is None:
        raise Http404
    return _file(json.loads(found) if isinstance(found, str) else found, f"result-{mine.number}.json")


@require_POST
@ticketed
def answer(request: HttpRequest, mine: Own) -> HttpResponse:
    """Confirm or decline."""
    confirms = request.POST.get("answer") == "confirm"
    try:
        answer_admission(
            actor=mine.actor, own=mine, admission_id=UUID(request.POST.get("admission", "")), confirms=confirms
        )
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    except (ValueError, NotAllowed):
        messages.error(request, "没有待答复的录取。 There is no admission to answer.")
    else:
        messages.success(request, "已确认。 Confirmed." if confirms else "已放弃。 Declined.")
    return redirect(address_of("own_home"))


@require_GET
@ticketed
def letter(request: HttpRequest, mine: Own, pk: UUID) -> HttpResponse:
    """The admission letter as PDF, of a confirmed admission of one's own."""
    held = next((each for each in mine.data["admissions"] if each["id"] == str(pk)), None)
    facts = letter_facts(pk) if held is not None else None
    if facts is None or not facts.holds or facts.confirmed_on is None:
        raise Http404
    address = f"{settings.SITE_URL}{reverse('check_letter', args=[letter_code(pk)])}"
    proof = seal(letter_statement(facts, address), signer(), clock.now())["proof"]
    disposition = f'attachment; filename="letter-{facts.number}.pdf"'
    content = letter_pdf(facts, seal_line=seal_line(proof), address=address)
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_GET
@open_door
def check_letter(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a letter was issued here and its admission stands; names are masked."""
    found = admission_of_letter(code)
    facts = letter_facts(found) if found is not None else None
    context = {"title": "录取通知书核验", "title_en": "Check of an admission letter", "facts": facts}
    return render(request, "admissions/letter_check.html", context, status=200 if facts else 404)


@require_POST
@open_door
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the ticket in this browser."""
    response = redirect(address_of("own_enter"))
    response.delete_cookie(COOKIE, path=address_of("own_home"))
    return response
