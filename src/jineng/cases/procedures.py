"""Procedures read: from a version in the database to the engine's form and flow, and from text to data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from jineng.cases.facts import other_sides, vocabulary
from jineng.cases.models import Procedure
from jineng.engines import canonical
from jineng.engines.casework import (
    DefinitionError,
    FieldKind,
    Flow,
    Form,
    Role,
    Written,
    load_flow,
    load_form,
    read_written,
)
from jineng.engines.casework.comparing import Comparison, load_comparison
from jineng.engines.casework.reviewing import Review, load_review

LOADED = 256
PARTS = ("form", "flow")
REVIEW, COMPARISON = "review", "comparison"
"""The parts that a procedure may have beside them: how a stage is reviewed, when a return is to be explained."""
MORE = {REVIEW, COMPARISON}


@dataclass(frozen=True)
class Read:
    """A procedure as the engine takes it."""

    form: Form
    flow: Flow
    review: Review | None = None
    comparison: Comparison | None = None

    def to_data(self) -> dict[str, Any]:
        """The canonical data of all parts."""
        found = {"form": self.form.to_data(), "flow": self.flow.to_data()}
        found |= {REVIEW: self.review.to_data()} if self.review else {}
        return found | ({COMPARISON: self.comparison.to_data()} if self.comparison else {})


def read(procedure: Procedure) -> Read:
    """The form and flow of a version; loaded once in each process, so that lists need not fetch what it says."""
    return _read(_Version(procedure))


def digest_of(content: object) -> str:
    """SHA-256, in hex, of the canonical form (RFC 8785) of a procedure's or a case's data."""
    return canonical.digest(content)


@lru_cache(maxsize=LOADED)
def parse(text: str) -> Read:
    """The procedure that somebody wrote as YAML, with ``form``, ``flow`` and, where a stage is reviewed, ``review``;
    a return may have ``comparison``.

    Raises:
        ValidationError: it cannot be read or is not sound; one message for each fault, with its line and place.
    """
    try:
        found = read_written(text)
    except DefinitionError as error:
        raise ValidationError({"text": [f"{each.zh} / {each.en}" for each in error.faults]}) from error
    data = found.data
    if not isinstance(data, dict) or set(data) - MORE != set(PARTS):
        raise ValidationError(
            {
                "text": "内容应分“form”和“flow”两部分，可加“review”“comparison”。"
                " There should be form and flow, and perhaps review and comparison."
            }
        )
    known = vocabulary()
    with _placed(found, "form"):
        form = load_form(data["form"], vocabulary=known)
    with _placed(found, "flow"):
        flow = load_flow(data["flow"], form, vocabulary=known)
    _require_counterparts(form, flow)
    review = comparison = None
    if REVIEW in data:
        with _placed(found, REVIEW):
            review = load_review(data[REVIEW], form, flow)
    if COMPARISON in data:
        with _placed(found, COMPARISON):
            comparison = load_comparison(data[COMPARISON])
    return Read(form, flow, review, comparison)


def _require_counterparts(form: Form, flow: Flow) -> None:
    """The other side of a case is whoever the form's field of that party's key names, or a room tells by that key."""
    for party in flow.parties:
        field = form.fields.get(party.key)
        told = party.key in other_sides() or (field is not None and field.kind is FieldKind.ORGANISATION)
        if party.role is Role.COUNTERPART and not told:
            zh = f"参与方“{party.name}”是对方，表中须有标识为 {party.key} 的机构字段"
            en = f"the form needs an organisation named {party.key}, who is the other side"
            raise ValidationError({"text": [f"flow.parties：{zh} / {en}"]})


def written(content: dict[str, Any]) -> str:
    """A procedure as YAML for people to edit."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


@contextmanager
def _placed(found: Written, part: str) -> Iterator[None]:
    """Each fault of a part becomes a message that says on which line it stands."""
    try:
        yield
    except DefinitionError as error:
        faults = [(found.line_of(f"{part}.{each.path}"), each) for each in error.faults]
        raise ValidationError(
            {"text": [f"第 {line} 行 {part}.{each.path}：{each.zh} / {each.en}" for line, each in faults]}
        ) from error


@dataclass(frozen=True)
class _Version:
    """A version as the memory knows it: by the digest of what it says."""

    procedure: Procedure

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version) and other.procedure.digest == self.procedure.digest

    def __hash__(self) -> int:
        return hash(self.procedure.digest)


@lru_cache(maxsize=LOADED)
def _read(version: _Version) -> Read:
    return _sound(version.procedure.content)


def _sound(data: dict[str, Any]) -> Read:
    """All parts, loaded."""
    known = vocabulary()
    form = load_form(data["form"], vocabulary=known)
    flow = load_flow(data["flow"], form, vocabulary=known)
    return Read(
        form,
        flow,
        load_review(data[REVIEW], form, flow) if REVIEW in data else None,
        load_comparison(data[COMPARISON]) if COMPARISON in data else None,
    )
