"""A verb that does nothing but tell."""

from __future__ import annotations

from typing import Any

from django.db import models

from jineng.kernel.actors import Actor
from jineng.kernel.notices import kind_of_notice, notify
from jineng.kernel.rights import Right
from jineng.kernel.verbs import verb

TOLD = kind_of_notice("tests.told", "试验 Trial")


@verb(Right.USE_WORKSPACE, room="kernel")
def tell(*, actor: Actor, about: models.Model, to: Any, fail: bool = False, **words: Any) -> int:
    """Tell somebody something, and perhaps fail after it."""
    told = notify(kind=TOLD, to=to, about=about, **{"subject": "新任务", "link": "/organisations/", **words})
    if fail:
        raise RuntimeError("after telling")
    return told
