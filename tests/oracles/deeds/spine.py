"""What perturbs the registry, the majors and the calls."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from jineng.calls import verbs as calls
from jineng.calls.models import Award, AwardHolder, AwardStatus, Batch, Call
from jineng.kernel.actors import Actor
from jineng.kernel.models import Receipt
from jineng.kernel.returns.receiving import process_return, submit_return
from jineng.majors import verbs as majors
from jineng.majors.models import MajorOffering
from jineng.majors.queries import major_by_code
from jineng.reference.building import built_returns, returns_folder
from jineng.registry import verbs as registry
from jineng.registry.kinds import Change, CodeScheme, OrganisationKind
from jineng.registry.models import Division, Organisation, OrganisationState
from tests.calls.small_world import award_row, report
from tests.oracles.deeds.entering import deed
from tests.reference_year import ReferenceYear

SCHOOL, COLLEGE, GANGU = "3662900005", "4162012836", "3662900020"
SMALL_COLLEGE, POLICE_COLLEGE = "4162014771", "4162012834"
BUILDING_SITE, REFUSED_BASE, NURTURED_BASE = "3662900038", "3662900021", "3662900065"
TIANSHUI_OFFICE = "11620500JN0000299G"
GAOLAN_OFFICE = "11620122JN0000467R"
AUTUMN = date(2021, 10, 1)


def organisation(name_or_code: str) -> Organisation:
    """The standing organisation with this code, or else with this name."""
    standing = Organisation.objects.filter(voided_at=None)
    return standing.filter(code=name_or_code).first() or standing.get(name=name_or_code)


def award(call: str, by: str, batch: int, status: str = "recognised") -> Award:
    """The first award of an organisation in a batch that ever had this status."""
    return (
        Award.objects.filter(
            voided_at=None,
            batch__call__code=call,
            batch__number=batch,
            organisation=organisation(by),
            statuses__status=status,
            statuses__voided_at=None,
        )
        .order_by("title")
        .first()
    )


def batch(call: str, number: int) -> Batch:
    """A batch of a call."""
    return Batch.objects.get(voided_at=None, call__code=call, number=number)


def offerings(by: str, major: str) -> list[MajorOffering]:
    """The standing records of a college's major, the longest duration first."""
    found = MajorOffering.objects.filter(voided_at=None, organisation=organisation(by), major__code=major)
    return list(found.order_by("-duration_years"))


def status(actor: Actor, of: Award, word: str, since: date) -> None:
    """Say what an award is from a day on."""
    calls.set_status(actor=actor, award_id=of.pk, status=word, since=since)


def change(actor: Actor, code: str, what: str, on: date, **attributes: Any) -> None:
    """Record what happened to an organisation."""
    registry.change_organisation(actor=actor, organisation_id=organisation(code).pk, change=what, on=on, **attributes)


def landed(receipt: Receipt) -> None:
    """Make sure that a return went in."""
    assert receipt.state == Receipt.State.LANDED, receipt.errors


# Awards: struck out, withdrawn, recognised


@deed
def void_a_course(year: ReferenceYear, actor: Actor) -> None:
    calls.void_award(actor=actor, award_id=award("micro-course", GANGU, 2).pk, reason="误录")


@deed
def withdraw_a_course(year: ReferenceYear, actor: Actor) -> None:
    status(actor, award("micro-course", GANGU, 2), "withdrawn", date(2021, 12, 20))


@deed
def void_a_group(year: ReferenceYear, actor: Actor) -> None:
    calls.void_award(actor=actor, award_id=award("vocational-group", group("建筑"), 1).pk, reason="误录")


@deed
def withdraw_a_group_in_the_year(year: ReferenceYear, actor: Actor) -> None:
    status(actor, award("vocational-group", group("石油化工"), 1), "withdrawn", AUTUMN)


