"""Another school takes over what a school granted: two lines in one deed, never two uses, or words that say why not."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jineng.cases.models import Case
from jineng.cases.verbs import act_on_case, begin_case, open_intake, save_answers
from jineng.credentials.credit_queries import keys_of
from jineng.credentials.crediting import BrokenLedger, replayed
from jineng.credentials.kinds import AchievementKind, Direction
from jineng.credentials.models import Certificate, CreditAccount, CreditPosting, CreditUse
from jineng.credentials.verbs import (
    add_rule,
    issue_certificates,
    publish_scheme,
    reverse_posting,
    revoke_certificate,
    state_achievement,
    state_certificate,
    transfer_credits,
)
from jineng.engines.seals import verify
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.registry.kinds import Role
from jineng.registry.verbs import give_post, open_account
from jineng.registry.verbs.people import PersonRow, ensure_people
from tests.calls.small_world import resident
from tests.cases.shipped import published
from tests.credentials.assessments import certificate_type, people, seated, session, settled
from tests.credentials.conftest import TODAY
from tests.credentials.test_credentials_credits import LEARNER, convert, course
from tests.credentials.test_credentials_sealing import certified
from tests.factories import LONG_AGO, World

A, B, C = "county_school", "other_school", "city_school"


def rule(world: World, school: str, code: str, source: str, credits: int, *, cap: int = 4, years: int = 2) -> None:
    """A school takes over a course, or with ``X01`` a certificate, by the rule of a scheme of its own."""
    province = world.actor("province_officer")
    certificate = source == "X01"
    scheme = publish_scheme(actor=province, school_id=world[school].pk, since=date(2021, 3, 1), cap=Decimal(cap))
    add_rule(
        actor=province,
        scheme_id=scheme.pk,
        code=code,
        direction=Direction.COURSE,
        accepts=AchievementKind.CERTIFICATE if certificate else AchievementKind.COURSE,
        source=source,
        level="elementary" if certificate else "",
        target=f"课程{code}",
        credits=Decimal(credits),
        valid_years=years,
    )


def officer_of(world: World, school: str) -> Actor:
    """An officer of a school itself."""
    name, chief = f"officer of {school}", world.actor("administrator")
    if name not in world.accounts:
        world.accounts[name] = open_account(actor=chief, username=name.replace(" ", "-"), display_name=name)
        give_post(
            actor=chief,
            account=world.accounts[name],
            organisation_id=world[school].pk,
            role=Role.OFFICER,
            title="经办",
            since=LONG_AGO,
        )
    return world.actor(name)


def knows(world: World, school: str, serial: int = LEARNER) -> None:
    """The school has to do with the learner."""
    row = people(serial, 1)[0]._replace(organisation_id=world[school].pk)
    ensure_people(actor=world.actor("province_officer"), rows=[row])


def granted(world: World, code: str = "KC-1", on: date = date(2021, 5, 1)) -> CreditPosting:
    """What the county's school granted for a course of 3 credits."""
    with acting(world.actor("county_officer")):
        return convert(world, course(world, code, on), "K1" if code == "KC-1" else "K2")


def move(world: World, line: CreditPosting, school: str = B, code: str = "") -> CreditPosting:
    """The line to another school, by an office above both."""
    return transfer_credits(
        actor=world.actor("province_officer"), posting_id=line.pk, school_id=world[school].pk, rule_code=code
    )


