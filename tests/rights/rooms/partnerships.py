"""The partnerships in the matrix of rights.

``shared_agreement`` and ``shared_body`` are kept by one school with another as party or member: seen sideways, answered
for by the party's side, changed by the keeper's side only.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.partnerships.models import (
    Agreement,
    AgreementParty,
    AgreementTerm,
    Body,
    BodyMember,
    Cluster,
    ClusterMember,
    InternationalProject,
)
from jineng.partnerships.verbs import Partner, add_member, answer_renewal
from tests.partnerships.deals import SINCE, UNTIL, agreement, body, partner, party_of, project

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Persona, Stage

SCHOOLS = ("petrochemical", "city_school", "county_school", "other_school")
MANY = 48
PAGES = """
agreements                  GET     +    +    +    +    +    .     -                200
agreement                   GET     +    +    +    +    +    .     agreement        200  200   -     404
agreement                   GET     +    +    +    +    +    .     shared_agreement -    -     -     200
record_agreement            GET     +    +    +    +    .    .     -                200
record_agreement            POST    +    +    +    +    .    .     school           302  302   -     422
answer_renewal              GET     +    +    +    +    .    .     agreement        200  200   -     404
answer_renewal              GET     +    +    +    +    .    .     shared_agreement -    -     -     200
answer_renewal              POST    +    +    +    +    .    .     agreement        302  302   -     404
answer_renewal              POST    +    +    +    +    .    .     shared_agreement -    -     -     302
record_term                 GET     +    +    +    +    .    .     agreement        200  200   -     404
record_term                 POST    +    +    +    +    .    .     agreement        302  302   -     404
record_term                 POST    +    +    +    +    .    .     shared_agreement -    -     -     403
add_party                   GET     +    +    +    +    .    .     agreement        200  200   -     404
add_party                   POST    +    +    +    +    .    .     agreement        302  302   -     404
add_party                   POST    +    +    +    +    .    .     shared_agreement -    -     -     403
end_agreement               GET     +    +    +    +    .    .     agreement        200  200   -     404
end_agreement               POST    +    +    +    +    .    .     agreement        302  302   -     404
end_agreement               POST    +    +    +    +    .    .     shared_agreement -    -     -     403
void_agreement              GET     +    +    +    +    .    .     agreement        200  200   -     404
void_agreement              POST    +    +    +    +    .    .     agreement        302  302   -     404
void_agreement              POST    +    +    +    +    .    .     shared_agreement -    -     -     403

bodies                      GET     +    +    +    +    +    .     -                200
body                        GET     +    +    +    +    +    .     body             200  200   -     404
body                        GET     +    +    +    +    +    .     shared_body      -    -     -     200
found_body                  GET     +    +    +    +    .    .     -                200
found_body                  POST    +    +    +    +    .    .     school           302  302   -     422
end_body                    GET     +    +    +    +    .    .     body             200  200   -     404
end_body                    POST    +    +    +    +    .    .     body             302  302   -     404
end_body                    POST    +    +    +    +    .    .     shared_body      -    -     -     403
void_body                   GET     +    +    +    +    .    .     body             200  200   -     404
void_body                   POST    +    +    +    +    .    .     body             302  302   -     404
add_member                  GET     +    +    +    +    .    .     body             200  200   -     404
add_member                  POST    +    +    +    +    .    .     body             302  302   -     404
add_member                  POST    +    +    +    +    .    .     shared_body      -    -     -     403
body_member                 GET     +    +    +    +    +    .     body_member      200  200   -     404
leave_body                  GET     +    +    +    +    .    .     body_member      200  200   -     404
leave_body                  POST    +    +    +    +    .    .     body_member      302  302   -     404
void_member                 GET     +    +    +    +    .    .     body_member      200  200   -     404
void_member                 POST    +    +    +    +    .    .     body_member      302  302   -     404

projects                    GET     +    +    +    +    +    .     -                200
project                     GET     +    +    +    +    +    .     project          200  200   -     404
record_project              GET     +    +    +    +    .    .     -                200
record_project              POST    +    +    +    +    .    .     school           302  302   -     422
end_project                 GET     +    +    +    +    .    .     project          200  200   -     404
end_project                 POST    +    +    +    +    .    .     project          302  302   -     404
void_project                GET     +    +    +    +    .    .     project          200  200   -     404
void_project                POST    +    +    +    +    .    .     project          302  302   -     404

