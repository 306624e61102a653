"""Reviews in the matrix of rights: of three offices a panel in every state, and a task of every officer."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from jineng.cases.kinds import PanelState
from jineng.cases.models import (
    Case,
    CaseConcern,
    Decision,
    DecisionDocument,
    Expert,
    Intake,
    IntakeDecider,
    Panel,
    PanelEntry,
    PanelMember,
    Procedure,
    Recusal,
    Review,
    ReviewTask,
)
from jineng.cases.panelling import published_part
from jineng.cases.procedures import read
from jineng.cases.verbs import draft_procedure, publish_procedure
from jineng.engines.casework.replaying import decide
from jineng.kernel import files
from jineng.kernel.actors import acting
from jineng.kernel.models import Account, AuditLine, Mail, Notice
from tests.cases.small_call import PDF
from tests.cases.small_panel import TEXT, applied

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

PAGES = """
experts                     GET     +    +    +    .    .    .     -                    200
enter_expert                GET     +    +    +    .    .    .     -                    200
enter_expert                POST    +    +    +    .    .    .     -                    302
dismiss_expert              GET     +    +    +    .    .    .     kept_expert          200  200   404   404
dismiss_expert              POST    +    +    +    .    .    .     kept_expert          302  302   404   404
form_panel                  GET     +    +    +    .    .    .     reviewed_intake      200  200   403   403
form_panel                  POST    +    +    +    .    .    .     reviewed_intake      302  302   403   403
panel                       GET     +    +    +    .    .    .     panel_forming        200  200   404   404
panel                       GET     +    +    +    .    .    .     panel_closed         200  200   404   404
seat_experts                GET     +    +    +    .    .    .     panel_forming        200  200   404   404
seat_experts                POST    +    +    +    .    .    .     panel_forming        302  302   404   404
assign_reviewers            GET     +    +    +    .    .    .     panel_forming        200  200   404   404
assign_reviewers            POST    +    +    +    .    .    .     panel_forming        302  302   404   404
close_panel                 GET     +    +    +    .    .    .     panel_reviewing      200  200   404   404
close_panel                 POST    +    +    +    .    .    .     panel_reviewing      302  302   404   404
agree_marks                 GET     +    +    +    .    .    .     closed_entry         200  200   404   404
agree_marks                 POST    +    +    +    .    .    .     closed_entry         302  302   404   404
decide_panel                GET     +    +    +    .    .    .     panel_closed         200  200   404   404
decide_panel                POST    +    +    +    .    .    .     panel_closed         302  302   404   404
publish_panel               GET     +    +    +    .    .    .     panel_decided        200  200   404   404
publish_panel               POST    +    +    +    .    .    .     panel_decided        302  302   404   404
decision                    GET     +    +    +    +    +    .     panel_decided        200  200   404   404
decision                    GET     +    +    +    +    +    .     panel_published      200  200   200   200
replay_decision             POST    +    +    +    +    +    .     panel_decided        302  302   404   404
replay_decision             POST    +    +    +    +    +    .     panel_published      302  302   403   403
decision_document           GET     +    +    +    +    +    .     panel_decided        200  200   404   404
decision_document           GET     +    +    +    +    +    .     panel_published      200  200   403   403
decision_row                GET     +    +    +    +    +    .     panel_decided        200  200   404   404
decision_row                GET     +    +    +    +    +    .     panel_published      200  200   200   200
assignment_proof            GET     +    +    +    .    .    .     panel_closed         200  200   404   404
my_reviews                  GET     +    +    +    +    .    .     -                    200
review                      GET     +    +    +    +    .    .     own_task             200
review                      POST    +    +    +    +    .    .     own_task             302
recuse                      GET     +    +    +    +    .    .     own_task             200
recuse                      POST    +    +    +    +    .    .     own_task             302
review_file                 POST    +    +    +    +    .    .     own_task             200
"""
API = ""
API_FORMS: dict[str, Make] = {}
PAGE_FORMS: dict[str, Make] = {
    "enter_expert": lambda stage, who, name: {
        "username": "keeper",
        "organisation": stage.world[who.place].code,
        "expertise": "化工:8",
        "most": "10",
    },
    "dismiss_expert": lambda stage, who, name: {"reason": "任期届满"},
    "form_panel": lambda stage, who, name: {"due_on": "2021-06-30", "number": "1"},
    "seat_experts": lambda stage, who, name: {"experts": [str(stage.objects["spare_expert"][name])]},
    "assign_reviewers": lambda stage, who, name: {},
    "close_panel": lambda stage, who, name: {},
    "agree_marks": lambda stage, who, name: {"plan": "50", "team": "30", "why": "合议一致"},
    "decide_panel": lambda stage, who, name: {},
    "publish_panel": lambda stage, who, name: {},
    "replay_decision": lambda stage, who, name: {},
    "review": lambda stage, who, name: {"plan": "50", "team": "30", "words_": "好", "do": "hand_in"},
    "recuse": lambda stage, who, name: {"reason": "曾共同申报"},
    "review_file": lambda stage, who, name: {},
}
LISTS = {"experts": "province_officer", "my_reviews": "province_officer"}
ASKED: dict[str, str] = {}
OFFICES = {"province": "petrochemical", "lanzhou": "city_school", "tianshui": "other_school"}
REVIEWERS = ("province_officer", "city_officer", "county_officer", "school_officer")
DAYS = {"opens_on": date(2021, 6, 1), "closes_on": date(2021, 6, 30)}
MANY = 48


def furnish(stage: Stage) -> None:
    """Panels in every state, made as rows; one real application is the model of their cases."""
    from tests.rights.stage import as_owner

    world, chief = stage.world, stage.world.actor("province_officer")
    with acting(chief):
        procedure = publish_procedure(actor=chief, procedure_id=draft_procedure(actor=chief, text=TEXT).pk)
        first = _intake(stage, "province", procedure)
    model = applied(world, first, "申报样例", "college_officer")
    states = [*PanelState.values]
    kinds = [f"panel_{state}" for state in states] + ["reviewed_intake", "closed_entry", "spare_expert", "kept_expert"]
    stage.objects |= {kind: {} for kind in kinds}
    with as_owner():
        experts = {
            name: Expert.objects.create(
                account=world.accounts[name],
                organisation_id=_place(stage, name),
                office=world.root,
                expertise={"chemistry": 5},
            )
            for name in REVIEWERS
        }
        for office, school in OFFICES.items():
            stage.objects["reviewed_intake"][office] = _intake(stage, office, procedure).pk
            seated, spare = (_expert(stage, office, number) for number in range(2))
            stage.objects["spare_expert"][office] = stage.objects["kept_expert"][office] = spare.pk
            for state in states:
                intake = _intake(stage, office, procedure)
                case = _case(stage, intake, school, model, f"{office}{state}")
                panel = _panel(stage, intake, state)
                PanelMember.objects.create(panel=panel, expert=seated, number=1)
                stage.objects[f"panel_{state}"][office] = panel.pk
                if state != PanelState.FORMING:
                    entry = _entry(panel, case, 1)
                    if state == PanelState.CLOSED:
                        stage.objects["closed_entry"][office] = entry.pk
                if state in (PanelState.DECIDED, PanelState.PUBLISHED):
                    _decide(panel, case)
        _tasks(stage, procedure, model, experts)
        barred = _case(stage, first, "city_school", model, "回避件")
        CaseConcern.objects.create(case=barred, organisation=world["firm"])
        for name in ("province_officer", "city_officer"):
            Recusal.objects.create(account=world.accounts[name], case=barred, reason="亲属")
        _tell_of(stage, barred)


def _tell_of(stage: Stage, barred: Case) -> None:
    """The offices' trays, the outbox and the audit trail tell of the case from which some of them are barred."""
    office = stage.world["province"]
    for name in ("province", "lanzhou"):
        notice = Notice.objects.create(
            organisation_id=stage.world[name].pk,
            role="officer",
            name_of_id=office.pk,
            name_of=office.name,
            kind="cases.turn",
            subject=f"{barred.title}：待办理",
            about_type="cases.Case",
            about_id=str(barred.pk),
            deed=uuid.uuid4(),
        )
        Mail.objects.create(
            notice=notice,
            account=stage.world.accounts["province_signer"],
            address="signer@example.org",
            name_of_id=notice.organisation_id,
            name_of=notice.name_of,
            subject=notice.subject,
            message_id=f"<{notice.pk}@example.org>",
        )
    AuditLine.objects.create(
        room="cases",
        verb="act_on_case",
        organisation_id=office.pk,
        actor_label="某岗位",
        subject_type="cases.Case",
        subject_id=str(barred.pk),
        summary="提交",
    )


