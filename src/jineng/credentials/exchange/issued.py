"""Certificates that a return brings: their numbers, whether they may stand beside what stands already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from jineng.credentials.exchange.refusals import conflict
from jineng.credentials.rules import read_number
from jineng.credentials.series import known_certificates, reach_number
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.returns import Hall


class IssuedRow(NamedTuple):
    """A certificate as a row tells it, in the order of the merge's columns."""

    number: str
    certificate_type_id: UUID
    level: str
    person_id: UUID
    institution_id: UUID
    session_id: UUID
    issued_on: date
    revoked_on: date | None
    revoke_reason: str


def check_numbers(hall: Hall, table: Table, certificates: Sequence[tuple[str, str] | None]) -> None:
    """Numbers of the program's own pattern have the right check character and tell the session's certificate.

    ``certificates`` holds code and level of the session of each row. A number that stands twice is refused too.
    """
    seen: dict[str, int] = {}
    for index, number in enumerate(table.columns["certificate_no"]):
        if not number:
            continue
        try:
            parts = read_number(number)
        except ValueError:
            hall.refuse(
                table,
                index,
                "certificate_no",
                ErrorCode.BAD_CHECK_CHARACTER,
                "证书编号的校验位不对。",
                "The check character of the number is wrong.",
                "请核对编号，多半是某一位抄错。",
                "Check the number; most likely one character was copied wrongly.",
            )
            continue
        named = certificates[index]
        if parts is not None and named is not None and (parts.code, parts.level) != named:
            conflict(
                hall,
                table,
                index,
                "certificate_no",
                "证书编号与场次的证书或等级不一致。",
                "The number tells another certificate or level than the session.",
                "请核对编号和场次。",
                "Check the number and the session.",
            )
        if seen.setdefault(number, index) != index:
            conflict(
                hall,
                table,
                index,
                "certificate_no",
                f"此编号在第 {table.row_numbers[seen[number]]} 行已出现。",
                f"The number stands in row {table.row_numbers[seen[number]]} already.",
                "一个编号只属于一张证书，请核对。",
                "One number belongs to one certificate.",
            )


def check_standing(hall: Hall, table: Table, rows: Mapping[int, IssuedRow]) -> None:
    """A number belongs to one person; a person holds one certificate of a kind at a level."""
    known = known_certificates({row.person_id for row in rows.values()}, {row.number for row in rows.values()})
    owners = {item.number: item.person_id for item in known}
    told = {row.number for row in rows.values()}
    held = {
        (item.person_id, item.certificate_type_id, item.level): item.number
        for item in known
        if item.is_held and item.number not in told
    }
    for index, row in rows.items():
        key = (row.person_id, row.certificate_type_id, row.level)
        if owners.get(row.number, row.person_id) != row.person_id:
            conflict(
                hall,
                table,
                index,
                "certificate_no",
                "此编号已属于另一人的证书。",
                "The number belongs to another person's certificate.",
                "请核对编号。",
                "Check the number.",
            )
        elif row.revoked_on is None and held.setdefault(key, row.number) != row.number:
            conflict(
                hall,
                table,
                index,
                "certificate_no",
                "此人已持有该证书的这一等级。",
                "This person holds this certificate at this level already.",
                "重复发放的请删除；换发的先撤销旧证。",
                "Remove a double issue; revoke the old one before issuing anew.",
            )


def follow_series(numbers: Iterable[str], rows: Mapping[int, IssuedRow]) -> None:
    """Let the series go on behind the numbers of the own pattern that a return brought."""
    types = {row.number: row.certificate_type_id for row in rows.values()}
    reached: dict[tuple[UUID, int, str], int] = {}
    for number in numbers:
        parts = read_number(number)
        if parts is not None:
            key = (types[number], parts.year, parts.level)
            reached[key] = max(reached.get(key, 0), parts.serial)
    for (kind, year, level), serial in sorted(reached.items(), key=str):
        reach_number(kind, year, level, serial)
