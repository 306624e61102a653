"""A reference year multiplied: copies of institutions with everything they reported, made by the owner in SQL.

The copies keep every relation among themselves. A copy's id is the original's with the copy's number as its first
four digits and a version that no original has, so a foreign key to a copied row is found without a look-up; which
columns point at copied rows is told by the models.

What there is a single one of, however large a province, is not copied: divisions, their authorities, centres and open
universities, catalogues and standards, calls, seasons, types of certificates, counties' facts. Of the people those
are copied of whom a register holds no second row (applicants, candidates, teachers, who is employed); learners are
not: each takes part in a hundred times as many classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

SINGLE = (
    "education_department",
    "government_department",
    "open_university",
    "open_university_branch",
    "county_centre",
)
"""Kinds of which a place has one, however much it reports: their records are copied, they themselves are not."""
PEOPLE = (
    "admissions_applicant",
    "calls_awardholder",
    "credentials_candidate",
    "credentials_certificate",
    "registry_employment",
    "workforce_teacher",
    "workforce_qualification",
    "workforce_title",
    "workforce_practicestay",
    "workforce_recognition",
)
"""Tables whose people are copied."""
OWN = "overlay(overlay({column}::text PLACING lpad(to_hex(n), 4, '0') FROM 1) PLACING 'c' FROM 15)::uuid"
IN = "{column} IN (SELECT id FROM {among})"
DIGEST, NUMBERED = "digest", "numbered"


@dataclass(frozen=True)
class Copied:
    """How the rows of one model are copied.

    ``anew`` says what is written anew: as a ``digest`` of the original (codes), with the copy's number behind it
    (``numbered``: names) or as SQL with ``n`` as the copy's number. ``own`` names columns without a foreign key that
    hold ids of copied rows; ``rows`` picks the rows to copy by an organisation's or a person's column.
    """

    model: str
    anew: dict[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    rows: dict[str, str] = field(default_factory=dict)


CODED = {"code": DIGEST, "name": NUMBERED}
INSTITUTIONS = {"organisation_id": "institution"}
COPIED = (
    Copied("registry.Organisation", {**CODED, "credit_code": "''"}, rows={"id": "institution"}),
    Copied("registry.OrganisationState", {"name": NUMBERED}, rows=INSTITUTIONS),
    Copied("registry.Reach", rows=INSTITUTIONS),
    Copied("registry.Person", rows={"id": "known"}),
    Copied("registry.PersonParty", rows={"person_id": "known"}),
    Copied("registry.Employment"),
    Copied("majors.MajorOffering", rows=INSTITUTIONS),
    Copied("calls.Award", {"title": NUMBERED}),
    Copied("calls.AwardStatus"),
    Copied("calls.AwardHolder"),
    Copied("calls.AwardParty"),
    Copied("admissions.Plan", rows=INSTITUTIONS),
    Copied("admissions.Applicant"),
    Copied("admissions.Admission", rows=INSTITUTIONS),
    Copied("learning.Course", CODED),
    Copied("learning.CourseOffering", {"code": DIGEST}),
    Copied("learning.Enrolment"),
    Copied("learning.ClassSession"),
    Copied("learning.Attendance"),
    Copied("credentials.AssessmentSession", {"code": DIGEST}),
    Copied("credentials.SessionParty"),
    Copied("credentials.Candidate"),
    Copied("credentials.Certificate", {"number": DIGEST}),
    Copied("credentials.CertificatePilot", rows={"institution_id": "institution"}),
    Copied("partnerships.Agreement", CODED),
    Copied("partnerships.AgreementTerm"),
    Copied("partnerships.AgreementParty"),
    Copied("partnerships.AgreementSight"),
    Copied("partnerships.Body", CODED),
    Copied("partnerships.BodyMember"),
    Copied("partnerships.BodySight"),
    Copied("partnerships.Cluster", CODED),
    Copied("partnerships.ClusterMember"),
    Copied("partnerships.InternationalProject", CODED),
    Copied("facilities.Park", CODED),
    Copied("facilities.Phase"),
    Copied("facilities.PhaseReport"),
    Copied("facilities.InvestmentBooking"),
    Copied("facilities.SharedFacility", CODED),
    Copied("facilities.SharingMember"),
    Copied("facilities.UseHours"),
    Copied("facilities.Relocation"),
    Copied("facilities.FacilitySight"),
    Copied("workforce.AutonomyGrant", rows=INSTITUTIONS),
    Copied("workforce.Teacher"),
    Copied("workforce.Qualification"),
    Copied("workforce.Title"),
    Copied("workforce.PracticeStay"),
    Copied("workforce.Recognition"),
    Copied("governance.LeadingGroup", {"name": NUMBERED}),
    Copied("governance.GroupMember"),
    Copied("governance.Policy", {"number": NUMBERED, "title": NUMBERED}),
    Copied("governance.PolicyIssuer"),
    Copied("governance.PressItem", {"title": NUMBERED}),
    Copied("governance.Occasion", {"name": NUMBERED}),
    Copied("governance.OccasionParticipant"),
    Copied("governance.ExhibitionItem"),
    Copied("governance.Task", {"number": NUMBERED, "title": NUMBERED}),
    Copied("governance.Assignment"),
    Copied("governance.TaskStep"),
    Copied("governance.AssignmentProgress"),
    Copied(
        "kernel.Receipt",
        {"file_name": "n || '-' || o.file_name", "submitted_at": "o.submitted_at - n * interval '1 hour'"},
    ),
    Copied("kernel.Confirmation", own=("record_id",)),
    Copied("kernel.AuditLine", {"at": "o.at - n * interval '1 hour'"}, own=("deed",)),
)


def multiply(url: str, times: int) -> dict[str, int]:
    """Make ``times - 1`` copies of the reference year in the database at ``url`` (the owner's).

    Triggers are off and indexes away meanwhile. Returns the rows of each table afterwards.
    """
    from django.apps import apps

    from jineng.kernel.tallies import tally_anew

    models = {apps.get_model(copied.model): copied for copied in COPIED}
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'")
        _choose(cursor)
        for model, copied in models.items():
            indexes = _without_indexes(cursor, model._meta.db_table)
            cursor.execute(_statement(model, copied, set(models)), {"times": times})
            for definition in indexes:
                cursor.execute(definition)
        tally_anew(cursor)
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        return {model._meta.db_table: _count(cursor, model._meta.db_table) for model in models}


def _choose(cursor: psycopg.Cursor) -> None:
    """Say which organisations and which people are copied."""
    cursor.execute(
        "CREATE TEMP TABLE institution ON COMMIT DROP AS SELECT id FROM registry_organisation WHERE kind <> ALL(%s)",
        [list(SINGLE)],
    )
    named = sql.SQL(" UNION ").join(
        sql.SQL("SELECT person_id AS id FROM {} WHERE person_id IS NOT NULL").format(sql.Identifier(table))
        for table in PEOPLE
    )
    cursor.execute(sql.SQL("CREATE TEMP TABLE known ON COMMIT DROP AS {}").format(named))
    cursor.execute("ANALYZE institution, known")


def _without_indexes(cursor: psycopg.Cursor, table: str) -> list[str]:
    """Drop the indexes that hold no constraint; gives what makes them again."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [table],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def _statement(model: Any, copied: Copied, models: set[Any]) -> sql.Composed:
    fields = [item for item in model._meta.local_concrete_fields if _is_written(item)]
    values = sql.SQL(", ").join(sql.SQL(_value(item, copied, models)) for item in fields)
    names = sql.SQL(", ").join(sql.Identifier(item.column) for item in fields)
    rows = " AND ".join(IN.format(column=f'o."{name}"', among=among) for name, among in copied.rows.items())
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(2, %(times)s) AS n"
        " CROSS JOIN {table} AS o WHERE {rows}"
    ).format(table=sql.Identifier(model._meta.db_table), names=names, values=values, rows=sql.SQL(rows or "true"))


def _is_written(item: Any) -> bool:
    """Whether a column is copied; serial keys and what the database computes are not."""
    return item.column is not None and not item.generated and "AutoField" not in type(item).__name__


def _value(item: Any, copied: Copied, models: set[Any]) -> str:
    column = f'o."{item.column}"'
    own = OWN.format(column=column)
    match copied.anew.get(item.column):
        case None:
            pass
        case "digest":
            return f"substr(md5({column} || '-' || n), 1, {min(18, item.max_length)})"
        case "numbered":
            return f"left({column}, {item.max_length - 5}) || '·' || n"
        case written:
            return written
    if item.column in copied.own or (item.primary_key and not item.is_relation):
        return own
    if not item.is_relation or item.related_model not in models:
        return column
    among = {"registry_organisation": "institution", "registry_person": "known"}
    target = among.get(item.related_model._meta.db_table)
    return f"CASE WHEN {IN.format(column=column, among=target)} THEN {own} ELSE {column} END" if target else own


def _count(cursor: psycopg.Cursor, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    row = cursor.fetchone()
    return int(row[0]) if row else 0
