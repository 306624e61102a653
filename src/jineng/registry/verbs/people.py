"""Record people, where they work and who is related to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from psycopg import sql

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.crypto import decrypt, encrypt_all
from jineng.kernel.returns.staging import new_ids, stage
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import Employment, Kinship, Person, PersonDocument, PersonMerge
from jineng.registry.rules import in_order, normal_name
from jineng.registry.scope import in_reach, reach, visible

ROOM = "registry"


class PersonRow(NamedTuple):
    """A person as a return or a form names them.

    ``organisation_id`` is the organisation whose record names the person, and which may therefore see who it is;
    without one it is the actor's own. With ``since`` the person works there from that day on, as ``position``;
    learners, applicants and guests have no ``since``.
    """

    name: str
    number: str
    organisation_id: UUID | None = None
    since: date | None = None
    synthetic: bool = False
    position: str = ""
    document: str = DocumentKind.RESIDENT_ID.value


class NamesDiffer(ValidationError):
    """The rows at ``indices`` name the owner of their document otherwise than the register or an earlier row."""

    def __init__(self, indices: list[int]) -> None:
        super().__init__("证件号码已登记在另一姓名下。 The number is registered under another name.")
        self.indices = indices


@verb(Right.SUBMIT_RETURNS, room=ROOM)
def ensure_people(*, actor: Actor, rows: Sequence[PersonRow]) -> list[UUID]:
    """Ids of the people named by ``rows``, in order; those not known yet are recorded.

    People are recognised by the keyed hash of their number, never by name. Their organisations become parties of
    theirs; an employment is recorded where a row tells its beginning, the organisation lies in the actor's scope,
    and no employment there goes on. Works in a handful of statements whatever the number of rows.

    Raises:
        NamesDiffer: a number stands under another name; nothing was recorded.
    """
    if not rows:
        return []
    digests = [PersonDocument.hash_of(row.document, row.number) for row in rows]
    known = _known_people({row.document for row in rows}, digests)
    fresh: dict[str, PersonRow] = {}
    names = {digest: normal_name(name) for digest, (_, name) in known.items()}
    differing = []
    for index, (row, digest) in enumerate(zip(rows, digests, strict=True)):
        name = normal_name(row.name)
        if names.setdefault(digest, name) != name:
            differing.append(index)
        if digest not in known:
            fresh.setdefault(digest, row)
    if differing:
        raise NamesDiffer(differing)
    with connection.cursor() as cursor:
        ids = {digest: person_id for digest, (person_id, _) in known.items()} | _record_people(cursor, fresh)
        found = [ids[digest] for digest in digests]
        employments = _record_ties(cursor, actor, rows, found)
    current_deed().note(f"登记人员 {len(fresh)} 名", people=len(fresh), employments=employments)
    return found


def _known_people(kinds: set[str], digests: Sequence[str]) -> dict[str, tuple[UUID, str]]:
    """People and their names by document hash, also those outside the scope: whoever holds the number may name its
    owner."""
    wanted = list(set(digests))
    known: dict[str, tuple[UUID, str]] = {}
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute("SELECT * FROM registry_people_by_document(%s, %s)", [kind, wanted])
            known |= {digest: (person, decrypt(bytes(name), "name")) for digest, person, name in cursor.fetchall()}
    return known


PEOPLE = sql.Identifier("landing_people")
TIES = sql.Identifier("landing_ties")
RECORDED = "recorded_at, origin_kind, origin_id, reporter_id, void_reason"
ORIGIN = "%(now)s, %(origin_kind)s, %(origin_id)s, %(reporter_id)s, ''"


def _record_people(cursor: Any, fresh: Mapping[str, PersonRow]) -> dict[str, UUID]:
    """Record the people of ``fresh`` and their documents; their ids by document hash."""
    if not fresh:
        return {}
    people = new_ids(len(fresh))
    rows = list(fresh.values())
    cursor.execute(
        sql.SQL(
            "CREATE TEMP TABLE {} (person_id uuid, paper_id uuid, name bytea, is_synthetic boolean, kind text, "
            "number bytea, number_hash text) ON COMMIT DROP"
        ).format(PEOPLE)
    )
    stage(
        cursor,
        PEOPLE,
        ("person_id", "paper_id", "name", "is_synthetic", "kind", "number", "number_hash"),
        (
            people,
            new_ids(len(fresh)),
            encrypt_all([row.name for row in rows], "name"),
            [row.synthetic for row in rows],
            [row.document for row in rows],
            encrypt_all([row.number for row in rows], "number"),
            list(fresh),
        ),
    )
    values = {"now": clock.now(), **origin()}
    cursor.execute(
        sql.SQL(
            f"INSERT INTO registry_person (id, {RECORDED}, name, is_synthetic) "  # noqa: S608
            f"SELECT person_id, {ORIGIN}, name, is_synthetic FROM {{}}"
        ).format(PEOPLE),
        values,
    )
    cursor.execute(
        sql.SQL(
            f"INSERT INTO registry_persondocument (id, {RECORDED}, person_id, kind, number, number_hash) "  # noqa: S608
            f"SELECT paper_id, {ORIGIN}, person_id, kind, number, number_hash FROM {{}}"
        ).format(PEOPLE),
        values,
    )
    cursor.execute(sql.SQL("DROP TABLE {}").format(PEOPLE))
    return dict(zip(fresh, map(UUID, people), strict=True))


def _record_ties(cursor: Any, actor: Actor, rows: Sequence[PersonRow], people: Sequence[UUID]) -> int:
    """Record whose people they are and where they work; returns the number of new employments."""
    mine = None if actor.sees_all else set(reach(actor))
    own = actor.organisation_id
    ties: dict[tuple[UUID, UUID], tuple[date | None, str]] = {}
    for row, person in zip(rows, people, strict=True):
        organisation = row.organisation_id or own
        if mine is not None and organisation not in mine:
            ties.setdefault((person, own), (None, ""))
        elif row.since is None:
            ties.setdefault((person, organisation), (None, ""))
        elif ties.get((person, organisation), (None, ""))[0] is None:
            ties[person, organisation] = (row.since, row.position)
    cursor.execute(
        sql.SQL(
            "CREATE TEMP TABLE {} (person_id uuid, organisation_id uuid, since date, position text) ON COMMIT DROP"
        ).format(TIES)
    )
    stage(
        cursor,
        TIES,
        ("person_id", "organisation_id", "since", "position"),
        (
            [person for person, _ in ties],
            [organisation for _, organisation in ties],
            [since for since, _ in ties.values()],
            [position for _, position in ties.values()],
        ),
    )
    cursor.execute(
        sql.SQL(
            "INSERT INTO registry_personparty (person_id, organisation_id) "
            "SELECT person_id, organisation_id FROM {} WHERE since IS NULL ON CONFLICT DO NOTHING"
        ).format(TIES)
    )
    cursor.execute(
        sql.SQL(
            f"INSERT INTO registry_employment (id, {RECORDED}, person_id, organisation_id, since, position) "  # noqa: S608
            f"SELECT gen_random_uuid(), {ORIGIN}, person_id, organisation_id, since, position FROM {{}} AS named "
            "WHERE since IS NOT NULL AND NOT EXISTS (SELECT 1 FROM registry_employment AS known "
            "WHERE known.person_id = named.person_id AND known.organisation_id = named.organisation_id "
            "AND known.voided_at IS NULL AND (known.until IS NULL OR known.since = named.since))"
        ).format(TIES),
        {"now": clock.now(), **origin()},
    )
    employments = int(cursor.rowcount)
    cursor.execute(sql.SQL("DROP TABLE {}").format(TIES))
    return employments


@verb(Right.EDIT_REGISTRY, room=ROOM)
def correct_name(*, actor: Actor, person_id: UUID, name: str) -> Person:
    """Correct the name under which a person stands; what it was stays in the person's history.

    Raises:
        NotAllowed: the person lies outside the actor's scope.
        ValidationError: the name is empty.
    """
    person = visible(actor, Person).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed("人员不在本岗位管辖范围内。 The person lies outside your scope.")
    if not name.strip():
        raise ValidationError("请填写姓名。 A name is needed.")
    person.name = name.strip()
    person.save(update_fields=["name"])
    current_deed().note("更正姓名", subject=person)
    return person


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

    Identities that the absorbed one had absorbed before go over to the kept one, each by a merge of its own, so that
    every merged identity names the one that stands and never one that was merged itself.

    Raises:
        ValidationError: both are the same, or one was absorbed already.
    """
    people = {person.pk: person for person in Person.objects.filter(pk__in=[kept_id, absorbed_id]).select_for_update()}
    if len(people) != 2:
        raise NotAllowed("人员不在本岗位管辖范围内，或两者相同。 Outside your scope, or the same person twice.")
    if any(person.merged_into_id for person in people.values()):
        raise ValidationError("其中一人已被合并。 One of the two was merged before.")
    before = list(PersonMerge.objects.filter(kept=absorbed_id, undone_at__isnull=True))
    moved = [absorbed_id, *(merge.absorbed_id for merge in before)]
    Person.objects.filter(pk__in=moved).update(merged_into=kept_id)
    PersonMerge.objects.filter(pk__in=[merge.pk for merge in before]).update(undone_at=clock.now())
    made = [PersonMerge(kept_id=kept_id, absorbed_id=one, reason=reason, **origin()) for one in moved]
    PersonMerge.objects.bulk_create(made)
    current_deed().note("合并身份", subject=people[kept_id], identities=len(moved))
    return made[0]


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
