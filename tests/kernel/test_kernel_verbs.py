"""A verb's line says all that the model has a field for, as the model itself would have written it."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import AuditLine
from jineng.kernel.rights import Right
from jineng.kernel.verbs import _COLUMNS, current_deed, verb
from tests.factories import World

pytestmark = pytest.mark.django_db


@verb(Right.USE_WORKSPACE, room="kernel")
def do_nothing(*, actor: Actor, summary: str) -> None:
    """Leave a line."""
    current_deed().note(summary, many=[1, "二", None], when="2021")


def test_a_line_says_who_did_what(world: World) -> None:
    actor, post = world.actor("county_officer"), uuid4()
    deputy = replace(actor, post_id=post, label="代" * 300, on_behalf_of=actor.account_id)
    for who, summary in ((actor, "什么也没做 '"), (deputy, "零\0字节")):
        do_nothing(actor=who, summary=summary)
    with acting(actor):
        first, second = AuditLine.objects.order_by("id")
    assert (first.room, first.verb, first.summary) == ("kernel", "do_nothing", "什么也没做 '")
    assert (first.account_id, first.organisation_id) == (actor.account_id, actor.organisation_id)
    assert (first.post_id, first.on_behalf_of_id) == (actor.post_id, None)
    assert (first.subject_type, first.subject_id) == ("", "")
    assert first.details == {"many": [1, "二", None], "when": "2021"}
    assert first.actor_label == actor.label
    assert first.deed != second.deed
    assert (second.post_id, second.on_behalf_of_id, second.actor_label) == (post, actor.account_id, "代" * 200)
    assert second.summary == "零�字节"
    assert second.at >= first.at


def test_no_column_of_a_line_is_forgotten() -> None:
    assert {"id", *_COLUMNS} == {field.column for field in AuditLine._meta.concrete_fields}
