"""A page asks the database as often for fifty rows as for two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jineng.calls.models import Award, AwardStatus, Batch, Call, CallDecider
from jineng.kernel.memory import memory
from jineng.kernel.models import AuditLine, Receipt
from jineng.majors.models import Major, MajorOffering
from jineng.registry.kinds import Role
from jineng.registry.models import Organisation, OrganisationState, Post
from tests.factories import LONG_AGO
from tests.rights.rooms import rooms
from tests.rights.stage import Stage, as_owner
from tests.rights.table import PAGE_LINES

MANY = 48
"""With the two or more rows that the stage holds, a list's page of fifty is full."""
LISTS = {
    "home": "province_officer",
    "organisations": "province_officer",
    "organisation_tree": "province_officer",
    "search": "province_officer",
    "posts": "administrator",
    "audit": "province_officer",
    "returns": "province_officer",
    "majors": "province_officer",
    "offerings": "province_officer",
    "calls": "province_officer",
    "awards": "province_officer",
    "briefs:index": "province_officer",
}
"""Pages that list, and who looks at them."""
COMPUTED = {"briefs:indicators", "briefs:draft", "briefs:figure", "briefs:records"}
"""Pages of figures: what they compute is kept until a register changes, so their counts are taken apart below."""
ASKED = {"search": "?q=示例", "organisation_tree": "?under={root}"}
for _room in rooms():
    LISTS |= _room.LISTS
    ASKED |= _room.ASKED


def fill(stage: Stage) -> None:
    """Forty-eight more of everything, as a return would bring them: rows, not deeds."""
    world = stage.world
    with as_owner():
        organisations = Organisation.objects.bulk_create(
            Organisation(
                code=f"9962{number:06d}",
                code_scheme="school",
                name=f"示例批量{number}",
                kind="secondary_vocational",
                division_id="620102",
                authority=world.root,
            )
            for number in range(MANY)
        )
        OrganisationState.objects.bulk_create(
            OrganisationState(
                organisation=item, change="founded", since=LONG_AGO, name=item.name, kind=item.kind,
                division_id=item.division_id, authority=item.authority,
            )
            for item in organisations
        )  # fmt: skip
        Post.objects.bulk_create(
            Post(account=world.accounts["expired"], organisation=item, role=Role.OFFICER, title="批量", since=LONG_AGO)
            for item in organisations
        )
        AuditLine.objects.bulk_create(
            AuditLine(room="registry", verb="x", account=world.accounts["city_officer"], organisation_id=item.pk,
                      actor_label="批量")
            for item in organisations
        )  # fmt: skip
        Receipt.objects.bulk_create(
            Receipt(file_name=f"批量{number}.xlsx", digest="0" * 64, size=1, organisation_id=item.pk,
                    actor_label="批量", account=world.accounts["school_officer"], state=Receipt.State.REFUSED)
            for number, item in enumerate(organisations)
        )  # fmt: skip
        majors = list(Major.objects.filter(level="secondary")[:MANY])
        MajorOffering.objects.bulk_create(
            MajorOffering(organisation=item, major=majors[number % len(majors)], duration_years=Decimal(3),
                          opened_on=date(2021, 2, 1))
            for number, item in enumerate(organisations)
        )  # fmt: skip
        calls = Call.objects.bulk_create(
            Call(code=f"bulk-{number}", name=f"批量遴选{number}", level="city", holder_form="organisation")
            for number in range(MANY)
        )
        CallDecider.objects.bulk_create(
            CallDecider(call=item, organisation=organisations[number], order=1) for number, item in enumerate(calls)
        )
        batches = Batch.objects.bulk_create(Batch(call=item, number=1, year=2021) for item in calls)
        awards = Award.objects.bulk_create(
            Award(batch=item, organisation=organisations[number], title=f"批量{number}", public_title=f"批量{number}",
                  level="city")
            for number, item in enumerate(batches)
        )  # fmt: skip
        AwardStatus.objects.bulk_create(
            AwardStatus(award=item, status="recognised", since=date(2021, 5, 1)) for item in awards
        )
        for room in rooms():
            room.fill(stage)


