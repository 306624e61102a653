"""Booking money, reporting phases against it, sharing facilities and their hours; the figure; the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.engines.measures import Period, value
from jineng.facilities import verbs
from jineng.facilities.queries import overdue_phases, usage_of
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, live_engine, record_doors, sources
from tests.facilities.parks import DUE, STARTED, book, complete, facility, park, phase, share
from tests.factories import World
from tests.shown import count_shown

TODAY = date(2021, 6, 15)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def figure(year: int) -> int:
    found = value(live_engine, indicators, sources, "tianshui_park_investment", Period.year(year)).value
    return int(found or 0)


def test_a_phase_is_complete_when_its_money_is_there_or_the_reason(world: World) -> None:
    of = phase(world, park(world, "county_school"))
    with clock_at(TODAY):
        with pytest.raises(ValidationError, match="未达到"):
            complete(world, of)
        book(world, of, 950_000)
        complete(world, of)
        with pytest.raises(ValidationError, match="已是此状态"):
            complete(world, of, since=date(2021, 1, 5))
        second = phase(world, of.park, 2)
        book(world, second, 1_200_000, voucher="V-2")
        with pytest.raises(ValidationError, match="超过"):
            complete(world, second)
        complete(world, second, reason="材料涨价")
        with acting(world.actor("province_officer")):
            assert overdue_phases(world["county_school"].pk, TODAY) == []
            third = phase(world, of.park, 3)
            assert overdue_phases(world["county_school"].pk, TODAY) == [third]
            assert overdue_phases(world["county_school"].pk, DUE) == []


def test_what_is_refused_of_money_and_reports(world: World) -> None:
    of = phase(world, park(world, "county_school"))
    province = world.actor("province_officer")
    with clock_at(TODAY), acting(province):
        made = book(world, of, 1_000_000)
        for wrong, said in (
            ({"amount": Decimal(0)}, "大于零"),
            ({"booked_on": date(2021, 6, 16)}, "晚于今天"),
            ({"voucher": "V-1"}, "已入账"),
        ):
            given: dict[str, Any] = {"voucher": "V-5", "booked_on": STARTED, "amount": Decimal(5), "funding": "own"}
            with pytest.raises(ValidationError, match=said):
                verbs.book_investment(actor=province, phase_id=of.pk, **given | wrong)
        with pytest.raises(ValidationError, match="今天以后"):
            complete(world, of, since=date(2021, 6, 16))
        report = complete(world, of)
        with pytest.raises(ValidationError, match="已有进度"):
            verbs.report_phase(actor=province, phase_id=of.pk, status="suspended", since=DUE)
        with pytest.raises(ValidationError, match="原因"):
            verbs.void_report(actor=province, report_id=report.pk, reason=" ")
        verbs.void_report(actor=province, report_id=report.pk, reason="误报")
        verbs.void_booking(actor=province, booking_id=made.pk, reason="误记")
        with pytest.raises(ValidationError, match="已作废"):
            verbs.void_booking(actor=province, booking_id=made.pk, reason="误记")
        for wrong_verb, name in ((verbs.void_booking, "booking_id"), (verbs.void_report, "report_id")):
            with pytest.raises(NotAllowed):
                wrong_verb(actor=province, reason="无", **{name: of.pk})
    stranger = world.actor("other_county_officer")
    with clock_at(TODAY), acting(stranger), pytest.raises(NotAllowed):
        verbs.report_phase(actor=stranger, phase_id=of.pk, status="suspended", since=TODAY)


def test_members_share_and_hours_are_reported_by_either_side(world: World) -> None:
    place = facility(world, park(world, "other_school"))
    who = share(world, place, "county_school")
    school, keeper, stranger = (world.actor(n) for n in ("school_officer", "other_county_officer", "college_officer"))
    given: dict[str, Any] = {"facility_id": place.pk, "organisation_id": world["county_school"].pk}
    with clock_at(TODAY):
        for actor, hours in ((school, "12.5"), (keeper, "20")):
            with acting(actor):
                verbs.report_hours(actor=actor, month=date(2021, 5, 9), hours=Decimal(hours), person_times=40, **given)
                usage = usage_of(actor, place.pk, 2021)[world["county_school"].pk]
                assert (usage.hours, usage.person_times, usage.months) == (Decimal(hours), 40, {5: Decimal(hours)})
        with acting(stranger), pytest.raises(NotAllowed):
            verbs.report_hours(actor=stranger, month=TODAY, hours=Decimal(1), **given)
        with acting(school):
            for month, hours, said in (
                (date(2021, 7, 1), 1, "以后"),
                (date(2010, 1, 1), 1, "不是此设施"),
                (date(2021, 5, 1), 400, "310"),
                (date(2021, 5, 1), 0, "大于零"),
            ):
                with pytest.raises(ValidationError, match=said):
                    verbs.report_hours(actor=school, month=month, hours=Decimal(hours), **given)
            with pytest.raises(NotAllowed):
                verbs.stop_sharing(actor=school, member_id=who.pk, until=TODAY)
    with pytest.raises(ValidationError, match="重叠"):
        share(world, place, "county_school", date(2020, 1, 1))
    with pytest.raises(ValidationError, match="晚于"):
        share(world, place, "petrochemical", date(2020, 1, 1), date(2020, 1, 1))
    with acting(keeper):
        with pytest.raises(ValidationError, match="晚于"):
            verbs.stop_sharing(actor=keeper, member_id=who.pk, until=STARTED)
        verbs.stop_sharing(actor=keeper, member_id=who.pk, until=date(2021, 6, 1))
        with pytest.raises(ValidationError, match="已自"):
            verbs.stop_sharing(actor=keeper, member_id=who.pk, until=date(2021, 7, 1))
        share(world, place, "county_school", date(2021, 6, 1))
        verbs.void_sharing(actor=keeper, member_id=who.pk, reason="误录")
        with pytest.raises(NotAllowed):
            verbs.stop_sharing(actor=keeper, member_id=who.pk, until=TODAY)
        with pytest.raises(NotAllowed):
            verbs.void_sharing(actor=keeper, member_id=place.pk, reason="无")
        with pytest.raises(NotAllowed):
            verbs.open_facility(
                actor=keeper,
                park_id=place.pk,
                code="F-9",
                name="无",
                kind="other",
                capacity=1,
                weekly_hours=Decimal(1),
                opened_on=TODAY,
            )
    with pytest.raises(ValidationError, match="编号"):
        facility(world, place.park, "F-1")


def test_the_figure_counts_the_first_phase_once_it_is_complete(world: World) -> None:
    """Traps: another park, a second phase, money void or of a later year, a completion after the year."""
    here, there = park(world, "forestry", "tianshui-park"), park(world, "university", "another-park")
    first, second, foreign = phase(world, here), phase(world, here, 2), phase(world, there)
    province = world.actor("province_officer")
    with clock_at(date(2022, 12, 31)):
        book(world, first, 600_000, date(2020, 5, 1))
        book(world, first, 400_000, date(2021, 12, 31), "V-2")
        book(world, first, 70_000, date(2022, 1, 1), "V-3")
        void = book(world, first, 9, date(2020, 5, 1), "V-4")
        book(world, second, 1_000_000, date(2020, 5, 1))
        book(world, foreign, 1_000_000, date(2020, 5, 1))
        for of in (second, foreign):
            complete(world, of)
        with acting(province):
            verbs.void_booking(actor=province, booking_id=void.pk, reason="误记")
            assert figure(2021) == 0
            complete(world, first, since=date(2021, 12, 31))
            assert (figure(2020), figure(2021), figure(2022)) == (0, 1_000_000, 1_070_000)
            verbs.report_phase(actor=province, phase_id=first.pk, status="suspended", since=date(2022, 6, 1))
            assert (figure(2021), figure(2022)) == (1_000_000, 0)


def test_the_pages_of_the_task(world: World, client: Client) -> None:
    of = phase(world, park(world, "county_school"))
    place = facility(world, of.park)
    share(world, place, "county_school")
    client.force_login(world.accounts["school_officer"], backend=BACKEND)
    with clock_at(TODAY):
        assert "已过计划完工日期" in client.get(reverse("home")).content.decode()
        report = {"status": "completed", "since": "2021-06-01"}
        refused = client.post(reverse("report_phase", args=[of.pk]), report)
        assert refused.status_code == 422
        assert "未达到" in refused.content.decode()
        money = {"voucher": "V-7", "booked_on": "2021-05-01", "amount": "1000000", "funding": "bond"}
        assert client.post(reverse("book_investment", args=[of.pk]), money).status_code == 302
        assert client.post(reverse("report_phase", args=[of.pk]), report).status_code == 302
        shown = client.get(reverse("phase", args=[of.pk])).content.decode()
        assert "建成" in shown
        assert "1,000,000" in shown
        assert "已过计划完工日期" not in client.get(reverse("home")).content.decode()
        sharer = str(world["county_school"].pk)
        hours = {"organisation": sharer, "month": "2021-05-04", "hours": "30", "person_times": "7"}
        assert client.post(reverse("report_hours", args=[place.pk]), hours).status_code == 302
        used = client.get(reverse("facility", args=[place.pk]), {"year": "2021"})
        assert [str(sharer.usage.hours) for sharer in used.context["sharers"]] == ["30.0"]
        assert client.get(reverse("facility", args=[place.pk]), {"year": "x"}).context["year"] == 2021
        bad = client.post(reverse("report_hours", args=[place.pk]), hours | {"organisation": "NONE"})
        assert bad.status_code == 422
        assert client.get(reverse("park", args=[of.park_id])).status_code == 200
        for name in ("parks", "phases", "facilities"):
            assert count_shown(client.get(reverse(name))) == 1
            assert client.get(reverse(name), {"export": "xlsx"}).status_code == 200
        assert count_shown(client.get(reverse("phases"), {"park": "没有"})) == 0
        assert count_shown(client.get(reverse("facilities"), {"q": "F-"})) == 1
        with acting(world.actor("school_officer")):
            booked = of.bookings.get()
        assert client.get(record_doors["investment_booking"].url(booked.pk)).status_code == 200
        assert client.post(reverse("void_booking", args=[booked.pk]), {"reason": "误记"}).status_code == 302
        assert "已作废" in client.get(reverse("booking", args=[booked.pk])).content.decode()
