"""The figures, with what would trip somebody who just counts rows."""

from __future__ import annotations

import pytest

from tests.credentials.records import Records

GROUPS = ("undergraduate", "higher", "secondary")


@pytest.fixture
def told() -> Records:
    """Three schools of three groups, five batches."""
    records = Records()
    records.organisation("甲校", "secondary_vocational")
    records.organisation("乙校", "higher_vocational")
    records.organisation("丙校", "undergraduate")
    for number, on in enumerate(("2019-06-20", "2019-11-15", "2020-06-10", "2021-04-26", "2022-04-20"), 1):
        records.batch(number, on)
    return records


def test_enterprises_count_once_while_a_standard_of_theirs_stands(told: Records) -> None:
    told.organisation("甲企", "enterprise")
    told.organisation("乙企", "enterprise")
    told.organisation("评价组织", "assessment_body")
    told.organisation("停业企", "enterprise")
    told.organisation("停业企", "enterprise", "2021-03-01", closed=True)
    told.standard("甲企", "评价组织", published="2019-01-01")
    told.standard("甲企", "乙企", published="2021-12-31", withdrawn="2022-12-31")
    told.standard("停业企", published="2019-01-01")
    told.standard("乙企", published="2022-01-01", void=True)
    assert told.years("skill_standard_enterprises") == (2, 2, 1)


def test_a_standard_withdrawn_on_the_last_day_is_gone(told: Records) -> None:
    told.organisation("甲企", "enterprise")
    told.standard("甲企", published="2019-01-01", withdrawn="2021-12-31")
    assert told.years("skill_standard_enterprises") == (1, 0, 0)


def test_batches_count_from_the_day_they_are_announced(told: Records) -> None:
    told.batch(6, "2020-01-01", void=True)
    assert told.years("certificate_pilot_batches") == (3, 4, 5)


def test_pilots_count_triples_that_stand(told: Records) -> None:
    told.pilot("甲校", 1)
    told.pilot("甲校", 3, approved="2020-06-10")
    told.pilot("甲校", 4, "intermediate", "2021-04-26")
    told.pilot("乙校", 4, approved=None)
    told.pilot("乙校", 1, withdrawn="2021-12-31")
    told.pilot("丙校", 2, "elementary", "2019-11-15", "2022-01-01")
    told.pilot("丙校", 4, "advanced", "2021-04-26", void=True)
    told.pilot("丙校", 5, "advanced", "2022-04-20")
    assert told.years("certificate_pilots") == (3, 3, 3)
    assert told.years("certificate_pilot_institutions") == (3, 2, 2)
    assert told.parts("certificate_pilots", "level") == {"elementary": 2, "intermediate": 1}
    assert told.parts("certificate_pilots", "batch") == {"第1批": 1, "第2批": 1, "第4批": 1}


def test_a_triple_stands_while_one_of_its_applications_does(told: Records) -> None:
    told.pilot("甲校", 1, withdrawn="2020-01-01")
    told.pilot("甲校", 4, approved="2021-04-26")
    assert told.years("certificate_pilots") == (0, 1, 1)


def test_a_batch_of_next_year_waits(told: Records) -> None:
    told.pilot("甲校", 5, approved="2021-12-01")
    assert told.years("certificate_pilots") == (0, 0, 1)


def test_schools_keep_the_group_of_their_first_standing_pilot(told: Records) -> None:
    told.organisation("甲校", "higher_vocational", "2020-01-01")
    told.organisation("甲校", "undergraduate", "2021-01-01")
    told.pilot("甲校", 1)
    told.pilot("甲校", 4, "intermediate", "2021-04-26")
    told.pilot("乙校", 3, approved="2020-06-10")
    told.organisation("乙校", "vocational_university", "2021-01-01")
    told.pilot("丙校", 4, approved="2021-04-26")
    assert [told.figure(f"certificate_pilot_institutions_{group}") for group in GROUPS] == [1, 1, 1]
    assert told.parts("certificate_pilot_institutions", "school_group") == dict.fromkeys(GROUPS, 1)


def test_when_the_first_pilot_falls_away_the_next_tells_the_group(told: Records) -> None:
    told.organisation("甲校", "undergraduate", "2021-01-01")
    told.pilot("甲校", 1, void=True)
    told.pilot("甲校", 4, "intermediate", "2021-04-26")
    assert [told.figure(f"certificate_pilot_institutions_{group}") for group in GROUPS] == [1, 0, 0]


def test_learners_count_once_who_really_sat(told: Records) -> None:
    told.session("早", "2020-06-01")
    told.session("晚", "2021-12-31")
    told.session("次年", "2022-01-01")
    told.session("作废", "2021-05-01", void=True)
    for person, session in (("甲", "早"), ("甲", "晚"), ("乙", "晚"), ("丙", "次年"), ("丁", "作废")):
        told.candidate(person, session)
    told.candidate("戊", "晚", "absent")
    told.candidate("己", "晚", "registered")
    told.candidate("庚", "晚", void=True)
    assert told.years("certificate_candidates") == (1, 2, 3)


def test_holders_hold_until_revoked_and_never_by_a_void_one(told: Records) -> None:
    told.certificate("甲", "2021-12-31")
    told.certificate("乙", "2022-01-01")
    told.certificate("丙", "2020-07-01", "2021-12-31")
    told.certificate("丁", "2020-07-01", "2022-03-01")
    told.certificate("戊", "2021-07-01", void=True)
    told.certificate("己", "2021-07-01")
    told.certificate("己", "2021-07-01", "2021-08-01")
    assert told.years("certificate_holders") == (2, 3, 3)


def test_two_identities_of_one_person_count_once(told: Records) -> None:
    told.session("早", "2020-06-01")
    for person in ("甲", "又甲", "乙", "又乙"):
        told.candidate(person, "早")
        told.certificate(person, "2020-07-01")
    told.merged("又甲", "甲")
    told.merged("又乙", "乙", undone=True)
    assert told.figure("certificate_candidates") == told.figure("certificate_holders") == 3