@deed
def withdraw_a_group_later(year: ReferenceYear, actor: Actor) -> None:
    status(actor, award("vocational-group", group("石油化工"), 1), "withdrawn", date(2022, 6, 30))


@deed
def withdraw_and_restore_a_group(year: ReferenceYear, actor: Actor) -> None:
    of = award("vocational-group", group("资源环境"), 1)
    status(actor, of, "withdrawn", date(2021, 6, 1))
    status(actor, of, "recognised", date(2021, 11, 1))


def group(what: str) -> str:
    """The name of a group."""
    return f"甘肃{what}职业教育集团"


@deed
def recognise_a_candidate(year: ReferenceYear, actor: Actor) -> None:
    of = award("red-culture-base", BUILDING_SITE, 1, "under_construction")
    status(actor, of, "recognised", date(2021, 12, 20))


@deed
def recognise_a_candidate_next_year(year: ReferenceYear, actor: Actor) -> None:
    of = award("red-culture-base", BUILDING_SITE, 1, "under_construction")
    status(actor, of, "recognised", date(2022, 1, 10))


@deed
def withdraw_a_candidate(year: ReferenceYear, actor: Actor) -> None:
    of = award("red-culture-base", "3662900049", 1, "under_construction")
    status(actor, of, "withdrawn", date(2021, 11, 15))


@deed
def lift_a_refusal(year: ReferenceYear, actor: Actor) -> None:
    status(actor, award("red-culture-base", REFUSED_BASE, 1, "refused"), "recognised", date(2021, 12, 28))


@deed
def void_a_recognition(year: ReferenceYear, actor: Actor) -> None:
    of = award("red-culture-base", NURTURED_BASE, 1)
    word = AwardStatus.objects.get(award=of, status="recognised", voided_at=None)
    calls.void_status(actor=actor, status_id=word.pk, reason="误录")


@deed
def recognise_a_pilot_nationally(year: ReferenceYear, actor: Actor) -> None:
    of = award("integration-enterprise-national", "白银有色集团股份有限公司", 1, "candidate")
    status(actor, of, "recognised", date(2021, 12, 1))


# Awards: entered


@deed
def add_a_refused_item(year: ReferenceYear, actor: Actor) -> None:
    enter(actor, batch("micro-course", 2), GANGU, status="refused")


@deed
def add_to_the_batch_of_another_year(year: ReferenceYear, actor: Actor) -> None:
    enter(actor, batch("micro-course", 1), GANGU)


@deed
def add_a_second_batch_to_a_first_batch_figure(year: ReferenceYear, actor: Actor) -> None:
    enter(actor, further_batch(actor, "quality-secondary", 3), SCHOOL)


@deed
def add_a_batch_to_a_yearly_figure(year: ReferenceYear, actor: Actor) -> None:
    enter(actor, further_batch(actor, "culture-brand", 4), SCHOOL)


@deed
def add_a_second_award_of_one_body(year: ReferenceYear, actor: Actor) -> None:
    enter(actor, batch("integration-pilot", 1), "兰州兰石集团有限公司")


def enter(actor: Actor, of: Batch, by: str, status: str = "recognised") -> None:
    """Enter an award that the returns forgot."""
    calls.record_award(
        actor=actor, batch_id=of.pk, organisation_id=organisation(by).pk, title="补录的一项", status=status
    )


def further_batch(actor: Actor, call: str, number: int) -> Batch:
    """A batch that was announced late in 2021."""
    of = Call.objects.get(code=call, voided_at=None)
    return calls.add_batch(actor=actor, call_id=of.pk, number=number, year=2021, decided_on=date(2021, 12, 20))


@deed
def import_a_new_item_from_school_and_city(year: ReferenceYear, actor: Actor) -> None:
    for reporter in (GANGU, TIANSHUI_OFFICE):
        row = award_row("micro-course", "新报的一门微课", GANGU, status="recognised") | {"batch_number": 2}
        landed(report(year.officer(reporter), awards=[row]))


