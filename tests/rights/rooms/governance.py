"""The governance in the matrix of rights."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jineng.governance.models import (
    Assignment,
    AssignmentProgress,
    CountyFact,
    ExhibitionItem,
    GroupMember,
    LeadingGroup,
    Occasion,
    OccasionParticipant,
    Policy,
    PolicyIssuer,
    PooledDepartment,
    PressItem,
    Task,
    TaskStep,
)
from jineng.governance.verbs import (
    add_exhibit,
    add_member,
    add_participant,
    form_group,
    record_county_fact,
    record_occasion,
    record_policy,
    record_press,
)
from jineng.kernel.actors import acting
from jineng.registry.models import Organisation

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

PAGES = """
task_shares                 GET     +    +    +    +    +    .     -              200
task                        GET     +    +    +    +    +    .     office_task    200  200   404   404
give_task                   GET     +    +    +    +    .    .     -              200
give_task                   POST    +    +    +    +    .    .     receiver       403  302   -     422
withdraw_task               GET     +    +    +    +    .    .     office_task    200  200   404   404
withdraw_task               POST    +    +    +    +    .    .     office_task    302  403   404   404
share                       GET     +    +    +    +    +    .     given_share    200  200   404   404
share                       GET     +    +    +    +    +    .     held_share     200  200   404   404
receive_share               GET     +    +    +    +    .    .     held_share     200  403   404   404
receive_share               POST    +    +    +    +    .    .     held_share     302  403   404   404
split_share                 GET     +    +    +    +    .    .     held_share     200  403   404   404
split_share                 POST    +    +    +    +    .    .     split_share    302  403   404   404
report_share                GET     +    +    +    +    .    .     held_share     200  403   404   404
report_share                POST    +    +    +    +    .    .     held_share     302  403   404   404
send_back_share             GET     +    +    +    +    .    .     given_share    200  403   404   404
send_back_share             POST    +    +    +    +    .    .     given_share    302  403   404   404
accept_share                GET     +    +    +    +    .    .     given_share    200  403   404   404
accept_share                POST    +    +    +    +    .    .     given_share    302  403   404   404

policies                    GET     +    +    +    +    +    .     -              200
policy                      GET     +    +    +    +    +    .     policy         200  200   200   200
policy                      GET     +    +    +    +    +    .     draft          200  200   404   404
policy_issuer               GET     +    +    +    +    +    .     issuer         302  302   302   302
record_policy               GET     +    +    +    +    .    .     -              200
record_policy               POST    +    +    +    +    .    .     office         302  302   403   403
issue_policy                GET     +    +    +    +    .    .     draft          200  200   404   404
issue_policy                POST    +    +    +    +    .    .     draft          302  302   404   404
add_policy_issuer           GET     +    +    +    +    .    .     policy         200  200   403   403
add_policy_issuer           POST    +    +    +    +    .    .     policy         302  302   403   403
repeal_policy               GET     +    +    +    +    .    .     policy         200  200   403   403
repeal_policy               POST    +    +    +    +    .    .     policy         302  302   403   403
void_policy                 GET     +    +    +    +    .    .     policy         200  200   403   403
void_policy                 POST    +    +    +    +    .    .     policy         302  302   403   403

leading_groups              GET     +    +    +    +    +    .     -              200
leading_group               GET     +    +    +    +    +    .     group          200  200   200   404
form_group                  GET     +    +    +    +    .    .     -              200
form_group                  POST    +    +    +    +    .    .     office         302  302   422   422
add_group_member            GET     +    +    +    +    .    .     group          200  200   403   404
add_group_member            POST    +    +    +    +    .    .     group          302  302   403   404
dissolve_group              GET     +    +    +    +    .    .     group          200  200   403   404
dissolve_group              POST    +    +    +    +    .    .     group          302  302   403   404
void_group                  GET     +    +    +    +    .    .     group          200  200   403   404
void_group                  POST    +    +    +    +    .    .     group          302  302   403   404

press_items                 GET     +    +    +    +    +    .     -              200
press_item                  GET     +    +    +    +    +    .     press          200  200   200   404
record_press                GET     +    +    +    +    .    .     -              200
record_press                POST    +    +    +    +    .    .     office         302  302   422   422
void_press                  GET     +    +    +    +    .    .     press          200  200   403   404
void_press                  POST    +    +    +    +    .    .     press          302  302   403   404

