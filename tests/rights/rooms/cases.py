"""The cases in the matrix of rights."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from jineng.cases import rounds
from jineng.cases.models import Case, CaseEntry, CaseFile, Intake, IntakeDecider, Objection, Procedure, Quota
from jineng.cases.verbs import (
    act_on_case,
    allot_quotas,
    attach_file,
    begin_case,
    draft_procedure,
    open_intake,
    open_round,
    publish_procedure,
    raise_objection,
    recommend_case,
    save_answers,
)
from jineng.kernel.actors import Actor, acting
from jineng.kernel.rights import Right
from jineng.registry.kinds import OrganisationKind
from jineng.registry.models import Organisation
from tests.cases.small_call import ANSWERS, PDF, TEXT

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

PAGES = """
cases                       GET     +    +    +    +    +    .     -              200
case                        GET     +    +    +    +    +    .     case           200  200   -     404
case_book                   GET     +    +    +    +    +    .     case           200  200   -     404
fill_case                   GET     +    +    +    +    .    .     case           200  403   -     404
fill_case                   POST    +    +    +    +    .    .     case           302  403   -     404
act_on_case                 GET     +    +    +    +    .    .     case           200  403   -     404
act_on_case                 POST    +    +    +    +    .    .     case           302  403   -     404
case_file                   POST    +    +    +    +    .    .     case_file      200  200   -     404
recommend_case              GET     +    +    +    +    .    .     ranked_case    200  403   404   404
recommend_case              POST    +    +    +    +    .    .     ranked_case    302  403   404   404
extend_case                 GET     +    +    +    +    .    .     office_case    200  403   404   404
extend_case                 POST    +    +    +    +    .    .     office_case    302  403   404   404
raise_objection             GET     +    +    +    +    .    .     noticed_case   200  200   404   404
raise_objection             POST    +    +    +    +    .    .     noticed_case   302  302   404   404
answer_objection            GET     +    +    +    +    .    .     objection      200  403   404   404
answer_objection            POST    +    +    +    +    .    .     objection      302  403   404   404
intakes                     GET     +    +    +    +    +    .     -              200
intake                      GET     +    +    +    +    +    .     intake         200  200   200   200
begin_case                  GET     +    +    +    +    .    .     intake         200  200   200   200
begin_case                  POST    +    +    +    +    .    .     intake         302  302   302   302
act_on_cases                GET     +    +    +    +    .    .     intake         200  200   200   200
act_on_cases                POST    +    +    +    +    .    .     intake         422  422   422   422
open_reporting_round        GET     +    +    +    .    .    .     -              200
open_reporting_round        POST    +    +    +    .    .    .     -              302
urge_round                  GET     +    +    +    +    .    .     return_round   200  200   200   200
urge_round                  POST    +    +    +    +    .    .     return_round   302  302   302   302
allot_quotas                GET     +    +    +    .    .    .     intake         200  200   403   403
allot_quotas                POST    +    +    +    .    .    .     intake         302  302   403   403
"""
API = """
/api/v1/intakes                  GET     +    +    +    +    +    .     -              200
/api/v1/cases                    GET     +    +    +    +    +    .     -              200
/api/v1/cases                    POST    +    +    +    +    .    .     intake         201  201   201   201
/api/v1/intakes/{intake_id}/cases POST    +    +    +    +    .    .     intake         201  201   201   201
/api/v1/intakes/{intake_id}/ranks POST    +    +    +    +    .    .     intake         422  422   422   422
/api/v1/intakes/{intake_id}/acts POST     +    +    +    +    .    .     intake         422  422   422   422
/api/v1/cases/{case_id}          GET     +    +    +    +    +    .     case           200  200   -     404
/api/v1/cases/{case_id}/answers  POST    +    +    +    +    .    .     case           200  403   -     404
/api/v1/cases/{case_id}/acts     POST    +    +    +    +    .    .     case           201  403   -     404
"""
API_FORMS: dict[str, Make] = {
    "/api/v1/cases": lambda stage, who, name: {
        "intake_id": str(stage.objects["intake"][name]),
        "title": f"接口申报{uuid.uuid4().hex[:6]}",
    },
    "/api/v1/intakes/{intake_id}/cases": lambda stage, who, name: {
        "drafts": [{"title": f"接口申报{uuid.uuid4().hex[:6]}", "answers": {"students": "120"}}]
    },
    "/api/v1/intakes/{intake_id}/ranks": lambda stage, who, name: {"ranks": {}},
    "/api/v1/intakes/{intake_id}/acts": lambda stage, who, name: {"action": "submit", "seen": {}},
    "/api/v1/cases/{case_id}/answers": lambda stage, who, name: {"answers": {"students": "122"}},
    "/api/v1/cases/{case_id}/acts": lambda stage, who, name: {"action": "withdraw", "seen": 1},
}
OPENS, CLOSES = date(2021, 6, 1), date(2021, 6, 30)
OFFICES = {"province": "petrochemical", "lanzhou": "city_school", "tianshui": "other_school"}
"""Offices that take cases, and a school that answers to them alone."""
SCHOOLS = ("petrochemical", "city_school", "county_school", "other_school")

PAGE_FORMS: dict[str, Make] = {
    "fill_case": lambda stage, who, name: {
        **ANSWERS,
        "students": "121",
        "plan": SimpleUploadedFile("方案.pdf", PDF),
    },
    "act_on_case": lambda stage, who, name: {"seen": "1", "reason": ""},
    "case_file": lambda stage, who, name: {},
    "recommend_case": lambda stage, who, name: {"rank": "5"},
    "extend_case": lambda stage, who, name: {"until": "2021-07-30", "reason": "延长"},
    "raise_objection": lambda stage, who, name: {"raised_by": "某人", "text": "不实"},
    "answer_objection": lambda stage, who, name: {"is_upheld": "no", "answer": "经核查不成立"},
    "act_on_cases": lambda stage, who, name: {"action": "submit", "case": "", "reason": ""},
    "begin_case": lambda stage, who, name: {"title": "新工作室"},
    "open_reporting_round": lambda stage, who, name: {
        "name": f"{who.place}的填报{uuid.uuid4().hex[:6]}",
        "procedure": str(stage.objects["return_procedure"]["province"]),
        "closes_on": "2099-01-31",
        "kinds": ["secondary_vocational"],
        "announcement": "",
    },
    "urge_round": lambda stage, who, name: {},
    "allot_quotas": lambda stage, who, name: {"organisation": stage.world[who.place].code, "number": "3"},
}
LISTS: dict[str, str] = {"cases": "province_officer", "intakes": "province_officer"}
ASKED: dict[str, str] = {}


def furnish(stage: Stage) -> None:
    """Put the room's objects on the stage: an intake of each office, cases at every kind of stage."""
    world, chief = stage.world, stage.world.actor("province_officer")
    kinds = ("case", "case_file", "ranked_case", "office_case", "noticed_case", "objection", "intake")
    objects: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    with acting(chief):
        made = publish_procedure(actor=chief, procedure_id=draft_procedure(actor=chief, text=TEXT).pk)
        intakes = {name: _intake(stage, chief, name, made) for name in OFFICES}
        objects["published"] = {"province": made.pk}
        objects["intake"] = {name: each.pk for name, each in intakes.items()}
        allot_quotas(actor=chief, intake_id=intakes["province"].pk, numbers={world["province"].pk: 9})
    for school in SCHOOLS:
        case = _begun(stage, school, intakes["province"], f"{school}的工作室")
        actor = _officer(stage, school)
        with acting(actor):
            objects["case"][school] = case.pk
            objects["case_file"][school] = attach_file(
                actor=actor, case_id=case.pk, field="plan", name="方案.pdf", content=PDF
            ).pk
    for office, school in OFFICES.items():
        objects["office_case"][office] = _begun(stage, school, intakes[office], f"{office}受理的工作室").pk
        objects["ranked_case"][office] = _handed_in(stage, school, intakes[office], f"{office}推荐的工作室").pk
        noticed = _at_notice(stage, office, school, intakes[office])
        objects["noticed_case"][office] = noticed.pk
        actor = _officer(stage, office)
        with acting(actor):
            objects["objection"][office] = raise_objection(
                actor=actor, case_id=noticed.pk, raised_by="某人", text="不实"
            ).pk
    stage.objects |= objects
    _rounds(stage)


