"""An agreement by way of a case: drafted by one side, answered and signed by the other, filed, and then on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from jineng.cases.models import Case, CaseConcern
from jineng.cases.procedures import parse
from jineng.cases.seeding import procedure_files
from jineng.cases.verbs import act_on_case, begin_case, open_intake, save_answers
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.partnerships.models import Agreement, AgreementParty
from jineng.registry.kinds import Role
from jineng.registry.verbs import give_post, open_account
from tests.cases.shipped import published
from tests.factories import LONG_AGO, World


@pytest.fixture(autouse=True)
def september() -> Iterator[None]:
    with clock_at(date(2021, 9, 6)):
        yield


@pytest.fixture
def case(world: World) -> Case:
    """The city's draft of an agreement with a firm, which has an officer of its own."""
    chief, office, city = (world.actor(name) for name in ("administrator", "province_officer", "city_officer"))
    world.accounts["firm_officer"] = open_account(actor=chief, username="firm_officer", display_name="企业经办")
    give_post(
        actor=chief,
        account=world.accounts["firm_officer"],
        organisation_id=world["firm"].pk,
        role=Role.OFFICER,
        title="经办",
        since=LONG_AGO,
    )
    procedure = published(world, "sign-agreement")
    intake = open_intake(
        actor=office,
        name="2021年协议备案",
        office_id=world["province"].pk,
        procedure_id=procedure.pk,
        opens_on=date(2021, 9, 1),
        closes_on=date(2021, 12, 31),
    )
    made = begin_case(actor=city, intake_id=intake.pk, title="化工人才培养合作协议")
    answers = {
        "partner": {"id": str(world["firm"].pk), "label": world["firm"].name},
        "kind": "school_enterprise",
        "since": "2021-10-01",
        "until": "2024-09-30",
        "work": "共建实训基地",
    }
    return save_answers(actor=city, case_id=made.pk, raw=answers)


def test_both_sides_sign_in_turn_and_the_agreement_is_on_record(world: World, case: Case) -> None:
    office, city, firm = (world.actor(name) for name in ("province_officer", "city_officer", "firm_officer"))
    with pytest.raises(NotAllowed):
        act_on_case(actor=firm, case_id=case.pk, action="agree")
    act_on_case(actor=city, case_id=case.pk, action="offer")
    with acting(firm):
        assert Case.objects.filter(pk=case.pk).exists(), "the other side is a party now"
        assert not CaseConcern.objects.filter(case=case, voided_at__isnull=True).exists()
    act_on_case(actor=firm, case_id=case.pk, action="agree")
    with pytest.raises(ValidationError, match="还没轮到"):
        act_on_case(actor=firm, case_id=case.pk, action="sign")
    act_on_case(actor=city, case_id=case.pk, action="sign")
    with acting(office):
        assert not Agreement.objects.exists()
    act_on_case(actor=firm, case_id=case.pk, action="sign")
    act_on_case(actor=office, case_id=case.pk, action="file")
    with acting(office):
        made = Agreement.objects.get()
        assert (made.origin_kind, made.origin_id, made.code) == ("case", case.pk, case.number)
        parties = AgreementParty.objects.filter(agreement=made).order_by("role").values_list("organisation", flat=True)
        assert set(parties) == {world["lanzhou"].pk, world["firm"].pk}
        assert made.terms.get().until == date(2024, 9, 30)


def test_the_other_side_asks_for_changes_with_a_reason(world: World, case: Case) -> None:
    city, firm = world.actor("city_officer"), world.actor("firm_officer")
    act_on_case(actor=city, case_id=case.pk, action="offer")
    with pytest.raises(ValidationError, match="理由"):
        act_on_case(actor=firm, case_id=case.pk, action="amend")
    act_on_case(actor=firm, case_id=case.pk, action="amend", reason="请写明安全责任")
    with acting(city):
        case.refresh_from_db()
        assert case.stage == "draft"


def test_a_flow_whose_other_side_nobody_names_is_refused() -> None:
    (path,) = (path for path in procedure_files() if path.stem == "sign-agreement")
    text = path.read_text(encoding="utf-8")
    assert parse(text).flow.parties[1].key == "partner"
    with pytest.raises(ValidationError, match="对方"):
        parse(text.replace("{key: partner, label: 对方单位", "{key: whoever, label: 对方单位"))