occasions                   GET     +    +    +    +    +    .     -              200
occasion                    GET     +    +    +    +    +    .     occasion       200  200   200   404
exhibition_item             GET     +    +    +    +    +    .     exhibit        302  302   302   404
record_occasion             GET     +    +    +    +    .    .     -              200
record_occasion             POST    +    +    +    +    .    .     office         302  302   422   422
add_participant             GET     +    +    +    +    .    .     occasion       200  200   403   404
add_participant             POST    +    +    +    +    .    .     occasion       302  302   403   404
add_exhibit                 GET     +    +    +    +    .    .     occasion       200  200   403   404
add_exhibit                 POST    +    +    +    +    .    .     occasion       302  302   403   404
void_occasion               GET     +    +    +    +    .    .     occasion       200  200   403   404
void_occasion               POST    +    +    +    +    .    .     occasion       302  302   403   404

counties                    GET     +    +    +    +    +    .     -              200
county                      GET     +    +    +    +    +    .     county         200  200   404   404
county_fact                 GET     +    +    +    +    +    .     county_fact    302  302   404   404
record_county_fact          GET     +    +    +    +    .    .     -              200
record_county_fact          POST    +    +    +    +    .    .     county         302  302   422   422
end_county_fact             GET     +    +    +    +    .    .     county_fact    200  200   404   404
end_county_fact             POST    +    +    +    +    .    .     county_fact    302  302   404   404
void_county_fact            GET     +    +    +    +    .    .     county_fact    200  200   404   404
void_county_fact            POST    +    +    +    +    .    .     county_fact    302  302   404   404
"""
API = """
/api/v1/policies                           GET     +    +    +    +    +    .     -             200
/api/v1/policies                           POST    +    +    +    +    .    .     office        201  201   403   403
/api/v1/policies/{policy_id}               GET     +    +    +    +    +    .     policy        200  200   200   200
/api/v1/policies/{policy_id}               GET     +    +    +    +    +    .     draft         200  200   404   404
/api/v1/tasks                              POST    +    +    +    +    .    .     receiver      403  201   -     403
/api/v1/task-shares                        GET     +    +    +    +    +    .     -             200
/api/v1/task-shares/{share_id}             GET     +    +    +    +    +    .     held_share    200  200   404   404
/api/v1/task-shares/{share_id}/split       POST    +    +    +    +    .    .     split_share   201  403   404   404
/api/v1/task-shares/{share_id}/reports     POST    +    +    +    +    .    .     held_share    201  403   404   404
/api/v1/task-shares/{share_id}/judgements  POST    +    +    +    +    .    .     given_share   201  403   404   404
/api/v1/leading-groups                     GET     +    +    +    +    +    .     -             200
/api/v1/events                             GET     +    +    +    +    +    .     -             200
/api/v1/press                              GET     +    +    +    +    +    .     -             200
/api/v1/counties                           GET     +    +    +    +    +    .     -             200
"""
OFFICES = ("province", "lanzhou", "tianshui", "chengguan", "yongdeng", "qinzhou")
TASKS = ("province", "lanzhou", "tianshui", "yongdeng", "qinzhou")
HELD = {
    "lanzhou": "province",
    "tianshui": "province",
    "petrochemical": "province",
    "yongdeng": "lanzhou",
    "chengguan": "lanzhou",
    "city_school": "lanzhou",
    "qinzhou": "tianshui",
    "county_school": "yongdeng",
    "other_school": "qinzhou",
}
"""Who holds a share, and who gave it."""
GIVEN = {
    "province": "petrochemical",
    "lanzhou": "city_school",
    "tianshui": "other_school",
    "yongdeng": "chengguan",
    "qinzhou": "other_school",
}
"""Who gave a share, and to whom; none to anybody below whom another persona stands."""
SPLIT = ("lanzhou", "tianshui", "yongdeng", "chengguan")
COUNTIES = ("chengguan", "yongdeng", "qinzhou")
RECEIVERS = ("county_school", "city_school", "petrochemical", "other_school")
GIVEN_ON, DUE_ON = date(2021, 3, 1), date(2021, 12, 1)


def _code(stage: Stage, name: str) -> str:
    return stage.world[name].code


PAGE_FORMS: dict[str, Make] = {
    "give_task": lambda stage, who, name: {
        "title": "新任务",
        "due_on": "2021-12-01",
        "unit": "项",
        "others": f"{_code(stage, name)} 1",
    },
    "withdraw_task": lambda stage, who, name: {},
    "receive_share": lambda stage, who, name: {},
    "split_share": lambda stage, who, name: {
        "due_on": "2021-11-01",
        "others": f"{_code(stage, BELOW.get(name, name))} 1",
    },
    "report_share": lambda stage, who, name: {"value": "1", "text": "完成一项"},
    "send_back_share": lambda stage, who, name: {"reason": "缺材料"},
    "accept_share": lambda stage, who, name: {"text": "同意"},
    "record_policy": lambda stage, who, name: {
        "number": "新文〔2021〕1号",
        "title": "新文件",
        "issuers": _code(stage, name),
        "level": "provincial",
        "kind": "issued",
        "issued_on": "2021-06-01",
    },
    "issue_policy": lambda stage, who, name: {"number": "新文〔2021〕2号", "issued_on": "2021-06-10"},
    "add_policy_issuer": lambda stage, who, name: {"organisation": "620000-CZ", "signed_on": "2021-06-10"},
    "repeal_policy": lambda stage, who, name: {"repealed_on": "2021-06-10"},
    "void_policy": lambda stage, who, name: {"reason": "误录"},
    "form_group": lambda stage, who, name: {
        "organisation": _code(stage, name),
        "name": "新领导小组",
        "level": "county",
        "formed_on": "2021-05-01",
    },
    "add_group_member": lambda stage, who, name: {
        "organisation": "620000-CZ",
        "post_title": "处长",
        "role": "member",
    },
    "dissolve_group": lambda stage, who, name: {"dissolved_on": "2021-06-10"},
    "void_group": lambda stage, who, name: {"reason": "误录"},
    "record_press": lambda stage, who, name: {
        "organisation": _code(stage, name),
        "outlet": "某报",
        "published_on": "2021-06-01",
        "title": "新报道",
        "level": "city",
    },
    "void_press": lambda stage, who, name: {"reason": "误录"},
    "record_occasion": lambda stage, who, name: {
        "host": _code(stage, name),
        "name": "新活动",
        "kind": "forum",
        "level": "city",
        "begins_on": "2021-06-01",
    },
    "add_participant": lambda stage, who, name: {"organisation": "620000-CZ", "role": "participant", "people": "3"},
    "add_exhibit": lambda stage, who, name: {"organisation": "620000-CZ", "title": "新展品", "kind": "product"},
    "void_occasion": lambda stage, who, name: {"reason": "误录"},
    "record_county_fact": lambda stage, who, name: {
        "office": _code(stage, name),
        "item": "department",
        "department": "agriculture",
        "since": "2021-05-01",
    },
    "end_county_fact": lambda stage, who, name: {"until": "2021-06-10"},
    "void_county_fact": lambda stage, who, name: {"reason": "误录"},
}
BELOW = {"lanzhou": "county_school", "yongdeng": "county_school"}
API_FORMS: dict[str, Make] = {
    "/api/v1/policies": lambda stage, who, name: {
        "number": "新文〔2021〕3号",
        "title": "新文件",
        "issuer_ids": [str(stage.world[name].pk)],
        "level": "provincial",
    },
    "/api/v1/tasks": lambda stage, who, name: {
        "title": "新任务",
        "due_on": "2021-12-01",
        "shares": [{"receiver_id": str(stage.world[name].pk), "share": "1"}],
    },
    "/api/v1/task-shares/{share_id}/split": lambda stage, who, name: {
        "due_on": "2021-11-01",
        "shares": [{"receiver_id": str(stage.world[BELOW.get(name, name)].pk), "share": "1"}],
    },
    "/api/v1/task-shares/{share_id}/reports": lambda stage, who, name: {"value": "1"},
    "/api/v1/task-shares/{share_id}/judgements": lambda stage, who, name: {"accepted": False, "text": "缺材料"},
}
LISTS: dict[str, str] = dict.fromkeys(
    ("task_shares", "policies", "leading_groups", "press_items", "occasions", "counties"), "province_officer"
)
ASKED: dict[str, str] = {}


def furnish(stage: Stage) -> None:
    """Put the room's objects on the stage."""
    with acting(stage.world.actor("province_officer")):
        _furnish_records(stage)
    _furnish_tasks(stage)


