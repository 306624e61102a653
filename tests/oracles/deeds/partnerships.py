"""What perturbs the partnerships."""

from __future__ import annotations

from datetime import date

from jineng.kernel.actors import Actor
from jineng.partnerships import verbs
from jineng.partnerships.models import Agreement, Body, BodyMember, InternationalProject
from jineng.registry import verbs as registry
from jineng.registry.models import Division, Organisation
from tests.oracles.deeds.entering import deed
from tests.reference_year import ReferenceYear


def led(by: str, kind: str, founded_on: date) -> Body:
    """The first standing body of a kind that a school founded on that day."""
    found = Body.objects.filter(voided_at=None, organisation__code=by, kind=kind, founded_on=founded_on)
    return found.order_by("code")[0]


def backing(by: str, kind: str, founded_on: date) -> Agreement:
    """The agreement that such a body comes of."""
    agreement = led(by, kind, founded_on).agreement
    assert agreement is not None
    return agreement


def member(body: str, name: str) -> BodyMember:
    """The standing member of that name."""
    return BodyMember.objects.get(voided_at=None, body__code=body, name__contains=name)


@deed
def end_an_agreement(year: ReferenceYear, actor: Actor) -> None:
    agreement = backing("4162016209", "training_centre", date(2018, 4, 12))
    verbs.end_agreement(actor=actor, agreement_id=agreement.pk, ended_on=date(2021, 10, 1), reason="企业退出")


@deed
def void_an_agreement(year: ReferenceYear, actor: Actor) -> None:
    agreement = backing("4162016209", "industry_college", date(2019, 9, 10))
    verbs.void_agreement(actor=actor, agreement_id=agreement.pk, reason="从未签成")


@deed
def renew_a_lapsed_agreement(year: ReferenceYear, actor: Actor) -> None:
    agreement = backing("4162011806", "industry_college", date(2018, 12, 31))
    verbs.record_term(
        actor=actor, agreement_id=agreement.pk, since=date(2021, 12, 31), until=date(2024, 12, 30), document="续签"
    )


@deed
def end_a_body(year: ReferenceYear, actor: Actor) -> None:
    body = led("4162016208", "industry_college", date(2021, 3, 15))
    verbs.end_body(actor=actor, body_id=body.pk, ended_on=date(2021, 12, 31))


@deed
def end_a_body_later(year: ReferenceYear, actor: Actor) -> None:
    body = led("4162016208", "industry_college", date(2021, 3, 15))
    verbs.end_body(actor=actor, body_id=body.pk, ended_on=date(2022, 6, 30))


@deed
def void_a_body(year: ReferenceYear, actor: Actor) -> None:
    body = led("3662900036", "training_centre", date(2020, 7, 1))
    verbs.void_body(actor=actor, body_id=body.pk, reason="从未成立")


@deed
def move_a_leading_school(year: ReferenceYear, actor: Actor) -> None:
    school = Organisation.objects.get(voided_at=None, code="3662900036")
    registry.change_organisation(
        actor=actor,
        organisation_id=school.pk,
        change="moved",
        on=date(2021, 11, 1),
        division=Division.objects.get(code="620502"),
    )


@deed
def add_a_project(year: ReferenceYear, actor: Actor) -> None:
    verbs.record_project(
        actor=actor,
        organisation_id=Organisation.objects.get(voided_at=None, code="4162012511").pk,
        code="GJ-NEW",
        name="建筑技术海外培训",
        kind="training",
        country="NG",
        partner="示例拉各斯技术学院",
        since=date(2021, 6, 1),
    )


@deed
def end_a_project(year: ReferenceYear, actor: Actor) -> None:
    project = InternationalProject.objects.get(voided_at=None, code="GJ-2020-02")
    verbs.end_project(actor=actor, project_id=project.pk, until=date(2020, 12, 31))


@deed
def leave_the_sino_german_college(year: ReferenceYear, actor: Actor) -> None:
    school = member("sino-german-college", "秦州区")
    verbs.leave_body(actor=actor, member_id=school.pk, left_on=date(2021, 12, 1))


@deed
def add_an_authority_to_the_alliance(year: ReferenceYear, actor: Actor) -> None:
    verbs.add_member(
        actor=actor,
        body_id=Body.objects.get(voided_at=None, code="yellow-river-alliance").pk,
        partner=verbs.Partner("湖北省教育厅", province="42"),
        joined_on=date(2021, 9, 1),
        authority=True,
    )


@deed
def leave_the_alliance(year: ReferenceYear, actor: Actor) -> None:
    founder = member("yellow-river-alliance", "山东省教育厅")
    verbs.leave_body(actor=actor, member_id=founder.pk, left_on=date(2021, 10, 1))
