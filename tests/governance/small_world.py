"""Tasks, policies and returns to test with, in a line each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from jineng.governance.models import Assignment, Policy, Task
from jineng.governance.verbs import give_task, record_policy
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from tests.factories import World

TODAY, DUE = date(2021, 9, 1), date(2021, 11, 30)
ROOT, LANZHOU, YONGDENG, FINANCE = "620000-JY", "LZ-JY", "YD-JY", "620000-CZ"
CODE_OF = {"province": ROOT, "lanzhou": LANZHOU, "yongdeng": YONGDENG, "finance": FINANCE, "qinzhou": "QZ-JY"}


def give(world: World, by: str = "province_officer", due_on: date = DUE, **shares: int) -> Task:
    """A task given by ``by`` to organisations by name, such as ``lanzhou=3``."""
    return give_task(
        actor=world.actor(by),
        title="备案核查",
        unit="校",
        due_on=due_on,
        shares={world[name].pk: Decimal(share) for name, share in shares.items()},
    )


def share(world: World, task: Task, receiver: str) -> Assignment:
    """The share of ``task`` that ``receiver`` holds, with its progress."""
    return Assignment.objects.select_related("task", "progress").get(task=task, receiver=world[receiver])


def policy(world: World, number: str = "甘教〔2021〕1号", by: str = "province_officer", **fields: Any) -> Policy:
    """An issued provincial policy of the province unless said otherwise."""
    values = {
        "title": "某办法",
        "issuer_ids": [world.root.pk],
        "level": "provincial",
        "topic": "performance-pay",
        "issued_on": date(2021, 5, 1),
        **fields,
    }
    return record_policy(actor=world.actor(by), number=number, **values)


def landed(receipt: Receipt) -> dict[str, Any]:
    """What a return did, once it has landed."""
    assert receipt.state == Receipt.State.LANDED, receipt.errors
    return receipt.counts


def refused(receipt: Receipt) -> set[tuple[str, int, str, str]]:
    """The cells for which a return was refused, and why; sheets by their machine names."""
    assert receipt.state == Receipt.State.REFUSED
    names = {sheet.title: sheet.name for sheet in the_book().sheets}
    return {(names[error["sheet"]], error["row"], error["column"], str(error["code"])) for error in receipt.errors}
