"""The admissions in the matrix of rights.

What a season declares belongs to the province, and everybody sees it. ``plan`` is filed and not yet accepted, so that
its school may still change it.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jineng.admissions.models import (
    Admission,
    Applicant,
    ExemptCategory,
    Opening,
    Plan,
    PreferenceForm,
    Result,
    Round,
    Run,
    Score,
    ScoreRule,
    Season,
    Told,
)
from jineng.admissions.verbs import declare_scheme, grant_exemption, issue_ticket, open_round, send_files, start_run
from jineng.kernel.actors import acting
from jineng.majors.models import Major, MajorOffering
from jineng.registry.models import Person, PersonParty
from tests.admissions.small_rounds import LAW, ago
from tests.admissions.small_season import OPENS, accepted, admission, applicant, cap, classified, held_round, plan
from tests.calls.small_world import resident

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Persona, Stage

SCHOOLS = ("petrochemical", "city_school", "county_school", "other_school")
MANY = 48
IDLE_SINCE = date(2020, 9, 1)
SEASON = "2021-stage"
PAGES = """
seasons                     GET     +    +    +    +    +    .     -              200
season                      GET     +    +    +    +    +    .     season         200  -     200   -
open_season                 GET     +    .    .    .    .    .     -              200
open_season                 POST    +    .    .    .    .    .     -              302
add_round                   GET     +    .    .    .    .    .     season         200
add_round                   POST    +    .    .    .    .    .     season         302
declare_exempt              GET     +    .    .    .    .    .     season         200
declare_exempt              POST    +    .    .    .    .    .     season         302
set_cap                     GET     +    .    .    .    .    .     season         200
set_cap                     POST    +    .    .    .    .    .     season         302
copy_season                 GET     +    .    .    .    .    .     season         200
copy_season                 POST    +    .    .    .    .    .     season         302
admission_scheme            GET     +    +    +    +    +    .     season         200  -     200   -
declare_scheme              GET     +    .    .    .    .    .     season         200
declare_scheme              POST    +    .    .    .    .    .     season         302
file_score_rule             GET     +    +    +    +    .    .     season         200  -     200   -
file_score_rule             POST    +    +    +    +    .    .     season         302  -     302   -
score_rule                  GET     +    +    +    +    +    .     score_rule     200  200   -     404
season_statistics           GET     +    +    +    +    +    .     season         200  -     200   -
admission_round             GET     +    +    +    +    +    .     round          200  -     200   -
open_round                  GET     +    .    .    .    .    .     round          200
open_round                  POST    +    .    .    .    .    .     round          302
extend_round                GET     +    .    .    .    .    .     opening        200
extend_round                POST    +    .    .    .    .    .     opening        302
start_run                   GET     +    .    .    .    .    .     opening        200
start_run                   POST    +    .    .    .    .    .     opening        302
close_round                 POST    +    .    .    .    .    .     answered       302
admission_run               GET     +    +    +    +    +    .     sent_run       200  -     200   -
admission_run               GET     +    +    +    +    +    .     settled_run    200  -     404   -
send_files                  POST    +    .    .    .    .    .     settled_run    302
publish_run                 GET     +    .    .    .    .    .     ready_run      200
publish_run                 POST    +    .    .    .    .    .     ready_run      302
run_document                GET     +    .    .    .    .    .     ready_run      200
propose_all                 POST    +    +    +    +    .    .     sent_run       302  -     302   -
admission_files             GET     +    +    +    +    +    .     -              200
admission_file              GET     +    +    +    +    +    .     file           200  200   -     404
read_file                   POST    +    +    +    +    .    .     file           302  302   -     404
propose_admission           POST    +    +    +    +    .    .     file           302  302   -     404
propose_refusal             GET     +    +    +    +    .    .     file           200  200   -     404
propose_refusal             POST    +    +    +    +    .    .     file           302  302   -     404
decide_refusal              POST    +    .    .    .    .    .     refusal        -    302
admission_applicants        GET     +    +    +    +    +    .     -              200
register_applicant          GET     +    +    +    +    .    .     -              200
register_applicant          POST    +    +    +    +    .    .     school         302  302   -     422
admission_applicant         GET     +    +    +    +    +    .     applicant      200  200   -     404
issue_ticket                POST    +    +    +    +    .    .     applicant      200  200   -     404
issue_tickets               POST    +    +    +    +    .    .     season         200  -     200   -
waive_exemption             GET     +    .    .    .    .    .     applicant      -    200
waive_exemption             POST    +    .    .    .    .    .     exempt         -    302
cancel_round                GET     +    .    .    .    .    .     round          200
cancel_round                POST    +    .    .    .    .    .     round          302
lift_cap                    GET     +    .    .    .    .    .     cap            200
lift_cap                    POST    +    .    .    .    .    .     cap            302

