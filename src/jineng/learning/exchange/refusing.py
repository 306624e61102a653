"""How a fault of the rules becomes a refused cell."""

from __future__ import annotations

from jineng.engines.exchange import Table
from jineng.kernel.returns import Hall
from jineng.learning.rules import Fault


def refuse(hall: Hall, table: Table, index: int, fault: Fault, field: str = "") -> None:
    """Refuse the cell that ``fault`` names, or that of ``field``."""
    hall.refuse(
        table,
        index,
        field or fault.field,
        fault.code,
        fault.message,
        fault.message_en,
        fault.remedy,
        fault.remedy_en,
    )
