"""Procedures that an installation starts with; officers copy them and make their own of them."""

from __future__ import annotations

from pathlib import Path

from jineng.cases.models import Procedure
from jineng.cases.procedures import parse
from jineng.cases.verbs import draft_procedure, publish_procedure
from jineng.kernel.actors import Actor, acting
from jineng.kernel.records import STANDS

FOLDER = Path(__file__).with_name("data") / "procedures"


def seed_procedures(actor: Actor, folder: Path = FOLDER) -> int:
    """Draft and publish the procedures of ``folder`` whose codes are not known yet; returns how many were new.

    Raises:
        ValidationError: one of the files is no sound procedure.
    """
    new = 0
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        with acting(actor):
            known = Procedure.objects.filter(STANDS, code=parse(text).flow.code).exists()
        if not known:
            publish_procedure(actor=actor, procedure_id=draft_procedure(actor=actor, text=text).pk)
            new += 1
    return new