admission_plans             GET     +    +    +    +    +    .     -              200
plan_completion             GET     +    +    +    +    +    .     -              200
file_plan                   GET     +    +    +    +    .    .     -              200
file_plan                   POST    +    +    +    +    .    .     school         302  302   -     422
admission_plan              GET     +    +    +    +    +    .     plan           200  200   -     404
correct_plan                GET     +    +    +    +    .    .     plan           200  200   -     404
correct_plan                POST    +    +    +    +    .    .     plan           302  302   -     404
accept_plan                 GET     +    .    .    .    .    .     plan           -    200
accept_plan                 POST    +    .    .    .    .    .     plan           -    302
withdraw_plan               GET     +    +    +    +    .    .     plan           200  200   -     404
withdraw_plan               POST    +    +    +    +    .    .     plan           302  302   -     404
void_plan                   GET     +    +    +    +    .    .     plan           200  200   -     404
void_plan                   POST    +    +    +    +    .    .     plan           302  302   -     404

idle_offerings              GET     +    +    +    +    +    .     -              200

admissions                  GET     +    +    +    +    +    .     -              200
admission                   GET     +    +    +    +    +    .     admission      200  200   -     404
admission_names             POST    +    +    +    +    .    .     admission      200  200   -     404
confirm_admission           GET     +    +    +    +    .    .     admission      200  200   -     404
confirm_admission           POST    +    +    +    +    .    .     admission      302  302   -     404
end_admission               GET     +    +    +    +    .    .     admission      200  200   -     404
end_admission               POST    +    +    +    +    .    .     admission      302  302   -     404
void_admission              GET     +    +    +    +    .    .     admission      200  200   -     404
void_admission              POST    +    +    +    +    .    .     admission      302  302   -     404
"""
API = """
/api/v1/admission-seasons                       GET  +  +  +  +  +  .  -            200
/api/v1/admission-seasons/{code}/rounds         GET  +  +  +  +  +  .  season_code  200  -     200   -
/api/v1/admission-seasons/{code}/scheme         GET  +  +  +  +  +  .  season_code  200  -     200   -
/api/v1/admission-runs/{run_id}                 GET  +  +  +  +  +  .  sent_run     200  -     200   -
/api/v1/admission-seasons/{code}/caps           GET  +  +  +  +  +  .  season_code  200  -     200   -
/api/v1/admission-plans                         GET  +  +  +  +  +  .  -            200
/api/v1/admission-plans                         POST +  +  +  +  .  .  school       201  201   -     422
/api/v1/admission-plans/{plan_id}               GET  +  +  +  +  +  .  plan         200  200   -     404
/api/v1/admission-plans/{plan_id}/acceptance    POST +  .  .  .  .  .  plan         -    200
/api/v1/admission-plans/{plan_id}/withdrawal    POST +  +  +  +  .  .  plan         200  200   -     404
/api/v1/admission-completion                    GET  +  +  +  +  +  .  -            200
/api/v1/admissions                              GET  +  +  +  +  +  .  -            200
/api/v1/admissions/{admission_id}               GET  +  +  +  +  +  .  admission    200  200   -     404
/api/v1/admissions/{admission_id}/confirmation  POST +  +  +  +  .  .  admission    200  200   -     404
/api/v1/admissions/{admission_id}/ending        POST +  +  +  +  .  .  admission    200  200   -     404
"""


def _code(stage: Stage, name: str) -> str:
    return stage.world[name].code


def _programme(name: str) -> str:
    return "460102" if name == "petrochemical" else "710202"


def _filed(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    return {
        "season": SEASON,
        "organisation": _code(stage, name),
        "programme": _programme(name),
        "channel": "direct",
        "pool": "ordinary",
        "seats": "10",
    }


OWN_SCHOOL = {"province": "petrochemical", "lanzhou": "city_school", "yongdeng": "county_school"}
"""A school within the scope of who asks; a school's officer names their own."""


