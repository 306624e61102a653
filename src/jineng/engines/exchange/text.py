"""What a cell holds as the reader gives it, and its text without what cannot be seen."""

from __future__ import annotations

import datetime as dt
import re

Raw = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BREAKS = re.compile(r"\r\n?|\x85|\u2028|\u2029")


def tidy(text: str) -> str:
    """The text without blanks at its ends, without invisible characters, with plain line breaks."""
    return _BREAKS.sub("\n", _INVISIBLE.sub("", text)).strip()


def is_blank(raw: Raw) -> bool:
    """Whether a cell shows nothing."""
    return isinstance(raw, str) and (raw == "" or tidy(raw) == "")
