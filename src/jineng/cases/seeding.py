"""Procedures that an installation starts with, which rooms bring; officers copy them and make their own of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Procedure
from jineng.cases.procedures import Read, parse, written
from jineng.cases.verbs import draft_procedure, publish_procedure
from jineng.kernel.actors import Actor, acting
from jineng.kernel.records import STANDS

SHIPPED = "随程序更新 Came with a newer program"
"""The note of a version that the program brought, by which it is known from one that an office wrote."""
_folders: list[Path] = []


def bring_procedures(folder: Path) -> None:
    """Let a room bring the procedures of a folder, one YAML file each; called when its app is ready."""
    if folder not in _folders:
        _folders.append(folder)


def procedure_files() -> list[Path]:
    """The files of all rooms, in order."""
    return sorted((path for folder in _folders for path in folder.glob("*.yaml")), key=lambda path: path.name)


def seed_procedures(actor: Actor, files: Iterable[Path] | None = None) -> int:
    """Draft and publish the procedures whose codes are not known yet; returns how many were new or newer.

    Of one that is known, a text that says something else than the newest published version becomes the draft of the
    next, for an officer to publish: as long as nobody has written a version of their own since.

    Raises:
        ValidationError: one of the files is no sound procedure.
    """
    new = 0
    for path in procedure_files() if files is None else files:
        text = path.read_text(encoding="utf-8")
        shipped = parse(text)
        with acting(actor):
            versions = Procedure.objects.filter(STANDS, code=shipped.flow.code).order_by("-version")
            known = list(versions.values_list("version", "state", "note", "content"))
        if not known:
            publish_procedure(actor=actor, procedure_id=draft_procedure(actor=actor, text=text).pk)
            new += 1
        elif _is_newer(shipped, known):
            draft_procedure(actor=actor, text=text, note=SHIPPED)
            new += 1
    return new


def _is_newer(shipped: Read, known: list[tuple[int, str, str, dict[str, Any]]]) -> bool:
    """Whether a shipped procedure says something new to an office that has only what was shipped before."""
    _, state, _, content = known[0]
    theirs = [version for version, _, note, _ in known if version > 1 and note != SHIPPED]
    return state != ProcedureState.RETIRED and not theirs and _as_read_now(content) != shipped.to_data()


def _as_read_now(content: dict[str, Any]) -> dict[str, Any] | None:
    """What a version says as this version of the program would write it; nothing where it is sound no longer."""
    try:
        return parse(written(content)).to_data()
    except ValidationError:
        return None
