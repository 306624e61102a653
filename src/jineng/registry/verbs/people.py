"""Record people, where they work and who is related to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import Employment, Kinship, Person, PersonDocument, PersonMerge
from jineng.registry.rules import in_order
from jineng.registry.scope import in_reach

ROOM = "registry"


@dataclass(frozen=True)
class PersonRow:
    """A person as a return names them: name, resident ID number, where they work and since when."""

    name: str
    number: str
    organisation_id: UUID
    since: date
    synthetic: bool = False
    position: str = ""


@verb(Right.SUBMIT_RETURNS, room=ROOM)
def ensure_people(*, actor: Actor, rows: Sequence[PersonRow]) -> list[UUID]:
    """Ids of the people named by ``rows``, in order; those not known yet are recorded.

    People are recognised by the keyed hash of their number, never by name, and everybody gets an employment at
    the organisation that the row names. Works in a handful of statements whatever the number of rows.
    """
    kind = DocumentKind.RESIDENT_ID
    hashes = [PersonDocument.hash_of(kind, row.number) for row in rows]
    known = _known_people(kind, hashes)
    people, documents = [], []
    for row, digest in zip(rows, hashes, strict=True):
        if digest not in known:
            person = Person(id=uuid4(), name=row.name, is_synthetic=row.synthetic, **origin())
            known[digest] = person.pk
            people.append(person)
            documents.append(
                PersonDocument(person=person, kind=kind, number=row.number, number_hash=digest, **origin())
            )
    Person.objects.bulk_create(people, batch_size=2000)
    PersonDocument.objects.bulk_create(documents, batch_size=2000)
    ids = [known[digest] for digest in hashes]
    standing = set(
        Employment.objects.filter(STANDS, person_id__in=set(ids), until__isnull=True).values_list(
            "person_id", "organisation_id"
        )
    )
    fresh = {}
    for row, person_id in zip(rows, ids, strict=True):
        pair = (person_id, row.organisation_id)
        if pair not in standing and pair not in fresh:
            fresh[pair] = Employment(
                person_id=person_id,
                organisation_id=row.organisation_id,
                since=row.since,
                position=row.position,
                **origin(),
            )
    Employment.objects.bulk_create(fresh.values(), batch_size=2000)
    current_deed().note(f"登记人员 {len(people)} 名", people=len(people), employments=len(fresh))
    return ids


def _known_people(kind: str, hashes: Sequence[str]) -> dict[str, UUID]:
    """People by document hash, also those outside the scope: whoever holds the number may name its owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_people_by_document(%s, %s)", [kind, list(set(hashes))])
        return {digest: person_id for digest, person_id, _ in cursor.fetchall()}


@verb(Right.EDIT_REGISTRY, room=ROOM)
def record_employment(
    *, actor: Actor, person_id: UUID, organisation_id: UUID, since: date, until: date | None = None, position: str = ""
) -> Employment:
    """Record that a person works, or worked, for an organisation in the actor's scope."""
    if not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")
    return Employment.objects.create(
        person_id=person_id,
        organisation_id=organisation_id,
        since=since,
        until=until,
        position=position,
        **origin(),
    )


@verb(Right.EDIT_REGISTRY, room=ROOM)
def record_kinship(*, actor: Actor, one_id: UUID, other_id: UUID, relation: str) -> Kinship:
    """Record that two people are related.

    Raises:
        ValidationError: both are the same person.
    """
    if one_id == other_id:
        raise ValidationError("不能与本人登记亲属关系。 Nobody is their own kin.")
    first, second = in_order(one_id, other_id)
    return Kinship.objects.create(one_id=first, other_id=second, relation=relation, **origin())


@verb(Right.EDIT_REGISTRY, room=ROOM)
def merge_people(*, actor: Actor, kept_id: UUID, absorbed_id: UUID, reason: str) -> PersonMerge:
    """Two identities are one person: the absorbed one points to the kept one; nothing is deleted.

    Raises:
        ValidationError: both are the same, or one was absorbed already.
    """
    people = {person.pk: person for person in Person.objects.filter(pk__in=[kept_id, absorbed_id]).select_for_update()}
    if len(people) != 2:
        raise NotAllowed("人员不在本岗位管辖范围内，或两者相同。 Outside your scope, or the same person twice.")
    if any(person.merged_into_id for person in people.values()):
        raise ValidationError("其中一人已被合并。 One of the two was merged before.")
    people[absorbed_id].merged_into_id = kept_id
    people[absorbed_id].save(update_fields=["merged_into"])
    merge = PersonMerge.objects.create(kept_id=kept_id, absorbed_id=absorbed_id, reason=reason, **origin())
    current_deed().note("合并身份", subject=people[kept_id])
    return merge


@verb(Right.EDIT_REGISTRY, room=ROOM)
def split_people(*, actor: Actor, merge_id: UUID) -> PersonMerge:
    """Undo a merge: the absorbed identity stands for itself again."""
    merge = PersonMerge.objects.filter(pk=merge_id, undone_at__isnull=True).select_related("absorbed").first()
    if merge is None:
        raise NotAllowed("没有可撤销的合并。 There is no such merge to undo.")
    merge.absorbed.merged_into_id = None
    merge.absorbed.save(update_fields=["merged_into"])
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    current_deed().note("撤销合并", subject=merge.absorbed)
    return merge
