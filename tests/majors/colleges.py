"""A hand-made world of colleges, majors and offerings for the figures, on DuckDB, without Django's database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from jineng.engines.measures import DuckDBEngine, Period, Sources, drill, value, values
from jineng.kernel.measures import indicators, sources
from jineng.majors.rules import category_number, level_of

NAMESPACE = UUID(int=7)
START = date(2016, 1, 1)
RECORDED = datetime(2022, 1, 5, tzinfo=UTC)


def identity(*parts: object) -> UUID:
    """The same id for the same name."""
    return uuid5(NAMESPACE, "/".join(map(str, parts)))


def day(text: str) -> date:
    """A date as 2021-09-01."""
    return date.fromisoformat(text)


class Colleges:
    """Collects rows; asks for figures."""

    def __init__(self) -> None:
        self.states: list[dict[str, Any]] = []
        self.offerings: list[dict[str, Any]] = []
        self.codes: set[str] = set()

    def college(self, name: str, kind: str = "higher_vocational", since: date = START, *, closed: bool = False) -> None:
        """``name`` is of ``kind`` from ``since`` on."""
        self.states.append(
            {
                "id": identity("state", name, since, kind),
                "organisation_id": identity(name),
                "since": since,
                "recorded_at": RECORDED,
                "name": name,
                "kind": kind,
                "division_code": "620102",
                "authority_id": None,
                "closed": closed,
                "voided": False,
                "change": "founded",
            }
        )

    def offering(
        self, college: str, code: str, opened: str, revoked: str | None = None, years: int = 3, *, void: bool = False
    ) -> None:
        """``college`` offers ``code`` from ``opened`` until ``revoked``."""
        self.codes.add(code)
        self.offerings.append(
            {
                "id": identity("offering", len(self.offerings)),
                "organisation_id": identity(college),
                "major_id": identity("major", code),
                "duration_years": years,
                "opened_on": day(opened),
                "revoked_on": day(revoked) if revoked else None,
                "voided_at": RECORDED if void else None,
            }
        )

    def engine(self) -> DuckDBEngine:
        """DuckDB over what was collected."""
        numbers = {category_number(code) for code in self.codes}
        own = Sources(*(sources[name] for name in sources.names() if name.split("_")[0] in ("majors", "registry")))
        return DuckDBEngine.over_rows(
            own,
            {
                "majors_majoroffering": self.offerings,
                "majors_major": [
                    {
                        "id": identity("major", code),
                        "category_id": identity("category", category_number(code)),
                        "code": code,
                        "name": f"专业{code}",
                        "level": level_of(code).value,
                    }
                    for code in sorted(self.codes)
                ],
                "majors_category": [
                    {"id": identity("category", number), "number": number, "name": f"大类{number}"}
                    for number in sorted(numbers)
                ],
                "registry_organisationstate": self.states,
                "registry_division": [
                    {"code": "620000", "name": "甘肃省", "level": "province", "parent_code": None},
                    {"code": "620100", "name": "兰州市", "level": "city", "parent_code": "620000"},
                    {"code": "620102", "name": "城关区", "level": "county", "parent_code": "620100"},
                ],
            },
        )

    def figure(self, key: str, year: int = 2021) -> int:
        """The figure ``key`` of ``year``."""
        found = value(self.engine(), indicators, sources, key, Period.year(year)).value
        assert isinstance(found, int)
        return found

    def figures(self, year: int = 2021) -> tuple[int, int, int]:
        """Stock at the end of ``year``, added and revoked in it."""
        keys = ("major_offerings", "major_offerings_added", "major_offerings_revoked")
        found = values(self.engine(), indicators, sources, keys, Period.year(year))
        stock, added, revoked = (int(found[key].value or 0) for key in keys)
        return stock, added, revoked

    def balance(self, year: int = 2021) -> int:
        """What the stock of the year before, the added and the revoked leave unexplained."""
        stock, added, revoked = self.figures(year)
        return self.figure("major_offerings", year - 1) + added - revoked - stock

    def parts(self, key: str, by: str) -> dict[str, int]:
        """The parts of ``key`` in 2021 by code."""
        found = drill(self.engine(), indicators, sources, key, Period.year(2021), by)
        return {part.code: int(part.value or 0) for part in found.parts}
