"""The credentials in the matrix of rights."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jineng.credentials.kinds import AchievementKind, Direction
from jineng.credentials.models import AssessmentRoom, Candidate, CreditPosting
from jineng.credentials.verbs import (
    add_rule,
    apply_for_pilot,
    convert_credits,
    enter_marks,
    issue_certificates,
    publish_scheme,
    publish_standard,
    settle_results,
    state_achievement,
    suspend_certificate,
)
from jineng.kernel.actors import acting
from tests.calls.small_world import resident
from tests.credentials.assessments import (
    CODE,
    batch,
    certificate_type,
    entered_twice,
    people,
    seated,
    session,
    sheet,
    site,
)

if TYPE_CHECKING:
    from jineng.credentials.models import AssessmentSession, CertificateType
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

PAGES = """
skill_standards             GET     +    +    +    +    +    .     -                200
add_skill_standard          GET     +    +    +    +    .    .     -                200
add_skill_standard          POST    +    +    +    +    .    .     school           302  302  -    422
skill_standard              GET     +    +    +    +    +    .     skill_standard   200  200  200  200
withdraw_skill_standard     GET     +    +    +    +    .    .     skill_standard   200  200  403  403
withdraw_skill_standard     POST    +    +    +    +    .    .     skill_standard   302  302  403  403
void_skill_standard         GET     +    +    +    +    .    .     skill_standard   200  200  403  403
void_skill_standard         POST    +    +    +    +    .    .     skill_standard   302  302  403  403
certificate_pilots          GET     +    +    +    +    +    .     -                200
apply_for_pilot             GET     +    +    +    +    .    .     -                200
apply_for_pilot             POST    +    +    +    +    .    .     school           302  302  -    422
certificate_pilot           GET     +    +    +    +    +    .     pilot            200  200  -    404
decide_pilot                GET     +    .    .    .    .    .     pilot            -    200  -    -
decide_pilot                POST    +    .    .    .    .    .     pilot            -    302  -    -
withdraw_pilot              GET     +    +    +    +    .    .     pilot            200  200  -    404
withdraw_pilot              POST    +    +    +    +    .    .     pilot            302  302  -    404
void_pilot                  GET     +    +    +    +    .    .     pilot            200  200  -    404
void_pilot                  POST    +    +    +    +    .    .     pilot            302  302  -    404
pilot_batch                 GET     +    +    +    +    +    .     pilot_batch      200  -    200  -
assessment_sites            GET     +    +    +    +    +    .     -                200
set_up_site                 GET     +    +    +    +    .    .     -                200
set_up_site                 POST    +    +    +    +    .    .     school           302  302  -    422
assessment_site             GET     +    +    +    +    +    .     site                  200  200  -    200
add_assessment_room         GET     +    +    +    +    .    .     site             200  200  -    403
add_assessment_room         POST    +    +    +    +    .    .     site             302  302  -    403
end_assessment_site         GET     +    +    +    +    .    .     site             200  200  -    403
end_assessment_site         POST    +    +    +    +    .    .     site             302  302  -    403
next_free_slot              GET     +    +    +    +    .    .     site             200  200  -    403
void_assessment_room        GET     +    +    +    +    .    .     site_room        200  200  -    403
void_assessment_room        POST    +    +    +    +    .    .     site_room        302  302  -    403
assessment_sessions         GET     +    +    +    +    +    .     -                200
schedule_session            GET     +    +    +    +    .    .     -                200
schedule_session            POST    +    +    +    +    .    .     school           302  302  -    422
assessment_session          GET     +    +    +    +    +    .     open_session     200  200  -    404
move_session                GET     +    +    +    +    .    .     open_session     200  200  -    404
move_session                POST    +    +    +    +    .    .     open_session     302  302  -    404
seating_list                GET     +    +    +    +    +    .     open_session     200  200  -    404
admission_slips             POST    +    +    +    +    .    .     timed_session    200  200  -    404
admission_slip              POST    +    +    +    +    .    .     timed_sitting    200  200  -    404
register_candidate          GET     +    +    +    +    .    .     open_session     200  200  -    404
register_candidate          POST    +    +    +    +    .    .     open_session     302  302  -    404
enter_results               GET     +    +    +    +    .    .     open_session     200  200  -    404
enter_results               POST    +    +    +    +    .    .     open_session     302  302  -    404
settle_results              GET     +    +    +    +    .    .     compared_session 200  200  -    404
settle_results              POST    +    +    +    +    .    .     compared_session 302  302  -    404
issue_certificates          GET     +    +    +    +    .    .     settled_session  200  200  -    404
issue_certificates          POST    +    +    +    +    .    .     settled_session  302  302  -    404
seal_certificates           POST    +    +    +    +    .    .     settled_session  302  302  -    404
candidate                   GET     +    +    +    +    +    .     sitting          200  200  -    404
candidate_person            POST    +    +    +    +    .    .     sitting          200  200  -    404
void_candidate              GET     +    +    +    +    .    .     sitting          200  200  -    404
void_candidate              POST    +    +    +    +    .    .     sitting          302  302  -    404
certificates                GET     +    +    +    +    +    .     -                200
certificate                 GET     +    +    +    +    +    .     certificate      200  200  -    404
certificate_holder          POST    +    +    +    +    .    .     certificate      200  200  -    404
certificate_file            POST    +    +    +    +    .    .     certificate      200  200  -    404
revoke_certificate          GET     +    +    +    +    .    .     certificate      200  200  -    404
revoke_certificate          POST    +    +    +    +    .    .     certificate      302  302  -    404
suspend_certificate         GET     +    +    +    +    .    .     certificate      200  200  -    404
suspend_certificate         POST    +    +    +    +    .    .     certificate      302  302  -    404
lift_suspension             GET     +    +    +    +    .    .     suspended        200  200  -    404
lift_suspension             POST    +    +    +    +    .    .     suspended        302  302  -    404
reissue_certificate         GET     +    +    +    +    .    .     certificate      200  200  -    404
reissue_certificate         POST    +    +    +    +    .    .     certificate      302  302  -    404
void_certificate            GET     +    +    +    +    .    .     certificate      200  200  -    404
void_certificate            POST    +    +    +    +    .    .     certificate      302  302  -    404
credit_accounts             GET     +    +    +    +    +    .     -                200
credit_account              GET     +    +    +    +    +    .     credit_account   200  200  -    404
lifelong                    GET     +    +    +    +    +    .     account_holder   200  200  -    404
lifelong_person             POST    +    +    +    +    .    .     account_holder   200  200  -    404
transcript_file             POST    +    +    +    +    .    .     credit_account   200  200  -    404
reverse_posting             GET     +    +    +    +    .    .     posting          200  200  -    404
reverse_posting             POST    +    +    +    +    .    .     posting          302  302  -    404
state_achievement           GET     +    +    +    +    .    .     -                200
state_achievement           POST    +    +    +    +    .    .     school           302  302  -    422
state_certificate           GET     +    +    +    +    .    .     -                200
state_certificate           POST    +    +    +    +    .    .     stated_later     302  302  -    422
credit_schemes              GET     +    +    +    +    +    .     -                200
credit_scheme               GET     +    +    +    +    +    .     credit_scheme    200  200  -    200
publish_credit_scheme       GET     +    +    +    +    .    .     -                200
publish_credit_scheme       POST    +    +    +    +    .    .     school           302  302  -    422
add_conversion_rule         GET     +    +    +    +    .    .     credit_scheme    200  200  -    403
add_conversion_rule         POST    +    +    +    +    .    .     fresh_scheme     302  302  -    403
"""
API = """
/api/v1/skill-standards                               GET + + + + + .     -                200
/api/v1/certificate-pilots                            GET + + + + + .     -                200
/api/v1/certificate-pilots                            POST  + + + + . .     school           201  201  -    422
/api/v1/certificate-pilots/{pilot_id}                 GET + + + + + .     pilot            200  200  -    404
/api/v1/certificate-pilots/{pilot_id}/decision        POST  + . . . . .     pilot            -    200  -    -
/api/v1/certificate-pilots/{pilot_id}/withdrawal      POST  + + + + . .     pilot            200  200  -    404
/api/v1/assessment-sessions                           GET + + + + + .     -                200
/api/v1/assessment-sessions/{session_id}              GET + + + + + .     open_session     200  200  -    404
/api/v1/assessment-sessions/{session_id}/marks        POST  + + + + . .     open_session     200  200  -    404
/api/v1/assessment-sessions/{session_id}/settlement   POST  + + + + . .     compared_session 200  200  -    404
/api/v1/assessment-sessions/{session_id}/certificates POST  + + + + . .     settled_session  201  201  -    404
/api/v1/credit-schemes                                GET + + + + + .     -                200
/api/v1/credit-accounts                               GET + + + + + .     -                200
/api/v1/credit-accounts/{account_id}                  GET + + + + + .     credit_account   200  200  -    404
/api/v1/achievements                                  POST  + + + + . .     school           201  201  -    422
/api/v1/certificates                                  GET + + + + + .     -                200
/api/v1/certificates/{certificate_id}                 GET + + + + + .     certificate      200  200  -    404
/api/v1/certificates/{certificate_id}/revocation      POST  + + + + . .     certificate      200  200  -    404
/api/v1/certificates/{certificate_id}/suspension      POST  + + + + . .     certificate      200  200  -    404
/api/v1/certificates/{certificate_id}/lifting         POST  + + + + . .     suspended        200  200  -    404
"""


def _pilot_form(stage: Stage, name: str) -> dict[str, Any]:
    return {"batch": "1", "certificate": CODE, "level": "intermediate", "planned": "40", "applied_on": "2019-06-20"}


def _achieved() -> dict[str, Any]:
    return {
        "name": "新学员",
        "number": resident(FIRST + 91),
        "kind": "course",
        "code": "KC-9",
        "title": "课程",
        "on": "2021-05-01",
    }


PAGE_FORMS: dict[str, Make] = {
    "reverse_posting": lambda stage, who, name: {"reason": "有误"},
    "state_achievement": lambda stage, who, name: {**_achieved(), "institution": stage.world[name].code},
    "state_certificate": lambda stage, who, name: {"number": stage.objects["stated_later"][name]},
    "publish_credit_scheme": lambda stage, who, name: {
        "school": stage.world[name].code,
        "since": "2022-01-01",
        "cap": "8",
    },
    "add_conversion_rule": lambda stage, who, name: {
        "code": "K9",
        "direction": "course",
        "accepts": "course",
        "source": "KC-9",
        "target": "课程",
        "credits": "2",
        "valid_years": "2",
    },
    "add_skill_standard": lambda stage, who, name: {
        "name": "新标准",
        "code": "BZ-NEW",
        "levels": ["elementary"],
        "developer": stage.world[name].code,
        "role": "lead",
        "published_on": "2021-03-01",
    },
    "withdraw_skill_standard": lambda stage, who, name: {"on": "2021-06-01"},
    "void_skill_standard": lambda stage, who, name: {"reason": "从未有过"},
    "apply_for_pilot": lambda stage, who, name: {
        **_pilot_form(stage, name),
        "institution": stage.world[name].code,
    },
    "decide_pilot": lambda stage, who, name: {"answer": "approved", "on": "2019-06-21"},
    "withdraw_pilot": lambda stage, who, name: {"on": "2021-06-01"},
    "void_pilot": lambda stage, who, name: {"reason": "从未申报"},
    "schedule_session": lambda stage, who, name: {
        "host": stage.world[name].code,
        "code": "KH-NEW",
        "certificate": CODE,
        "level": "elementary",
        "held_on": "2021-06-10",
        "capacity": "30",
    },
    "set_up_site": lambda stage, who, name: {
        "organisation": stage.world[name].code,
        "code": "KD-NEW",
        "name": "新考点",
        "address": "新路1号",
        "approved_on": "2021-01-01",
    },
    "add_assessment_room": lambda stage, who, name: {"name": "加设考场", "seats": "20"},
    "end_assessment_site": lambda stage, who, name: {"on": "2022-01-01"},
    "void_assessment_room": lambda stage, who, name: {"reason": "座位数有误"},
    "move_session": lambda stage, who, name: {
        "held_on": "2021-06-20",
        "begins_at": "09:00",
        "ends_at": "11:00",
        "site": str(stage.objects["site"][name]),
        "capacity": "30",
    },
    "admission_slips": lambda stage, who, name: {},
    "admission_slip": lambda stage, who, name: {},
    "register_candidate": lambda stage, who, name: {"name": "新考生", "number": resident(FIRST + 90)},
    "enter_results": lambda stage, who, name: {"m_1_1": "60", "save": "1"},
    "settle_results": lambda stage, who, name: {"confirm": "1"},
    "issue_certificates": lambda stage, who, name: {"issued_on": "2021-06-14"},
    "seal_certificates": lambda stage, who, name: {},
    "certificate_file": lambda stage, who, name: {"form": "json"},
    "transcript_file": lambda stage, who, name: {"form": "json"},
    "lifelong_person": lambda stage, who, name: {},
    "candidate_person": lambda stage, who, name: {},
    "void_candidate": lambda stage, who, name: {"reason": "从未报名"},
    "certificate_holder": lambda stage, who, name: {},
    "revoke_certificate": lambda stage, who, name: {"on": "2021-06-15", "reason": "舞弊"},
    "suspend_certificate": lambda stage, who, name: {"reason": "成绩复核"},
    "lift_suspension": lambda stage, who, name: {"reason": "复核无误"},
    "reissue_certificate": lambda stage, who, name: {"on": "2021-06-15", "reason": "姓名有误"},
    "void_certificate": lambda stage, who, name: {"reason": "误发"},
}
API_FORMS: dict[str, Make] = {
    "/api/v1/achievements": lambda stage, who, name: {
        **_achieved(),
        "institution_code": stage.world[name].code,
    },
    "/api/v1/certificate-pilots": lambda stage, who, name: {
        **_pilot_form(stage, name),
        "institution_code": stage.world[name].code,
    },
    "/api/v1/certificate-pilots/{pilot_id}/decision": lambda stage, who, name: {"approved": True, "on": "2019-06-21"},
    "/api/v1/certificate-pilots/{pilot_id}/withdrawal": lambda stage, who, name: {"on": "2021-06-01"},
    "/api/v1/assessment-sessions/{session_id}/marks": lambda stage, who, name: {
        "marks": [{"seat": 1, "part": 1, "score": "60"}]
    },
    "/api/v1/assessment-sessions/{session_id}/settlement": lambda stage, who, name: {"resolutions": []},
    "/api/v1/assessment-sessions/{session_id}/certificates": lambda stage, who, name: {"issued_on": "2021-06-14"},
    "/api/v1/certificates/{certificate_id}/revocation": lambda stage, who, name: {"on": "2021-06-15", "reason": "舞弊"},
    "/api/v1/certificates/{certificate_id}/suspension": lambda stage, who, name: {"reason": "成绩复核"},
    "/api/v1/certificates/{certificate_id}/lifting": lambda stage, who, name: {"reason": "复核无误"},
}
LISTS: dict[str, str] = {
    "skill_standards": "auditor",
    "certificate_pilots": "auditor",
    "assessment_sessions": "auditor",
    "assessment_sites": "auditor",
    "certificates": "auditor",
    "credit_accounts": "auditor",
    "credit_schemes": "auditor",
}
ASKED: dict[str, str] = {}
TWO = {
    "petrochemical": ("college_officer", "province_officer"),
    "city_school": ("city_officer", "province_officer"),
    "county_school": ("school_officer", "county_officer"),
    "other_school": ("other_city_officer", "other_county_officer"),
}
"""Who enters the results of a school's sessions."""
REPORTERS = {
    "province": "province_officer",
    "lanzhou": "city_officer",
    "yongdeng": "county_officer",
    "tianshui": "other_city_officer",
    "qinzhou": "other_county_officer",
}
FIRST = 30_000
"""Numbers of people from here on are this room's alone."""
HELD, ISSUED = date(2021, 6, 12), date(2021, 6, 14)
KINDS = ("pilot", "open_session", "compared_session", "settled_session", "sitting", "certificate", "suspended")
PLACES = ("site", "site_room", "timed_session", "timed_sitting")
BANK = ("credit_scheme", "fresh_scheme", "credit_account", "account_holder", "posting", "stated_later")


