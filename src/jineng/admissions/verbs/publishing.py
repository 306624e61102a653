"""A run's result is published: admissions recorded, everybody told, each row to be checked under one sealed root."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.admissions.kinds import FileState, Phase, RunState
from jineng.admissions.models import Admission, Offer, Opening, Result, Run, Ticket, Told
from jineng.admissions.rolling import place
from jineng.admissions.telling import mail_text, told_reasons
from jineng.admissions.verbs.checking import ROOM, need_province, told
from jineng.admissions.verbs.runs import computed, locked_run
from jineng.admissions.verbs.season_state import change_seats, key_of, stand
from jineng.admissions.wishes import tags_of
from jineng.engines.allocation import AllocationError, Published
from jineng.engines.allocation.rounds import Phase as Step
from jineng.engines.allocation.rounds import settle
from jineng.engines.seals import seal
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.keys import signer_now
from jineng.kernel.notices import Holder, Message, Office, kind_of_notice, notify_all
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import current_deed, origin, verb

RESULT = kind_of_notice("admissions.result", "录取结果 Result of admission")
PUBLISHED = kind_of_notice("admissions.published", "录取结果公布 Results published")
SEALED = "sealed-list"
NOT_DONE = (FileState.PLACED, FileState.READING, FileState.REFUSAL)


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def publish_run(*, actor: Actor, run_id: UUID, answers_until: datetime) -> Run:
    """Publish a run whose files the schools have proposed: what is published is what the certificate says.

    Admissions are recorded, the root over all rows is sealed, each applicant's page is written, and those told who
    want to be. Answers are taken until ``answers_until``, by the database's clock.

    Raises:
        NotAllowed: anybody but the province, or no such run.
        ValidationError: files wait for schools or for a decision, a refusal was accepted and the round not run again,
            or the result does not fit the season (seats, who may enter).
    """
    need_province(actor)
    run = locked_run(run_id)
    opening = Opening.objects.select_for_update().get(pk=run.opening_id)
    if run.what_if or run.state != RunState.SENT:
        raise ValidationError("只有已投档的正式运行可以公布。 Only a formal run whose files were sent is published.")
    if answers_until <= clock.now():
        raise ValidationError({"answers_until": "确认截止须晚于现在。 Answers must end after now."})
    states = Counter(Result.objects.filter(STANDS, run=run).values_list("file_state", flat=True))
    waiting = sum(states[state] for state in NOT_DONE)
    if waiting:
        raise ValidationError(f"还有 {waiting} 份档案待学校或省级处理。 {waiting} files wait to be dealt with.")
    if states[FileState.REFUSED]:
        raise ValidationError("有退档，请先重新运行本轮。 Files were refused: run the round again first.")
    published, _ = computed(run)
    if published.certificate["result_digest"] != run.result_digest:
        raise ValidationError("重算结果与记录不符，不能公布。 The recomputed result differs from what is recorded.")
    _move_seats(run, published)
    _settle(run)
    _record(run)
    _tell(run, published, answers_until)
    statement = {
        "type": SEALED,
        "about": {"season": run.opening.round.season.code, "round": run.opening.round.name, "run": run.number},
        "root": published.certificate["root"],
        "size": len(published.rows),
    }
    run.sealed = seal(statement, *signer_now())
    run.certificate, run.state = dict(published.certificate), RunState.PUBLISHED
    run.save(update_fields=["certificate", "sealed", "state"])
    opening.phase, opening.answers_until = Phase.ANSWERING, answers_until
    opening.save(update_fields=["phase", "answers_until"])
    current_deed().note(f"公布 {run.opening.round.name} 录取结果", subject=run, **run.counts)
    return run


def _move_seats(run: Run, published: Published) -> None:
    """Seats that nobody of their pool used went to another plan of the programme: both plans say so from now on."""
    plans = dict(Offer.objects.filter(STANDS, opening=run.opening).values_list("key", "plan_id"))
    change: dict[UUID, int] = {}
    for move in published.certificate["moves"]:
        for key, number in ((move["giver"], -move["seats"]), (move["taker"], move["seats"])):
            change[plans[key]] = change.get(plans[key], 0) + number
    change_seats(change)


def _settle(run: Run) -> None:
    """Have the season's machine check the result: seats, who may enter, caps over all rounds."""
    opening = run.opening
    season = opening.round.season
    # What the run moved between plans is in the plans now, so the seats of this round are asked anew.
    standing = stand(season, opening.scheme, opening.round, Step.OPEN)
    key = key_of(opening.round)
    rows = Result.objects.filter(STANDS, run=run, file_state=FileState.PROPOSED).select_related(
        "applicant__exempt_category"
    )
    admitted, tags = {}, {}
    for row in rows:
        one = row.applicant
        admitted[str(one.pk)] = place(key, str(row.plan_id))
        tags[str(one.pk)] = tags_of(
            category=one.category,
            home=one.home_id,
            household=one.is_household,
            exempt=one.exempt_category.code if one.exempt_category else None,
        )
    try:
        settle(standing.season, standing.progress, admitted, tags)
    except AllocationError as error:
        raise ValidationError([f"{fault.zh} {fault.en}" for fault in error.faults]) from error


