"""The room's law: codes, providers, durations, dates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.exchange import ErrorCode
from jineng.majors import rules
from jineng.majors.kinds import MajorLevel
from jineng.majors.rules import MajorFacts
from jineng.registry.kinds import OrganisationKind

DAY = date(2021, 9, 1)
DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))
ENDS = st.none() | DAYS


def fields(major: MajorFacts, **given) -> list[str]:
    """The fields at fault for an offering that is right but for ``given``."""
    facts = {
        "kind": OrganisationKind.HIGHER_VOCATIONAL,
        "duration_years": Decimal(3),
        "opened_on": DAY,
        "revoked_on": None,
        "document": "",
        **given,
    }
    return [fault.field for fault in rules.faults(major, **facts)]


HIGHER = MajorFacts(MajorLevel.HIGHER)


@given(
    level=st.sampled_from(list(MajorLevel)), number=st.integers(1, 19), rest=st.from_regex(r"[0-9]{4}", fullmatch=True)
)
@settings(deadline=None)
def test_category_and_level_are_read_back_from_a_code(level, number, rest):
    code = rules.category_code(number, level) + rest
    assert rules.level_of(code) is level
    assert rules.category_number(code) == number
    assert rules.bare_code(f" {code.lower()}k ") == (code, True)
    assert rules.bare_code(code) == (code, False)


@given(st.text(max_size=8))
@settings(deadline=None)
def test_any_text_is_a_code_or_an_error(text):
    try:
        code, _ = rules.bare_code(text)
    except ValueError:
        return
    assert code.isascii()
    assert code.isdigit()
    assert len(code) == 6


@pytest.mark.parametrize(
    "text", ["", "41010", "4101011", "200101", "400101", "600101", "800101", "４１０１０１", "41010K"]
)
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValueError, match=r"categor|six digits"):
        rules.bare_code(text)


@pytest.mark.parametrize("number", [0, 20])
def test_categories_are_numbered_from_1_to_19(number):
    with pytest.raises(ValueError, match="1 to 19"):
        rules.category_code(number, MajorLevel.HIGHER)


@given(day=DAYS, opened=DAYS, revoked=ENDS)
@settings(deadline=None)
def test_in_being_from_the_opening_up_to_but_without_the_revocation(day, opened, revoked):
    assert rules.in_being(day, opened, revoked) == (opened <= day < (revoked or date.max))
    assert not rules.in_being(revoked, opened, revoked) if revoked else True


@given(opened=DAYS, length=st.none() | st.integers(1, 2000), other=DAYS, other_length=st.none() | st.integers(1, 2000))
@settings(deadline=None)
def test_overlap_means_a_common_day(opened, length, other, other_length):
    ends = opened + timedelta(days=length) if length else None
    other_ends = other + timedelta(days=other_length) if other_length else None
    later = max(opened, other)
    common = rules.in_being(later, opened, ends) and rules.in_being(later, other, other_ends)
    assert rules.overlap(opened, ends, other, other_ends) == common
    assert rules.overlap(other, other_ends, opened, ends) == common


@pytest.mark.parametrize(
    ("kind", "levels"),
    [
        (OrganisationKind.SECONDARY_VOCATIONAL, {"secondary"}),
        (OrganisationKind.COUNTY_CENTRE, {"secondary"}),
        (OrganisationKind.HIGHER_VOCATIONAL, {"secondary", "higher"}),
        (OrganisationKind.JUNIOR_COLLEGE, {"secondary", "higher"}),
        (OrganisationKind.VOCATIONAL_UNIVERSITY, {"secondary", "higher", "bachelor"}),
        (OrganisationKind.UNDERGRADUATE, {"higher", "bachelor"}),
        (OrganisationKind.ENTERPRISE, set()),
        (OrganisationKind.EDUCATION_DEPARTMENT, set()),
        ("", set()),
    ],
)
def test_who_may_offer_what(kind, levels):
    allowed = {level for level in MajorLevel if "major_code" not in fields(MajorFacts(level), kind=kind)}
    assert allowed == levels


@pytest.mark.parametrize(
    ("level", "years", "right"),
    [
        (MajorLevel.SECONDARY, "3", True),
        (MajorLevel.SECONDARY, "5", False),
        (MajorLevel.HIGHER, "5", True),
        (MajorLevel.HIGHER, "3.0", True),
        (MajorLevel.HIGHER, "1", False),
        (MajorLevel.HIGHER, "2.5", False),
        (MajorLevel.BACHELOR, "4", True),
        (MajorLevel.BACHELOR, "3", False),
    ],
)
def test_durations_by_level(level, years, right):
    found = fields(MajorFacts(level), duration_years=Decimal(years), kind=OrganisationKind.VOCATIONAL_UNIVERSITY)
    assert ("duration" not in found) is right


def test_a_state_controlled_major_needs_a_document():
    controlled = MajorFacts(MajorLevel.HIGHER, state_controlled=True)
    assert fields(controlled) == ["document"]
    assert fields(controlled, document="教职成函〔2021〕1号") == []
    assert fields(HIGHER) == []


def test_a_revocation_lies_after_the_opening():
    assert fields(HIGHER, revoked_on=DAY) == ["revoked_on"]
    assert fields(HIGHER, revoked_on=DAY + timedelta(days=1)) == []


def test_a_later_major_cannot_have_been_opened_before_it_existed():
    later = MajorFacts(MajorLevel.HIGHER, since_year=2025)
    assert fields(later) == ["opened_on"]
    assert fields(later, opened_on=date(2025, 1, 1)) == []


def test_every_fault_speaks_both_languages_and_says_what_to_do():
    wrong = MajorFacts(MajorLevel.BACHELOR, state_controlled=True, since_year=2025)
    found = list(
        rules.faults(wrong, kind="enterprise", duration_years=Decimal(1), opened_on=DAY, revoked_on=DAY, document="")
    )
    assert [fault.field for fault in found] == ["major_code", "duration", "document", "revoked_on", "opened_on"]
    for fault in [*found, rules.OVERLAPS]:
        assert isinstance(fault.code, ErrorCode)
        assert all((fault.message, fault.message_en.isascii(), fault.remedy, fault.remedy_en.isascii()))
        assert fault.remedy_en in str(fault)


def test_the_first_law_also_judges_what_came_before_it():
    first = rules.LAWS[0]
    later = rules.Law(date(2030, 1, 1), "", first.durations, first.providers, frozenset({1}))
    laws = (later, first)
    assert rules.law_on(date(1999, 1, 1), laws) is first
    assert rules.law_on(date(2029, 12, 31), laws) is first
    assert rules.law_on(date(2030, 1, 1), laws) is later
