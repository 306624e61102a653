"""What perturbs the policies, groups, tasks, events and counties."""

from __future__ import annotations

from datetime import date

from jineng.governance import verbs
from jineng.governance.models import Assignment, CountyFact, LeadingGroup, Occasion, Policy, Task
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import clock_at
from jineng.registry.models import Organisation
from tests.calls.small_world import report
from tests.oracles.deeds.entering import deed
from tests.oracles.deeds.spine import landed, organisation
from tests.reference_year import ReferenceYear

PAY, TEACHERS, ETHNIC = "甘教人〔2021〕9951号", "甘教师〔2021〕9931号", "甘民委发〔2021〕9941号"
DRAFT, FORWARDING = "拟稿-2021-17", "甘人社通〔2021〕9923号"
AGRICULTURE, EDUCATION, LABOUR = "甘肃省农业农村厅", "甘肃省教育厅", "甘肃省人力资源和社会保障厅"
CHENGGUAN = "11620102JN0000408P"


def policy(number: str) -> Policy:
    """The standing policy of that number."""
    return Policy.objects.get(voided_at=None, number=number)


def department(name: str) -> Organisation:
    """A department of the province by its name."""
    return organisation(name)


@deed
def add_a_second_issuer_to_a_policy(year: ReferenceYear, actor: Actor) -> None:
    verbs.add_issuer(actor=actor, policy_id=policy(PAY).pk, organisation_id=department(AGRICULTURE).pk)


@deed
def add_an_issuer_that_signed_next_year(year: ReferenceYear, actor: Actor) -> None:
    verbs.add_issuer(
        actor=actor,
        policy_id=policy(ETHNIC).pk,
        organisation_id=department(AGRICULTURE).pk,
        signed_on=date(2022, 1, 1),
    )


@deed
def add_an_issuer_to_a_forwarding(year: ReferenceYear, actor: Actor) -> None:
    verbs.add_issuer(actor=actor, policy_id=policy(FORWARDING).pk, organisation_id=department(AGRICULTURE).pk)


@deed
def repeal_a_policy_in_the_year(year: ReferenceYear, actor: Actor) -> None:
    verbs.repeal_policy(actor=actor, policy_id=policy(TEACHERS).pk, repealed_on=date(2021, 12, 31))


@deed
def repeal_a_policy_next_year(year: ReferenceYear, actor: Actor) -> None:
    verbs.repeal_policy(actor=actor, policy_id=policy(TEACHERS).pk, repealed_on=date(2022, 1, 1))


@deed
def void_a_policy(year: ReferenceYear, actor: Actor) -> None:
    verbs.void_record(actor=actor, kind="policy", record_id=policy(PAY).pk, reason="误录")


@deed
def issue_a_draft(year: ReferenceYear, actor: Actor) -> None:
    verbs.issue_policy(
        actor=actor, policy_id=policy(DRAFT).pk, number="甘发改社会〔2021〕9981号", issued_on=date(2021, 12, 20)
    )


@deed
def replace_a_policy_next_year(year: ReferenceYear, actor: Actor) -> None:
    verbs.record_policy(
        actor=actor,
        number="甘教人〔2022〕9982号",
        title="职业院校绩效工资分配办法",
        issuer_ids=[department(EDUCATION).pk, department(LABOUR).pk],
        level="provincial",
        topic="performance-pay",
        issued_on=date(2022, 7, 1),
        replaces_id=policy(PAY).pk,
    )


@deed
def issue_a_city_policy(year: ReferenceYear, actor: Actor) -> None:
    city = year.actor("city")
    with acting(city):
        verbs.record_policy(
            actor=city,
            number="天教人〔2021〕9983号",
            title="关于做好职业院校绩效工资分配工作的通知",
            issuer_ids=[city.organisation_id],
            level="city",
            topic="performance-pay",
            issued_on=date(2021, 11, 20),
        )


@deed
def report_a_policy_again(year: ReferenceYear, actor: Actor) -> None:
    known = policy(PAY)
    codes = [issuer.organisation.code for issuer in known.issuers.filter(voided_at=None).order_by("order")]
    row = {
        "number": known.number,
        "title": known.title,
        "issuers": "、".join(codes),
        "level": known.level,
        "topic": known.topic,
        "scope": known.scope,
        "issued_on": known.issued_on,
    }
    landed(report(year.officer(department(LABOUR).code), policies=[row]))


@deed
def dissolve_a_group_in_the_year(year: ReferenceYear, actor: Actor) -> None:
    group = LeadingGroup.objects.get(voided_at=None, name="天水市职业教育工作领导小组")
    verbs.dissolve_group(actor=actor, group_id=group.pk, dissolved_on=date(2021, 11, 1))


@deed
def void_an_exhibition(year: ReferenceYear, actor: Actor) -> None:
    held = Occasion.objects.get(voided_at=None, name="甘肃省职业教育改革发展成果展")
    verbs.void_record(actor=actor, kind="occasion", record_id=held.pk, reason="未曾举办")


@deed
def accept_a_reported_share(year: ReferenceYear, actor: Actor) -> None:
    held = Assignment.objects.get(voided_at=None, task__number="2021-专业-01", receiver__name="武威市教育局")
    with clock_at(date(2021, 12, 20)):
        verbs.accept_share(actor=actor, assignment_id=held.pk, text="同意")


@deed
def withdraw_a_task(year: ReferenceYear, actor: Actor) -> None:
    verbs.withdraw_task(actor=actor, task_id=Task.objects.get(number="2022-质量-01").pk)


@deed
def end_a_director_of_a_centre(year: ReferenceYear, actor: Actor) -> None:
    office = organisation(CHENGGUAN)
    fact = CountyFact.objects.get(voided_at=None, office=office, item="director")
    verbs.end_county_fact(actor=actor, fact_id=fact.pk, until=date(2021, 10, 1))
