"""What stands in the book of a site and in the days of people, also out of sight, and conflicts in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum

from jineng.credentials.models import AssessmentRoom, AssessmentSession, AssessmentSite
from jineng.credentials.queries import name_of
from jineng.credentials.timetabling import Booking, Clash, Conflict, Site, conflicts
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.scope import visible

MOST_NAMED = 3
"""Sessions that one refusal names."""
_WORDS = {
    Clash.NOT_YET: (
        "考点“{site}”该日尚未批准。请换日期或考点。",
        "The site is not approved on that day; choose another day or site.",
    ),
    Clash.ENDED: (
        "考点“{site}”该日已停用。请换日期或考点。",
        "The site has ended by that day; choose another day or site.",
    ),
    Clash.FULL: (
        "考点“{site}”座位不够：共 {seats} 座，本场 {wanted} 人，同时段{others}。"
        "请换时间或考点，或减少容量；可查“下一空档”。",
        "The site has {seats} seats, {wanted} are wanted, and meanwhile: {others_en}. Choose another time or site, "
        "fewer places, or the next free slot.",
    ),
    Clash.APART: (
        "考点“{site}”空余座位不相连，安排不下 {wanted} 人，同时段{others}。请换时间或考点；可查“下一空档”。",
        "The free seats lie apart; meanwhile: {others_en}. Choose another time or site, or the next free slot.",
    ),
    Clash.SEATS: (
        "考点“{site}”的座位同时段已排给{others}。请重新选择时间或考点。",
        "The seats are taken meanwhile: {others_en}. Choose the time or the site anew.",
    ),
    Clash.PERSON: (
        "有 {people} 名考生同时段{others}。请换时间，或先作废其中一次报名。",
        "{people} of the candidates sit elsewhere meanwhile: {others_en}. Choose another time, or strike out one of "
        "the two registrations first.",
    ),
}


def lock_site(site_id: UUID) -> None:
    """Let nobody else book the site until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_lock_site(%s)", [site_id])


def lock_people(people: Collection[UUID]) -> None:
    """Let nobody else seat these people at a time until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_lock_people(%s)", [sorted(people)])


def is_used(site_id: UUID, since: date | None = None) -> bool:
    """Whether a session is held at the site, from a day on or ever; in sight or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_site_used(%s, %s)", [site_id, since])
        return bool(cursor.fetchone()[0])


def rules_of(site: AssessmentSite) -> Site:
    """What of a site decides whether it takes a session."""
    seats = AssessmentRoom.objects.filter(STANDS, site=site).aggregate(seats=Sum("seats"))["seats"]
    return Site(seats or 0, site.approved_on, site.ended_on)


def known_bookings(site_id: UUID | None, days: Sequence[date], people: Collection[UUID] = ()) -> list[Booking]:
    """Sessions on these days that take seats of the site or in which one of the people sits, in sight or not."""
    seats: dict[UUID, tuple[int, int]] = {}
    when: dict[UUID, tuple[date, time, time]] = {}
    who: defaultdict[UUID, set[Hashable]] = defaultdict(set)
    with connection.cursor() as cursor:
        if site_id is not None:
            cursor.execute("SELECT * FROM credentials_site_bookings(%s, %s)", [site_id, list(days)])
            for session, *times, capacity, first in cursor.fetchall():
                when[session], seats[session] = tuple(times), (capacity, first)
        if people:
            cursor.execute("SELECT * FROM credentials_sittings(%s, %s)", [sorted(people), list(days)])
            for session, *times, person in cursor.fetchall():
                when[session] = tuple(times)
                who[session].add(person)
    return [
        Booking(session, *times, *seats.get(session, (0, 0)), people=frozenset(who[session]))
        for session, times in when.items()
    ]


def require_free(actor: Actor, site: AssessmentSite | None, wanted: Booking, known: Iterable[Booking]) -> None:
    """Let pass a booking that conflicts with nothing.

    Raises:
        ValidationError: what it conflicts with, from when to when, and what to do.
    """
    rules = rules_of(site) if site is not None else None
    found = conflicts(rules, wanted, known)
    if found:
        named = describe(actor, {other for conflict in found for other in conflict.others})
        seats = rules.seats if rules is not None else 0
        raise ValidationError([_said(conflict, str(site), seats, wanted, named) for conflict in found])


def _said(conflict: Conflict, site: str, seats: int, wanted: Booking, named: dict[Hashable, tuple[str, str]]) -> str:
    shown = [named[other.key] for other in conflict.others]
    more = len(shown) - MOST_NAMED
    others = "、".join(zh for zh, _ in shown[:MOST_NAMED]) + (f"等 {len(shown)} 场" if more > 0 else "")
    others_en = ", ".join(en for _, en in shown[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    words, words_en = _WORDS[conflict.why]
    told = {"site": site, "seats": seats, "wanted": wanted.seats, "people": len(conflict.people)}
    others = ("参加" if conflict.why is Clash.PERSON else "有" if conflict.why is not Clash.SEATS else "") + others
    return (
        words.format(**told, others=others if shown else "没有其他场次")
        + " "
        + words_en.format(**told, others_en=others_en or "nothing else")
    )


def describe(actor: Actor, bookings: Collection[Booking]) -> dict[Hashable, tuple[str, str]]:
    """Each booking in words, in Chinese and English: which session, from when to when; out of sight, only when."""
    sessions = visible(actor, AssessmentSession).filter(pk__in=[booking.key for booking in bookings])
    named: dict[Hashable, tuple[str, str]] = {
        pk: (code, host)
        for pk, code, host in sessions.annotate(host_name=name_of("host_id")).values_list("pk", "code", "host_name")
    }
    found: dict[Hashable, tuple[str, str]] = {}
    for booking in bookings:
        span = f"{booking.day:%Y-%m-%d} {booking.begins:%H:%M}–{booking.ends:%H:%M}"
        code, host = named.get(booking.key, ("", ""))
        who = "，".join(part for part in (host, span) if part)
        found[booking.key] = (
            (f"场次 {code}（{who}）", f"session {code}, {span}")
            if code
            else (f"可见范围之外的一场考核（{span}）", f"a session out of your sight, {span}")
        )
    return found