def _record(run: Run) -> None:
    admitted = Result.objects.filter(STANDS, run=run, file_state=FileState.PROPOSED)
    day = clock.today()
    rows = admitted.order_by("pk").values_list("applicant_id", "plan_id", "organisation_id")
    with told():
        Admission.objects.bulk_create(
            (
                Admission(
                    applicant_id=who,
                    plan_id=plan,
                    round_id=run.opening.round_id,
                    organisation_id=where,
                    placed_on=day,
                    admitted_on=day,
                    **origin(),
                )
                for who, plan, where in list(rows)
            ),
            batch_size=2000,
        )
    admitted.update(file_state=FileState.ADMITTED)


def _tell(run: Run, published: Published, answers_until: datetime) -> None:
    """Write each applicant's page and proof, and tell those with an address, and the offices that registered them."""
    opening = run.opening
    season, name, key = opening.round.season, opening.round.name, key_of(opening.round)
    papers = {row["applicant"]: at for at, row in enumerate(published.rows)}
    tickets = _held_tickets(run)
    admissions = dict(
        Admission.objects.filter(STANDS, round=opening.round, ended_on__isnull=True).values_list("applicant_id", "pk")
    )
    lookups = [ticket.lookup for ticket in tickets.values()]
    # Who changes an earlier admission meanwhile waits, and changes the page as it is then.
    known = {told.pk: told for told in Told.objects.select_for_update().filter(pk__in=lookups).order_by("pk")}
    pages, messages, offices = [], [], Counter[UUID]()
    results = list(
        Result.objects.filter(STANDS, run=run).select_related("organisation", "plan", "applicant").order_by("pk")
    )
    for result in results:
        ticket = tickets[result.applicant_id]
        paper = published.own_row_at(papers[ticket.number])
        result.proof = {"row": paper["row"], "salt": paper["salt"], "proof": paper["proof"]}
        reasons = told_reasons(result.why)
        where = (
            f"{result.organisation.name} {result.plan.programme_name}" if result.plan and result.organisation else ""
        )
        page = known.get(ticket.lookup) or Told(lookup=ticket.lookup, page={})
        page.page = {
            "number": ticket.number,
            "season": season.name,
            "rounds": {
                **page.page.get("rounds", {}),
                key: {
                    "name": name,
                    "outcome": result.outcome,
                    "place": where,
                    "wish": result.wish,
                    "score": result.score,
                    "reasons": reasons,
                    "answer": "admitted" if result.applicant_id in admissions else "",
                    "admission": str(admissions.get(result.applicant_id, "")),
                    "answers_until": answers_until.isoformat(),
                    "run": str(run.pk),
                },
            },
        }
        pages.append(page)
        offices[result.applicant.registered_at_id] += 1
        if ticket.account_id is not None:
            text = mail_text(name, result.outcome, result.why, where)
            messages.append(
                Message(RESULT, Holder(ticket.account_id), f"{name}结果已公布", result, text, "/admissions/my/")
            )
    update_many(results, ["proof"])
    Told.objects.bulk_create(
        pages, update_conflicts=True, unique_fields=["lookup"], update_fields=["page"], batch_size=2000
    )
    notify_all([*messages, *_to_offices(run, name, offices)])


def _held_tickets(run: Run) -> dict[UUID, Ticket]:
    """The tickets of who is in the run, by applicant. Who is given a new one meanwhile waits, and takes along what the
    old one is told."""
    standing = Ticket.objects.filter(STANDS, applicant__results__run=run)
    list(standing.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return {ticket.applicant_id: ticket for ticket in standing}


def _to_offices(run: Run, name: str, offices: Mapping[UUID, int]) -> Iterator[Message]:
    for office, number in offices.items():
        text = f"{number} of the applicants that you registered have a result; each looks it up by their ticket."
        subject = f"{name}结果已公布：本单位报名的 {number} 名考生可凭报名号和查询码查询"
        yield Message(PUBLISHED, Office(office), subject, run, text, "/admissions/applicants/")