def furnish(stage: Stage) -> None:
    """A standard of five offices; in each school a pilot and sessions at every stage of their results."""
    world = stage.world
    kind = certificate_type(world)
    of = batch(world)
    stage.objects["pilot_batch"] = {"province": of.pk}
    stage.objects["skill_standard"] = {
        place: publish_standard(
            actor=world.actor(officer),
            code=f"BZ-{place}",
            name=f"{place}的标准",
            levels=["elementary"],
            developers=[(world[place].pk, "lead")],
            published_on=date(2020, 1, 1),
        ).pk
        for place, officer in REPORTERS.items()
    }
    stage.objects |= {name: {} for name in (*KINDS, *PLACES, *BANK)}
    for place, name in enumerate(TWO):
        _school(stage, kind, of.pk, name, FIRST + 10 * place)


def _school(stage: Stage, kind: CertificateType, batch_id: Any, name: str, serial: int) -> None:
    world, objects = stage.world, stage.objects
    first, second = (world.actor(account) for account in TWO[name])
    with acting(first):
        objects["pilot"][name] = apply_for_pilot(
            actor=first,
            batch_id=batch_id,
            institution_id=world[name].pk,
            certificate_type_id=kind.pk,
            level="elementary",
            planned=40,
            applied_on=date(2019, 6, 20),
        ).pk
        one, other = (_session(stage, kind, name, code, serial, first) for code in ("KH-1", "KH-2"))
        objects["open_session"][name] = one[0].pk
        objects["sitting"][name] = one[1][0].pk
        third, fourth = (_session(stage, kind, name, code, serial + 3, first) for code in ("KH-3", "KH-4"))
        fifth = _session(stage, kind, name, "KH-5", serial + 5, first)
        _timed(stage, kind, name, serial + 7, first)
        objects["compared_session"][name] = other[0].pk
        objects["settled_session"][name] = third[0].pk
    passed = (70, 80)
    for of, candidates in (other, third, fourth, fifth):
        entered_twice(of, sheet(candidates, passed), first, second)
    for of, _ in (third, fourth, fifth):
        settle_results(actor=first, session_id=of.pk)
    issued = issue_certificates(actor=first, session_id=fourth[0].pk, issued_on=ISSUED)
    objects["certificate"][name] = issued[0].pk
    objects["stated_later"][name] = issued[0].number
    (paused,) = issue_certificates(actor=first, session_id=fifth[0].pk, issued_on=ISSUED)
    objects["suspended"][name] = suspend_certificate(actor=first, certificate_id=paused.pk, reason="复核").pk
    _bank(stage, name, serial + 6, first)


