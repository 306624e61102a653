"""The business clock: every deadline and every date asks here, so that a 2021 season can run today."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_set_to: ContextVar[datetime | None] = ContextVar("business_clock", default=None)


def now() -> datetime:
    """The business moment, with time zone Asia/Shanghai."""
    moment = _set_to.get()
    if moment is not None:
        return moment
    fixed = os.environ.get("JINENG_TODAY")
    if fixed:
        return datetime.combine(date.fromisoformat(fixed), time(9), CHINA)
    return datetime.now(CHINA)


def today() -> date:
    """The business day."""
    return now().date()


@contextmanager
def clock_at(moment: datetime | date) -> Iterator[None]:
    """Within the block the business clock stands at ``moment`` (a date means nine in the morning)."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(9), CHINA)
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