clusters                    GET     +    +    +    +    +    .     -                200
cluster                     GET     +    +    +    +    +    .     cluster          200  200   -     200
"""
API = """
/api/v1/agreements                              GET  +  +  +  +  +  .  -                200
/api/v1/agreements                              POST +  +  +  +  .  .  school           201  201   -     422
/api/v1/agreements/{agreement_id}               GET  +  +  +  +  +  .  agreement        200  200   -     404
/api/v1/agreements/{agreement_id}               GET  +  +  +  +  +  .  shared_agreement -    -     -     200
/api/v1/agreements/{agreement_id}/answers       POST +  +  +  +  .  .  agreement        200  200   -     404
/api/v1/agreements/{agreement_id}/answers       POST +  +  +  +  .  .  shared_agreement -    -     -     200
/api/v1/agreements/{agreement_id}/end           POST +  +  +  +  .  .  agreement        200  200   -     404
/api/v1/agreements/{agreement_id}/end           POST +  +  +  +  .  .  shared_agreement -    -     -     403
/api/v1/bodies                                  GET  +  +  +  +  +  .  -                200
/api/v1/bodies                                  POST +  +  +  +  .  .  school           201  201   -     422
/api/v1/bodies/{body_id}                        GET  +  +  +  +  +  .  body             200  200   -     404
/api/v1/bodies/{body_id}/end                    POST +  +  +  +  .  .  body             200  200   -     404
/api/v1/bodies/{body_id}/end                    POST +  +  +  +  .  .  shared_body      -    -     -     403
/api/v1/international-projects                  GET  +  +  +  +  +  .  -                200
/api/v1/international-projects                  POST +  +  +  +  .  .  school           201  201   -     422
/api/v1/international-projects/{project_id}     GET  +  +  +  +  +  .  project          200  200   -     404
/api/v1/clusters                                GET  +  +  +  +  +  .  -                200
"""


def _code(stage: Stage, name: str) -> str:
    return stage.world[name].code


def _party(stage: Stage, who: Persona, name: str) -> str:
    """The party that the persona answers for: the other school of what is shared, else the keeper."""
    shared = who.place != "province" and name == "other_school"
    kind, answering = ("shared_agreement", "county_school") if shared else ("agreement", name)
    with acting(stage.world.actor("province_officer")):
        found = Agreement.objects.get(pk=stage.objects[kind][name])
    return str(party_of(stage.world, found, stage.world[answering].name).pk)


AGREEMENT = {
    "code": "NEW-1",
    "name": "新协议",
    "kind": "school_enterprise",
    "signed_on": "2021-06-01",
    "since": "2021-06-10",
    "until": "2024-06-09",
}
PROJECT = {
    "code": "NEW-3",
    "name": "新项目",
    "kind": "training",
    "country": "KZ",
    "partner": "示例学院",
    "since": "2021-06-01",
}
BODY = {"code": "NEW-2", "name": "新产业学院", "kind": "industry_college", "founded_on": "2021-06-01"}
PAGE_FORMS: dict[str, Make] = {
    "record_agreement": lambda stage, who, name: {
        "organisation": _code(stage, name),
        "partner_name": "示例企业",
        **AGREEMENT,
    },
    "answer_renewal": lambda stage, who, name: {
        "party": _party(stage, who, name),
        "answer": "renew",
        "until": "2024-08-31",
    },
    "record_term": lambda stage, who, name: {"since": "2021-09-01", "until": "2024-08-31"},
    "add_party": lambda stage, who, name: {"partner_name": "第三方", "role": "third"},
    "end_agreement": lambda stage, who, name: {"ended_on": "2021-06-10", "reason": "不再合作", "confirmed": "1"},
    "void_agreement": lambda stage, who, name: {"reason": "从未签成"},
    "found_body": lambda stage, who, name: {"organisation": _code(stage, name), **BODY},
    "end_body": lambda stage, who, name: {"ended_on": "2021-06-10"},
    "void_body": lambda stage, who, name: {"reason": "从未成立"},
    "add_member": lambda stage, who, name: {"partner_name": "新成员", "role": "member", "joined_on": "2021-06-01"},
    "leave_body": lambda stage, who, name: {"left_on": "2021-06-10"},
    "void_member": lambda stage, who, name: {"reason": "从未加入"},
    "record_project": lambda stage, who, name: {"organisation": _code(stage, name), **PROJECT},
    "end_project": lambda stage, who, name: {"until": "2021-06-30"},
    "void_project": lambda stage, who, name: {"reason": "从未启动"},
}
API_FORMS: dict[str, Make] = {
    "/api/v1/agreements": lambda stage, who, name: {
        "organisation_code": _code(stage, name),
        "partner": {"name": "示例企业"},
        **AGREEMENT,
    },
    "/api/v1/agreements/{agreement_id}/answers": lambda stage, who, name: {
        "party_id": _party(stage, who, name),
        "answer": "renew",
        "until": "2024-08-31",
    },
    "/api/v1/agreements/{agreement_id}/end": lambda stage, who, name: {
        "ended_on": "2021-06-10",
        "reason": "不再合作",
    },
    "/api/v1/bodies": lambda stage, who, name: {"organisation_code": _code(stage, name), **BODY},
    "/api/v1/bodies/{body_id}/end": lambda stage, who, name: {"ended_on": "2021-06-10"},
    "/api/v1/international-projects": lambda stage, who, name: {"organisation_code": _code(stage, name), **PROJECT},
}
LISTS: dict[str, str] = {
    "agreements": "province_officer",
    "bodies": "province_officer",
    "projects": "province_officer",
    "clusters": "province_officer",
}
ASKED: dict[str, str] = {}


def furnish(stage: Stage) -> None:
    """Agreements, bodies with a member, projects and clusters of each school; one agreement and body shared."""
    world, objects = stage.world, stage.objects
    kinds = ("agreement", "body", "body_member", "project", "cluster")
    made: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    province = world.actor("province_officer")
    with acting(province):
        for name in SCHOOLS:
            kept = agreement(world, name, f"XY-{name}", other=Partner("示例外省企业", province="61"))
            led = body(world, name, f"CY-{name}")
            member = add_member(
                actor=province, body_id=led.pk, partner=Partner("示例成员", province="61"), joined_on=SINCE
            )
            cluster = Cluster.objects.create(
                code=f"JQ-{name}", name=f"{name}集群", field="ecology", organisation=world[name], founded_on=SINCE
            )
            ClusterMember.objects.create(cluster=cluster, organisation=world[name], joined_on=SINCE)
            made["agreement"][name], made["body"][name], made["body_member"][name] = kept.pk, led.pk, member.pk
            made["project"][name], made["cluster"][name] = project(world, name, f"GJ-{name}").pk, cluster.pk
        shared = agreement(world, "other_school", "XY-shared", other=partner(world, "county_school"))
        common = body(world, "other_school", "CY-shared", of=shared)
        add_member(actor=province, body_id=common.pk, partner=partner(world, "county_school"), joined_on=SINCE)
        with clock_at(date(2021, 6, 10)):
            answer_renewal(
                actor=province,
                agreement_id=shared.pk,
                party_id=party_of(world, shared, world["other_school"].name).pk,
                answer="renew",
                until=date(2024, 8, 31),
            )
    objects |= made
    objects["shared_agreement"] = {"other_school": shared.pk}
    objects["shared_body"] = {"other_school": common.pk}


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
    school = stage.world["county_school"]
    agreements = Agreement.objects.bulk_create(
        Agreement(code=f"B-{n}", name=f"批量{n}", kind="other", organisation=school, signed_on=SINCE)
        for n in range(MANY)
    )
    AgreementTerm.objects.bulk_create(AgreementTerm(agreement=item, since=SINCE, until=UNTIL) for item in agreements)
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=item, organisation=school, name=school.name, partner_key=str(school.pk), role="first")
        for item in agreements
    )
    bodies = Body.objects.bulk_create(
        Body(code=f"B-{n}", name=f"批量{n}", kind="other", organisation=school, agreement=item, founded_on=SINCE)
        for n, item in enumerate(agreements)
    )
    BodyMember.objects.bulk_create(
        BodyMember(body=item, organisation=school, name=school.name, partner_key=str(school.pk), joined_on=SINCE)
        for item in bodies
    )
    InternationalProject.objects.bulk_create(
        InternationalProject(
            code=f"B-{n}",
            name=f"批量{n}",
            kind="other",
            organisation=school,
            country="PK",
            partner="示例",
            since=SINCE,
        )
        for n in range(MANY)
    )
    Cluster.objects.bulk_create(
        Cluster(code=f"B-{n}", name=f"批量{n}", field="ecology", organisation=school, founded_on=SINCE)
        for n in range(MANY)
    )
