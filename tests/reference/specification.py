"""Reads the specification of the reference year and expands it, on its own and without the product's code."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
YEAR = ROOT / "reference/gansu-2021"
END = date(2021, 12, 31)
BEFORE = date(2020, 12, 31)


@cache
def read(path: Path) -> dict:
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)


@dataclass(frozen=True)
class Award:
    call: str
    batch: int
    by: str
    organisations: frozenset[str]
    people: frozenset[int]
    events: tuple[tuple[date, str], ...]
    voided: bool
    also_reported: bool

    def state(self, day: date) -> str | None:
        """The state in which the award stands on a day; None before its first event."""
        past = [state for when, state in self.events if when <= day]
        return past[-1] if past else None

    def recognised_in(self, year: int) -> bool:
        return any(state == "recognised" and when.year == year for when, state in self.events)


@dataclass(frozen=True)
class Offering:
    organisation: str
    major: str
    years: int
    opened: date
    revoked: date | None
    voided: bool

    def stands(self, day: date) -> bool:
        return not self.voided and self.opened <= day and (self.revoked is None or self.revoked > day)


@dataclass
class Organisation:
    record: dict
    group: str
    synthetic: bool
    changes: list[dict] = field(default_factory=list)

    def kind(self, day: date) -> str:
        kind = self.record["kind"]
        for change in self.changes:
            if change["date"] <= day:
                kind = change.get("to", {}).get("kind", kind)
        return kind

    def ended(self, day: date) -> bool:
        return any(c["type"] in ("merged", "closed") and c["date"] <= day for c in self.changes)


@cache
def organisations() -> dict[str, Organisation]:
    out: dict[str, Organisation] = {}
    for name, group in read(YEAR / "organisations.yaml")["groups"].items():
        for record in group["organisations"]:
            assert record["id"] not in out, record["id"]
            changes = sorted(record.get("changes", []), key=lambda c: c["date"])
            out[record["id"]] = Organisation(record, name, group["synthetic"], changes)
    return out


@cache
def calls() -> dict[str, dict]:
    return read(YEAR / "calls.yaml")["calls"]


@cache
def awards(call: str) -> tuple[Award, ...]:
    return tuple(_awards(call))


def _awards(call: str) -> Iterator[Award]:
    tree = read(YEAR / "awards" / f"{call}.yaml")
    assert tree["call"] == call
    announced = {batch["number"]: batch["date"] for batch in calls()[call]["batches"]}
    for award in tree.get("awards", []):
        day = announced[award["batch"]]
        holders = award.get("holders", [{"organisation": award["by"]}])
        people = {h["person"] for h in holders if "person" in h}
        people |= {n for h in holders for n in h.get("team", [])}
        yield Award(
            call,
            award["batch"],
            award["by"],
            frozenset(h["organisation"] for h in holders if "organisation" in h),
            frozenset(people),
            tuple((when, state) for when, state in award.get("events", [[day, "recognised"]])),
            "voided" in award,
            "also_reported_by" in award,
        )
    person = tree.get("items", {}).get("people_after", 0)
    for expansion in tree.get("expansions", []):
        day = announced[expansion["batch"]]
        recognised = ((day, "recognised"),)
        withdrawn = (*recognised, (expansion["withdrawn_on"], "withdrawn"))
        for organisation, numbers in expansion["organisations"].items():
            later = numbers.get("withdrawn_later", 0)
            standing = numbers.get("recognised", 0)
            double = numbers.get("double", 0)
            assert later <= standing
            assert double <= standing
            rows = [(withdrawn if n >= standing - later else recognised, False) for n in range(standing)]
            for state in ("refused", "under_construction", "candidate"):
                rows += [(((day, state),), False)] * numbers.get(state, 0)
            rows += [(recognised, True)] * numbers.get("voided", 0)
            for n, (events, voided) in enumerate(rows):
                person += 1
                yield Award(
                    call,
                    expansion["batch"],
                    organisation,
                    frozenset([organisation]),
                    frozenset([person]),
                    events,
                    voided,
                    n < double,
                )


@cache
def offerings() -> tuple[Offering, ...]:
    out = []
    for organisation, groups in read(YEAR / "offerings.yaml")["offerings"].items():
        for group in groups:
            for major in group["majors"]:
                for years in group["years"]:
                    out.append(
                        Offering(
                            organisation,
                            major,
                            years,
                            group["opened"],
                            group.get("revoked"),
                            "voided" in group,
                        )
                    )
    return tuple(out)
