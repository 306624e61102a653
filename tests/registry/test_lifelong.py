"""One person's whole way from a county centre to a bachelor's programme, on one page, as far as it lies in sight."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jineng.admissions.verbs import record_admission, register_applicant
from jineng.credentials.models import Certificate, CreditAccount
from jineng.credentials.verbs import export_transcript, issue_certificates, state_certificate
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.learning.verbs import enrol
from jineng.registry.lifelong import Life, life_of
from jineng.registry.models import Person, PersonMerge
from jineng.registry.verbs import ensure_people, merge_people
from jineng.registry.verbs.people import PersonRow
from jineng.workforce.verbs import record_qualification
from tests.admissions.small_season import accepted, classified, held_round
from tests.calls.small_world import resident
from tests.credentials.assessments import certificate_type, seated, session, settled
from tests.credentials.conftest import TODAY, with_scheme
from tests.credentials.test_credentials_credits import convert
from tests.factories import World
from tests.learning.classrooms import furnish, held
from tests.workforce.small_school import teacher

NAME, NUMBER = "王小一", resident(990)
LATER = date(2022, 9, 30)


@pytest.fixture
def learner(world: World) -> UUID:
    """Trained at a county centre, certified at the county's school, with credits, and upgraded at the university."""
    furnish(world)
    with_scheme(world)
    for number, what in enumerate(("PX-NY01", "WK-01")):
        class_at(world, "centre", number, what)
    class_at(world, "other_centre", 9, "KF-01")
    county, city, province = (world.actor(f"{level}_officer") for level in ("county", "city", "province"))
    of = session(world, certificate_type(world))
    row = PersonRow(NAME, NUMBER, world["county_school"].pk, synthetic=True)
    with clock_at(date(2021, 7, 20)):
        settled(of, seated(county, of, [row]), county, city)
        issue_certificates(actor=province, session_id=of.pk, issued_on=date(2021, 7, 20))
    with clock_at(TODAY), acting(county):
        certificate = Certificate.objects.get(session=of)
        convert(world, state_certificate(actor=county, number=certificate.number), "Z1")
        account = CreditAccount.objects.get()
        export_transcript(actor=county, account_id=account.pk, form="json")
    bachelor(world)
    return certificate.person_id


def class_at(world: World, where: str, number: int, what: str, name: str = NAME, paper: str = NUMBER) -> None:
    """Somebody signs up for a class, a day later with each number."""
    on = date(2021, 5, 11 + number % 10)
    of = held(world, where, f"2021-{number}", what, capacity=None)
    with clock_at(on):
        enrol(actor=world.actor("province_officer"), offering_id=of.pk, name=name, number=paper)


def bachelor(world: World) -> None:
    of = classified(world, "2022-upgrade", kind="upgrade", opens_on=date(2022, 3, 1), name="2022年专升本")
    where = accepted(world, of, "university", programme="080901", name="计算机科学与技术")
    within = held_round(world, of, opens_on=date(2022, 3, 1))
    province = world.actor("province_officer")
    who = register_applicant(
        actor=province,
        season_id=of.pk,
        person_name=NAME,
        resident_id=NUMBER,
        organisation_id=world["county_school"].pk,
        category="college_graduate",
        home_code="620121",
    )
    record_admission(
        actor=province,
        applicant_id=who.pk,
        plan_id=where.pk,
        round_id=within.pk,
        admitted_on=date(2022, 5, 1),
        confirmed_on=date(2022, 5, 10),
    )


def life(world: World, account: str, person_id: UUID) -> Life:
    actor = world.actor(account)
    with acting(actor), clock_at(LATER):
        found = life_of(actor, person_id)
    assert found is not None
    return found


def kinds(world: World, account: str, person_id: UUID) -> list[str]:
    return [stage.kind.split()[0] for stage in life(world, account, person_id).stages]


def browser(world: World, account: str) -> Client:
    client = Client()
    client.force_login(world.accounts[account], "django.contrib.auth.backends.ModelBackend")
    return client


WHOLE = ["职业培训", "微课", "开放教育", "证书考核", "证书", "学分", "成绩单", "招生报名", "专升本"]


def test_all_rooms_tell_in_order_of_time(world: World, learner: UUID) -> None:
    found = life(world, "province_officer", learner)
    assert sorted(kinds(world, "province_officer", learner)) == sorted(WHOLE)
    assert [stage.on for stage in found.stages] == sorted(stage.on for stage in found.stages)
    last = found.stages[-1]
    assert (last.kind, last.on, found.names[world["university"].pk]) == (
        "专升本 Upgrade to bachelor's",
        date(2022, 5, 10),
        "示例大学",
    )
    assert "普通本科" in last.what
    page = browser(world, "province_officer").get(reverse("lifelong", args=[learner])).content.decode()
    for stage in found.stages:
        assert stage.what in page
        assert reverse(stage.url_name, args=[stage.key]) in page


