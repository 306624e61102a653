"""Tickets for applicants, and what applicants do by them: preferences, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from jineng.admissions.models import Applicant, Ticket
from jineng.admissions.offered import offered_in
from jineng.admissions.tickets import Own, answer, hand_over, keep_form, lookup_of, new_code, new_number
from jineng.admissions.verbs.checking import ROOM, through, told
from jineng.admissions.wishes import may_enter, plain_wishes, receipt_statement, wish_faults
from jineng.engines.seals import Sealed, seal
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.keys import signer_since
from jineng.kernel.models import Account
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, parts, verb, write_parts
from jineng.registry.scope import in_reach, reach, visible

AT_ONCE = 200
"""Tickets that are issued together: some ten sheets of paper."""
NO_ROUND = "本招生季没有这一轮。 The season has no such round."


@dataclass(frozen=True)
class Issued:
    """A new ticket; ``code`` is told this once and kept nowhere."""

    ticket: Ticket
    code: str


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def issue_ticket(*, actor: Actor, applicant_id: UUID, email: str = "") -> Issued:
    """Give an applicant a ticket: a number, and a code that is shown this once. An earlier ticket ends.

    With an ``email`` the applicant is told of results by the outbox.

    Raises:
        NotAllowed: the applicant was not registered within the actor's scope.
        ValidationError: no e-mail address.
    """
    found = visible(actor, Applicant).select_related("season").filter(STANDS, pk=applicant_id).first()
    if found is None or not in_reach(actor, found.registered_at_id):
        raise NotAllowed("没有此考生，或不在管辖范围内。 There is no such applicant in your scope.")
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError({"email": "邮箱地址有误。 This is no e-mail address."}) from error
    earlier = Ticket.objects.select_for_update().filter(STANDS, applicant=found).first()
    number = earlier.number if earlier is not None else new_number(found.season.year)
    account_id = earlier.account_id if earlier is not None else None
    if earlier is not None:
        earlier.voided_at, earlier.void_reason = clock.now(), "补发新凭证"
        earlier.save(update_fields=["voided_at", "void_reason"])
    if email:
        account_id = _told_at(account_id, number, email)
    code = new_code()
    made = Ticket(applicant=found, number=number, lookup=lookup_of(number, code), account_id=account_id, **origin())
    with told():
        made.save()
    if earlier is not None:
        hand_over(earlier.lookup, made.lookup)
    current_deed().note(f"发放报名凭证 {number}", subject=found)
    return Issued(made, code)


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def issue_tickets(*, actor: Actor, season_id: UUID, most: int = AT_ONCE) -> list[Issued]:
    """Give a ticket to each of those registered for a season within the actor's scope who have none yet, in the order
    of their registration; to the first ``most`` of them, so that whoever prints them asks again until none is left.

    Each ticket leaves a line as :func:`issue_ticket` does.
    """
    mine = Applicant.objects.filter(STANDS, season=season_id)
    if not actor.sees_all:
        mine = mine.filter(registered_at__among=reach(actor))
    ids = list(mine.order_by("recorded_at", "pk").values_list("pk", flat=True))
    held = set(Ticket.objects.filter(STANDS, applicant__in=ids).values_list("applicant_id", flat=True))
    wanted = [pk for pk in ids if pk not in held][:most]
    rows = mine.filter(pk__in=wanted).select_related("season").order_by("recorded_at", "pk")
    found = list(rows.select_for_update(of=("self",)))
    deeds = parts(len(found), verb=issue_ticket.__name__)
    made = []
    for applicant, deed in zip(found, deeds, strict=True):
        number, code = new_number(applicant.season.year), new_code()
        given = Ticket(applicant=applicant, number=number, lookup=lookup_of(number, code), **origin())
        made.append(Issued(given, code))
        deed.note(f"发放报名凭证 {number}", subject=applicant)
    with told():
        Ticket.objects.bulk_create((each.ticket for each in made), batch_size=2000)
    write_parts(deeds, room=ROOM)
    current_deed().note(f"批量发放报名凭证 {len(made)} 份", tickets=len(made))
    return made


def _told_at(account_id: int | None, number: str, email: str) -> int:
    """The account that the outbox tells; it has no password and no post, so nobody signs in by it."""
    if account_id is None:
        return Account.objects.create_user(f"applicant-{number}", None, display_name=f"考生 {number}", email=email).pk
    Account.objects.filter(pk=account_id).update(email=email)
    return account_id


@dataclass(frozen=True)
class Submitted:
    """A form as the database took it: how often it was submitted, and when the last time."""

    version: int
    submitted_at: datetime | None


@verb(Right.ENTER_ADMISSIONS, room=ROOM)
def draft_preferences(
    *, actor: Actor, own: Own, opening_id: UUID, wishes: Sequence[Mapping[str, Any]], door: str = Origin.PAGE
) -> Submitted:
    """Keep a list that is still being written; what was submitted before stays submitted.

    Raises:
        ValidationError: the round takes no preferences any more.
    """
    through(door)
    kept = plain_wishes(wishes)
    with told(at_last=True):
        version, at = keep_form(own.lookup, opening_id, kept, None, current_deed())
    current_deed().note(f"保存志愿草稿，{len(kept)} 个")
    return Submitted(version, at)


@verb(Right.ENTER_ADMISSIONS, room=ROOM)
def submit_preferences(
    *, actor: Actor, own: Own, opening_id: UUID, wishes: Sequence[Mapping[str, Any]], door: str = Origin.PAGE
) -> Submitted:
    """Submit a list: from then on it counts, until the next one. The database takes it within the window only.

    Raises:
        NotAllowed: the season has no such round.
        ValidationError: the list has faults (all of them), the applicant may not enter, or the window is over.
    """
    found = own.round(opening_id)
    if found is None:
        raise NotAllowed(NO_ROUND)
    offered = offered_in(found, actor)
    of = offered.law
    if of is None or not may_enter(of, own.data["category"], exempt=bool(own.data["exempt"])):
        raise ValidationError("不符合本轮报考条件。 You do not meet the conditions of this round.")
    if any(each["ending"] == "" for each in own.data["admissions"]):
        raise ValidationError("已被录取，不能再参加其他轮次。 You hold a seat, so you enter no other round.")
    through(door)
    kept = plain_wishes(wishes)
    faults = wish_faults(of, kept, offered.majors([wish["group"] for wish in kept]))
    if faults:
        raise ValidationError([str(fault) for fault in faults])
    with told(at_last=True):
        version, at = keep_form(own.lookup, opening_id, kept, kept, current_deed())
    current_deed().note(f"提交志愿 {found['name']} 第{version}次，{len(kept)} 个")
    return Submitted(version, at)


def receipt_of(own: Own, opening_id: UUID) -> Sealed | None:
    """The sealed receipt of the last submission; None before the first. The same submission gives the same receipt."""
    found = own.round(opening_id)
    if found is None or not found["submitted_at"]:
        return None
    moment = datetime.fromisoformat(found["submitted_at"])
    statement = receipt_statement(
        number=own.number,
        season=own.data["season_code"],
        round_name=found["name"],
        version=found["version"],
        submitted_at=moment.isoformat(),
        wishes=found["wishes"],
    )
    # A key that came after the submission seals from when it may.
    by, since = signer_since()
    return seal(statement, by, max(moment, since))


def may_answer(*, stands: bool, until: datetime | None) -> bool:
    """Whether :func:`answer_admission` still takes an answer for a seat that ``stands``, while answers are taken
    ``until`` then."""
    return stands and until is not None and clock.now() < until


@verb(Right.ENTER_ADMISSIONS, room=ROOM)
def answer_admission(*, actor: Actor, own: Own, admission_id: UUID, confirms: bool) -> str:
    """Take the seat or give it up; who confirmed may still give it up while answers are taken.

    Raises:
        ValidationError: there is nothing to answer, or the time is over by the database's clock.
    """
    with told(at_last=True):
        done = answer(own.lookup, admission_id, confirms=confirms, day=clock.today())
    if done == "nothing":
        raise ValidationError("没有待答复的录取。 There is no admission to answer.")
    current_deed().note("考生确认录取" if confirms else "考生放弃录取")
    return done
