"""Rows of 专业点 marked 作废: what stands is struck out, what is unknown is kept as void, and each needs its reason."""

from __future__ import annotations

from datetime import date

import pytest

from jineng.engines.exchange import write_book
from jineng.kernel.actors import acting
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.receiving import process_return, submit_return
from jineng.majors.models import MajorOffering

COURSE = {"org_code": "4162010001", "major_code": "410101", "duration": 3, "opened_on": date(2020, 9, 1)}
VOID = {**COURSE, "voided": True, "void_reason": "误报"}


@pytest.fixture
def hand_in(world, settings, tmp_path):
    """Hands a sheet of offerings in as the account of that name; gives the receipt."""
    settings.VAR = tmp_path

    def hand_in(name, *rows):
        actor = world.actor(name)
        content = write_book(the_book(), {"offerings": rows})
        receipt = submit_return(actor=actor, file_name="a.xlsx", content=content)
        return process_return(actor=actor, receipt_id=receipt.pk)

    return hand_in


def offerings(world):
    with acting(world.actor("province_officer")):
        return list(MajorOffering.objects.order_by("opened_on").values_list("opened_on", "void_reason"))


def test_a_standing_offering_is_struck_out_and_may_be_told_anew(world, hand_in):
    hand_in("college_officer", COURSE)
    other = {**COURSE, "opened_on": date(2021, 3, 1)}
    receipt = hand_in("college_officer", VOID, other)
    assert receipt.state == Receipt.State.LANDED
    assert receipt.counts["offerings"] == {"added": 1, "corrected": 1, "unchanged": 0, "confirmed": 0}
    assert offerings(world) == [(date(2020, 9, 1), "误报"), (date(2021, 3, 1), "")]


def test_an_unknown_one_is_kept_as_void_once(world, hand_in):
    assert hand_in("college_officer", VOID).counts["offerings"]["added"] == 1
    assert hand_in("college_officer", VOID).counts["offerings"]["unchanged"] == 1
    assert offerings(world) == [(date(2020, 9, 1), "误报")]


def test_a_void_row_needs_its_reason(world, hand_in):
    receipt = hand_in("college_officer", {**COURSE, "voided": True})
    assert [(error["column"], error["code"]) for error in receipt.errors] == [("void_reason", "required")]
    assert offerings(world) == []


def test_what_the_province_reported_the_college_cannot_void(world, hand_in):
    hand_in("province_officer", COURSE)
    receipt = hand_in("college_officer", VOID)
    assert [(error["column"], error["code"]) for error in receipt.errors] == [("voided", "conflict")]
    assert offerings(world) == [(date(2020, 9, 1), "")]
