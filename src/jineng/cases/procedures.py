"""Procedures read: from a version in the database to the engine's form and flow, and from text to data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import rfc8785
import yaml
from django.core.exceptions import ValidationError

from jineng.cases.facts import vocabulary
from jineng.cases.models import Procedure
from jineng.engines.casework import DefinitionError, Flow, Form, load_flow, load_form

LOADED = 256
PARTS = ("form", "flow")


@dataclass(frozen=True)
class Read:
    """A procedure as the engine takes it."""

    form: Form
    flow: Flow

    def to_data(self) -> dict[str, Any]:
        """The canonical data of both."""
        return {"form": self.form.to_data(), "flow": self.flow.to_data()}


def read(procedure: Procedure) -> Read:
    """The form and flow of a version; loaded once in each process."""
    return _read(json.dumps(procedure.content, sort_keys=True))


def digest_of(content: object) -> str:
    """SHA-256, in hex, of the canonical form (RFC 8785) of a procedure's or a case's data."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()  # type: ignore[arg-type]


def parse(text: str) -> Read:
    """The procedure that somebody wrote as YAML, with ``form`` and ``flow``.

    Raises:
        ValidationError: it cannot be read or is not sound; one message for each fault, with its place.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else ""
        raise ValidationError(
            {"text": f"{where}写法有误，不是 YAML。 Line {mark.line + 1 if mark else '?'}: not YAML."}
        ) from error
    if not isinstance(data, dict) or set(data) != set(PARTS):
        raise ValidationError({"text": "内容应分“form”和“flow”两部分。 There should be two parts, form and flow."})
    try:
        return _sound(data)
    except DefinitionError as error:
        raise ValidationError({"text": [f"{each.path}：{each.zh} {each.en}" for each in error.faults]}) from error


def written(content: dict[str, Any]) -> str:
    """A procedure as YAML for people to edit."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


@lru_cache(maxsize=LOADED)
def _read(text: str) -> Read:
    return _sound(json.loads(text))


def _sound(data: dict[str, Any]) -> Read:
    """Both parts, loaded; the faults of the form come before those of the flow, which rests on it."""
    known = vocabulary()
    form = load_form(data["form"], vocabulary=known)
    return Read(form, load_flow(data["flow"], form, vocabulary=known))
