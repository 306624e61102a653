"""A round is run: inputs frozen, places given, certified and recounted; what-if runs change nothing but themselves."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max

from jineng.admissions.capping import told_caps
from jineng.admissions.kinds import FileState, Phase, RunState
from jineng.admissions.models import Offer, Opening, Result, Run, Ticket
from jineng.admissions.verbs.checking import ROOM, need_province, told
from jineng.admissions.verbs.freezing import problem_of
from jineng.admissions.verbs.openings import locked_opening
from jineng.engines.allocation import AllocationError, Published, allocate, load_problem, publish
from jineng.engines.allocation.reasons import Why, reasons
from jineng.engines.canonical import canonical, digest
from jineng.engines.recount import check_file
from jineng.kernel import clock, files
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.jobs import soon
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb

NO_RUN = "没有此次运行。 There is no such run."
UNPUBLISHED = (RunState.WAITING, RunState.SETTLED, RunState.SENT, RunState.FAILED)


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def start_run(*, actor: Actor, opening_id: UUID, what_if: bool = False, seats: Mapping[str, int] | None = None) -> Run:
    """Have a round run by a job. A formal run ends the taking of preferences, and takes the place of the one before:
    what the schools' refusals struck stays struck. A what-if run may suppose other ``seats`` by plan.

    Raises:
        NotAllowed: anybody but the province, or no such round.
        ValidationError: preferences are still taken, or the round's result is published.
    """
    need_province(actor)
    opening = locked_opening(opening_id)
    struck: list[list[str]] = []
    if not what_if:
        _end_window(opening)
        struck = _dropped(opening)
    last = Run.objects.filter(opening=opening).aggregate(last=Max("number"))["last"] or 0
    made = Run(
        opening=opening,
        number=last + 1,
        what_if=what_if,
        changes={str(plan): number for plan, number in (seats or {}).items()} if what_if else {},
        struck=struck,
        **origin(),
    )
    with told():
        made.save()
    current_deed().note(f"{opening.round.name} {made}", subject=made)
    soon("run_round", run_id=str(made.pk), account_id=actor.account_id, post_id=str(actor.post_id))
    made.refresh_from_db()
    return made


def _end_window(opening: Opening) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT admissions_close_window(%s)", [opening.pk])
        (now,) = cursor.fetchone()
    if opening.phase not in (Phase.OPEN, Phase.RUNNING):
        raise ValidationError("本轮结果已公布。 The result of the round is published.")
    if opening.phase == Phase.OPEN and now < opening.closes_at:
        raise ValidationError("志愿填报尚未截止，只能模拟运行。 Preferences are still taken: only a what-if may run.")
    opening.phase = Phase.RUNNING
    opening.save(update_fields=["phase"])


def _dropped(opening: Opening) -> list[list[str]]:
    """Drop the formal run before this one; what it had struck, and what schools have refused since."""
    before = Run.objects.select_for_update().filter(STANDS, opening=opening, what_if=False, state__in=UNPUBLISHED)
    found = before.order_by("-number").first()
    if found is None:
        return []
    refused = Result.objects.filter(STANDS, run=found, file_state=FileState.REFUSED)
    tickets = dict(
        Ticket.objects.filter(STANDS, applicant__in=refused.values("applicant")).values_list("applicant_id", "number")
    )
    offers = dict(Offer.objects.filter(STANDS, opening=opening).values_list("plan_id", "key"))
    struck = [[tickets[who], offers[plan]] for who, plan in refused.values_list("applicant_id", "plan_id")]
    before.update(state=RunState.DROPPED)
    return [*found.struck, *sorted(struck)]


def locked_run(run_id: UUID) -> Run:
    """The run under its lock, with opening, round and season.

    Raises:
        NotAllowed: there is none.
    """
    found = (
        Run.objects.select_for_update(of=("self",))
        .select_related("opening__round__season", "opening__scheme")
        .filter(STANDS, pk=run_id)
        .first()
    )
    if found is None:
        raise NotAllowed(NO_RUN)
    return found


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def freeze_run(*, actor: Actor, run_id: UUID) -> Run:
    """Read a run's inputs in one moment and keep them under its id; done again it changes nothing.

    Raises:
        NotAllowed: anybody but the province, or no such run.
    """
    need_province(actor)
    run = locked_run(run_id)
    if run.input_digest or run.state != RunState.WAITING:
        return run
    try:
        data = problem_of(run.opening, seats=run.changes, struck=run.struck)
    except AllocationError as error:
        return _fail(run, [str(fault) for fault in error.faults])
    except ValidationError as error:
        return _fail(run, error.messages)
    files.keep(run.pk, canonical(data))
    run.input_digest = digest(data)
    run.save(update_fields=["input_digest"])
    current_deed().note(f"冻结输入 {run.input_digest[:12]}", subject=run)
    return run


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def settle_run(*, actor: Actor, run_id: UUID) -> Run:
    """Give out the places of a frozen run, certify the result, and have it recounted by the other implementation.

    Everything is written at once or not at all; done again it changes nothing. A result that the recount does not
    confirm is not kept.

    Raises:
        NotAllowed: anybody but the province, or no such run.
    """
    need_province(actor)
    run = locked_run(run_id)
    if run.state != RunState.WAITING or not run.input_digest:
        return run
    try:
        published, why = computed(run)
    except AllocationError as error:
        return _fail(run, [str(fault) for fault in error.faults])
    wrong = [f"{finding.what}：{finding.says}" for finding in check_file(published.document()) if not finding.ok]
    if wrong:
        return _fail(run, wrong)
    Result.objects.bulk_create(_results(run, published, why), batch_size=2000)
    run.result_digest = published.certificate["result_digest"]
    run.counts = dict(Counter(row["state"] for row in published.rows))
    run.state, run.finished_at = RunState.SETTLED, clock.now()
    run.save(update_fields=["result_digest", "counts", "state", "finished_at"])
    current_deed().note(f"运行完成 {run.result_digest[:12]}", subject=run, **run.counts)
    return run


def computed(run: Run) -> tuple[Published, Mapping[str, Sequence[Any]]]:
    """The published form of a frozen run, computed anew from its inputs, and the reasons by applicant's number.

    Raises:
        AllocationError: the inputs cannot be run.
        FileNotFoundError: the frozen inputs are gone.
    """
    problem = load_problem(json.loads(files.fetch(run.pk)))
    outcome = allocate(problem)
    return publish(problem, outcome, run.opening.secret), reasons(problem, outcome)


def _results(run: Run, published: Published, why: Mapping[str, Sequence[Any]]) -> list[Result]:
    offers = {offer.key: offer for offer in Offer.objects.filter(STANDS, opening=run.opening)}
    names = {offer.group: offer.group_name for offer in offers.values()}
    who = dict(
        Ticket.objects.filter(STANDS, applicant__season=run.opening.round.season_id).values_list(
            "number", "applicant_id"
        )
    )
    earlier, refused = _carried(run), _refused(run, offers)
    caps = told_caps(published.problem["scheme"], published.certificate["caps"])
    found = []
    for row in published.rows:
        offer = offers.get(row.get("place", ""))
        applicant = who[row["applicant"]]
        missed = [
            {
                "wish": each.wish,
                "name": _named(each.place, offers, names),
                "why": str(each.why),
                **_line_met(each, caps),
                "score": each.score,
                "waiting": each.waiting,
            }
            for each in why[row["applicant"]]
        ]
        found.append(
            Result(
                run=run,
                applicant_id=applicant,
                organisation_id=offer.organisation_id if offer else None,
                plan_id=offer.plan_id if offer else None,
                outcome=row["state"],
                wish=row.get("wish"),
                score=row.get("score") or "",
                file_state=earlier.get((applicant, offer.plan_id), FileState.FREE) if offer else FileState.FREE,
                why=sorted([*refused.get(applicant, ()), *missed], key=itemgetter("wish")),
                **origin(),
            )
        )
    return found


def _refused(run: Run, offers: Mapping[str, Offer]) -> dict[UUID, list[dict[str, Any]]]:
    """By applicant what schools refused in the runs before, as lines of what was not met."""
    if not run.struck:
        return {}
    names: dict[UUID | None, str] = {offer.plan_id: offer.name for offer in offers.values()}
    before = Result.objects.filter(STANDS, run__opening=run.opening, plan__in=names, file_state=FileState.REFUSED)
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in before.order_by("run__number"):
        line = {"wish": row.wish, "name": names[row.plan_id], "why": "refused", "score": row.score}
        found[row.applicant_id].append({**line, "reason": row.reason})
    return found


def _line_met(missed: Any, caps: Mapping[str, tuple[str, str]]) -> dict[str, str | None]:
    """What had to be reached: at the place where it is full, else under the cap that is over it."""
    cap, cut = caps.get(missed.place, (None, None))
    if missed.why != Why.BELOW or missed.cut_off is not None or cap is None:
        return {"cut_off": missed.cut_off}
    return {"cut_off": cut, "cap": cap}


def _named(place: str, offers: Mapping[str, Offer], groups: Mapping[str, str]) -> str:
    offer = offers.get(place)
    return groups.get(place, place) if offer is None else offer.name


def _carried(run: Run) -> dict[tuple[UUID, UUID], str]:
    """Files that a school has proposed to admit in the run before, and that lie where they lay: they stay proposed."""
    if run.what_if:
        return {}
    before = Run.objects.filter(STANDS, opening=run.opening, what_if=False, number__lt=run.number).order_by("-number")
    rows = Result.objects.filter(STANDS, run=before.first(), file_state=FileState.PROPOSED)
    return {(who, plan): FileState.PROPOSED for who, plan in rows.values_list("applicant_id", "plan_id") if plan}


def _fail(run: Run, errors: Sequence[str]) -> Run:
    run.state, run.errors, run.finished_at = RunState.FAILED, list(errors)[:200], clock.now()
    run.save(update_fields=["state", "errors", "finished_at"])
    current_deed().note(f"未能运行：{len(errors)} 处", subject=run)
    return run