def test_two_lines_of_one_deed_each_sealed_by_its_school(bank: World) -> None:
    with clock_at(TODAY):
        rule(bank, B, "Q1", "KC-1", 2)
        knows(bank, B)
        line = granted(bank)
        made = move(bank, line)
        with acting(bank.actor("province_officer")):
            first, out, taken = CreditPosting.objects.order_by("number")
            assert (first.way, out.way, taken.way) == ("granted", "out", "in")
            assert (out.reverses_id, out.credits, out.school_id) == (line.pk, -3, bank[A].pk)
            assert (taken.pk, taken.transfers_id, taken.credits, taken.school_id) == (made.pk, line.pk, 2, bank[B].pk)
            assert (out.reason, taken.reason) == ("转入 示例秦州职业学校", "转自 示例永登职教中心")
            assert CreditUse.objects.get().posting_id == made.pk
            sealed = [each.statement for each in (first, out, taken)]
            assert replayed(sealed) == {str(bank[A].pk): Decimal(0), str(bank[B].pk): Decimal(2)}
            assert CreditAccount.objects.get().balance == 2
            assert verify(sealed[1], keys_of([bank[A].pk])).ok
            assert verify(sealed[2], keys_of([bank[B].pk])).ok
            for half in (sealed[:2], [sealed[0], sealed[2]]):
                with pytest.raises(BrokenLedger):
                    replayed(half)
            assert AuditLine.objects.filter(verb="transfer_credits").count() == 1
        with pytest.raises(ValidationError, match="已冲销或转出"):
            move(bank, line)
        with pytest.raises(ValidationError, match="已在该院校"):
            move(bank, made)
        with acting(bank.actor("county_officer")), pytest.raises(ValidationError, match="不能重复使用"):
            convert(bank, line.achievement, "K1")
        reverse_posting(actor=bank.actor("province_officer"), posting_id=made.pk, reason="退学")
        with acting(bank.actor("county_officer")):
            assert convert(bank, line.achievement, "K1").way == "granted", "free again where it was"


def test_refusals_say_why_and_what_to_do(bank: World) -> None:
    """No scheme, no rule, another rule, several, a cap, its time, a certificate that does not stand, a stranger."""
    with clock_at(TODAY):
        line = granted(bank)

        def refused(why: str, **changes: Any) -> None:
            with acting(bank.actor("province_officer")):
                before = CreditPosting.objects.count()
            with pytest.raises(ValidationError, match=why):
                move(bank, line, **changes)
            with acting(bank.actor("province_officer")):
                assert CreditPosting.objects.count() == before
                assert CreditUse.objects.get(achievement=line.achievement_id).posting_id == line.pk

        refused("没有现行的学分转换办法：请先发布")
        rule(bank, B, "Q1", "KC-1", 3)
        refused("请转入院校先登记")
        knows(bank, B)
        refused("规则 K1 不接受该成果，可改用：Q1", code="K1")
        rule(bank, C, "C9", "KC-9", 1)
        refused("没有接受该成果的规则.*增加规则", school=C)
        move(bank, granted(bank, on=date(2021, 5, 2)), B)
        refused("超出转换学分上限 4.0，尚可转换 1.0", school=B)


def test_validity_is_that_of_the_receiving_school_and_a_revoked_certificate_moves_nowhere(bank: World) -> None:
    of = certified(bank, 4)
    province = bank.actor("province_officer")
    with clock_at(TODAY):
        rule(bank, B, "Q1", "X01", 3)
        rule(bank, C, "C1", "KC-1", 1, years=1)
        knows(bank, C)
        old = granted(bank, on=date(2020, 5, 1))
        with pytest.raises(ValidationError, match="已过有效期"):
            move(bank, old, C)
        with acting(province):
            certificate = Certificate.objects.filter(session=of).order_by("number")[0]
        thing = state_certificate(actor=bank.actor("school_officer"), number=certificate.number)
        with acting(bank.actor("county_officer")):
            convert(bank, thing, "Z1")
        with acting(province):
            revoke_certificate(actor=province, certificate_id=certificate.pk, on=TODAY, reason="舞弊")
            taken_back = CreditPosting.objects.get(achievement=thing, reverses__isnull=True)
        with pytest.raises(ValidationError, match="已冲销或转出"):
            move(bank, taken_back)


def test_only_who_answers_for_both_or_acts_upon_an_application_moves_credits(bank: World) -> None:
    with clock_at(TODAY):
        rule(bank, B, "Q1", "KC-1", 2)
        knows(bank, B)
        line = granted(bank)
        for name in ("county_officer", "other_county_officer", "other_city_officer"):
            with pytest.raises(NotAllowed):
                transfer_credits(actor=bank.actor(name), posting_id=line.pk, school_id=bank[B].pk)


