"""Times and seats of a session: what the verbs that schedule, move and fill it share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.bookings import known_bookings, lock_people, lock_site, require_free, rules_of
from jineng.credentials.kinds import Attendance
from jineng.credentials.models import AssessmentSession, AssessmentSite, Candidate
from jineng.credentials.timetabling import Booking, conflicts, first_free_seat
from jineng.credentials.verbs.reach import OUTSIDE
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.registry.scope import in_reach

BOTH = "开始时间和结束时间须同时填写。 Give both times or neither."
IN_ORDER = "结束时间应晚于开始时间。 The end must lie after the beginning."
TIMES_FIRST = "排在站点的场次须填开始和结束时间。 A session at a site has its times."


class Times(NamedTuple):
    """When and where a session is to be held."""

    held_on: date
    begins_at: time | None
    ends_at: time | None
    site_id: UUID | None


def take_times(actor: Actor, session: AssessmentSession, times: Times, capacity: int) -> None:
    """Put day, times, site and capacity into a session that is about to be saved, and give it the first free seats.

    A session that stays at its site keeps its seats where it can. The site and the people are locked.

    Raises:
        NotAllowed: the site lies outside the actor's scope, and is not the host's own.
        ValidationError: the times are none, or something stands against them.
    """
    held_on, begins, ends, site_id = times
    if (begins is None) != (ends is None):
        raise ValidationError({"ends_at" if ends is None else "begins_at": BOTH})
    if begins is not None and ends is not None and ends <= begins:
        raise ValidationError({"ends_at": IN_ORDER})
    if site_id is not None and begins is None:
        raise ValidationError({"begins_at": TIMES_FIRST})
    site = _site(actor, session, site_id) if site_id is not None else None
    kept = session.first_seat if session.site_id == site_id else None
    session.held_on, session.begins_at, session.ends_at, session.capacity = held_on, begins, ends, capacity
    session.site, session.first_seat = site, None
    if begins is None or ends is None:
        return
    people = _sitting(session)
    if site is not None:
        lock_site(site.pk)
        site.refresh_from_db()
    if people:
        lock_people(people)
    wanted = Booking(session.pk, held_on, begins, ends, capacity, 0, people)
    known = known_bookings(site_id, [held_on], people)
    require_free(actor, site, wanted, known)
    if site is not None:
        rules, others = rules_of(site), [other for other in known if other.key != session.pk]
        if kept is None or conflicts(rules, replace(wanted, first=kept), others):
            kept = first_free_seat(rules.seats, wanted, others)
        session.first_seat = kept


def require_nobody_elsewhere(actor: Actor, session: AssessmentSession, people: Collection[UUID]) -> None:
    """Let pass who may sit in a session because they sit in no other at that time; they are locked.

    Raises:
        ValidationError: some sit elsewhere; it says where and from when to when.
    """
    if session.begins_at is None or session.ends_at is None:
        return
    lock_people(people)
    wanted = Booking(
        session.pk, session.held_on, session.begins_at, session.ends_at, session.capacity, 0, frozenset(people)
    )
    require_free(actor, None, wanted, known_bookings(None, [session.held_on], people))


def _site(actor: Actor, session: AssessmentSession, site_id: UUID) -> AssessmentSite:
    found = AssessmentSite.objects.filter(STANDS, pk=site_id).first()
    if found is None or (found.organisation_id != session.host_id and not in_reach(actor, found.organisation_id)):
        raise NotAllowed(OUTSIDE)
    return found


def _sitting(session: AssessmentSession) -> frozenset[UUID]:
    rows = Candidate.objects.filter(STANDS, session=session.pk).exclude(attendance=Attendance.ABSENT)
    return frozenset(rows.values_list("person_id", flat=True))