@deed
def import_a_known_item_from_the_city(year: ReferenceYear, actor: Actor) -> None:
    title = award("micro-course", GANGU, 2).title
    row = award_row("micro-course", title, GANGU, status="recognised") | {"batch_number": 2}
    landed(report(year.officer(TIANSHUI_OFFICE), awards=[row]))


@deed
def import_the_same_file_twice(year: ReferenceYear, actor: Actor) -> None:
    item = next(item for item in built_returns(2021) if item.organisation_code == COLLEGE)
    officer = year.officer(COLLEGE)
    content = (returns_folder(2021) / item.file_name).read_bytes()
    receipt = submit_return(actor=officer, file_name=item.file_name, content=content)
    landed(process_return(actor=officer, receipt_id=receipt.pk))


# Awards: put right


@deed
def correct_a_title(year: ReferenceYear, actor: Actor) -> None:
    calls.correct_award(actor=actor, award_id=award("micro-course", GANGU, 2).pk, title="更正后的名称")


@deed
def change_the_date_of_a_batch(year: ReferenceYear, actor: Actor) -> None:
    of = {"call_code": "micro-course", "batch_number": 2, "year": 2021, "document": batch("micro-course", 2).document}
    landed(report(actor, batches=[of | {"decided_on": date(2021, 12, 30)}]))
    assert batch("micro-course", 2).decided_on == date(2021, 12, 30)


@deed
def change_a_holder_from_person_to_school(year: ReferenceYear, actor: Actor) -> None:
    of = award("ideology-backbone", "3662900106", 2)
    person = AwardHolder.objects.get(award=of, voided_at=None)
    assert person.kind == "person"
    calls.void_holder(actor=actor, holder_id=person.pk, reason="误录")
    calls.add_holder(actor=actor, award_id=of.pk, kind="organisation", organisation_id=of.organisation_id)


# Offerings


@deed
def revoke_one_of_two_durations(year: ReferenceYear, actor: Actor) -> None:
    longer, _shorter = offerings(COLLEGE, "460117")
    majors.revoke_offering(actor=actor, offering_id=longer.pk, revoked_on=date(2021, 9, 1))


@deed
def revoke_both_durations(year: ReferenceYear, actor: Actor) -> None:
    revoke_all(actor, COLLEGE, "460117", date(2021, 9, 1))


@deed
def revoke_both_durations_next_year(year: ReferenceYear, actor: Actor) -> None:
    revoke_all(actor, COLLEGE, "460117", date(2022, 9, 1))


@deed
def revoke_the_only_offering_of_a_major(year: ReferenceYear, actor: Actor) -> None:
    revoke_all(actor, POLICE_COLLEGE, "580503", date(2021, 9, 1))


def revoke_all(actor: Actor, by: str, major: str, on: date) -> None:
    """End a college's major, whatever its durations."""
    for offering in offerings(by, major):
        majors.revoke_offering(actor=actor, offering_id=offering.pk, revoked_on=on)


@deed
def reopen_an_offering(year: ReferenceYear, actor: Actor) -> None:
    open_(actor, "4162013955", "410119", 3, date(2021, 9, 1))


@deed
def open_a_rural_offering_at_a_school(year: ReferenceYear, actor: Actor) -> None:
    open_(actor, SCHOOL, "610105", 3, date(2021, 9, 1))


@deed
def add_a_duration(year: ReferenceYear, actor: Actor) -> None:
    open_(actor, COLLEGE, "420103", 5, AUTUMN)


def open_(actor: Actor, by: str, code: str, years: int, on: date) -> None:
    """Open an offering."""
    major = major_by_code(code)
    assert major is not None
    majors.open_offering(
        actor=actor,
        organisation_id=organisation(by).pk,
        major=major,
        duration_years=Decimal(years),
        opened_on=on,
        document="示例文号",
    )


