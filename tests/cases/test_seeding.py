"""Procedures that come with the program: a newer text is offered to an office, and forced upon none."""

from __future__ import annotations

from pathlib import Path

from jineng.cases.models import Procedure
from jineng.cases.seeding import seed_procedures
from jineng.cases.verbs import draft_procedure, publish_procedure, retire_procedure
from jineng.kernel.actors import acting
from tests.cases.small_call import TEXT
from tests.factories import World

NAME = "  name: 工作室遴选\n"


def named(name: str) -> str:
    """The procedure under another name."""
    assert TEXT.count(NAME) == 1
    return TEXT.replace(NAME, f"  name: {name}\n")


def test_a_newer_text_is_offered_as_a_draft_unless_an_office_has_its_own(world: World, tmp_path: Path) -> None:
    actor = world.actor("province_officer")
    file = tmp_path / "studio.yaml"

    def ship(title: str) -> tuple[int, list[tuple[int, str, str]]]:
        file.write_text(named(title), encoding="utf-8")
        brought = seed_procedures(actor, [file])
        with acting(actor):
            return brought, list(Procedure.objects.order_by("version").values_list("version", "state", "name"))

    first = (1, "published", "工作室一")
    assert ship("工作室一") == (1, [first])
    assert ship("工作室一") == (0, [first])
    assert ship("工作室二") == (1, [first, (2, "draft", "工作室二")])
    assert ship("工作室二") == (0, [first, (2, "draft", "工作室二")])
    assert ship("工作室三") == (1, [first, (2, "draft", "工作室三")]), "nobody has touched the draft"
    with acting(actor):
        draft = Procedure.objects.get(version=2)
    publish_procedure(actor=actor, procedure_id=draft.pk)
    second = (2, "published", "工作室三")
    assert ship("工作室三") == (0, [first, second])
    assert ship("工作室四") == (1, [first, second, (3, "draft", "工作室四")])
    own = (3, "draft", "本厅的工作室")
    draft_procedure(actor=actor, text=named("本厅的工作室"))
    assert ship("工作室五") == (0, [first, second, own]), "an officer has written a version of their own"


def test_a_retired_procedure_is_not_offered_again(world: World, tmp_path: Path) -> None:
    actor = world.actor("province_officer")
    file = tmp_path / "studio.yaml"
    file.write_text(TEXT, encoding="utf-8")
    assert seed_procedures(actor, [file]) == 1
    with acting(actor):
        made = Procedure.objects.get()
    retire_procedure(actor=actor, procedure_id=made.pk)
    file.write_text(named("另一工作室"), encoding="utf-8")
    assert seed_procedures(actor, [file]) == 0