def _rounds(stage: Stage) -> None:
    """A reporting round of each office."""
    chief = stage.world.actor("province_officer")
    text = (Path(rounds.__file__).with_name("data") / "procedures" / "annual-return.yaml").read_text(encoding="utf-8")
    with acting(chief):
        made = publish_procedure(actor=chief, procedure_id=draft_procedure(actor=chief, text=text).pk)
    stage.objects |= {"return_procedure": {"province": made.pk}, "return_round": {}}
    for office in OFFICES:
        actor = _officer(stage, office)
        with acting(actor):
            found = open_round(
                actor=actor,
                name=f"{office}的填报",
                procedure_id=made.pk,
                closes_on=date(2099, 1, 31),
                kinds=[OrganisationKind.SECONDARY_VOCATIONAL],
            )
        stage.objects["return_round"][office] = found.pk


def _officer(stage: Stage, name: str) -> Actor:
    """An officer of any organisation, as sign-in would find one there."""
    known = stage.world.actor("province_officer")
    return Actor(
        account_id=known.account_id,
        post_id=known.post_id,
        organisation_id=stage.world[name].pk,
        role="officer",
        rights=frozenset({Right.ACT_ON_CASES, Right.VIEW_CASES, Right.EDIT_PROCEDURES}),
        label=name,
        sees_all=name == "province",
    )


