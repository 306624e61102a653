"""Credits of a certificate that does not stand: taken back by lines of their own, which say why."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jineng.credentials.codes import check_code
from jineng.credentials.crediting import replayed
from jineng.credentials.jobs import take_back_credits_job
from jineng.credentials.kinds import CertificateStatus
from jineng.credentials.models import Certificate, CreditAccount, CreditPosting, CreditUse
from jineng.credentials.verbs import (
    reverse_posting,
    revoke_certificate,
    state_certificate,
    take_back_credits,
    void_certificate,
)
from jineng.credentials.verbs.taking_back import Due, take_back_due
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.kernel.notices.inbox import tray
from tests.calls.small_world import resident
from tests.credentials.conftest import TODAY
from tests.credentials.test_credentials_credits import convert, ledger
from tests.credentials.test_credentials_sealing import certified
from tests.factories import World


def converted(world: World, count: int = 1, first: int = 40, code: str = "KH-9") -> list[CreditPosting]:
    """Certificates of so many learners, each converted at the county's school."""
    school, province = world.actor("county_officer"), world.actor("province_officer")
    of = certified(world, 2 * count, first, code)
    with clock_at(TODAY):
        with acting(province):
            numbers = list(Certificate.objects.filter(session=of).order_by("number").values_list("number", flat=True))
        things = [state_certificate(actor=school, number=number) for number in numbers]
        lines = [convert(world, thing, "Z1") for thing in things]
        for line, thing in zip(lines, things, strict=True):
            line.achievement = thing
        return lines


def certificate_of(line: CreditPosting) -> UUID:
    found = line.achievement.certificate_id
    assert found is not None
    return found


def open_lines(world: World) -> set[Any]:
    """Certificates that count: those of lines which no other line reverses."""
    with acting(world.actor("province_officer")):
        rows = CreditPosting.objects.filter(reverses__isnull=True, reversed_by__isnull=True)
        return set(rows.values_list("achievement__certificate", flat=True)) - {None}


def test_a_revocation_takes_the_credits_back_by_a_line_that_says_why(bank: World) -> None:
    """The city revokes what the county's school converted: the school is told, its page and the holder's say why."""
    (line,) = converted(bank)
    with acting(bank.actor("province_officer")):
        certificate = Certificate.objects.get(pk=line.achievement.certificate_id)
    with clock_at(TODAY):
        revoke_certificate(actor=bank.actor("city_officer"), certificate_id=certificate.pk, on=TODAY, reason="舞弊")
        with acting(bank.actor("county_officer")):
            first, counter = CreditPosting.objects.order_by("number")
            assert (first.pk, first.credits, first.reason) == (line.pk, 4, "")
            assert (counter.credits, counter.reverses_id) == (Decimal(-4), line.pk)
            assert counter.reason == f"证书 {certificate.number} 于 2021-09-01 撤销 revoked：舞弊"
            assert replayed(ledger(bank)) == {str(bank["county_school"].pk): Decimal(0)}
            assert CreditAccount.objects.get().balance == 0
        with acting(bank.actor("city_officer")):
            lines = AuditLine.objects.filter(verb__in=("revoke_certificate", "take_back_credits"))
            assert set(lines.values_list("verb", "actor_label")) >= {("take_back_credits", "系统 System")}
        with pytest.raises(ValidationError, match="已撤销"):
            convert(bank, line.achievement, "Z1")
        school = bank["county_school"].pk
        due = Due(line.pk, school, line.rule_id, line.achievement_id, school, Decimal(4), "", None, "")
        with pytest.raises(NotAllowed):
            take_back_credits(actor=bank.actor("province_officer"), due=due)
        with acting(bank.actor("school_officer")):
            notices = tray(bank.actor("school_officer"))
            assert [notice.subject for notice in notices] == ["学分收回 -4.0"]
        browser = Client()
        browser.force_login(bank.accounts["county_officer"], "django.contrib.auth.backends.ModelBackend")
        page = browser.get(reverse("credit_account", args=[line.account_id])).content.decode()
        assert f"冲销：{counter.reason}" in page
        assert "证书已撤销" in page
        told = {"number": certificate.number, "code": check_code(certificate.pk), "document": resident(40)}
        holder = Client()
        assert holder.post(reverse("enter_as_holder"), told)["Location"] == reverse("own_certificate")
        assert f"冲销：{counter.reason}" in holder.get(reverse("own_certificate")).content.decode()


def test_a_revocation_of_a_later_day_takes_back_on_that_day(bank: World) -> None:
    (line,) = converted(bank)
    later = date(2021, 9, 5)
    with clock_at(TODAY):
        certificate_id = certificate_of(line)
        revoke_certificate(actor=bank.actor("province_officer"), certificate_id=certificate_id, on=later, reason="舞弊")
        take_back_credits_job.func(0)
    assert len(open_lines(bank)) == 1
    with clock_at(later):
        take_back_credits_job.func(0)
        take_back_credits_job.func(0)
    assert open_lines(bank) == set()
    with acting(bank.actor("province_officer")):
        assert CreditPosting.objects.count() == 2


def test_balances_equal_replay_and_no_revoked_certificate_counts(bank: World) -> None:
    """Whatever is converted, reversed, revoked, struck out and converted again, in whatever order."""
    lines = converted(bank, 2)
    province, school = bank.actor("province_officer"), bank.actor("county_officer")
    deeds = st.tuples(st.sampled_from(["convert", "reverse", "revoke", "void", "job"]), st.integers(0, 1))

    def do(deed: str, place: int) -> None:
        thing = lines[place].achievement
        if deed == "convert":
            convert(bank, thing, "Z1")
        elif deed == "revoke":
            day = TODAY + timedelta(days=place)
            revoke_certificate(actor=province, certificate_id=certificate_of(lines[place]), on=day, reason="舞弊")
        elif deed == "void":
            void_certificate(actor=province, certificate_id=certificate_of(lines[place]), reason="误发")
        elif deed == "job":
            take_back_due()
        else:
            with acting(school):
                found = CreditPosting.objects.filter(achievement=thing, reversed_by__isnull=True).latest("number")
            reverse_posting(actor=school, posting_id=found.pk, reason="有误")

    @given(st.lists(deeds, max_size=4), st.integers(0, 2))
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def holds(history: list[tuple[str, int]], days: int) -> None:
        with transaction.atomic():
            with clock_at(TODAY):
                for deed in history:
                    with suppress(ValidationError, NotAllowed):
                        do(*deed)
            today = TODAY + timedelta(days=days)
            with clock_at(today):
                take_back_due()
            with acting(province):
                for account in CreditAccount.objects.all():
                    sealed = [line.statement for line in account.postings.order_by("number")]
                    assert replayed(sealed) == {str(bank["county_school"].pk): account.balance}
                counting = Certificate.objects.filter(pk__in=open_lines(bank))
                assert {certificate.status_on(today) for certificate in counting} <= {CertificateStatus.HELD}
                used = set(CreditUse.objects.values_list("achievement__certificate", flat=True))
            assert used == open_lines(bank)
            transaction.set_rollback(True)

    holds()
