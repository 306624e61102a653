"""The sheets of the admissions: what lands, what is refused and where."""

from __future__ import annotations

import pytest

from jineng.admissions.models import Admission, Applicant, Plan, Round, Season
from jineng.kernel.actors import acting
from jineng.kernel.models import Receipt
from jineng.registry.models import Person
from tests.admissions.small_season import (
    admission_row,
    declare_season,
    plan_row,
)
from tests.calls.small_world import report
from tests.factories import World

pytestmark = pytest.mark.django_db


def landed(receipt: Receipt) -> Receipt:
    """The receipt, which must have landed."""
    assert receipt.state == Receipt.State.LANDED, receipt.errors
    return receipt


def cells(receipt: Receipt) -> list[tuple[str, str]]:
    """What was refused: column letter and code."""
    assert receipt.state == Receipt.State.REFUSED, receipt.counts
    return [(error["column"], error["code"]) for error in receipt.errors]


def test_a_season_its_plans_and_its_admissions_land(province: World) -> None:
    actor = province.actor("province_officer")
    landed(declare_season(province))
    landed(report(province.actor("college_officer"), admission_plans=[plan_row()]))
    landed(report(province.actor("college_officer"), admissions=[admission_row(1), admission_row(2)]))
    with acting(actor):
        assert Season.objects.count() == 1
        assert Round.objects.count() == 2
        plan = Plan.objects.get()
        assert (plan.programme_name, plan.level, plan.status) == ("机电一体化技术", "higher", "accepted")
        assert Applicant.objects.count() == Person.objects.count() == 2
        assert {admission.status for admission in Admission.objects.all()} == {"confirmed"}
