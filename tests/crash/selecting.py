"""What children of the nursery do with a selection: make one ready for review, review all of it, award all of it."""

from __future__ import annotations

import os
import uuid
from datetime import date, timedelta
from typing import Any

CASES, AT_ONCE = 20, 5
REVIEWER, APPLICANT = "reviewer", "applicant"


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _actor(name: str) -> Any:
    from jineng.site.cli import pipeline

    return pipeline.actor_named(name)


def stage_review(tag: str) -> None:
    """An intake ``TAG`` with twenty cases that one expert has to review; the applicant keeps an address for mail."""
    from jineng.cases.models import Case, CaseEntry
    from jineng.cases.verbs import (
        act_on_case,
        assign_reviewers,
        begin_case,
        draft_procedure,
        form_panel,
        open_intake,
        publish_procedure,
        save_answers,
        seat_experts,
    )
    from jineng.kernel import clock
    from jineng.kernel.actors import acting
    from tests.cases.small_panel import TEXT
    from tests.crash.nursery import ACCOUNT

    officer, today = _actor(ACCOUNT), clock.today()
    expert = _people(officer)
    applicant = _actor(APPLICANT)
    text = TEXT.replace("code: reviewed", f"code: {tag}").replace("each: 2", "each: 1")
    text = text.replace("number: 1, reserve: 1", f"number: {CASES}")
    procedure = publish_procedure(actor=officer, procedure_id=draft_procedure(actor=officer, text=text).pk)
    found = open_intake(
        actor=officer,
        name=tag,
        office_id=officer.organisation_id,
        procedure_id=procedure.pk,
        subject_type="tests.Subject",
        subject_id=uuid.uuid4(),
        opens_on=today,
        closes_on=today + timedelta(days=9),
    )
    model = begin_case(actor=applicant, intake_id=found.pk, title=f"{tag}-0")
    save_answers(actor=applicant, case_id=model.pk, raw={"school": "某校", "field": "chemistry", "plan": "思路"})
    act_on_case(actor=applicant, case_id=model.pk, action="submit")
    with acting(officer):
        model.refresh_from_db()
        names = ("intake_id", "procedure_id", "applicant_id", "parties", "answers", "state", "stage", "steps",
                 "started_on", "entered_on")  # fmt: skip
        given = {name: getattr(model, name) for name in names}
        cases = Case.objects.bulk_create(Case(title=f"{tag}-{at}", **given) for at in range(1, CASES))
        lines = list(CaseEntry.objects.filter(case=model))
        CaseEntry.objects.bulk_create(
            CaseEntry(case=case, number=line.number, data=line.data) for case in cases for line in lines
        )
    panel = form_panel(actor=officer, intake_id=found.pk, due_on=today + timedelta(days=9))
    seat_experts(actor=officer, panel_id=panel.pk, expert_ids=[expert])
    assign_reviewers(actor=officer, panel_id=panel.pk)


def _people(officer: Any) -> Any:
    """The one expert, and somebody who applies: each of a firm of their own. Returns the expert's id."""
    from jineng.cases.models import Expert
    from jineng.cases.verbs import enter_expert
    from jineng.kernel.actors import acting
    from jineng.kernel.models import Account
    from jineng.kernel.notices.verbs import choose_telling
    from jineng.registry.kinds import Role

    with acting(officer):
        known = Expert.objects.filter(account__username=REVIEWER).first()
    if known is not None:
        return known.pk
    firm = _appoint(officer, REVIEWER, Role.REVIEWER)
    _appoint(officer, APPLICANT, Role.OFFICER)
    choose_telling(actor=_actor(APPLICANT), telling=Account.Telling.AT_ONCE, email="applicant@example.org")
    made = enter_expert(actor=officer, username=REVIEWER, organisation_id=firm, expertise={"chemistry": 5}, most=10_000)
    return made.pk


def _appoint(officer: Any, name: str, role: str) -> Any:
    """An account in a firm of its own; returns the firm's id."""
    from jineng.kernel.actors import acting
    from jineng.registry.kinds import Change, CodeScheme, OrganisationKind
    from jineng.registry.models import Division, Organisation
    from jineng.registry.verbs import enter_organisation, give_post, open_account

    long_ago = date(2016, 1, 1)
    with acting(officer):
        firm = enter_organisation(
            actor=officer,
            since=long_ago,
            change=Change.FOUNDED,
            code=f"FIRM-{name}",
            code_scheme=CodeScheme.OFFICE,
            name=f"示例企业{name}",
            kind=OrganisationKind.ENTERPRISE,
            division=Division.objects.get(code="620102"),
            authority=Organisation.objects.get(pk=officer.organisation_id),
            is_synthetic=True,
        )
    chief = _actor("chief")
    account = open_account(actor=chief, username=name, display_name=name, password=None)
    give_post(actor=chief, account=account, organisation_id=firm.pk, role=role, title=name, since=long_ago)
    return firm.pk


def review_all(tag: str) -> None:
    """Hand in every review of ``TAG`` that is not handed in yet; a word for each that is acknowledged."""
    from jineng.cases.models import ReviewTask
    from jineng.cases.verbs import save_review
    from jineng.kernel.actors import acting
    from jineng.kernel.records import STANDS

    reviewer = _actor(REVIEWER)
    with acting(reviewer):
        open_ = ReviewTask.objects.filter(STANDS, panel__intake__name=tag, handed_in_at__isnull=True)
        waiting = list(open_.values_list("pk", flat=True))
    _say("begin")
    for task in waiting:
        save_review(actor=reviewer, task_id=task, marks={"plan": "50", "team": "30"}, words="好", hand_in=True)
        _say("acknowledged")


def decide_all(tag: str) -> None:
    """Close the panel of ``TAG`` and rank."""
    from jineng.cases.models import Panel
    from jineng.cases.verbs import close_panel, decide_panel
    from jineng.kernel.actors import acting
    from tests.crash.nursery import ACCOUNT

    officer = _actor(ACCOUNT)
    with acting(officer):
        panel = Panel.objects.get(intake__name=tag)
    close_panel(actor=officer, panel_id=panel.pk)
    decide_panel(actor=officer, panel_id=panel.pk)


def award_all(tag: str) -> None:
    """Select the cases of ``TAG`` that are still open, five at once; a word for each five."""
    from jineng.cases.models import Case
    from jineng.cases.verbs import act_on_cases
    from jineng.kernel.actors import acting
    from tests.crash.nursery import ACCOUNT

    officer = _actor(ACCOUNT)
    with acting(officer):
        waiting = list(Case.objects.filter(intake__name=tag, outcome="").order_by("serial").values_list("pk", "steps"))
    _say("begin")
    for at in range(0, len(waiting), AT_ONCE):
        act_on_cases(actor=officer, seen=dict(waiting[at : at + AT_ONCE]), action="select")
        _say("acknowledged")
