"""What came of a run: where everybody is, the cut-offs, and what moved between pools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from jineng.engines.allocation.problem import Applicant, Place, Problem
from jineng.engines.allocation.reading import plain_number
from jineng.engines.allocation.scoring import Units, points, score


class State(StrEnum):
    """How a run ended for an applicant."""

    ADMITTED = "admitted"
    EXEMPT = "exempt"
    """Has the seat that was given before the run."""
    RETURNED = "returned"
    """Placed with a group, but no major of it could be given: the file goes back (退档)."""
    UNPLACED = "unplaced"
    ELIMINATED = "eliminated"


@dataclass(frozen=True)
class Row:
    """One applicant's result. `wish`: which preference was met, from 1; `score`: points by the place's own rule."""

    applicant: str
    state: State
    place: str | None = None
    group: str | None = None
    wish: int | None = None
    score: str | None = None


@dataclass(frozen=True)
class CutOff:
    """Of a place, cap or group: seats, how many are taken, and what had to be reached where it is full.

    `batch`, `score` (points), `ties` (points) and `lot` (hex) are those of the last who got in, in the order in which
    they are compared; None where seats were left, so that everyone who may enter and asked got in.
    """

    key: str
    seats: int
    taken: int
    batch: int | None = None
    score: str | None = None
    ties: tuple[str, ...] | None = None
    lot: str | None = None


@dataclass(frozen=True)
class Move:
    """Seats that nobody used, moved from one place to another of the same programme."""

    giver: str
    taker: str
    seats: int


@dataclass(frozen=True)
class Outcome:
    """A whole result. `rows` by applicant's id; cut-offs by key; `moves` in the order in which they were made."""

    rows: tuple[Row, ...]
    places: tuple[CutOff, ...]
    caps: tuple[CutOff, ...] = ()
    groups: tuple[CutOff, ...] = ()
    moves: tuple[Move, ...] = ()

    @cached_property
    def by_applicant(self) -> Mapping[str, Row]:
        """The rows by id."""
        return {row.applicant: row for row in self.rows}


Standing = tuple[int, int, tuple[int, ...], bytes]
"""Batch, score, tie components, lot turned round: of two, the higher comes first."""


def standing(problem: Problem, place: Place, applicant: Applicant, own: Units, batch: int) -> Standing:
    """How an applicant stands at a place."""
    chain = next(chain for chain in problem.scheme.ties if chain.key == place.ties)
    rule = problem.scheme.rule(place.rule)
    lot = bytes(255 - byte for byte in problem.lot(applicant.id))
    return batch, score(rule, own), tuple(own[key] for key in chain.by), lot


def cut_off(problem: Problem, key: str, seats: int, taken: int, place: Place, last: Standing | None) -> CutOff:
    """The cut-off of something that judges as `place` does; `last` is the lowest standing inside, if it is full."""
    if taken < seats or last is None:
        return CutOff(key, seats, taken)
    scheme = problem.scheme
    batch, number, ties, lot = last
    return CutOff(
        key,
        seats,
        taken,
        batch,
        points(scheme, scheme.rule(place.rule), number),
        tuple(plain_number(Decimal(value) / scheme.scale) for value in ties),
        bytes(255 - byte for byte in lot).hex(),
    )
