"""A selection of any size in a small province: schools, experts and applications, copied by the owner in SQL.

One school, one expert and one application are made by the verbs that people use; the rest are copies of their rows,
each with a school, a topic, a title and a rank of its own. What triggers keep (parties, reach) is written beside them.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import yaml
from psycopg import sql

TOPICS = 60
EACH, TOGETHER = 5, 2
CODE = "bench-selection"
SELECTED = "3/10"
MARKS = {"foundation": 30, "plan": 50, "spread": 20}
SUMMARY = "围绕课程标准、实训条件和企业岗位要求，分三年完成课程资源、师资和基地建设，成果面向全省同类院校开放。" * 4


def procedure_text() -> str:
    """The shipped selection with a panel: sixty topics, five reviewers each, trimmed means, three of ten selected."""
    from jineng.calls import applications

    path = Path(applications.__file__).with_name("data") / "procedures" / "panel-selection.yaml"
    text = path.read_text(encoding="utf-8").replace("code: panel-selection", f"code: {CODE}")
    content: dict[str, Any] = yaml.safe_load(text)
    fields = {field["key"]: field for part in content["form"]["sections"] for field in part["fields"]}
    fields["field"]["choices"] = [{"value": f"t{at:02d}", "label": f"领域{at:02d}"} for at in range(TOPICS)]
    content["review"] |= {"each": EACH, "together": TOGETHER, "rule": "rank-trimmed-mean/1"}
    content["review"]["ranking"] |= {
        "cut": {"share": SELECTED, "reserve": 100},
        "trim": {"high": 1, "low": 1, "at_least": 5},
        "needed": 3,
        "ties": [{"by": "criterion", "criterion": "plan"}, {"by": "lot", "seed": "2021-11-27"}],
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def begin(number: int) -> tuple[Any, UUID]:
    """A small province with so many schools more, one application that waits for its review, and one expert's id."""
    from tests.factories import build_world
    from tests.journeys.small_site import settle

    from jineng.kernel.actors import acting

    world = build_world(using="owner")
    settle(world)
    with acting(world.actor("province_officer")):
        schools(world, number)
    case, found = application(world), expert(world)
    with acting(world.actor("province_officer")):
        case.refresh_from_db()
    return case, found.pk


def schools(world: Any, number: int) -> None:
    """So many schools more, by turns under both cities."""
    from functools import partial

    from tests.factories import LONG_AGO

    from jineng.registry.kinds import Change, CodeScheme, OrganisationKind
    from jineng.registry.models import Division
    from jineng.registry.verbs import enter_organisation

    enter = partial(
        enter_organisation,
        actor=world.actor("province_officer"),
        since=LONG_AGO,
        change=Change.FOUNDED,
        code_scheme=CodeScheme.SCHOOL,
        kind=OrganisationKind.SECONDARY_VOCATIONAL,
        is_synthetic=True,
    )
    places = {"lanzhou": Division.objects.get(code="620102"), "tianshui": Division.objects.get(code="620502")}
    for at in range(number):
        city = ("lanzhou", "tianshui")[at % 2]
        code = f"36{places[city].code[:4]}{at + 5000:04d}"
        enter(code=code, name=f"示例第{at + 1}职业学校", division=places[city], authority=world[city])


def application(world: Any) -> Any:
    """One application, recommended and complete, that waits for its review; its intake takes more."""
    from jineng.calls.models import Call
    from jineng.calls.verbs import add_batch, take_applications
    from jineng.cases.verbs import (
        act_on_case,
        begin_case,
        draft_procedure,
        publish_procedure,
        recommend_case,
        save_answers,
    )
    from jineng.kernel import clock
    from jineng.kernel.actors import acting

    office, city, school = (world.actor(name) for name in ("province_officer", "city_officer", "school_officer"))
    today = clock.today()
    made = publish_procedure(actor=office, procedure_id=draft_procedure(actor=office, text=procedure_text()).pk)
    with acting(office):
        call = Call.objects.get(code="reform-project")
    batch = add_batch(actor=office, call_id=call.pk, number=1, year=today.year)
    intake = take_applications(
        actor=office, batch_id=batch.pk, procedure_id=made.pk, opens_on=today, closes_on=today + timedelta(days=30)
    )
    case = begin_case(actor=school, intake_id=intake.pk, title="示例申报项目")
    save_answers(actor=school, case_id=case.pk, raw=answers("t00"))
    act_on_case(actor=school, case_id=case.pk, action="submit")
    recommend_case(actor=city, case_id=case.pk, rank=1)
    act_on_case(actor=city, case_id=case.pk, action="recommend")
    act_on_case(actor=office, case_id=case.pk, action="pass")
    return case