def test_a_teacher_has_posts_and_qualifications_beside(world: World) -> None:
    made = teacher(world, 5)
    actor = world.actor("province_officer")
    with acting(actor):
        record_qualification(
            actor=actor, teacher_id=made.pk, kind="teacher", name="中职教师资格证", issued_on=date(2016, 7, 1)
        )
    assert kinds(world, "province_officer", made.person_id) == ["教师资格证", "任教"]


def test_what_lies_out_of_sight_is_not_shown_and_the_page_says_so(world: World, learner: UUID) -> None:
    """The county sees what happened in the county; the other county its one class, and the credits, which all see who
    know the learner; who knows nothing of the learner finds nobody."""
    assert "开放教育" not in kinds(world, "county_officer", learner)
    assert "专升本" not in kinds(world, "county_officer", learner)
    assert kinds(world, "other_county_officer", learner) == ["开放教育", "学分"]
    page = browser(world, "other_county_officer").get(reverse("lifelong", args=[learner])).content.decode()
    assert "范围之外的不显示" in page
    assert "there may be more elsewhere" in page
    assert "（可见范围之外的单位）" in page, "the school that granted the credits"
    assert browser(world, "college_officer").get(reverse("lifelong", args=[learner])).status_code == 404
    assert browser(world, "administrator").get(reverse("lifelong", args=[learner])).status_code == 403


def test_transcripts_are_told_to_who_may_read_the_audit_trail(world: World, learner: UUID) -> None:
    assert "成绩单" not in kinds(world, "county_officer", learner)
    assert "成绩单" in kinds(world, "auditor", learner)


def test_the_name_is_masked_until_asked_for_and_asking_is_noted(world: World, learner: UUID) -> None:
    client = browser(world, "county_officer")
    page = client.get(reverse("lifelong", args=[learner])).content.decode()
    assert "王**" in page
    assert NAME not in page
    page = client.post(reverse("lifelong_person", args=[learner])).content.decode()
    assert NAME in page
    assert NUMBER in page
    with acting(world.actor("county_officer")):
        assert AuditLine.objects.filter(verb="read_people", subject_id=str(learner)).count() == 1
    auditor = browser(world, "auditor")
    assert auditor.post(reverse("lifelong_person", args=[learner])).status_code == 403


def test_merged_identities_are_one_person(world: World, learner: UUID) -> None:
    """Under whichever identity the person is asked for; who sees only the other one sees no more than before."""
    province = world.actor("province_officer")
    (other,) = ensure_people(
        actor=province, rows=[PersonRow("王晓一", resident(991), world["other_centre"].pk, synthetic=True)]
    )
    class_at(world, "other_centre", 8, "PX-JX01", "王晓一", resident(991))
    before = kinds(world, "province_officer", learner)
    merge = merge_people(actor=province, kept_id=learner, absorbed_id=other, reason="同一人")
    with acting(province):
        assert PersonMerge.objects.get(pk=merge.pk).kept_id == learner
        assert Person.objects.get(pk=other).merged_into_id == learner
    both = kinds(world, "province_officer", learner)
    assert sorted(both) == sorted([*before, "职业培训"])
    assert kinds(world, "province_officer", other) == both
    assert life(world, "province_officer", other).person.pk == learner
    assert sorted(kinds(world, "other_county_officer", other)) == ["学分", "开放教育", "职业培训"]
    assert "职业培训" in kinds(world, "county_officer", learner)
    page = browser(world, "province_officer").get(reverse("lifelong", args=[other])).content.decode()
    assert "合并身份" in page


def test_pages_of_records_lead_there(world: World, learner: UUID) -> None:
    client, address = browser(world, "province_officer"), reverse("lifelong", args=[learner])
    for stage in life(world, "province_officer", learner).stages:
        assert address in client.get(reverse(stage.url_name, args=[stage.key])).content.decode(), stage.kind


def test_as_many_queries_for_many_stages_as_for_few(world: World, learner: UUID) -> None:
    client, address = browser(world, "province_officer"), reverse("lifelong", args=[learner])

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    count()
    few = count()
    for number in range(20, 26):
        class_at(world, "other_centre", number, "PX-JX01")
    assert len(life(world, "province_officer", learner).stages) == len(WHOLE) + 6
    assert count() == few