def _furnish_records(stage: Stage) -> None:
    world, actor = stage.world, stage.world.actor("province_officer")
    kinds = ("policy", "draft", "issuer", "group", "press", "occasion", "exhibit", "county", "county_fact")
    objects: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for name in OFFICES:
        own = world[name].pk
        policy = record_policy(
            actor=actor,
            number=f"{name}〔2021〕1号",
            title=f"{name}的文件",
            issuer_ids=[own],
            level="provincial",
            issued_on=date(2021, 1, 5),
        )
        draft = record_policy(
            actor=actor, number=f"{name}-拟", title=f"{name}的草案", issuer_ids=[own], level="provincial"
        )
        group = form_group(
            actor=actor, organisation_id=own, name=f"{name}小组", level="city", formed_on=date(2020, 1, 1)
        )
        add_member(actor=actor, group_id=group.pk, organisation_id=own, post_title="局长", role="head")
        press = record_press(
            actor=actor,
            organisation_id=own,
            outlet="某报",
            published_on=date(2021, 2, 1),
            title=f"{name}的报道",
            level="city",
        )
        occasion = record_occasion(
            actor=actor, host_id=own, name=f"{name}的活动", kind="forum", level="city", begins_on=date(2021, 4, 1)
        )
        add_participant(actor=actor, occasion_id=occasion.pk, organisation_id=own)
        exhibit = add_exhibit(
            actor=actor, occasion_id=occasion.pk, organisation_id=own, title=f"{name}的展品", kind="product"
        )
        objects["policy"][name], objects["draft"][name] = policy.pk, draft.pk
        objects["issuer"][name] = PolicyIssuer.objects.get(policy=policy).pk
        objects["group"][name], objects["press"][name] = group.pk, press.pk
        objects["occasion"][name], objects["exhibit"][name] = occasion.pk, exhibit.pk
    for name in COUNTIES:
        fact = record_county_fact(
            actor=actor, office_id=world[name].pk, item="director", post_title="县长", since=date(2020, 1, 1)
        )
        objects["county"][name], objects["county_fact"][name] = world[name].pk, fact.pk
    PooledDepartment.objects.create(department="education", since=date(2020, 1, 1), document="某文")
    stage.objects |= objects


