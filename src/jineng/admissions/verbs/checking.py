"""How the room's verbs refuse: faults of the rules, what the database holds against a write, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.admissions.rules import Fault
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.rights import Right
from jineng.kernel.verbs import came_through, current_deed

ROOM = "admissions"
REFUSALS = {
    "season_code_once": ("code", "已有此代码的招生季。 There is a season of this code."),
    "round_once": ("ordinal", "该招生季已有这一轮。 The season has this round."),
    "exempt_category_once": ("code", "该招生季已有此免试类别。 The season has this category."),
    "cap_once": ("issued_on", "该日已有此代码的限额。 There is a cap of this code on that day."),
    "plan_once": ("programme", "该专业、途径、性质的计划已申报，请更正原计划。 This plan is filed; correct it."),
    "applicant_once_in_season": ("", "该考生在本招生季已报名。 The applicant is registered in this season."),
    "scheme_once": ("", "招生办法刚被他人更新，请重试。 The scheme has just been declared anew; try again."),
    "opening_once": ("", "该轮次已开放。 The round is open already."),
    "run_once": ("", "刚有一次运行，请刷新。 Another run has just begun; look again."),
    "ticket_once": ("", "凭证刚由他人发放，请刷新。 Somebody has just issued the ticket; look again."),
    "ticket_number_once": ("", "报名号重复，请重试。 The number is taken; try again."),
    "form_in_time": ("", "不在志愿填报时间内，未接受。 Outside the window: nothing was accepted."),
    "answer_in_time": ("", "确认时间已过。 The time to answer is over."),
    "admission_once": ("", "该考生在此轮此计划已有记录。 There is a record of this applicant, plan and round."),
    "one_seat_at_a_time": (
        "confirmed_on",
        "该考生在本招生季已有确认的录取，请先终止前一录取。 The applicant holds a seat of this season; end it first.",
    ),
    "holders_within_seats": (
        "seats",
        "确认人数超过计划数：请先调增计划，或先终止录取。 More are confirmed than the plan has seats.",
    ),
    "plans_within_caps": (
        "seats",
        "超出计划限额；限额刚被他人占用，请再看余额。 A cap would be broken: somebody was faster, look again.",
    ),
}
"""By the constraint that refuses: the field, and what is said."""


@contextmanager
def told(*, at_last: bool = False, **fields: str) -> Iterator[None]:
    """What the database's constraints refuse within the block is raised as a ValidationError at its field.

    ``fields`` put a constraint's refusal at another field. Who refuses ``at_last`` has nothing left to do but fail:
    what is refused is then taken back with all of the transaction, and asks the database for nothing of its own.
    """
    try:
        with transaction.atomic(savepoint=not at_last):
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None) or ""
        if name not in REFUSALS:
            raise
        field, text = REFUSALS[name]
        field = fields.get(name, field)
        raise ValidationError({field: text} if field else text) from error


def obey(faults: Iterable[Fault], names: dict[str, str] | None = None) -> None:
    """Raise what the rules fault, each at its field; ``names`` translates fields of sheets to those of forms."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault((names or {}).get(fault.field, fault.field), []).append(str(fault))
    if found:
        raise ValidationError(found)  # type: ignore[arg-type]


def need_reason(reason: str) -> str:
    """The reason without blanks around it.

    Raises:
        ValidationError: there is none.
    """
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    return reason.strip()


def need_province(actor: Actor) -> None:
    """Only the root office declares seasons, sets caps and accepts plans.

    Raises:
        NotAllowed: another office.
    """
    if not (actor.sees_all and actor.may(Right.DECIDE_ADMISSIONS)):
        raise NotAllowed("招生季、限额和计划核准由省级部门办理。 The province declares seasons, caps and acceptances.")


def through(door: str) -> None:
    """Say by which door the running verb came, where that is not a page."""
    if door != "page":
        came_through(door, current_deed().id)