def test_the_database_takes_no_half_of_a_transfer(bank: World) -> None:
    """A line that takes over must follow the line that ends what it takes over, for the same achievement."""
    with clock_at(TODAY), acting(bank.actor("province_officer")):
        rule(bank, B, "Q1", "KC-1", 2)
        knows(bank, B)
        line, other = granted(bank), granted(bank, "KC-2")
        reverse_posting(actor=bank.actor("province_officer"), posting_id=line.pk, reason="有误")
        made = move(bank, granted(bank, on=date(2021, 5, 3)))
        told = {
            "account_id": line.account_id,
            "number": made.number + 1,
            "school_id": bank[B].pk,
            "rule_id": made.rule_id,
            "achievement_id": line.achievement_id,
            "credits": Decimal(2),
            "posted_on": TODAY,
            "reason": "x",
            "statement": {},
        }
        for transfers in (line.pk, other.pk):
            with pytest.raises(IntegrityError, match="posting_transfers_one"), transaction.atomic():
                CreditPosting.objects.create(**told, transfers_id=transfers)


def applied(world: World, answers: Mapping[str, Any]) -> Case:
    """The receiving school's application, not handed in yet."""
    province, school = world.actor("province_officer"), officer_of(world, B)
    intake = open_intake(
        actor=province,
        name="2021年学分转移",
        office_id=world["province"].pk,
        procedure_id=published(world, "credit-transfer").pk,
        opens_on=TODAY,
        closes_on=date(2021, 12, 31),
    )
    case = begin_case(actor=school, intake_id=intake.pk, title="转学学分转移")
    return save_answers(actor=school, case_id=case.pk, raw=answers)


NAMED = PersonRow("王小一", resident(990), synthetic=True)


def granted_to_named(world: World) -> CreditPosting:
    """What the county's school granted to somebody whom the other school names by name and number."""
    actor = world.actor("county_officer")
    thing = state_achievement(
        actor=actor,
        institution_id=world[A].pk,
        person=NAMED,
        kind=AchievementKind.COURSE,
        code="KC-1",
        title="课程 KC-1",
        on=date(2021, 5, 1),
    )
    with acting(actor):
        return convert(world, thing, "K1")


ANSWERS = {
    "school": "示例秦州职业学校",
    "learner": f"{NAMED.name} {NAMED.number}",
    "code": "KC-1",
    "occasion": "change",
}


def test_a_school_applies_and_the_other_answers_though_neither_sees_the_other(bank: World) -> None:
    receiving, releasing = officer_of(bank, B), bank.actor("school_officer")
    with clock_at(TODAY):
        line = granted_to_named(bank)
        case = applied(bank, {**ANSWERS, "school": "别的学校"})

        def refused(why: str) -> None:
            with pytest.raises(ValidationError, match=why):
                act_on_case(actor=receiving, case_id=case.pk, action="submit")

        refused("应为本单位全称“示例秦州职业学校”")
        save_answers(actor=receiving, case_id=case.pk, raw={"school": ANSWERS["school"]})
        refused("没有现行的学分转换办法：请先发布")
        rule(bank, B, "Q1", "KC-1", 2)
        save_answers(actor=receiving, case_id=case.pk, raw={"code": "KC-7"})
        refused("没有该学习者由其他院校就此成果认定的学分")
        save_answers(actor=receiving, case_id=case.pk, raw={"code": "KC-1"})
        act_on_case(actor=receiving, case_id=case.pk, action="submit")
        with acting(releasing):
            assert Case.objects.get(pk=case.pk).parties["releasing_school"] == [str(bank[A].pk)]
        with pytest.raises(ValidationError, match="由转出院校办理"):
            act_on_case(actor=receiving, case_id=case.pk, action="agree")
        act_on_case(actor=releasing, case_id=case.pk, action="agree")
        for actor in (receiving, releasing):
            with acting(actor):
                assert [(each.way, each.case_id) for each in CreditPosting.objects.order_by("number")] == [
                    ("granted", None),
                    ("out", case.pk),
                    ("in", case.pk),
                ]
        for account in ("officer of other_school", "school_officer"):
            browser = Client()
            browser.force_login(bank.accounts[account], "django.contrib.auth.backends.ModelBackend")
            page = browser.get(reverse("credit_account", args=[line.account_id])).content.decode()
            assert "转出：转入 示例秦州职业学校" in page
            assert "转入：转自 示例永登职教中心" in page
            found = browser.get(reverse("case", args=[case.pk])).content.decode()
            assert reverse("credit_account", args=[line.account_id]) in found


