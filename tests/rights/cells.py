"""The cells of a line of the table: who asks for what, and the answer that the table gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.rights.stage import Persona, Stage, deeds, sampled, undone
from tests.rights.table import RELATIONS, Line


def cells(stage: Stage, line: Line, who: Persona) -> Iterator[tuple[str, Any, int]]:
    """Where an object belongs, its key, and the answer that the table gives for it."""
    passes = who.role in line.roles
    if line.object is None:
        yield who.place, None, line.answers["own"] if passes else 403
        return
    around = {relation: stage.around(who, line.object, relation) for relation in RELATIONS}
    if not passes:
        # Refused whatever the object, so one object of them all will do.
        everything = [place for found in around.values() for place in found]
        yield from ((place, pk, 403) for place, pk in sampled(everything, line, who))
        return
    for relation, found in around.items():
        if found and relation not in line.answers:
            raise AssertionError(f"{line}: {who} has such an object ({relation}: {found[0][0]})")
        for place, pk in sampled(found, line, who, relation):
            yield place, pk, line.answers[relation]


@contextmanager
def watched(changes: bool | None) -> Iterator[None]:
    """What passes leaves a deed where it ``changes`` a register, and is taken back; what cannot pass (None) is left
    alone, since whoever asks sees to it that all such requests together leave none."""
    if changes is None:
        yield
        return
    with undone():
        before = deeds()
        yield
        assert (deeds() > before) == changes