@deed
def void_an_offering_added_in_the_year(year: ReferenceYear, actor: Actor) -> None:
    (offering,) = offerings(COLLEGE, "420103")
    majors.void_offering(actor=actor, offering_id=offering.pk, reason="误报")


@deed
def void_an_offering_revoked_in_the_year(year: ReferenceYear, actor: Actor) -> None:
    (offering,) = offerings(COLLEGE, "420602")
    majors.void_offering(actor=actor, offering_id=offering.pk, reason="误报")


@deed
def correct_a_revocation_to_the_next_year(year: ReferenceYear, actor: Actor) -> None:
    (offering,) = offerings(COLLEGE, "420209")
    majors.correct_offering(actor=actor, offering_id=offering.pk, reason="误填", revoked_on=date(2022, 3, 1))


@deed
def correct_an_opening_to_the_year_before(year: ReferenceYear, actor: Actor) -> None:
    (offering,) = offerings(COLLEGE, "460704")
    majors.correct_offering(actor=actor, offering_id=offering.pk, reason="误填", opened_on=date(2020, 9, 1))


# Organisations


@deed
def redesignate_to_vocational_university(year: ReferenceYear, actor: Actor) -> None:
    change(actor, COLLEGE, Change.REDESIGNATED, AUTUMN, kind=OrganisationKind.VOCATIONAL_UNIVERSITY)


@deed
def redesignate_to_undergraduate(year: ReferenceYear, actor: Actor) -> None:
    change(actor, SMALL_COLLEGE, Change.REDESIGNATED, AUTUMN, kind=OrganisationKind.UNDERGRADUATE)


@deed
def found_a_vocational_university(year: ReferenceYear, actor: Actor) -> None:
    enter_university(actor, Change.FOUNDED)


@deed
def enter_a_vocational_university(year: ReferenceYear, actor: Actor) -> None:
    enter_university(actor, Change.ENTERED)


def enter_university(actor: Actor, how: str) -> None:
    """Enter a vocational university in November 2021."""
    registry.enter_organisation(
        actor=actor,
        since=date(2021, 11, 1),
        change=how,
        code="4162099950",
        code_scheme=CodeScheme.SCHOOL,
        name="示例职业技术大学",
        kind=OrganisationKind.VOCATIONAL_UNIVERSITY,
        division=Division.objects.get(code="620102"),
        authority=organisation("620000-JY"),
        is_synthetic=True,
    )


@deed
def void_a_redesignation(year: ReferenceYear, actor: Actor) -> None:
    state = OrganisationState.objects.get(
        organisation=organisation("4162016209"), change=Change.REDESIGNATED, voided_at=None
    )
    registry.void_organisation_state(actor=actor, state_id=state.pk, reason="批复未下")


@deed
def merge_a_college(year: ReferenceYear, actor: Actor) -> None:
    change(actor, "4162014772", Change.MERGED, date(2021, 12, 1), related=organisation("4162014376"))


@deed
def close_a_college_later(year: ReferenceYear, actor: Actor) -> None:
    change(actor, "4162014772", Change.CLOSED, date(2022, 6, 30))


@deed
def move_a_school_to_another_city(year: ReferenceYear, actor: Actor) -> None:
    change(actor, SCHOOL, Change.MOVED, AUTUMN, division=Division.objects.get(code="620502"))


@deed
def move_a_school_within_its_city(year: ReferenceYear, actor: Actor) -> None:
    change(actor, SCHOOL, Change.MOVED, AUTUMN, division=Division.objects.get(code="620121"))


@deed
def transfer_a_school_to_another_authority(year: ReferenceYear, actor: Actor) -> None:
    change(actor, "3662900006", Change.TRANSFERRED, AUTUMN, authority=organisation(GAOLAN_OFFICE))


@deed
def rename_a_school(year: ReferenceYear, actor: Actor) -> None:
    change(actor, SCHOOL, Change.RENAMED, AUTUMN, name="红古区立信职业学校")