def _timed(stage: Stage, kind: CertificateType, name: str, serial: int, actor: Any) -> None:
    """A site with two rooms, of another a room that no session uses, and a session there with somebody in it."""
    objects, at = stage.objects, {"begins_at": time(9), "ends_at": time(11)}
    used, spare = site(stage.world, 30, 10, of=name), site(stage.world, 5, of=name, code="KD-2")
    of = session(stage.world, kind, name, "KH-6", actor=actor, held_on=HELD, site_id=used.pk, **at)
    (candidate,) = seated(actor, of, people(serial, 1))
    objects["site"][name], objects["timed_session"][name], objects["timed_sitting"][name] = used.pk, of.pk, candidate.pk
    objects["site_room"][name] = AssessmentRoom.objects.get(site=spare).pk


def _bank(stage: Stage, name: str, serial: int, actor: Any) -> None:
    """A scheme that is in use with the account and line that it led to, and a scheme that is not."""
    objects, school = stage.objects, stage.world[name].pk
    for kind, since in (("credit_scheme", date(2021, 1, 1)), ("fresh_scheme", date(2021, 12, 1))):
        made = publish_scheme(actor=actor, school_id=school, since=since, cap=Decimal(9))
        objects[kind][name] = made.pk
    scheme_id = objects["credit_scheme"][name]
    learnt(actor, school, scheme_id, serial)
    with acting(actor):
        line = CreditPosting.objects.select_related("account").get(school=school)
    objects["posting"][name], objects["credit_account"][name] = line.pk, line.account_id
    objects["account_holder"][name] = line.account.person_id