def _share(stage: Stage, giver: str, receiver: str, number: str) -> Assignment:
    """A share put there by the owner, who may give anything to anybody."""
    task = Task.objects.create(
        giver=stage.world[giver], number=number, title=f"{giver}的任务", given_on=GIVEN_ON, due_on=DUE_ON
    )
    return Assignment.objects.create(
        task=task, giver=stage.world[giver], receiver=stage.world[receiver], share=Decimal(1), due_on=DUE_ON
    )


def _furnish_tasks(stage: Stage) -> None:
    from tests.rights.stage import as_owner

    world = stage.world
    with as_owner():
        stage.objects |= {
            "receiver": {name: world[name].pk for name in RECEIVERS},
            "office_task": {
                name: Task.objects.create(
                    giver=world[name], number="自-1", title=f"{name}的任务", given_on=GIVEN_ON, due_on=DUE_ON
                ).pk
                for name in TASKS
            },
            "held_share": {
                receiver: _share(stage, giver, receiver, f"承-{receiver}").pk for receiver, giver in HELD.items()
            },
            "split_share": {name: _share(stage, HELD[name], name, f"分-{name}").pk for name in SPLIT},
            "given_share": {giver: _share(stage, giver, receiver, "派-1").pk for giver, receiver in GIVEN.items()},
        }
        TaskStep.objects.bulk_create(
            TaskStep(assignment_id=pk, sequence=1, kind="reported", happened_on=date(2021, 5, 1), value=Decimal(1))
            for pk in stage.objects["given_share"].values()
        )
        assert AssignmentProgress.objects.filter(state="reported").count() == len(GIVEN)


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
    world, many = stage.world, range(48)
    bulk = list(Organisation.objects.filter(code__startswith="9962").order_by("code"))
    policies = Policy.objects.bulk_create(
        Policy(
            number=f"批量{number}",
            title=f"批量{number}",
            organisation=world.root,
            level="provincial",
            issued_on=date(2021, 1, 1),
        )
        for number in many
    )
    PolicyIssuer.objects.bulk_create(PolicyIssuer(policy=item, organisation=world.root) for item in policies)
    groups = LeadingGroup.objects.bulk_create(
        LeadingGroup(organisation=world.root, name=f"批量{number}", level="city", formed_on=date(2020, 1, 1))
        for number in many
    )
    GroupMember.objects.bulk_create(
        GroupMember(group=item, organisation=world.root, since=date(2020, 1, 1)) for item in groups
    )
    PressItem.objects.bulk_create(
        PressItem(
            organisation=bulk[number],
            outlet="某报",
            published_on=date(2021, 1, 1),
            title=f"批量{number}",
            level="city",
        )
        for number in many
    )
    occasions = Occasion.objects.bulk_create(
        Occasion(
            host=bulk[number],
            name=f"批量{number}",
            kind="forum",
            level="city",
            begins_on=date(2021, 1, 1),
            ends_on=date(2021, 1, 2),
        )
        for number in many
    )
    OccasionParticipant.objects.bulk_create(
        OccasionParticipant(occasion=occasions[0], organisation=bulk[number]) for number in many
    )
    ExhibitionItem.objects.bulk_create(
        ExhibitionItem(occasion=occasions[0], organisation=bulk[0], title=f"批量{number}", kind="product")
        for number in many
    )
    task = Task.objects.create(
        giver=world.root, number="批量", title="批量", given_on=date(2021, 1, 1), due_on=date(2021, 2, 1)
    )
    Assignment.objects.bulk_create(
        Assignment(task=task, giver=world.root, receiver=bulk[number], share=Decimal(1), due_on=date(2021, 2, 1))
        for number in many
    )
    CountyFact.objects.bulk_create(
        CountyFact(
            office=world["qinzhou"],
            division_id="620502",
            item="department",
            department="education",
            since=date(2010, 1, 1 + number % 28),
            until=date(2011, 1 + number // 28, 1),
        )
        for number in range(28)
    )
