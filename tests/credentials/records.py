"""A hand-made world of pilots, sessions and certificates for the figures, on DuckDB, without Django's database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from jineng.engines.measures import DuckDBEngine, Period, Sources, drill, value
from jineng.kernel.measures import indicators, sources

NAMESPACE = UUID(int=9)
RECORDED = datetime(2022, 1, 5, tzinfo=UTC)
Row = dict[str, Any]


def identity(*parts: object) -> UUID:
    """The same id for the same name."""
    return uuid5(NAMESPACE, "/".join(map(str, parts)))


def day(text: str | None) -> date | None:
    """A date as 2021-09-01."""
    return date.fromisoformat(text) if text else None


class Records:
    """Collects rows by table; asks for figures."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.add("credentials_certificatetype", id=identity("X"), code="X", name="证书X")

    def add(self, table: str, void: bool = False, **cells: Any) -> UUID:
        """A row; its id is made up where none is given."""
        rows = self.rows.setdefault(table, [])
        row = {"id": identity(table, len(rows)), **cells}
        if "voided_at" in sources[table].columns:
            row["voided_at"] = RECORDED if void else None
        rows.append(row)
        return UUID(str(row["id"]))

    def organisation(self, name: str, kind: str, since: str = "2016-01-01", *, closed: bool = False) -> None:
        """``name`` is of ``kind`` from ``since`` on."""
        self.add(
            "registry_organisationstate",
            organisation_id=identity(name),
            since=day(since),
            recorded_at=RECORDED,
            name=name,
            kind=kind,
            division_code="620102",
            authority_id=None,
            closed=closed,
            voided=False,
            change="founded",
        )

    def standard(self, *developers: str, published: str, withdrawn: str | None = None, void: bool = False) -> None:
        """A standard of these developers."""
        made = self.add(
            "credentials_skillstandard",
            void,
            name="标准",
            published_on=day(published),
            withdrawn_on=day(withdrawn),
        )
        for name in developers:
            self.add("credentials_standarddeveloper", standard_id=made, organisation_id=identity(name), role="lead")

    def batch(self, number: int, on: str, *, void: bool = False) -> None:
        """A batch announced ``on`` a day."""
        self.add(
            "credentials_pilotbatch",
            void,
            id=identity("batch", number),
            number=number,
            decided_on=day(on),
            organisation_id=identity("province"),
        )

    def pilot(
        self,
        who: str,
        batch: int,
        level: str = "elementary",
        approved: str | None = "2019-06-20",
        withdrawn: str | None = None,
        *,
        void: bool = False,
    ) -> None:
        """A pilot of the one certificate."""
        self.add(
            "credentials_certificatepilot",
            void,
            batch_id=identity("batch", batch),
            institution_id=identity(who),
            certificate_type_id=identity("X"),
            level=level,
            approved_on=day(approved),
            withdrawn_on=day(withdrawn),
        )

    def session(self, name: str, on: str, *, void: bool = False) -> None:
        """A session held ``on`` a day."""
        self.add(
            "credentials_assessmentsession",
            void,
            id=identity("session", name),
            certificate_type_id=identity("X"),
            level="elementary",
            held_on=day(on),
        )

    def candidate(self, person: str, session: str, attendance: str = "sat", *, void: bool = False) -> None:
        """A candidate of 甲校."""
        self.add(
            "credentials_candidate",
            void,
            session_id=identity("session", session),
            person_id=identity(person),
            institution_id=identity("甲校"),
            attendance=attendance,
        )

    def certificate(self, person: str, issued: str, revoked: str | None = None, *, void: bool = False) -> None:
        """A certificate of a learner of 甲校."""
        self.add(
            "credentials_certificate",
            void,
            certificate_type_id=identity("X"),
            level="elementary",
            person_id=identity(person),
            institution_id=identity("甲校"),
            issued_on=day(issued),
            revoked_on=day(revoked),
        )

    def merged(self, absorbed: str, kept: str, undone: bool = False) -> None:
        """Two identities are one person."""
        self.add(
            "registry_personmerge",
            absorbed_id=identity(absorbed),
            kept_id=identity(kept),
            undone_at=RECORDED if undone else None,
        )

    def engine(self) -> DuckDBEngine:
        """DuckDB over what was collected."""
        own = Sources(*(sources[name] for name in sources.names() if name.split("_")[0] in ("credentials", "registry")))
        told = {name: self.rows.get(name, []) for name in own.names()}
        told["registry_division"] = [
            {"code": "620000", "name": "甘肃省", "level": "province", "parent_code": None},
            {"code": "620100", "name": "兰州市", "level": "city", "parent_code": "620000"},
            {"code": "620102", "name": "城关区", "level": "county", "parent_code": "620100"},
        ]
        return DuckDBEngine.over_rows(own, told)

    def figure(self, key: str, year: int = 2021) -> int:
        """The figure ``key`` of ``year``."""
        found = value(self.engine(), indicators, sources, key, Period.year(year)).value
        return int(found or 0)

    def years(self, key: str) -> tuple[int, int, int]:
        """The figure of 2020, 2021 and 2022."""
        return self.figure(key, 2020), self.figure(key, 2021), self.figure(key, 2022)

    def parts(self, key: str, by: str) -> dict[str, int]:
        """The parts of ``key`` in 2021 by code."""
        found = drill(self.engine(), indicators, sources, key, Period.year(2021), by)
        return {part.code: int(part.value or 0) for part in found.parts}
