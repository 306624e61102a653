"""How rows of the room are refused, and how they find the certificates and standards that they name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from jineng.credentials.models import CertificateType, SkillStandard
from jineng.credentials.rules import Fault, parse_levels
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall


@dataclass(frozen=True)
class KnownType:
    """What rows need to know of a certificate of the catalogue."""

    id: UUID
    code: str
    levels: frozenset[str]
    body_id: UUID


def refuse(hall: Hall, table: Table, index: int, fault: Fault) -> None:
    """Refuse the cell that a fault names."""
    hall.refuse(table, index, fault.field, fault.code, fault.message, fault.message_en, fault.remedy, fault.remedy_en)


def conflict(
    hall: Hall, table: Table, index: int, column: str, message: str, message_en: str, remedy: str, remedy_en: str
) -> None:
    """Refuse a cell that contradicts another."""
    hall.refuse(table, index, column, ErrorCode.CONFLICT, message, message_en, remedy, remedy_en)


def required(hall: Hall, table: Table, index: int, column: str, why: str, why_en: str) -> None:
    """Refuse a blank cell that another one needs."""
    hall.refuse(
        table,
        index,
        column,
        ErrorCode.REQUIRED,
        why,
        why_en,
        "请填写此格，或核对该行。",
        "Fill it in, or check the row.",
    )


def need_reasons(hall: Hall, table: Table, marks: Sequence[str] = ("voided",), reason: str = "void_reason") -> None:
    """Refuse rows marked void without a reason."""
    reasons = table.columns[reason]
    for mark in marks:
        for index, void in enumerate(table.columns[mark]):
            if void and not reasons[index]:
                required(hall, table, index, reason, "作废的须写明原因。", "What is void needs its reason.")


def levels_of(hall: Hall, table: Table) -> list[str]:
    """Levels of each row, as PostgreSQL writes an array; a cell that is no list of levels is refused."""
    known: dict[str, list[str] | None] = {}
    found = []
    for index, text in enumerate(table.columns["levels"]):
        if text not in known:
            try:
                known[text] = parse_levels(text or "")
            except ValueError:
                known[text] = None
        levels = known[text]
        if levels is None and text is not None:
            hall.refuse(
                table,
                index,
                "levels",
                ErrorCode.NOT_A_CHOICE,
                "等级只有初级、中级、高级。",
                "The levels are 初级, 中级 and 高级.",
                "几个等级用顿号“、”隔开，如 初级、中级。",
                "Separate several by “、”.",
            )
        found.append(f"{{{','.join(levels or ())}}}")
    return found


def standards_by_code(codes: Collection[str | None]) -> dict[str, tuple[UUID, UUID | None]]:
    """Id and first reporter of the standing standards with these codes."""
    found = SkillStandard.objects.filter(STANDS, code__in={code for code in codes if code})
    return {code: (pk, reporter) for code, pk, reporter in found.values_list("code", "id", "reporter_id")}


def resolve_types(hall: Hall, table: Table) -> list[KnownType | None]:
    """The certificate that each row names by ``certificate_code``; an unknown one is refused there."""
    codes = table.columns["certificate_code"]
    standing = CertificateType.objects.filter(STANDS, code__in={code for code in codes if code})
    known = {
        code: KnownType(pk, code, frozenset(levels), body)
        for pk, code, levels, body in standing.values_list("id", "code", "levels", "body_id")
    }
    for index, code in enumerate(codes):
        if code and code not in known:
            hall.unknown(table, index, "certificate_code", "证书", "certificate")
    return [known.get(code) for code in codes]


def ends_after_start(hall: Hall, table: Table, start: str, end: str) -> None:
    """Refuse ends that do not come after their start."""
    days: tuple[Sequence[Any], Sequence[Any]] = (table.columns[start], table.columns[end])
    for index, (begun, ended) in enumerate(zip(*days, strict=True)):
        if isinstance(begun, date) and isinstance(ended, date) and ended <= begun:
            hall.refuse(
                table,
                index,
                end,
                ErrorCode.OUT_OF_RANGE,
                "此日期应晚于起始日期。",
                "This date must lie after the start.",
                "请核对两个日期。",
                "Check both dates.",
            )