def _rule(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    school = OWN_SCHOOL.get(who.place, who.place)
    return {"organisation": _code(stage, school), "channel": "direct", "total": "0", "weight_culture": "1"}


def _registered(stage: Stage, who: Persona, name: str) -> dict[str, Any]:
    return {
        "season": SEASON,
        "person_name": "新考生",
        "resident_id": resident(990),
        "category": "general_graduate",
        "home": "620121",
        "organisation": _code(stage, name),
    }


WINDOW = {"opens_at": "2021-06-10T09:00", "closes_at": "2031-06-10T09:00"}
ENDED = {"ended_on": "2021-06-10", "ending": "declined"}
CONFIRMED = {"confirmed_on": "2021-06-10"}
ACCEPTED = {"accepted_on": "2021-06-10"}
WITHDRAWN = {"withdrawn_on": "2021-06-10", "reason": "不再招生"}
PAGE_FORMS: dict[str, Make] = {
    "open_season": lambda stage, who, name: {
        "code": "2021-new",
        "kind": "expansion",
        "name": "新招生季",
        "opens_on": "2021-06-01",
    },
    "add_round": lambda stage, who, name: {
        "ordinal": "7",
        "supplement": "0",
        "name": "第七轮",
        "channel": "direct",
        "opens_on": "2021-06-01",
    },
    "declare_exempt": lambda stage, who, name: {"code": "new-category", "name": "新类别"},
    "set_cap": lambda stage, who, name: {
        "code": "new-cap",
        "kind": "season",
        "name": "新限额",
        "limit_seats": "90000",
        "issued_on": "2021-06-01",
    },
    "cancel_round": lambda stage, who, name: {"day": "2021-06-10"},
    "lift_cap": lambda stage, who, name: {"day": "2021-06-10"},
    "copy_season": lambda stage, who, name: {"code": "2022-copied", "name": "新一季", "opens_on": "2022-03-01"},
    "declare_scheme": lambda stage, who, name: {"content": json.dumps(LAW), "declared_on": "2021-06-01"},
    "file_score_rule": _rule,
    "open_round": lambda stage, who, name: WINDOW,
    "extend_round": lambda stage, who, name: {"closes_at": "2031-06-10T09:00"},
    "start_run": lambda stage, who, name: {"what_if": "on"},
    "close_round": lambda stage, who, name: {},
    "send_files": lambda stage, who, name: {},
    "publish_run": lambda stage, who, name: {"answers_until": "2031-06-10T09:00"},
    "propose_all": lambda stage, who, name: {},
    "read_file": lambda stage, who, name: {},
    "propose_admission": lambda stage, who, name: {},
    "propose_refusal": lambda stage, who, name: {"reason": "体检不符合要求"},
    "decide_refusal": lambda stage, who, name: {"accepts": "yes"},
    "register_applicant": _registered,
    "issue_ticket": lambda stage, who, name: {"email": ""},
    "issue_tickets": lambda stage, who, name: {},
    "waive_exemption": lambda stage, who, name: {"reason": "考生改为参加考试"},
    "file_plan": _filed,
    "correct_plan": lambda stage, who, name: {"seats": "12", "reason": "调整"},
    "accept_plan": lambda stage, who, name: ACCEPTED,
    "withdraw_plan": lambda stage, who, name: WITHDRAWN,
    "void_plan": lambda stage, who, name: {"reason": "误报"},
    "admission_names": lambda stage, who, name: {},
    "confirm_admission": lambda stage, who, name: CONFIRMED,
    "end_admission": lambda stage, who, name: ENDED,
    "void_admission": lambda stage, who, name: {"reason": "误报"},
}
API_FORMS: dict[str, Make] = {
    "/api/v1/admission-plans": lambda stage, who, name: {
        "season": SEASON,
        "organisation_code": _code(stage, name),
        "programme_code": _programme(name),
        "seats": 10,
    },
    "/api/v1/admission-plans/{plan_id}/acceptance": lambda stage, who, name: ACCEPTED,
    "/api/v1/admission-plans/{plan_id}/withdrawal": lambda stage, who, name: WITHDRAWN,
    "/api/v1/admissions/{admission_id}/confirmation": lambda stage, who, name: CONFIRMED,
    "/api/v1/admissions/{admission_id}/ending": lambda stage, who, name: ENDED,
}
LISTS: dict[str, str] = {
    "seasons": "province_officer",
    "admission_plans": "province_officer",
    "plan_completion": "province_officer",
    "admissions": "province_officer",
    "idle_offerings": "province_officer",
    "admission_files": "province_officer",
    "admission_applicants": "province_officer",
}
ASKED: dict[str, str] = {"plan_completion": "?year=2021"}


def furnish(stage: Stage) -> None:
    """A season with a round and one that admits, caps and a category; of each school a filed plan, an applicant, an
    admission."""
    world, objects = stage.world, stage.objects
    season = classified(world, SEASON)
    empty, within = held_round(world, season), held_round(world, season, 2)
    limit = cap(world, season, limit_seats=50_000)
    objects |= {
        "season": {"province": season.pk},
        "season_code": {"province": season.code},
        "round": {"province": empty.pk},
        "cap": {"province": limit.pk},
        "plan": {},
        "admission": {},
        "score_rule": {},
        "applicant": {},
        "exempt": {},
        "file": {},
        "refusal": {},
    }
    with acting(world.actor("province_officer")):
        ExemptCategory.objects.create(season=season, code="veteran", name="退役士兵")
        for number, name in enumerate(SCHOOLS):
            filed = plan(world, season, name, 5, programme=_programme(name), pool="household")
            taken = accepted(world, season, name, 5, programme=_programme(name), pool="veteran")
            cap(world, season, f"total-{number}", kind="institution", organisation_id=world[name].pk, limit_seats=900)
            who = applicant(world, season, 100 + number, name)
            objects["plan"][name] = filed.pk
            objects["admission"][name] = admission(world, who, taken, within, None).pk
            rule = ScoreRule.objects.create(
                season=season, organisation=world[name], filed_on=OPENS, formula={"weights": {"culture": "1"}}
            )
            Score.objects.create(applicant=who, component="culture", points=90, out_of=100)
            objects["score_rule"][name], objects["applicant"][name] = rule.pk, who.pk
            spared = applicant(world, season, 150 + number, name)
            grant_exemption(
                actor=world.actor("province_officer"), applicant_id=spared.pk, category="veteran", document="x"
            )
            objects["exempt"][name] = spared.pk
        _leave_idle(stage, 0, 2)
    _hold_rounds(stage)


def _leave_idle(stage: Stage, first: int, end: int) -> None:
    """Offerings of the college for some of the majors, of which nobody was admitted to any."""
    majors = Major.objects.filter(level="higher").exclude(code=_programme("petrochemical")).order_by("code")
    MajorOffering.objects.bulk_create(
        MajorOffering(
            organisation=stage.world["petrochemical"], major=major, duration_years=Decimal(3), opened_on=IDLE_SINCE
        )
        for major in majors[first:end]
    )


def _hold_rounds(stage: Stage) -> None:
    """Rounds at every step: open, run, its files with the schools, ready to be published, answered."""
    world, objects = stage.world, stage.objects
    officer = world.actor("province_officer")
    law = LAW | {"pools": [{"key": "veteran", "name": "退役军人", "releases_to": "ordinary"}, *LAW["pools"]]}
    declare_scheme(actor=officer, season_id=objects["season"]["province"], data=law, declared_on=OPENS)
    held: dict[str, Opening] = {}
    for code in ("opened", "answered", "settled", "ready", "sent"):
        season = classified(world, f"2021-{code}")
        declare_scheme(actor=officer, season_id=season.pk, data=LAW, declared_on=OPENS)
        for name in SCHOOLS:
            accepted(world, season, name, 5, programme=_programme(name))
        found = held_round(world, season)
        held[code] = open_round(actor=officer, round_id=found.pk, opens_at=ago(days=2), closes_at=ago(days=1))
    runs = {code: start_run(actor=officer, opening_id=held[code].pk) for code in ("settled", "ready", "sent")}
    send_files(actor=officer, run_id=runs["ready"].pk)
    send_files(actor=officer, run_id=runs["sent"].pk)
    objects["opening"] = {"province": held["opened"].pk}
    objects["answered"] = {"province": held["answered"].pk}
    objects |= {f"{code}_run": {"province": run.pk} for code, run in runs.items()}
    with acting(officer):
        Opening.objects.filter(pk=held["answered"].pk).update(phase="answering", answers_until=ago(days=1))
        for number, name in enumerate(SCHOOLS):
            offer = held["sent"].offers.get(organisation=world[name])
            for place, (kind, state) in enumerate((("file", "placed"), ("refusal", "refusal"))):
                who = applicant(world, held["sent"].round.season, 200 + 10 * place + number, name)
                objects[kind][name] = Result.objects.create(
                    run=runs["sent"],
                    applicant=who,
                    organisation=world[name],
                    plan=offer.plan,
                    outcome="admitted",
                    file_state=state,
                ).pk
            issue_ticket(actor=officer, applicant_id=who.pk)
            PreferenceForm.objects.create(applicant=who, opening=held["opened"], draft=[])
        Told.objects.create(lookup="1:stage", page={})


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
    school = stage.world["county_school"]
    seasons = Season.objects.bulk_create(
        Season(code=f"bulk-{n}", kind="secondary", year=2021, name=f"批量{n}", opens_on=OPENS) for n in range(MANY)
    )
    plans = Plan.objects.bulk_create(
        Plan(
            season=season,
            organisation=school,
            programme_code="710202",
            programme_name="示例",
            level="secondary",
            seats=9,
            filed_on=OPENS,
            accepted_on=OPENS,
        )
        for season in seasons
    )
    rounds = Round.objects.bulk_create(
        Round(season=season, ordinal=1, name="第1轮", opens_on=OPENS) for season in seasons
    )
    people = Person.objects.bulk_create(Person(name=f"批量{n}", is_synthetic=True) for n in range(MANY))
    PersonParty.objects.bulk_create(PersonParty(person=person, organisation=school) for person in people)
    applicants = Applicant.objects.bulk_create(
        Applicant(person=person, season=season, category="junior_graduate", home_id="620121", registered_at=school)
        for person, season in zip(people, seasons, strict=True)
    )
    Admission.objects.bulk_create(
        Admission(applicant=who, plan=at, round=within, organisation=school, confirmed_on=date(2021, 5, 1))
        for who, at, within in zip(applicants, plans, rounds, strict=True)
    )
    _leave_idle(stage, 2, 2 + MANY)
    opening = Opening.objects.create(
        round=rounds[0],
        scheme_id=stage_scheme(stage),
        opens_at=ago(days=2),
        closes_at=ago(days=1),
        commitment="0" * 64,
        seed="0" * 64,
        secret="0" * 64,
    )
    run = Run.objects.create(opening=opening, number=1, state="sent")
    Result.objects.bulk_create(
        Result(run=run, applicant=who, plan=at, organisation=school, outcome="admitted", file_state="placed")
        for who, at in zip(applicants, plans, strict=True)
    )


def stage_scheme(stage: Stage) -> Any:
    """The scheme of the stage's own season."""
    return Season.objects.get(pk=stage.objects["season"]["province"]).schemes.get().pk