def count(stage: Stage, account: str, address: str) -> int:
    """Queries of one page."""
    with CaptureQueriesContext(connection) as asked:
        answer = stage.client(account).get(address)
    assert answer.status_code == 200
    return len(asked)


def test_every_list_is_counted() -> None:
    """Pages that show neither one object nor a form are lists, or pages of figures."""
    forms = {line.route for line in PAGE_LINES if line.method == "POST"}
    plain = {line.route for line in PAGE_LINES if line.object is None and line.method == "GET"} - forms
    released = {route for route in plain if route.startswith("briefs:released")} | {
        "briefs:file",
        "briefs:issue",
        "briefs:receipts",
        "return_template",
    }
    assert plain - released == set(LISTS) | COMPUTED


@pytest.mark.parametrize("route", LISTS)
def test_lists_ask_as_often_for_fifty_as_for_two(
    stage: Stage, route: str, record_property: Callable[[str, object], None]
) -> None:
    address = reverse(route) + ASKED.get(route, "").format(root=stage.world.root.pk)
    count(stage, LISTS[route], address)
    few = count(stage, LISTS[route], address)
    fill(stage)
    count(stage, LISTS[route], address)
    many = count(stage, LISTS[route], address)
    record_property("queries", many)
    print(f"{route}: {few} → {many}")
    assert few == many


@pytest.fixture
def afresh() -> None:
    """No figure is remembered yet."""
    memory.forget()


@pytest.mark.parametrize("by", ["city", "county", "organisation"])
@pytest.mark.parametrize("account", ["province_officer", "county_officer"])
def test_a_figure_asks_as_often_for_many_records(stage: Stage, afresh: None, account: str, by: str) -> None:
    """Computed afresh both times: what is filled in makes stale what was remembered."""
    address = reverse("briefs:figure", args=[2021, "major_offerings"]) + f"?by={by}"
    few = count(stage, account, address)
    fill(stage)
    many = count(stage, account, address)
    print(f"briefs:figure {account} {by}: {few} → {many}")
    assert few == many
    again = count(stage, account, address)
    assert again < many


@pytest.mark.parametrize("account", ["province_officer", "county_officer"])
def test_the_records_behind_a_figure_too(stage: Stage, afresh: None, account: str) -> None:
    address = reverse("briefs:records", args=[2021, "major_offerings"])
    few = count(stage, account, address)
    fill(stage)
    many = count(stage, account, address)
    print(f"briefs:records {account}: {few} → {many}")
    assert few == many


@pytest.mark.parametrize("kind", ["organisation", "college_offerings", "call"])
def test_pages_of_one_thing_do_not_ask_per_line(stage: Stage, kind: str) -> None:
    """A page of one organisation, one college, one call: however many lines hang on it."""
    address = {
        "organisation": reverse("organisation", args=[stage.world.root.pk]),
        "college_offerings": reverse("college_offerings", args=[stage.world["city_school"].pk]),
        "call": reverse("call", args=["province-call"]),
    }[kind]
    few = count(stage, "province_officer", address)
    fill(stage)
    with as_owner():
        majors = list(Major.objects.filter(level="secondary")[100:130])
        MajorOffering.objects.bulk_create(
            MajorOffering(organisation=stage.world["city_school"], major=major, duration_years=Decimal(3),
                          opened_on=date(2021, 2, 1))
            for major in majors
        )  # fmt: skip
        call = Call.objects.get(code="province-call")
        Batch.objects.bulk_create(Batch(call=call, number=number, year=2021) for number in range(10, 40))
    many = count(stage, "province_officer", address)
    print(f"{kind}: {few} → {many}")
    assert few == many
