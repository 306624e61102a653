"""How rows find what they speak of by its code, and what is refused where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from jineng.engines.exchange import Table
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall
from jineng.majors.rules import Fault
from jineng.partnerships.countries import HOME, country_code
from jineng.partnerships.models import Agreement, Body, Cluster
from jineng.partnerships.models.partners import partner_key
from jineng.partnerships.rules import TAKEN, UNKNOWN_COUNTRY
from jineng.registry.exchange import resolve_column
from jineng.registry.scope import reach

Keeper = type[Agreement] | type[Body] | type[Cluster]


def refuse(hall: Hall, table: Table, index: int, fault: Fault, column: str = "") -> None:
    """Refuse a cell by a fault of the rules, at its own field or at ``column``."""
    hall.refuse(
        table,
        index,
        column or fault.field,
        fault.code,
        fault.message,
        fault.message_en,
        fault.remedy,
        fault.remedy_en,
    )


def kept_by_code(hall: Hall, model: Keeper, codes: Iterable[str]) -> tuple[dict[str, UUID], set[str], set[str]]:
    """Standing records that the importer's reach keeps, by code; codes of others' records; codes of void ones."""
    wanted = {code for code in codes if code}
    mine = None if hall.actor.sees_all else set(reach(hall.actor))
    kept: dict[str, UUID] = {}
    others: set[str] = set()
    rows = model._default_manager.filter(code__in=wanted).values_list("code", "id", "organisation_id", "voided_at")
    void = set()
    for code, pk, keeper, voided_at in rows:
        if voided_at is not None:
            void.add(code)
        elif mine is None or keeper in mine:
            kept[code] = pk
        else:
            others.add(code)
    return kept, others, void - kept.keys() - others


def resolve_kept(hall: Hall, table: Table, column: str, model: Keeper, what: str, what_en: str) -> list[UUID | None]:
    """What each row hangs on, by its code: ``None`` where the row was refused or hangs on what was struck out."""
    codes = table.columns[column]
    kept, others, void = kept_by_code(hall, model, codes)
    for index, code in enumerate(codes):
        if code in others:
            hall.out_of_scope(table, index, column)
        elif code and code not in kept and code not in void:
            hall.unknown(table, index, column, what, what_en)
    return [kept.get(code) for code in codes]


def seen_agreements(codes: Iterable[str | None]) -> Mapping[str, UUID]:
    """Standing agreements with these codes that the importer sees, kept by whomever."""
    wanted = {code for code in codes if code}
    return dict(Agreement.objects.filter(STANDS, code__in=wanted).values_list("code", "id"))


def refuse_taken(hall: Hall, table: Table, rows: Mapping[int, Any], model: type[Any]) -> None:
    """Refuse codes under which somebody out of sight keeps something else."""
    codes = {table.columns["code"][index]: index for index in rows}
    with connection.cursor() as cursor:
        cursor.execute("SELECT partnerships_codes_taken(%s, %s)", [model._meta.db_table, list(codes)])
        taken = {row[0] for row in cursor.fetchall()}
    seen = set(model._default_manager.filter(STANDS, code__in=taken).values_list("code", flat=True))
    for code in taken - seen:
        refuse(hall, table, codes[code], TAKEN)


def partner_columns(hall: Hall, table: Table) -> list[tuple[UUID | None, str, str, str, str] | None]:
    """Of each row: organisation, name, country, province and key of the partner; ``None`` where it was refused."""
    organisations = resolve_column(hall, table, "org_code", must_be_in_scope=False)
    column = table.columns
    found: list[tuple[UUID | None, str, str, str, str] | None] = []
    for index, (known, code, name, country, province) in enumerate(
        zip(organisations, column["org_code"], column["name"], column["country"], column["province"], strict=True)
    ):
        where = country_code(country) if country else HOME
        if where is None:
            refuse(hall, table, index, UNKNOWN_COUNTRY)
        if where is None or (code and known is None):
            found.append(None)
            continue
        pk = known.id if known is not None else None
        found.append((pk, name, where, province or "", partner_key(pk, name, where)))
    return found


def codes_of(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Codes of the organisations that records in sight name, whoever sees those; in one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code FROM partnerships_codes_of(%s)", [[pk for pk in set(ids) if pk is not None]])
        return dict(cursor.fetchall())
