"""Every page of the registry opens for whoever may open it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from jineng.kernel.actors import acting
from jineng.registry.models import Organisation
from tests.calls.small_world import report
from tests.factories import World
from tests.registry.test_exchange import row


@pytest.fixture
def officer(world: World, client: Client) -> Client:
    client.force_login(world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "organisations",
        "organisation_tree",
        "enter_organisation",
        "search",
        "audit",
        "returns",
        "submit_return",
        "return_template",
        "briefs:index",
        "briefs:indicators",
    ],
)
def test_pages_open(officer: Client, name: str) -> None:
    assert officer.get(reverse(name)).status_code == 200


def test_an_organisation_shows_its_history(officer: Client, world: World) -> None:
    page = officer.get(reverse("organisation", args=[world["county_school"].pk]))
    assert page.status_code == 200
    assert "示例永登职教中心" in page.content.decode()
    assert "设立" in page.content.decode()


def test_where_a_record_came_from_is_a_link_for_whom_it_is_open(client: Client, world: World) -> None:
    officer = world.actor("county_officer")
    receipt = report(officer, organisations=[row("3662015002")])
    with acting(officer):
        address = reverse("organisation", args=[Organisation.objects.get(code="3662015002").pk])
    link = f'href="{reverse("receipt", args=[receipt.pk])}"'
    for login, linked in (("province_officer", True), ("administrator", False)):
        client.force_login(world.accounts[login], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(address).content.decode()
        assert "return.xlsx" in page
        assert (link in page) == linked


def test_brief_and_figure_open(officer: Client) -> None:
    assert officer.get(reverse("briefs:draft", args=[2021])).status_code == 200
    page = officer.get(reverse("briefs:figure", args=[2021, "vocational_universities"]))
    assert page.status_code == 200
    assert officer.get(reverse("briefs:records", args=[2021, "major_offerings"])).status_code == 200
