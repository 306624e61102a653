"""The credit bank: nothing is used twice, no cap is passed, and the ledger counted from zero is the balance."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from jineng.cases.verbs import act_on_case, begin_case, open_intake, save_answers
from jineng.credentials.credit_queries import keys_of
from jineng.credentials.crediting import BrokenLedger, Offer, Terms, good_until, obstacles, replayed, statement_of
from jineng.credentials.kinds import AchievementKind, Direction
from jineng.credentials.models import Achievement, Certificate, CreditAccount, CreditPosting
from jineng.credentials.verbs import (
    add_rule,
    convert_credits,
    publish_scheme,
    reverse_posting,
    revoke_certificate,
    state_achievement,
    state_certificate,
)
from jineng.engines.seals import verify
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from tests.cases.shipped import published
from tests.credentials.assessments import people
from tests.credentials.conftest import TODAY
from tests.credentials.test_credentials_sealing import certified
from tests.factories import World

LEARNER = 700


def course(world: World, code: str = "KC-1", on: date = date(2021, 5, 1)) -> Achievement:
    return state_achievement(
        actor=world.actor("county_officer"),
        institution_id=world["county_school"].pk,
        person=people(LEARNER, 1)[0],
        kind=AchievementKind.COURSE,
        code=code,
        title=f"课程 {code}",
        on=on,
    )


def convert(world: World, thing: Achievement, rule: str) -> CreditPosting:
    return convert_credits(
        actor=world.actor("county_officer"),
        achievement_id=thing.pk,
        school_id=world["county_school"].pk,
        rule_code=rule,
    )


def ledger(world: World) -> list[dict[str, Any]]:
    """The sealed lines of the one account, each with a good signature of the school's own key."""
    lines = list(CreditPosting.objects.order_by("number").values_list("statement", flat=True))
    keys = keys_of([world["county_school"].pk])
    assert all(verify(line, keys).ok for line in lines)
    return lines


def test_a_line_is_sealed_and_the_balance_is_the_ledger_counted_from_zero(bank: World) -> None:
    with acting(bank.actor("county_officer")), clock_at(TODAY):
        first = convert(bank, course(bank), "K1")
        convert(bank, course(bank, "KC-2"), "K2")
        reverse_posting(actor=bank.actor("county_officer"), posting_id=first.pk, reason="课程代码有误")
        convert(bank, first.achievement, "K1")
        lines = ledger(bank)
        assert (
            replayed(lines)
            == {str(bank["county_school"].pk): CreditAccount.objects.get().balance}
            == {str(bank["county_school"].pk): Decimal(5)}
        )
        assert [line["statement"]["number"] for line in lines] == [1, 2, 3, 4]
        for broken in (lines[1:], lines[:1] + lines[2:], [*lines, lines[-1]], [lines[1], lines[0]]):
            with pytest.raises(BrokenLedger):
                replayed(broken)
        forged = copy.deepcopy(lines)
        forged[0]["statement"]["credits"] = "30"
        assert not verify(forged[0], keys_of([bank["county_school"].pk])).ok
        with pytest.raises(BrokenLedger):
            replayed(forged)


def test_nothing_is_used_twice_and_the_database_says_so(bank: World) -> None:
    with acting(bank.actor("county_officer")), clock_at(TODAY):
        thing = course(bank)
        line = convert(bank, thing, "K1")
        with pytest.raises(ValidationError, match="不能重复使用"):
            convert(bank, thing, "K1")

        def insert(**changes: Any) -> None:
            fields = ("account_id", "school_id", "rule_id", "achievement_id", "credits", "posted_on", "statement")
            copied = {name: getattr(line, name) for name in fields}
            CreditPosting.objects.create(**{**copied, "number": 2, **changes})

        tries: list[tuple[dict[str, Any], str]] = [
            ({}, "credituse"),
            ({"number": 3}, "posting_in_order"),
            ({"credits": Decimal(5)}, "posting_by_rule"),
            ({"posted_on": date(2024, 9, 1)}, "posting_in_validity"),
            ({"posted_on": date(2021, 4, 30)}, "posting_in_validity"),
            ({"reverses_id": line.pk, "credits": Decimal(-3)}, "posting_reverses_one"),
            ({"reverses_id": line.pk, "credits": Decimal(-2), "reason": "x"}, "posting_reverses_one"),
        ]
        for changes, why in tries:
            with pytest.raises(IntegrityError, match=why), transaction.atomic():
                insert(**changes)
        with pytest.raises(IntegrityError, match="new version"), transaction.atomic():
            type(line.rule).objects.filter(pk=line.rule_id).update(credits=9)
        with pytest.raises(ValidationError, match="发布新版本"):
            add_rule(
                actor=bank.actor("county_officer"),
                scheme_id=line.rule.scheme_id,
                code="K9",
                direction=Direction.UNIT,
                accepts=AchievementKind.TRAINING,
                source="x",
                target="x",
                credits=Decimal(1),
                valid_years=1,
            )


