"""The procedures in the matrix of rights: of each office one that is published and one that is a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Procedure
from jineng.cases.verbs import draft_procedure, publish_procedure
from jineng.kernel import clock
from tests.cases.small_call import TEXT
from tests.factories import World

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

MANY = 48
KEEPERS = {"province": "province_officer", "lanzhou": "city_officer", "yongdeng": "county_officer"}
BESIDE = ("tianshui", "chengguan", "qinzhou")
"""Offices without an officer of their own; the province's writes theirs, and they are handed over."""
PAGES = """
procedures                  GET     +    +    +    +    +    .     -                    200
procedure                   GET     +    +    +    +    +    .     procedure            200  200   200   200
procedure                   GET     +    +    +    +    +    .     procedure_draft      200  200   404   404
draft_procedure             GET     +    +    +    .    .    .     -                    200
draft_procedure             POST    +    +    +    .    .    .     procedure            302  302   403   403
publish_procedure           GET     +    +    +    .    .    .     procedure_draft      200  200   404   404
publish_procedure           POST    +    +    +    .    .    .     procedure_draft      302  302   404   404
retire_procedure            GET     +    +    +    .    .    .     procedure            200  200   403   403
retire_procedure            POST    +    +    +    .    .    .     procedure            302  302   403   403
hold_intake                 GET     +    +    +    .    .    .     procedure            200  200   200   200
hold_intake                 POST    +    +    +    .    .    .     procedure            302  302   302   302
"""
API = ""
PAGE_FORMS: dict[str, Make] = {
    "draft_procedure": lambda stage, who, name: {"text": text_of(f"office-{name}"), "note": "改一处"},
    "publish_procedure": lambda stage, who, name: {},
    "retire_procedure": lambda stage, who, name: {},
    "hold_intake": lambda stage, who, name: {
        "name": "备案受理",
        "opens_on": "2021-06-01",
        "closes_on": "2021-12-31",
        "deciders": "",
    },
}
API_FORMS: dict[str, Make] = {}
LISTS = {"procedures": "province_officer"}
ASKED: dict[str, str] = {}


def text_of(code: str) -> str:
    """The small selection's procedure under another code."""
    return TEXT.replace("code: studio", f"code: {code}")


def furnish(stage: Stage) -> None:
    """A published procedure and the draft of another in each office."""
    from tests.rights.stage import as_owner

    world = stage.world
    stage.objects["procedure"] = {}
    stage.objects["procedure_draft"] = {}
    for name in (*KEEPERS, *BESIDE):
        actor = world.actor(KEEPERS.get(name, "province_officer"))
        published = draft_procedure(actor=actor, text=text_of(f"office-{name}"))
        publish_procedure(actor=actor, procedure_id=published.pk)
        draft = draft_procedure(actor=actor, text=text_of(f"draft-{name}"))
        stage.objects["procedure"][name] = published.pk
        stage.objects["procedure_draft"][name] = draft.pk
        if name in BESIDE:
            with as_owner():
                _hand_over(world, name, published, draft)


def _hand_over(world: World, name: str, *procedures: Procedure) -> None:
    for procedure in procedures:
        Procedure.objects.filter(pk=procedure.pk).update(owner=world[name])


def fill(stage: Stage) -> None:
    """Forty-eight more procedures of as many owners as there are offices."""
    like = Procedure.objects.get(pk=stage.objects["procedure"]["province"])
    owners = [stage.world[name] for name in KEEPERS]
    Procedure.objects.bulk_create(
        Procedure(
            code=f"bulk-{number}",
            version=1,
            name=f"批量{number}",
            state=ProcedureState.PUBLISHED,
            owner=owners[number % len(owners)],
            content=like.content,
            digest=like.digest,
            published_at=clock.now(),
        )
        for number in range(MANY)
    )
