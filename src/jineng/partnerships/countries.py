"""Countries by their code of ISO 3166-1; see ``data/README.md`` for where the list comes from."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOME = "CN"


@dataclass(frozen=True)
class Country:
    """A country or area: its two letters, its short name in Chinese and in English."""

    code: str
    name: str
    name_en: str


@cache
def countries() -> Mapping[str, Country]:
    """All countries by code."""
    with (Path(__file__).parent / "data" / "countries.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Country(**row) for row in csv.DictReader(lines)}


def country_name(code: str) -> str:
    """The Chinese name of the country; the code itself where the list has none."""
    known = countries().get(code)
    return known.name if known else code


def country_code(text: str) -> str | None:
    """The code of a country written as code, Chinese name or English name; ``None`` where there is none."""
    written = text.strip()
    if written.upper() in countries():
        return written.upper()
    return next((known.code for known in countries().values() if written in (known.name, known.name_en)), None)