def _tasks(stage: Stage, procedure: Procedure, model: Case, experts: dict[str, Expert]) -> None:
    """A case that every officer has to review, one of them begun."""
    intake = _intake(stage, "province", procedure)
    case = _case(stage, intake, "petrochemical", model, "待评审件")
    panel = _panel(stage, intake, PanelState.REVIEWING)
    keys = {name: uuid.uuid4() for name in REVIEWERS}
    entry = _entry(panel, case, 1, *keys.values())
    stage.own["own_task"] = {}
    for number, (name, key) in enumerate(keys.items(), 1):
        files.keep(key, PDF)
        task = ReviewTask.objects.create(
            id=key,
            panel=panel,
            entry=entry,
            case=case,
            member=PanelMember.objects.create(panel=panel, expert=experts[name], number=number),
            account=stage.world.accounts[name],
        )
        stage.own["own_task"][name] = task.pk
    Review.objects.create(task=task, panel=panel, case=case, account=task.account, marks={"plan": "1"}, words="未完")
    stage.objects["reviewing"] = {"province": panel.pk}


def _place(stage: Stage, name: str) -> Any:
    actor = stage.world.actor(name)
    return actor.organisation_id


def _intake(stage: Stage, office: str, procedure: Procedure) -> Intake:
    found = Intake.objects.create(
        name=f"{office}的团队遴选{uuid.uuid4().hex[:6]}",
        office=stage.world[office],
        procedure=procedure,
        subject_type="tests.Subject",
        subject_id=uuid.uuid4(),
        **DAYS,
    )
    IntakeDecider.objects.create(intake=found, organisation=stage.world[office])
    return found