def test_caps_and_validity_are_told_and_kept(bank: World) -> None:
    with acting(bank.actor("county_officer")), clock_at(TODAY):
        for day in (1, 2):
            convert(bank, course(bank, on=date(2021, 5, day)), "K1")
        late = course(bank, on=date(2021, 5, 3))
        with pytest.raises(ValidationError, match="尚可转换 2"):
            convert(bank, late, "K1")
        line = CreditPosting.objects.order_by("-number")[0]
        with pytest.raises(IntegrityError, match="posting_within_cap"), transaction.atomic():
            CreditPosting.objects.create(
                account=line.account,
                number=3,
                school_id=line.school_id,
                rule=line.rule,
                achievement=late,
                credits=3,
                posted_on=TODAY,
                statement={},
            )
        old = course(bank, "KC-2", on=date(2019, 8, 31))
        with pytest.raises(ValidationError, match="已过有效期"):
            convert(bank, old, "K2")
        with pytest.raises(ValidationError, match="不适用"):
            convert(bank, course(bank, "KC-2"), "K1")


def test_a_certificate_counts_while_it_stands_and_by_a_case(bank: World) -> None:
    """Applied for by the school, decided by the city: the case posts the credits, and names itself on the line."""
    school, city, province = (bank.actor(f"{name}_officer") for name in ("school", "city", "province"))
    of = certified(bank, 4)
    with clock_at(TODAY):
        with acting(province):
            first, second = Certificate.objects.filter(session=of).order_by("number")
        thing = state_certificate(actor=school, number=first.number)
        procedure = published(bank, "credit-conversion")
        intake = open_intake(
            actor=city,
            name="2021年学分转换",
            office_id=bank["lanzhou"].pk,
            procedure_id=procedure.pk,
            opens_on=TODAY,
            closes_on=date(2021, 9, 30),
        )
        case = begin_case(actor=school, intake_id=intake.pk, title="学分转换")
        answers = {"learner": {"id": str(thing.person_id), "label": "学习者"}, "code": first.number, "rule": "K1"}
        save_answers(actor=school, case_id=case.pk, raw=answers)
        with pytest.raises(ValidationError, match="规则不接受"):
            act_on_case(actor=school, case_id=case.pk, action="submit")
        save_answers(actor=school, case_id=case.pk, raw={**answers, "rule": "Z1"})
        act_on_case(actor=school, case_id=case.pk, action="submit")
        act_on_case(actor=city, case_id=case.pk, action="convert")
        with acting(school):
            line = CreditPosting.objects.get()
            assert (line.credits, line.case_id, line.achievement_id) == (4, case.pk, thing.pk)
        other = state_certificate(actor=school, number=second.number)
        revoke_certificate(actor=province, certificate_id=second.pk, on=TODAY, reason="舞弊")
        with pytest.raises(ValidationError, match="已撤销"):
            convert_credits(actor=school, achievement_id=other.pk, school_id=bank["county_school"].pk, rule_code="Z1")
        with pytest.raises(ValidationError, match="没有此证书"):
            state_certificate(actor=school, number=second.number)


def test_others_schools_keep_out(bank: World) -> None:
    other = bank.actor("other_city_officer")
    with acting(bank.actor("county_officer")), clock_at(TODAY):
        line = convert(bank, course(bank), "K1")
    with clock_at(TODAY):
        for deed in (
            lambda: reverse_posting(actor=other, posting_id=line.pk, reason="x"),
            lambda: convert_credits(
                actor=other, achievement_id=line.achievement_id, school_id=line.school_id, rule_code="K1"
            ),
            lambda: publish_scheme(actor=other, school_id=line.school_id, since=date(2022, 1, 1), cap=Decimal(1)),
        ):
            with pytest.raises(NotAllowed):
                deed()
    with acting(other):
        assert not CreditAccount.objects.exists()
        assert not CreditPosting.objects.exists()


OFFERS = st.builds(
    Offer,
    st.sampled_from(["course", "training"]),
    st.sampled_from(["a", "b"]),
    st.just(""),
    st.dates(date(2015, 1, 1), date(2025, 1, 1)),
    *[st.booleans()] * 3,
)


@given(OFFERS, st.integers(1, 9), st.integers(1, 5), st.integers(0, 30), st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_what_is_taken_is_unused_standing_in_time_and_under_the_cap(
    offer: Offer, credits: int, years: int, granted: int, on: date
) -> None:
    terms = Terms("course", "a", "", Decimal(credits), years, Decimal(20), Decimal(granted))
    taken = not obstacles(offer, terms, on)
    assert taken == (
        (offer.kind, offer.code) == ("course", "a")
        and not offer.used
        and not offer.revoked
        and not offer.suspended
        and offer.obtained_on <= on <= good_until(offer.obtained_on, years)
        and granted + credits <= 20
    )


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-9, 9)), max_size=8), st.data())
def test_a_ledger_replays_to_its_sums_and_misses_a_lost_line(lines: list[tuple[str, int]], data: st.DataObject) -> None:
    sealed: list[dict[str, Any]] = []
    for number, (school, credits) in enumerate(lines, 1):
        previous = sealed[-1] if sealed else None
        told = statement_of("account", number, school, Decimal(credits), previous=previous)
        sealed.append({"statement": told, "proof": {"value": str(number)}})
    wanted: dict[str, Decimal] = {}
    for school, credits in lines:
        wanted[school] = wanted.get(school, Decimal(0)) + credits
    assert replayed(sealed) == wanted
    if len(sealed) > 1:
        lost = data.draw(st.integers(0, len(sealed) - 2))
        with pytest.raises(BrokenLedger):
            replayed(sealed[:lost] + sealed[lost + 1 :])
