"""What applicants do by machine: their registration, their preferences with the sealed receipt, their results.

Who acts is told by the ticket, as on their own pages: ``Authorization: Bearer NUMBER:CODE``. The header is asked for
rather than HTTP Basic because no browser sends it by itself, so that no page elsewhere can act for somebody. Nothing
is told or taken for anybody but the ticket's holder; what is wrong with a ticket is not told apart.

Annotations are evaluated here on purpose: the API's framework reads them at run time.
"""

import functools
import inspect
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination, paginate
from ninja.security import HttpBearer

from jineng.admissions.offered import offered_in
from jineng.admissions.tickets import Own, lookup_of, own, told
from jineng.admissions.verbs import draft_preferences, submit_preferences
from jineng.admissions.verbs.entering import receipt_of
from jineng.kernel.actors import NotAllowed
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right

router = Router()
LONGEST = 80
"""Letters of number and code together, at most."""


class TicketAuth(HttpBearer):
    """Authentication by ticket; 401 for whatever is none that stands."""

    def authenticate(self, request: HttpRequest, token: str) -> Own | None:
        """What stands under the ticket."""
        number, _, code = token[:LONGEST].partition(":")
        return own(lookup_of(number, code))


ticket_auth = TicketAuth()


def ticket_door(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Let in who holds a ticket: the operation is told what stands under it. Verbs act as the applicant."""

    @functools.wraps(operation)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return operation(request, *args, **kwargs)
        except NotAllowed as refusal:
            raise HttpError(403, refusal.message) from refusal

    guarded.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
    guarded.jineng_door = Right.ENTER_ADMISSIONS  # type: ignore[attr-defined]
    return guarded


class Wish(Schema):
    """A preference: a group, majors of it in order, and whether any other of its majors would do."""

    group: str
    majors: list[str]
    any_major: bool = False


class WishesIn(Schema):
    """A list of preferences, the first first."""

    preferences: list[Wish]


class KeptOut(Schema):
    """A form as it was taken: how often it was submitted, and when the last time, by the database's clock."""

    version: int
    submitted_at: datetime | None


class OwnScoreOut(Schema):
    """Points of a component."""

    component: str
    subject: str
    points: Decimal
    out_of: Decimal


class OwnRoundOut(Schema):
    """A round that is or was open, with one's own form: ``draft`` as it is being written, ``wishes`` as submitted."""

    opening: UUID
    name: str
    ordinal: int
    supplement: int
    phase: str
    is_open: bool
    opens_at: datetime
    closes_at: datetime
    answers_until: datetime | None
    commitment: str
    draft: list[Wish] | None
    wishes: list[Wish] | None
    version: int | None
    submitted_at: datetime | None


class OwnAdmissionOut(Schema):
    """A seat that one was given, and what became of it."""

    id: UUID
    plan: UUID
    admitted_on: date | None
    confirmed_on: date | None
    ended_on: date | None
    ending: str


class RegistrationOut(Schema):
    """One's own registration."""

    number: str
    season_code: str
    season_name: str
    category: str
    home: str | None
    household: bool
    exempt: str | None
    scores: list[OwnScoreOut]
    rounds: list[OwnRoundOut]
    admissions: list[OwnAdmissionOut]


class OwnReasonOut(Schema):
    """Why a preference was not given."""

    wish: int
    name: str
    zh: str
    en: str


class OwnResultOut(Schema):
    """What one is told of a published round; ``answer`` is what one has answered."""

    name: str
    outcome: str
    place: str
    wish: int | None
    score: str
    reasons: list[OwnReasonOut]
    answer: str
    answers_until: datetime | None
    run: UUID


class OfferedMajorOut(Schema):
    """A major of a group."""

    code: str
    name: str


class OfferedGroupOut(Schema):
    """A group that may be named, with its majors."""

    group: str
    name: str
    majors: list[OfferedMajorOut]


@router.get("/admissions/my", response=RegistrationOut, auth=ticket_auth, operation_id="get_own_registration")
@ticket_door
def registration(request: HttpRequest) -> Any:
    """One's own registration: scores, rounds with one's form, seats."""
    return _mine(request).data


@router.get("/admissions/my/results", response=list[OwnResultOut], auth=ticket_auth, operation_id="list_own_results")
@ticket_door
def results(request: HttpRequest) -> Any:
    """One's own results of the published rounds, with the reasons."""
    page = told(_mine(request).lookup) or {}
    return [each for _, each in sorted(page.get("rounds", {}).items())]


@router.get(
    "/admissions/my/rounds/{uuid:opening_id}/offers",
    response=list[OfferedGroupOut],
    auth=ticket_auth,
    operation_id="list_offers",
)
@paginate(LimitOffsetPagination)
@ticket_door
def offers(request: HttpRequest, opening_id: UUID) -> Any:
    """What the round offers, by group."""
    groups = offered_in(_round(request, opening_id), _mine(request).actor).groups
    return [
        {
            "group": key,
            "name": group.name,
            "majors": [{"code": code, "name": name} for code, name in group.majors.items()],
        }
        for key, group in groups.items()
    ]


@router.post(
    "/admissions/my/rounds/{uuid:opening_id}/draft",
    response=KeptOut,
    auth=ticket_auth,
    operation_id="draft_preferences",
)
@ticket_door
def draft(request: HttpRequest, opening_id: UUID, given: WishesIn) -> Any:
    """Keep a list that is still being written; what was submitted before stays submitted."""
    mine, wishes = _mine(request), given.dict()["preferences"]
    return draft_preferences(actor=mine.actor, own=mine, opening_id=opening_id, wishes=wishes, door=Origin.API)


@router.post(
    "/admissions/my/rounds/{uuid:opening_id}/submission",
    response=KeptOut,
    auth=ticket_auth,
    operation_id="submit_preferences",
)
@ticket_door
def submission(request: HttpRequest, opening_id: UUID, given: WishesIn) -> Any:
    """Submit a list: it counts until the next one. Taken within the round's window only; 422 says all that is wrong."""
    mine, wishes = _mine(request), given.dict()["preferences"]
    return submit_preferences(actor=mine.actor, own=mine, opening_id=opening_id, wishes=wishes, door=Origin.API)


@router.get(
    "/admissions/my/rounds/{uuid:opening_id}/receipt",
    response=dict[str, Any],
    auth=ticket_auth,
    operation_id="get_own_receipt",
)
@ticket_door
def receipt(request: HttpRequest, opening_id: UUID) -> Any:
    """The sealed receipt of the last submission, for `jineng verify`; 404 before the first."""
    _round(request, opening_id)
    sealed = receipt_of(_mine(request), opening_id)
    if sealed is None:
        raise Http404
    return sealed


def _mine(request: HttpRequest) -> Own:
    return request.auth  # type: ignore[attr-defined, no-any-return]


def _round(request: HttpRequest, opening_id: UUID) -> dict[str, Any]:
    found = _mine(request).round(opening_id)
    if found is None:
        raise Http404
    return found
