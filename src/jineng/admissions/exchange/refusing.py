"""How this room's landings refuse a cell."""

from __future__ import annotations

from jineng.admissions.rules import Fault
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.returns import Hall

Text = tuple[str, str, str, str]


def refuse(hall: Hall, table: Table, index: int, fault: Fault) -> None:
    """Refuse the cell that a rule faults."""
    hall.refuse(table, index, fault.field, fault.code, fault.message, fault.message_en, fault.remedy, fault.remedy_en)


def refuse_text(hall: Hall, table: Table, index: int, column: str, code: ErrorCode, text: Text) -> None:
    """Refuse a cell: what is wrong and what to do, each in Chinese and English."""
    message, message_en, remedy, remedy_en = text
    hall.refuse(table, index, column, code, message, message_en, remedy, remedy_en)
