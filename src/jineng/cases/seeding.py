"""Procedures that an installation starts with, which rooms bring; officers copy them and make their own of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jineng.cases.models import Procedure
from jineng.cases.procedures import parse
from jineng.cases.verbs import draft_procedure, publish_procedure
from jineng.kernel.actors import Actor, acting
from jineng.kernel.records import STANDS

_folders: list[Path] = []


def bring_procedures(folder: Path) -> None:
    """Let a room bring the procedures of a folder, one YAML file each; called when its app is ready."""
    if folder not in _folders:
        _folders.append(folder)


def procedure_files() -> list[Path]:
    """The files of all rooms, in order."""
    return sorted((path for folder in _folders for path in folder.glob("*.yaml")), key=lambda path: path.name)


def seed_procedures(actor: Actor, files: Iterable[Path] | None = None) -> int:
    """Draft and publish the procedures whose codes are not known yet; returns how many were new.

    Raises:
        ValidationError: one of the files is no sound procedure.
    """
    new = 0
    for path in procedure_files() if files is None else files:
        text = path.read_text(encoding="utf-8")
        with acting(actor):
            known = Procedure.objects.filter(STANDS, code=parse(text).flow.code).exists()
        if not known:
            publish_procedure(actor=actor, procedure_id=draft_procedure(actor=actor, text=text).pk)
            new += 1
    return new
