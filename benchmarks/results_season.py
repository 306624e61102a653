"""A published season of any size: applicants copied by the owner, the round run and published by the verbs.

One applicant is registered, given scores and a ticket, and submits, by the verbs that people use; the others are copies
of these rows, each with scores and a ticket of its own. What publishing writes for each is then copied further, each
copy under a ticket of its own, until there are as many pages as a large province has applicants.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg

SEATS = 4, 5
"""Four of five get a place."""
NAMES = ("machines", "chemistry", "forest")


@dataclass
class Season:
    """Tickets, each a number and a code, and what the holder of the ticket at a place must be told.

    The first are those published, with their results' gist as ``marks``; what the others are told repeats theirs.
    """

    tickets: list[tuple[str, str]] = field(default_factory=list)
    marks: list[bytes] = field(default_factory=list)

    @classmethod
    def from_text(cls, text: str) -> Season:
        """What :meth:`as_text` gave: the codes stand nowhere else, the database has but their hashes."""
        given = json.loads(text)
        return cls([(number, code) for number, code in given["tickets"]], [mark.encode() for mark in given["marks"]])

    def as_text(self) -> str:
        """To be kept beside the database, for another run."""
        return json.dumps({"tickets": self.tickets, "marks": [mark.decode() for mark in self.marks]})

    def mark(self, at: int) -> bytes:
        """What must stand in the answer for this ticket beside its number."""
        return self.marks[at % len(self.marks)]


def published(url: str, applicants: int, told: int) -> Season:
    """Run and publish a round of so many applicants, and have so many pages told in all; ``url`` is the owner's."""
    from tests.admissions.small_rounds import ago, rounds
    from tests.admissions.small_season import CHEMISTRY, MACHINES
    from tests.factories import build_world

    from jineng.admissions.verbs import freeze_run, propose_all, publish_run, send_files, settle_run, start_run
    from jineng.kernel.actors import acting

    seats = applicants * SEATS[0] // SEATS[1] // len(NAMES)
    world = build_world(using="owner")
    with acting(world.actor("province_officer")):
        made = rounds(
            world,
            [
                ("machines", "petrochemical", seats, {"programme": MACHINES}),
                ("chemistry", "petrochemical", seats, {"programme": CHEMISTRY}),
                ("forest", "forestry", seats, {"programme": MACHINES}),
            ],
        )
    made.enrol(0, "150", "150")
    opening = made.open()
    made.submit(opening, 0, *NAMES)
    season = Season([made.codes[0]])
    copy_applicants(url, made.people[0].pk, season.tickets, applicants)
    made.shut(opening)
    office = made.province
    run = start_run(actor=office, opening_id=opening.pk)
    for step in (freeze_run, settle_run, send_files, propose_all):
        step(actor=office, run_id=run.pk)
    publish_run(actor=office, run_id=run.pk, answers_until=ago(minutes=-600))
    with acting(office):
        season.marks = _marks(run.pk, season)
    _fill(url, season, applicants, told)
    return season


def _drawn(tickets: list[tuple[str, str]], number: int) -> Iterator[tuple[int, str, str]]:
    """So many tickets more, as place, number and hash."""
    from jineng.admissions.tickets import lookup_of, new_code

    # Drawn without return, as issuing a ticket refuses a number that somebody has.
    first = len(tickets)
    for at, drawn in enumerate(random.sample(range(10**10), number), first):
        ticket = f"21{drawn:010d}", new_code()
        tickets.append(ticket)
        yield at, ticket[0], lookup_of(*ticket)


def _copy_in(cursor: psycopg.Cursor, rows: Iterator[tuple[int, str, str]]) -> None:
    cursor.execute("CREATE TEMP TABLE ticketed (at int, number text, lookup text) ON COMMIT DROP")
    with cursor.copy("COPY ticketed FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def copy_applicants(url: str, first: Any, tickets: list[tuple[str, str]], applicants: int, draft: str = "") -> None:
    """Copies of the first applicant with scores, ticket and form, until there are so many. Triggers are off meanwhile.

    Their tickets are appended. ``draft`` is an SQL expression for each one's own list: ``n.at`` is the place in
    ``tickets``, ``o`` the first one's form.
    """
    from jineng.kernel.tallies import tally_anew

    own: dict[str, dict[str, str]] = {
        "registry_person": {"id": "md5('person' || n.at)::uuid"},
        "admissions_applicant": {"id": "md5('applicant' || n.at)::uuid", "person_id": "md5('person' || n.at)::uuid"},
        "admissions_score": {
            "id": "gen_random_uuid()",
            "applicant_id": "md5('applicant' || n.at)::uuid",
            "points": "(n.at::bigint * CASE o.component WHEN 'skill' THEN 7919 ELSE 104729 END %% 3001) / 10.0",
        },
        "admissions_ticket": {
            "id": "gen_random_uuid()",
            "applicant_id": "md5('applicant' || n.at)::uuid",
            "number": "n.number",
            "lookup": "n.lookup",
        },
        "admissions_preferenceform": {"id": "gen_random_uuid()", "applicant_id": "md5('applicant' || n.at)::uuid"},
    }
    if draft:
        own["admissions_preferenceform"]["draft"] = draft
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        _copy_in(cursor, _drawn(tickets, applicants - 1))
        for table, values in own.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
                " AND table_schema = 'public'",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall()]
            which = {"registry_person": "o.id = (SELECT person_id FROM admissions_applicant WHERE id = %(first)s)",
                     "admissions_applicant": "o.id = %(first)s"}.get(table, "o.applicant_id = %(first)s")  # fmt: skip
            chosen = ", ".join(values.get(name, f"o.{name}") for name in columns)
            copied = f"SELECT {chosen} FROM {table} o CROSS JOIN ticketed n WHERE {which}"  # noqa: S608 names of its own
            cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) {copied}", {"first": first})
        tally_anew(cursor, "admissions_applicant")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE " + ", ".join(own))


def _marks(run: Any, season: Season) -> list[bytes]:
    """What each must read, made of the results themselves: place, preference and score, or a score too low."""
    from jineng.admissions.models import Result, Ticket
    from jineng.kernel.records import STANDS

    numbers = dict(Ticket.objects.filter(STANDS).values_list("applicant_id", "number"))
    told = {}
    for row in Result.objects.filter(STANDS, run=run).select_related("plan", "organisation").iterator():
        if row.plan is None:
            last = row.why[-1]
            mark = f"您 {last['score']} 分"
        else:
            mark = f"<p>{row.organisation.name} {row.plan.programme_name}（第 {row.wish} 志愿，{row.score} 分）</p>"
        told[numbers[row.applicant_id]] = mark.encode()
    return [told[number] for number, _ in season.tickets]


def _fill(url: str, season: Season, applicants: int, told: int) -> None:
    """Pages more, as the published ones, each under a ticket of its own."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute("CREATE TEMP TABLE known (at int PRIMARY KEY, number text) ON COMMIT DROP")
        with cursor.copy("COPY known FROM STDIN") as copy:
            for at, (number, _) in enumerate(season.tickets):
                copy.write_row((at, number))
        _copy_in(cursor, _drawn(season.tickets, told - applicants))
        cursor.execute(
            "INSERT INTO admissions_told (lookup, page)"
            " SELECT n.lookup, jsonb_set(o.page, '{number}', to_jsonb(n.number)) FROM ticketed n"
            " JOIN known k ON k.at = n.at %% %s JOIN admissions_told o ON o.page ->> 'number' = k.number",
            [applicants],
        )
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE admissions_told")
        cursor.execute("CHECKPOINT")