def _intake(stage: Stage, actor: Actor, office: str, procedure: Procedure) -> Intake:
    return open_intake(
        actor=actor,
        name=f"{office}的遴选",
        office_id=stage.world[office].pk,
        procedure_id=procedure.pk,
        subject_type="tests.Subject",
        subject_id=uuid.uuid4(),
        opens_on=OPENS,
        closes_on=CLOSES,
    )


def _begun(stage: Stage, school: str, intake: Intake, title: str) -> Case:
    actor = _officer(stage, school)
    with acting(actor):
        case = begin_case(actor=actor, intake_id=intake.pk, title=title)
        return save_answers(actor=actor, case_id=case.pk, raw=ANSWERS)


def _handed_in(stage: Stage, school: str, intake: Intake, title: str) -> Case:
    case, actor = _begun(stage, school, intake, title), _officer(stage, school)
    with acting(actor):
        act_on_case(actor=actor, case_id=case.pk, action="submit")
    return case


def _at_notice(stage: Stage, office: str, school: str, intake: Intake) -> Case:
    """A case under public notice: recommended by the office itself or by the city, which is the office here."""
    case, actor = _handed_in(stage, school, intake, f"{office}公示的工作室"), _officer(stage, office)
    with acting(actor):
        recommend_case(actor=actor, case_id=case.pk, rank=1)
        for action in ("recommend", "pass", "approve"):
            act_on_case(actor=actor, case_id=case.pk, action=action)
    return case


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
    world, many = stage.world, range(48)
    bulk = list(Organisation.objects.filter(code__startswith="9962").order_by("code"))
    procedure = Procedure.objects.get(pk=stage.objects["published"]["province"])
    intakes = Intake.objects.bulk_create(
        Intake(
            name=f"批量{number}",
            office=world.root,
            procedure=procedure,
            subject_type="tests.Subject",
            subject_id=uuid.uuid4(),
            opens_on=OPENS,
            closes_on=CLOSES,
        )
        for number in many
    )
    IntakeDecider.objects.bulk_create(IntakeDecider(intake=each, organisation=world.root) for each in intakes)
    Quota.objects.bulk_create(Quota(intake=intakes[0], organisation=each, number=1) for each in bulk[:48])
    model = Case.objects.get(pk=stage.objects["case"]["county_school"])
    cases = Case.objects.bulk_create(
        Case(
            intake=intakes[number],
            procedure=procedure,
            applicant=bulk[number],
            title=f"批量{number}",
            parties={"school": [str(bulk[number].pk)], "office": [str(world.root.pk)]},
            answers=model.answers,
            state=model.state,
            stage=model.stage,
            started_on=model.started_on,
            entered_on=model.entered_on,
        )
        for number in many
    )
    CaseEntry.objects.bulk_create(
        CaseEntry(case=each, number=1, data=CaseEntry.objects.get(case=model, number=1).data) for each in cases
    )
    CaseFile.objects.bulk_create(
        CaseFile(case=each, field="plan", name="方案.pdf", kind="pdf", size=1, digest="0" * 64) for each in cases
    )
    Objection.objects.bulk_create(
        Objection(case=each, raised_on=OPENS, raised_by="某人", text="不实") for each in cases
    )
