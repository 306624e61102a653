"""Moments as XML Schema writes them (dateTimeStamp)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:\d\d)?\Z", re.ASCII)


def stamp(moment: dt.datetime) -> str:
    """UTC to the second, as credentials and proofs carry it. Raises ValueError for a moment without time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment must know its time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def read_stamp(text: Any, zone_needed: bool = True) -> dt.datetime:
    """The moment that a dateTimeStamp tells; without zone it is UTC, where that is let pass. Raises ValueError."""
    found = _STAMP.match(text) if isinstance(text, str) else None
    if found is None or (zone_needed and found[3] is None):
        raise ValueError(f"{text!r} is not a moment with its time zone")
    fraction = f".{(found[2] + '00000')[:6]}" if found[2] else ""
    try:
        moment = dt.datetime.fromisoformat(found[1] + fraction + (found[3] or "Z"))
        return moment.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is beyond the calendar") from error