def _case(stage: Stage, intake: Intake, school: str, model: Case, title: str) -> Case:
    return Case.objects.create(
        intake=intake,
        procedure=intake.procedure,
        applicant=stage.world[school],
        title=title,
        parties={"school": [str(stage.world[school].pk)], "office": [str(intake.office_id)]},
        answers=model.answers,
        state=model.state,
        stage=model.stage,
        steps=model.steps,
        started_on=model.started_on,
        entered_on=model.entered_on,
    )


def _panel(stage: Stage, intake: Intake, state: str) -> Panel:
    review = read(intake.procedure).review
    assert review is not None
    return Panel.objects.create(
        intake=intake,
        stage=review.stage,
        rule=review.rule,
        parameters=review.parameters(),
        each=1,
        together=1,
        is_blind=True,
        state=state,
        due_on=DAYS["closes_on"],
    )


def _entry(panel: Panel, case: Case, number: int, *given: uuid.UUID) -> PanelEntry:
    listed = [{"id": str(each), "label": "佐证", "name": "001-附件1.pdf", "bytes": len(PDF)} for each in given]
    content = {"title": f"{number:03d} 号", "sections": [], "files": listed}
    return PanelEntry.objects.create(panel=panel, case=case, number=number, content=json.dumps(content))


def _decide(panel: Panel, case: Case) -> None:
    case.refresh_from_db()
    inputs = {
        "applications": [{"id": case.number}],
        "reviews": {"application": [case.number], "reviewer": ["R001"], "marks": {"plan": [50], "team": [30]}},
    }
    found = decide(panel.rule, panel.parameters, inputs)
    made = Decision.objects.create(panel=panel, digest=found.digest, statement=published_part(found.statement))
    DecisionDocument.objects.create(decision=made, content=found.to_bytes())


def _expert(stage: Stage, office: str, number: int) -> Expert:
    account = Account.objects.create(username=f"expert-{office}-{number}", display_name=f"专家{number}")
    return Expert.objects.create(account=account, organisation=stage.world["university"], office=stage.world[office])


def fill(stage: Stage) -> None:
    """Forty-eight more experts, and tasks of the province's officer."""
    accounts = Account.objects.bulk_create(
        Account(username=f"bulk-expert-{number}", display_name=f"批量专家{number}") for number in range(MANY)
    )
    Expert.objects.bulk_create(
        Expert(account=account, organisation=stage.world["university"], office=stage.world.root) for account in accounts
    )
    panel = Panel.objects.get(pk=stage.objects["reviewing"]["province"])
    member = PanelMember.objects.get(panel=panel, expert__account=stage.world.accounts["province_officer"])
    cases = list(Case.objects.filter(title__startswith="批量").order_by("serial")[:MANY])
    entries = PanelEntry.objects.bulk_create(
        PanelEntry(panel=panel, case=case, number=number, content="{}") for number, case in enumerate(cases, 2)
    )
    ReviewTask.objects.bulk_create(
        ReviewTask(panel=panel, entry=entry, case=entry.case, member=member, account=member.expert.account)
        for entry in entries
    )