def test_a_certificate_is_named_by_its_number_though_it_lies_out_of_sight(bank: World) -> None:
    receiving, county = officer_of(bank, B), bank.actor("county_officer")
    with clock_at(TODAY):
        of = session(bank, certificate_type(bank), code="KH-T")
        settled(of, seated(county, of, [NAMED]), county, bank.actor("city_officer"))
        issue_certificates(actor=bank.actor("province_officer"), session_id=of.pk, issued_on=TODAY)
        with acting(county):
            number = Certificate.objects.get(session=of).number
            line = convert(bank, state_certificate(actor=county, number=number), "Z1")
        rule(bank, B, "Q9", "X01", 2)
        case = applied(bank, {**ANSWERS, "code": number.lower()})
        with acting(receiving):
            assert not Certificate.objects.filter(number=number).exists()
        act_on_case(actor=receiving, case_id=case.pk, action="submit")
        act_on_case(actor=bank.actor("school_officer"), case_id=case.pk, action="agree")
        with acting(receiving):
            assert [each.way for each in CreditPosting.objects.filter(account=line.account_id).order_by("number")] == [
                "granted",
                "out",
                "in",
            ]


def test_an_answer_that_comes_too_late_moves_nothing(bank: World) -> None:
    """The releasing school declines; or has reversed its line meanwhile."""
    receiving, releasing = officer_of(bank, B), bank.actor("school_officer")
    with clock_at(TODAY):
        line = granted_to_named(bank)
        rule(bank, B, "Q1", "KC-1", 2)
        case = applied(bank, ANSWERS)
        act_on_case(actor=receiving, case_id=case.pk, action="submit")
        reverse_posting(actor=bank.actor("county_officer"), posting_id=line.pk, reason="有误")
        with pytest.raises(ValidationError, match="没有该学习者"):
            act_on_case(actor=releasing, case_id=case.pk, action="agree")
        with pytest.raises(ValidationError, match="理由"):
            act_on_case(actor=releasing, case_id=case.pk, action="decline")
        act_on_case(actor=releasing, case_id=case.pk, action="decline", reason="已冲销")
        with acting(receiving):
            case.refresh_from_db()
            assert case.outcome == "refused"
            assert CreditPosting.objects.count() == 2


def test_balances_equal_replay_and_nothing_is_used_twice_whatever_moves(bank: World) -> None:
    """Whatever is converted, reversed and moved between three schools, in whatever order."""
    province, places = bank.actor("province_officer"), (A, B, C)
    with clock_at(TODAY):
        for school, code in ((B, "K1"), (C, "K1")):
            rule(bank, school, code, "KC-1", 2)
            knows(bank, school)
        with acting(bank.actor("county_officer")):
            things = [course(bank, on=date(2021, 5, day)) for day in (1, 2, 3)]

    def do(deed: str, which: int, where: str) -> None:
        if deed == "convert":
            convert(bank, things[which], "K1")
            return
        with acting(province):
            found = CreditPosting.objects.filter(achievement=things[which]).latest("number")
        if deed == "move":
            move(bank, found, where)
        else:
            reverse_posting(actor=province, posting_id=found.pk, reason="有误")

    deeds = st.tuples(
        st.sampled_from(["convert", "move", "move", "reverse"]), st.integers(0, 2), st.sampled_from(places)
    )

    @given(st.lists(deeds, max_size=7))
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def holds(history: list[tuple[str, int, str]]) -> None:
        with transaction.atomic(), clock_at(TODAY):
            for deed in history:
                with suppress(ValidationError, CreditPosting.DoesNotExist):
                    do(*deed)
                with acting(province):
                    rows = CreditPosting.objects.filter(reverses__isnull=True, reversed_by__isnull=True)
                    counting = list(rows.values_list("achievement", "pk"))
                    assert len(dict(counting)) == len(counting), "no achievement counts twice"
                    assert set(CreditUse.objects.values_list("achievement", "posting")) == set(counting)
            with acting(province):
                for account in CreditAccount.objects.all():
                    lines = list(account.postings.order_by("number"))
                    sums = replayed(line.statement for line in lines)
                    assert sum(sums.values()) == account.balance
                    for school, cap in ((A, 8), (B, 4), (C, 4)):
                        assert 0 <= sums.get(str(bank[school].pk), 0) <= cap
            transaction.set_rollback(True)

    holds()
