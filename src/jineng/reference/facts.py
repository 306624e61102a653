"""Facts that no return carries: who is related to whom, and who worked where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from jineng.kernel.actors import Actor, acting
from jineng.kernel.records import STANDS
from jineng.reference.accounts import SINCE
from jineng.reference.books import code_of
from jineng.reference.people import person
from jineng.reference.year import Specification
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import Employment, Kinship, Organisation, PersonDocument
from jineng.registry.verbs import ensure_people, record_employment, record_kinship
from jineng.registry.verbs.people import PersonRow


class Job(NamedTuple):
    """A person (serial) works for an organisation from ``since`` up to ``until``."""

    serial: int
    organisation_id: UUID
    since: date
    until: date | None


def load_facts(specification: Specification, actor: Actor) -> int:
    """Record the kinship and employment of the specification where missing; returns how many facts were.

    Whoever holds a demonstration account is employed where it has its post. Relatives whom no return names become known
    to the province: they apply later on, and what bars experts from their cases must stand by then.
    """
    with acting(actor):
        return _load_jobs(specification, actor) + _load_kinship(specification, actor)


def _load_jobs(specification: Specification, actor: Actor) -> int:
    organisations = dict(Organisation.objects.filter(STANDS).values_list("code", "pk"))
    place = {
        key: organisations[code_of(organisation, specification)]
        for key, organisation in specification.organisations.items()
    }
    jobs = [Job(row.person, place[row.organisation], row.since, row.until) for row in specification.employment]
    jobs += [Job(row.person, place[row.organisation], SINCE, None) for row in specification.accounts]
    ids = _people(specification, {job.serial for job in jobs})
    employed = Employment.objects.filter(STANDS, person__in=ids.values())
    stays = list(employed.values_list("person", "organisation", "since", "until"))
    known = {stay[:3] for stay in stays}
    # Whoever works there already, since whatever day a return told, is not employed there a second time.
    there = {stay[:2] for stay in stays if stay[3] is None}
    missing = [
        job
        for job in jobs
        if (ids.get(job.serial), job.organisation_id, job.since) not in known
        and (job.until is not None or (ids.get(job.serial), job.organisation_id) not in there)
    ]
    current = [job for job in missing if job.until is None]
    if current:
        ensure_people(actor=actor, rows=[_row(specification, job) for job in current])
        ids = _people(specification, {job.serial for job in jobs})
    for job in missing:
        if job.until is not None:
            record_employment(
                actor=actor,
                person_id=ids[job.serial],
                organisation_id=job.organisation_id,
                since=job.since,
                until=job.until,
            )
    return len(missing)


def _row(specification: Specification, job: Job) -> PersonRow:
    somebody = person(job.serial, specification.people)
    return PersonRow(somebody.name, somebody.number, job.organisation_id, job.since, synthetic=True)


def _load_kinship(specification: Specification, actor: Actor) -> int:
    named = {serial for pair in specification.kinship for serial in (pair.one, pair.other)}
    unknown = sorted(named - _people(specification, named).keys())
    people = [person(serial, specification.people) for serial in unknown]
    if people:
        ensure_people(actor=actor, rows=[PersonRow(each.name, each.number, synthetic=True) for each in people])
    ids = _people(specification, named)
    new = 0
    for pair in specification.kinship:
        both = [ids[pair.one], ids[pair.other]]
        if not Kinship.objects.filter(STANDS, one__in=both, other__in=both).exists():
            record_kinship(actor=actor, one_id=both[0], other_id=both[1], relation=pair.relation)
            new += 1
    return new


def _people(specification: Specification, serials: Iterable[int]) -> dict[int, UUID]:
    """Ids of the people in the register, by serial."""
    kind = DocumentKind.RESIDENT_ID
    hashes = {PersonDocument.hash_of(kind, person(n, specification.people).number): n for n in serials}
    found = PersonDocument.objects.filter(STANDS, kind=kind, number_hash__in=hashes)
    return {hashes[digest]: owner for digest, owner in found.values_list("number_hash", "person_id")}