def answers(topic: str) -> dict[str, str]:
    """What an application says."""
    return {"leader": "王示例", "field": topic, "summary": SUMMARY, "foundation": SUMMARY, "plan": SUMMARY,
            "needs_funds": "no"}  # fmt: skip


def expert(world: Any) -> Any:
    """One expert, who can sign in as ``demo-reviewer``."""
    from jineng.cases.verbs import enter_expert

    return enter_expert(
        actor=world.actor("province_officer"),
        username="demo-reviewer",
        organisation_id=world["university"].pk,
        expertise={"t00": 8, "t01": 6, "t02": 9, "t03": 5, "t04": 7, "t05": 8},
        most=10_000,
    )


def multiply(url: str, case: Any, expert: UUID, applications: int, experts: int) -> dict[str, int]:
    """Have so many applications and experts in all, as copies of these. Triggers are off meanwhile.

    Experts know six topics each and sit by turns in all schools, where a twentieth of the applications are their
    own organisation's.
    """
    from jineng.kernel.crypto import encrypt

    kept = {**json.loads(case.answers), "needs_funds": False}
    texts = [json.dumps({**kept, "field": f"t{at:02d}"}, ensure_ascii=False) for at in range(TOPICS)]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute(
            "CREATE TEMP TABLE school ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY o.code) - 1 AS at, o.id,"
            " r.authority_id AS city FROM registry_organisation o JOIN registry_reach r ON r.organisation_id = o.id"
            " AND r.depth = 1 WHERE o.name LIKE '示例第%'"
        )
        cursor.execute("CREATE TEMP TABLE answered (at int, text bytea) ON COMMIT DROP")
        cursor.executemany("INSERT INTO answered VALUES (%s, %s)",
                           [(at, encrypt(text, "answers")) for at, text in enumerate(texts)])  # fmt: skip
        _cases(cursor, case.pk, applications)
        _experts(cursor, expert, experts)
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
        return {name: _count(cursor, name) for name in ("cases_case", "cases_caseentry", "cases_expert")}


def _cases(cursor: psycopg.Cursor, pk: UUID, number: int) -> None:
    from jineng.cases.models import Case, CaseEntry, CaseParty

    among = sql.SQL(
        "cases_case o CROSS JOIN generate_series(2, %(number)s) AS n"
        " JOIN school s ON s.at = n %% (SELECT count(*) FROM school) JOIN answered a ON a.at = n * 7 %% %(topics)s"
    )
    given = {"number": number, "topics": TOPICS, "pk": pk}
    own = {
        "id": "md5('case' || n)::uuid", "title": "o.title || n", "applicant_id": "s.id", "recommender_id": "s.city",
        "rank": "n", "answers": "a.text",
        "parties": "o.parties || jsonb_build_object('applicant', jsonb_build_array(s.id),"
                   " 'recommender', jsonb_build_array(s.city))",
    }  # fmt: skip
    _copy(cursor, Case, own, among, given, "o.id = %(pk)s", leave={"serial"})
    of_case = sql.SQL("cases_caseentry o CROSS JOIN generate_series(2, %(number)s) AS n")
    _copy(cursor, CaseEntry, {"case_id": "md5('case' || n)::uuid"}, of_case, given, "o.case_id = %(pk)s", leave={"id"})
    parties = {"case_id": "o.id", "organisation_id": "member::uuid", "party": "party.key"}
    of_parties = sql.SQL(
        "cases_case o CROSS JOIN LATERAL jsonb_each(o.parties) AS party"
        " CROSS JOIN LATERAL jsonb_array_elements_text(party.value) AS member"
    )
    columns = [str(item.column) for item in CaseParty._meta.local_concrete_fields]
    rest = {column: f"turn.{column}" for column in columns} | parties
    turn = sql.SQL(" JOIN cases_caseparty turn ON turn.case_id = %(pk)s AND turn.party = party.key")
    _copy(cursor, CaseParty, {**rest, "serial": "o.serial"}, of_parties + turn, given, "o.id <> %(pk)s")
    # Triggers are off: what they keep is told by the functions that they call.
    cursor.execute("SELECT cases_sight_as_told(array_agg(id), NULL) FROM cases_case WHERE id <> %s", [pk])
    cursor.execute("SELECT cases_tally_anew()")


