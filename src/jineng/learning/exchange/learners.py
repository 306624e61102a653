"""The people of a row: residents by their identity number, learners from abroad by their passport."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall
from jineng.learning.exchange.refusing import refuse
from jineng.learning.models import Enrolment
from jineng.learning.rules import Fault
from jineng.registry.exchange import resolve_people
from jineng.registry.identities import identities_of
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import PersonDocument
from jineng.registry.verbs import ensure_people
from jineng.registry.verbs.people import NamesDiffer, PersonRow

Papers = tuple[str | None, bool | None, Any]
"""Resident number, whether the person is invented, passport: the columns of a sheet behind the name."""


def check_papers(hall: Hall, table: Table) -> None:
    """Refuse rows that name a person by both papers or by none."""
    for index, papers in enumerate(zip(table.columns["resident_id"], table.columns["passport"], strict=True)):
        if papers.count(None) == 2:
            refuse(hall, table, index, NO_PAPER)
        elif None not in papers:
            refuse(hall, table, index, TWO_PAPERS)


def resolve_learners(hall: Hall, table: Table, organisers: Sequence[UUID | None]) -> list[UUID | None]:
    """The person of each row; those not known yet are recorded, for ``organisers`` to see."""
    check_papers(hall, table)
    passports = table.columns["passport"]
    abroad = [index for index in hall.good(table) if passports[index] is not None]
    if not abroad:
        return resolve_people(hall, table, organisers)
    resident = [index for index in hall.good(table) if passports[index] is None]
    found = resolve_people(hall, table, organisers, indices=resident)
    column = table.columns
    rows: dict[int, PersonRow] = {}
    for index in abroad:
        organiser, name = organisers[index], column["person_name"][index]
        if name is None:
            refuse(hall, table, index, NO_NAME)
        elif organiser is not None:
            rows[index] = PersonRow(
                name,
                passports[index],
                organiser,
                synthetic=bool(column["is_synthetic"][index]),
                document=DocumentKind.PASSPORT,
            )
    for index, person in _by_passport(hall, table, rows).items():
        found[index] = person
    return found


def named(actor: Actor, seats: QuerySet[Enrolment]) -> Iterator[tuple[Enrolment, str, Papers]]:
    """Enrolments with the full name and the papers of their person, by one of which a row names them."""
    found = list(seats)
    people = {seat.person_id for seat in found}
    known = identities_of(actor, people)
    abroad = [pk for pk in people if pk not in known or not known[pk].number]
    documents = PersonDocument.objects.filter(STANDS, kind=DocumentKind.PASSPORT, person__in=abroad)
    passports = dict(documents.values_list("person_id", "number"))
    for seat in found:
        who = known.get(seat.person_id)
        if who is not None:
            papers = (who.number or None, who.is_synthetic or None, passports.get(seat.person_id))
            yield seat, who.name, papers


def _by_passport(hall: Hall, table: Table, rows: dict[int, PersonRow]) -> dict[int, UUID]:
    while rows:
        try:
            return dict(zip(rows, ensure_people(actor=hall.actor, rows=list(rows.values())), strict=True))
        except NamesDiffer as differing:
            places = list(rows)
            for place in differing.indices:
                del rows[places[place]]
                refuse(hall, table, places[place], OTHER_NAME)
    return {}


NO_NAME = Fault("person_name", ErrorCode.REQUIRED, "未填姓名。", "The name is missing.", "请填写姓名。", "Fill it in.")
NO_PAPER = Fault(
    "resident_id",
    ErrorCode.REQUIRED,
    "身份证号和护照号码都未填。",
    "Neither an ID number nor a passport.",
    "请填写其中一项。",
    "Fill in one of the two.",
)
TWO_PAPERS = Fault(
    "passport",
    ErrorCode.CONFLICT,
    "身份证号和护照号码只填一项。",
    "Both an ID number and a passport.",
    "中国居民只填身份证号，外国学员只填护照号码。",
    "Residents give the ID number, learners from abroad the passport.",
)
OTHER_NAME = Fault(
    "person_name",
    ErrorCode.CONFLICT,
    "该护照号码已登记在另一姓名下。",
    "This passport is registered under another name.",
    "请对照证件核对姓名和号码。",
    "Check both against the document.",
)