def learnt(actor: Any, school: Any, scheme_id: Any, serial: int) -> None:
    """A learner's course, converted by a rule of its own."""
    add_rule(
        actor=actor,
        scheme_id=scheme_id,
        code="K1",
        direction=Direction.COURSE,
        accepts=AchievementKind.COURSE,
        source="KC-1",
        target="课程",
        credits=Decimal(1),
        valid_years=9,
    )
    convert(actor, school, serial)


def convert(actor: Any, school: Any, serial: int) -> None:
    """A learner's course, converted."""
    thing = state_achievement(
        actor=actor,
        institution_id=school,
        person=people(serial, 1)[0],
        kind=AchievementKind.COURSE,
        code="KC-1",
        title="课程",
        on=date(2021, 3, 1),
    )
    convert_credits(actor=actor, achievement_id=thing.pk, school_id=school, rule_code="K1")


def _session(
    stage: Stage, kind: CertificateType, name: str, code: str, serial: int, actor: Any
) -> tuple[AssessmentSession, list[Candidate]]:
    of = session(stage.world, kind, name, code, actor=actor, held_on=HELD)
    return of, seated(actor, of, people(serial, 1))


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
    world = stage.world
    province = world.actor("province_officer")
    with acting(province):
        kind = certificate_type(world, "X02", levels="初级、中级、高级")
        batches = [batch(world, number, date(2020, 1, 1)) for number in range(2, 50)]
        for place, of in enumerate(batches):
            publish_standard(
                actor=province,
                code=f"BZ-MORE-{place}",
                name=f"标准{place}",
                levels=["advanced"],
                developers=[(world["county_school"].pk, "lead")],
                published_on=date(2020, 1, 1),
            )
            apply_for_pilot(
                actor=province,
                batch_id=of.pk,
                institution_id=world["county_school"].pk,
                certificate_type_id=kind.pk,
                level="advanced",
                planned=1,
                applied_on=date(2019, 6, 20),
            )
            session(world, kind, "county_school", f"MORE-{place}", actor=province)
            site(world, 5, 5, of="county_school", code=f"KD-MORE-{place}")
        full = session(world, kind, "county_school", "FULL", actor=province, capacity=60, held_on=HELD)
        candidates = seated(province, full, people(FIRST + 100, 48))
    second = world.actor("city_officer")
    marks = sheet(candidates, *[(70, 80)] * 48)
    for actor in (province, second):
        enter_marks(actor=actor, session_id=full.pk, marks=marks, hand_in=True)
    settle_results(actor=province, session_id=full.pk)
    issue_certificates(actor=province, session_id=full.pk, issued_on=ISSUED)
    for place in range(48):
        convert(province, world["county_school"].pk, FIRST + 200 + place)
        publish_scheme(
            actor=province,
            school_id=world["city_school"].pk,
            since=date(2022, 1, 1) + timedelta(days=place),
            cap=Decimal(9),
        )