def _experts(cursor: psycopg.Cursor, pk: UUID, number: int) -> None:
    from jineng.cases.models import Expert
    from jineng.kernel.models import Account
    from jineng.registry.models import Post

    cursor.execute("SELECT account_id FROM cases_expert WHERE id = %s", [pk])
    given = {"number": number, "pk": pk, "account": cursor.fetchone()[0]}  # type: ignore[index]
    series = (
        "{} o CROSS JOIN generate_series(2, %(number)s) AS n JOIN school s ON s.at = n %% (SELECT count(*) FROM school)"
    )
    named = "(SELECT id FROM kernel_account WHERE username = 'expert' || n)"
    of = {model: sql.SQL(series.format(model._meta.db_table)) for model in (Account, Post, Expert)}
    _copy(cursor, Account, {"username": "'expert' || n", "display_name": "'专家' || n", "email": "NULL"}, of[Account],
          given, "o.id = %(account)s", leave={"id"})  # fmt: skip
    _copy(cursor, Post, {"id": "gen_random_uuid()", "account_id": named, "organisation_id": "s.id"}, of[Post],
          given, "o.account_id = %(account)s")  # fmt: skip
    known = (
        "(SELECT jsonb_object_agg('t' || lpad(((n * 11 + k * 13) %% 60)::text, 2, '0'), 4 + (n * 3 + k * 5) %% 7)"
        " FROM generate_series(0, 5) AS k)"
    )
    most = "(%(most)s)::int"
    own = {"id": "gen_random_uuid()", "account_id": named, "organisation_id": "s.id", "expertise": known, "most": most}
    _copy(cursor, Expert, own, of[Expert], {**given, "most": 10_000}, "o.id = %(pk)s")


def review_all(url: str, panel_id: UUID) -> int:
    """Have every review of a panel handed in, applications being of different worth and reviewers of different mind."""
    from jineng.kernel.crypto import encrypt

    marks = ", ".join(
        f"'{key}', greatest(0, least({most}, round({most} * (0.5 + worth"
        f" + (hashtext(t.id::text || '{key}') %% 1000) / 4000.0))))::text"
        for key, most in MARKS.items()
    )
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute(
            "INSERT INTO cases_review (id, recorded_at, origin_kind, void_reason, task_id, panel_id, case_id,"  # noqa: S608
            " account_id, marks, words) SELECT gen_random_uuid(), now(), 'page', '', t.id, t.panel_id, t.case_id,"
            f" t.account_id, jsonb_build_object({marks}), %(words)s FROM cases_reviewtask t,"
            " LATERAL (SELECT abs(hashtext(t.case_id::text) %% 1000) / 2500.0 AS worth) AS w"
            " WHERE t.panel_id = %(panel)s AND t.voided_at IS NULL",
            {"panel": panel_id, "words": encrypt("思路清楚，措施可行。", "words")},
        )
        made = cursor.rowcount
        cursor.execute(
            "UPDATE cases_reviewtask SET handed_in_at = now() WHERE panel_id = %s AND voided_at IS NULL", [panel_id]
        )
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE cases_review, cases_reviewtask")
        return made


def _copy(
    cursor: psycopg.Cursor,
    model: Any,
    own: dict[str, str],
    among: sql.Composable,
    given: dict[str, Any],
    where: str,
    leave: set[str] | frozenset[str] = frozenset(),
) -> None:
    """Rows of ``model`` as the row ``o`` has them, with what is their ``own``; ``leave`` is given by the database."""
    columns = [item.column for item in model._meta.local_concrete_fields if item.column and item.column not in leave]
    values = sql.SQL(", ").join(
        sql.SQL(own[column]) if column in own else sql.SQL("o.{}").format(sql.Identifier(column)) for column in columns
    )
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {}").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            values,
            among,
            sql.SQL(where),
        ),
        given,
    )


def _count(cursor: psycopg.Cursor, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    row = cursor.fetchone()
    return int(row[0]) if row else 0
