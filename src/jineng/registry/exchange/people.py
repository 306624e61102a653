"""The people that rows name by 姓名 and 证件号码, for the sheets of every room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from jineng.engines.exchange import Column, ErrorCode, Kind, Table
from jineng.engines.exchange.codes import resident_id_fault
from jineng.kernel.returns import Hall
from jineng.registry.models import Person, PersonDocument, PersonParty
from jineng.registry.verbs.people import NamesDiffer, PersonRow, ensure_people

NAME, NUMBER, SYNTHETIC = "person_name", "resident_id", "is_synthetic"
Text = tuple[str, str, str, str]
NO_NAME: Text = ("填了证件号码，未填姓名。", "A number without a name.", "请填写姓名。", "Fill in the name.")
NO_NUMBER: Text = ("填了姓名，未填证件号码。", "A name without a number.", "请填写证件号码。", "Fill in the number.")
BAD_NUMBER: Text = (
    "居民身份证号不对（GB 11643）。",
    "Not a valid resident ID number (GB 11643).",
    "请对照证件核对全部 18 位。",
    "Check all 18 characters against the document.",
)
OTHER_NAME: Text = (
    "该证件号码已登记在另一姓名下。",
    "This number is registered under another name.",
    "请对照证件核对姓名和号码；确需更名的，先由登记单位更正姓名。",
    "Check both against the document; a name that did change is first corrected in the register.",
)


def person_columns(*, required: bool = True) -> tuple[Column, Column, Column]:
    """The three columns by which a sheet names a person: 姓名, 证件号码, and whether the person is invented."""
    return (
        Column(NAME, "姓名", Kind.TEXT, required=required, max_length=60),
        Column(NUMBER, "证件号码", Kind.RESIDENT_ID, required=required, help="居民身份证号，18 位。"),
        Column(SYNTHETIC, "示例数据", Kind.BOOLEAN, help="虚构的人员填“是”。 Yes for an invented one."),
    )


def resolve_people(
    hall: Hall,
    table: Table,
    organisation_ids: Sequence[UUID | None],
    *,
    since: Sequence[date | None] | None = None,
    indices: Sequence[int] | None = None,
    name: str = NAME,
    number: str = NUMBER,
    synthetic: str = SYNTHETIC,
) -> list[UUID | None]:
    """The people named by the columns ``name`` and ``number``, row by row; those not known yet are recorded.

    ``organisation_ids`` say, for every row of ``table``, whose record names the person and so may see who it is;
    rows without one, rows refused so far, rows not in ``indices`` and rows that name nobody give None. With
    ``since`` the person is employed there from that day on: learners and applicants come without.

    Refused are bad numbers, a name without a number or the reverse, and numbers that the register or an earlier row
    knows under another name; the refusal does not tell that name.
    """
    column = table.columns
    names, numbers, invented = column[name], column[number], column.get(synthetic)
    found: list[UUID | None] = [None] * len(table)
    wanted = set(hall.good(table))
    if indices is not None:
        wanted &= set(indices)
    checked = table.sheet.by_name[number].kind is Kind.RESIDENT_ID
    rows: dict[int, PersonRow] = {}
    for index in sorted(wanted):
        organisation, who, paper = organisation_ids[index], names[index], numbers[index]
        if organisation is None or (who is None and paper is None):
            continue
        if who is None:
            _refuse(hall, table, index, name, ErrorCode.REQUIRED, NO_NAME)
        elif paper is None:
            _refuse(hall, table, index, number, ErrorCode.REQUIRED, NO_NUMBER)
        elif not checked and resident_id_fault(paper):
            _refuse(hall, table, index, number, ErrorCode.BAD_RESIDENT_ID, BAD_NUMBER)
        else:
            day = since[index] if since is not None else None
            rows[index] = PersonRow(who, paper, organisation, day, bool(invented and invented[index]))
    for index, person in zip(rows, _ensured(hall, table, name, rows), strict=True):
        found[index] = person
    return found


def _ensured(hall: Hall, table: Table, name: str, rows: dict[int, PersonRow]) -> list[UUID]:
    """Ids of the people of ``rows``, which loses those whose names differ."""
    if not rows:
        return []
    hall.tables.update(model._meta.db_table for model in (Person, PersonDocument, PersonParty))
    try:
        return ensure_people(actor=hall.actor, rows=list(rows.values()))
    except NamesDiffer as differing:
        places = list(rows)
        for place in differing.indices:
            del rows[places[place]]
            _refuse(hall, table, places[place], name, ErrorCode.CONFLICT, OTHER_NAME)
        return _ensured(hall, table, name, rows)


def _refuse(hall: Hall, table: Table, index: int, column: str, code: ErrorCode, text: Text) -> None:
    message, message_en, remedy, remedy_en = text
    hall.refuse(table, index, column, code, message, message_en, remedy, remedy_en)
