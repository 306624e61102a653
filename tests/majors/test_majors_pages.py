"""Pages of the room: what they show to whom, what they change, and that rows cost no queries."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jineng.kernel.actors import acting
from jineng.kernel.measures import record_doors
from jineng.majors.models import MajorOffering
from jineng.majors.verbs import revoke_offering, void_offering
from tests.shown import count_shown, rows_shown

OPENED, REVOKED = date(2018, 9, 1), date(2021, 9, 1)


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Signs an account in: ``enter("college_officer")``."""

    def sign_in(name: str) -> Client:
        client.force_login(world.accounts[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def text(response: Any) -> str:
    """What the page says."""
    return response.content.decode()


def names(response: Any) -> list[str]:
    """Codes of the majors that a list shows."""
    return [row["代码"].rstrip("K") for row in rows_shown(response)]


def test_the_catalogue_is_filtered(enter):
    page = enter("auditor").get(reverse("majors"))
    assert count_shown(page) == 1490

    def total(**choice: Any) -> int:
        return count_shown(enter("auditor").get(reverse("majors"), choice))

    assert total(level="higher", state_controlled="true") == 47
    assert total(q="520401K") == 1
    assert total(q="种子生产") == 2
    assert total(category=1, level="bachelor", edition=2021) < total(category=1)
    assert total(q="没有这个专业") == 0


def test_lists_keep_to_the_scope(enter, opened):
    opened("petrochemical", "460301")
    opened("forestry", "410201")
    opened("county_school", "610101")
    seen = {
        name: sorted(names(enter(name).get(reverse("offerings"))))
        for name in ("province_officer", "college_officer", "county_officer", "city_officer", "other_city_officer")
    }
    assert seen == {
        "province_officer": ["410201", "460301", "610101"],
        "college_officer": ["460301"],
        "county_officer": ["610101"],
        "city_officer": ["610101"],
        "other_city_officer": [],
    }


def test_offerings_are_filtered(enter, world, opened):
    officer = world.actor("province_officer")
    opened("petrochemical", "460301", years=5)
    revoked = opened("petrochemical", "460302")
    revoke_offering(actor=officer, offering_id=revoked.pk, revoked_on=REVOKED)
    voided = opened("forestry", "410201")
    void_offering(actor=officer, offering_id=voided.pk, reason="误报")
    opened("county_school", "610101", date(2021, 9, 1))
    client = enter("province_officer")

    def listed(**choice: Any) -> list[str]:
        return sorted(names(client.get(reverse("offerings"), choice)))

    assert listed() == ["460301", "460302", "610101"]
    assert listed(organisation="石化") == ["460301", "460302"]
    assert listed(organisation="3662") == ["610101"]
    assert listed(major="4603") == ["460301", "460302"]
    assert listed(level="secondary") == ["610101"]
    assert listed(category="6") == ["460301", "460302"]
    assert listed(on="2021-08-31") == ["460301", "460302"]
    assert listed(on="2021-09-01") == ["460301", "610101"]
    assert listed(added="2021") == ["610101"]
    assert listed(revoked="2021") == ["460302"]
    assert listed(status="void") == ["410201"]
    assert listed(status="all", organisation="林业") == ["410201"]
    assert "误" in text(client.get(reverse("offerings"), {"on": "2021-02-30"}))


@pytest.mark.parametrize("order", ["major", "-organisation", "level", "category", "duration_years", "revoked_on"])
def test_lists_sort_by_every_column(enter, opened, order):
    opened("petrochemical", "460301")
    opened("forestry", "410201", years=5)
    assert len(names(enter("province_officer").get(reverse("offerings"), {"sort": order}))) == 2


def test_the_list_goes_out_as_a_workbook(enter, opened):
    opened("petrochemical", "520401", document="批1号")
    response = enter("college_officer").get(reverse("offerings"), {"export": "xlsx"})
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    flat = {str(cell) for row in rows for cell in row}
    assert {"520401K", "批1号", "示例石化职业学院", "在办"} <= flat
    catalogue = enter("college_officer").get(reverse("majors"), {"export": "xlsx", "q": "520401"})
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(catalogue.content))
    flat = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert {"520401K", "是"} <= flat


def test_one_offering_tells_its_origin_and_history(enter, world, opened):
    offering = opened("petrochemical", "460301", by="college_officer")
    revoke_offering(actor=world.actor("college_officer"), offering_id=offering.pk, revoked_on=REVOKED)
    page = text(enter("college_officer").get(reverse("offering", args=[offering.pk])))
    assert "示例石化职业学院" in page
    assert "2021-09-01" in page
    assert "college_officer" in page
    assert reverse("correct_offering", args=[offering.pk]) in page
    assert reverse("revoke_offering", args=[offering.pk]) not in page
    assert record_doors["major_offering"].url(offering.pk) == reverse("offering", args=[offering.pk])


def test_an_offering_outside_the_scope_is_not_found(enter, opened):
    offering = opened("forestry", "410201")
    client = enter("college_officer")
    for name in ("offering", "revoke_offering", "correct_offering", "void_offering"):
        assert client.get(reverse(name, args=[offering.pk])).status_code == 404
    assert client.get(reverse("college_offerings", args=[offering.organisation_id])).status_code == 404


def test_an_auditor_sees_and_changes_nothing(enter, opened):
    offering = opened("forestry", "410201")
    client = enter("auditor")
    page = text(client.get(reverse("offering", args=[offering.pk])))
    assert reverse("void_offering", args=[offering.pk]) not in page
    for name in ("revoke_offering", "correct_offering", "void_offering"):
        assert client.get(reverse(name, args=[offering.pk])).status_code == 403
        assert client.post(reverse(name, args=[offering.pk]), {"reason": "误报"}).status_code == 403
    assert client.get(reverse("open_offering")).status_code == 403


@pytest.mark.parametrize("name", ["majors", "offerings", "open_offering"])
def test_the_signed_out_are_sent_to_sign_in(world, client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_a_college_page_groups_what_is_in_being_by_category(enter, world, opened):
    opened("petrochemical", "460301")
    opened("petrochemical", "460301", years=5)
    opened("petrochemical", "410101")
    gone = opened("petrochemical", "460302")
    revoke_offering(actor=world.actor("college_officer"), offering_id=gone.pk, revoked_on=REVOKED)
    url = reverse("college_offerings", args=[world["petrochemical"].pk])
    client = enter("college_officer")
    page = client.get(url, {"on": "2021-12-31"})
    assert [(group[1].number, len(rows)) for group, rows in page.context["groups"]] == [(1, 1), (6, 2)]
    assert page.context["pairs"] == 2
    assert client.get(url, {"on": "2021-08-31"}).context["pairs"] == 3
    assert client.get(url, {"on": "2021-02-30"}).status_code == 200
    assert client.get(url, {"on": "2010-01-01"}).context["groups"] == []


def test_a_form_opens_an_offering_and_keeps_what_was_typed_when_refused(enter, world):
    client = enter("college_officer")
    given = {"organisation": "4162010001", "major": "520401K", "duration_years": "3", "opened_on": "2021-09-01"}
    shown = client.get(reverse("open_offering"), {"organisation": "4162010001"})
    assert 'value="4162010001"' in text(shown)
    refused = client.post(reverse("open_offering"), given)
    assert refused.status_code == 422
    assert "国控专业须经审批" in text(refused)
    assert 'value="520401K"' in text(refused)
    done = client.post(reverse("open_offering"), given | {"document": "批1号"})
    with acting(world.actor("college_officer")):
        made = MajorOffering.objects.get()
    assert done["Location"] == reverse("offering", args=[made.pk])


@pytest.mark.parametrize(
    ("field", "value"),
    [("organisation", "4162010002"), ("major", "999999"), ("duration_years", "0"), ("opened_on", "")],
)
def test_a_form_refuses_what_it_cannot_read(enter, field, value):
    given = {"organisation": "4162010001", "major": "460301", "duration_years": "3", "opened_on": "2021-09-01"}
    refused = enter("college_officer").post(reverse("open_offering"), given | {field: value})
    assert refused.status_code == 422
    assert field in refused.context["form"].errors


def test_forms_revoke_correct_and_void(enter, world, opened):
    offering = opened("petrochemical", "460301")
    client = enter("college_officer")
    actor = world.actor("college_officer")

    def post(name: str, **given: Any) -> int:
        return client.post(reverse(name, args=[offering.pk]), given).status_code

    def now() -> MajorOffering:
        with acting(actor):
            return MajorOffering.objects.get(pk=offering.pk)

    for name in ("revoke_offering", "correct_offering", "void_offering"):
        assert client.get(reverse(name, args=[offering.pk])).status_code == 200
    assert post("revoke_offering", revoked_on="2018-09-01") == 422
    assert post("revoke_offering", revoked_on="2021-09-01") == 302
    assert now().revoked_on == REVOKED
    correction = {"duration_years": "3", "opened_on": "2018-09-01", "document": "备1号", "reason": "撤销有误"}
    assert post("correct_offering", **correction) == 302
    assert (now().revoked_on, now().document) == (None, "备1号")
    assert post("void_offering", reason="") == 422
    assert post("void_offering", reason="从未开设") == 302
    assert now().is_void
    assert post("void_offering", reason="再来") == 422


def test_lists_cost_the_same_number_of_queries_at_two_rows_and_at_fifty(enter, world, opened):
    client = enter("province_officer")

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert client.get(url).status_code == 200
        return len(context)

    urls = [
        reverse("offerings"),
        reverse("offerings") + "?level=higher&sort=category",
        reverse("college_offerings", args=[world["petrochemical"].pk]),
        "/api/v1/offerings",
        "/api/v1/majors?limit=2",
    ]
    opened("petrochemical", "460301")
    opened("petrochemical", "460302")
    few = [cost(url) for url in urls]
    for serial in range(1, 25):
        for where in ("petrochemical", "forestry"):
            opened(where, f"4101{serial:02d}" if serial < 21 else f"4603{serial - 18:02d}")
    many = [cost(url.replace("limit=2", "limit=50")) for url in urls]
    assert many == few
    assert max(many) <= 20
