"""A page asks the database as often for fifty rows as for two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jineng.calls.models import Award, AwardStatus, Batch, Call, CallDecider
from jineng.kernel.clock import clock_at
from jineng.kernel.memory import memory
from jineng.kernel.models import AuditLine, Receipt
from jineng.majors.models import Major, MajorOffering
from jineng.registry.kinds import Role
from jineng.registry.models import Organisation, OrganisationState, Post
from tests.factories import LONG_AGO
from tests.rights.lists import ASKED, COMPUTED, LISTS
from tests.rights.rooms import rooms
from tests.rights.stage import DURING, Stage, as_owner, undone
from tests.rights.table import PAGE_LINES

MANY = 48
"""With the two or more rows that the stage holds, a list's page of fifty is full."""


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
        receipts = Receipt.objects.bulk_create(
            Receipt(file_name=f"批量{number}.xlsx", digest="0" * 64, size=1, organisation_id=item.pk,
                    actor_label="批量", account=world.accounts["school_officer"], state=Receipt.State.LANDED,
                    seal={"type": "return-receipt"})
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
                  level="city", origin_kind="return", origin_id=receipts[number].pk)
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


def count_afresh(stage: Stage, account: str, address: str) -> int:
    """Queries of one page of which nothing is remembered, in a process that has answered it before."""
    count(stage, account, address)
    memory.forget()
    return count(stage, account, address)


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


@dataclass(frozen=True)
class PageOf:
    """A page whose queries are counted: who asks, where, and whether what it computes was never asked before."""

    account: str
    address: str
    computes: bool = False


def pages(stage: Stage) -> dict[str, PageOf]:
    """Every list, every page of one thing on which many may hang, and the pages of a figure."""
    found = {
        route: PageOf(account, reverse(route) + ASKED.get(route, "").format(root=stage.world.root.pk))
        for route, account in LISTS.items()
    }
    things = {
        "organisation": reverse("organisation", args=[stage.world.root.pk]),
        "college_offerings": reverse("college_offerings", args=[stage.world["city_school"].pk]),
        "call": reverse("call", args=["province-call"]),
    }
    found |= {name: PageOf("province_officer", address) for name, address in things.items()}
    figure = reverse("briefs:figure", args=[2021, "major_offerings"])
    for account in ("province_officer", "county_officer"):
        found |= {
            f"figure by {by}, {account}": PageOf(account, f"{figure}?by={by}", computes=True)
            for by in ("city", "county", "organisation")
        }
        records = reverse("briefs:records", args=[2021, "major_offerings"])
        found[f"records, {account}"] = PageOf(account, records, computes=True)
    return found


PAGES = [*LISTS, "organisation", "college_offerings", "call"] + [
    f"{page}, {account}"
    for account in ("province_officer", "county_officer")
    for page in ("figure by city", "figure by county", "figure by organisation", "records")
]


def measure(stage: Stage) -> dict[str, int]:
    """Queries of every page in a process that has answered it before and remembers nothing of it."""
    found = {}
    for name, page in pages(stage).items():
        found[name] = count_afresh(stage, page.account, page.address)
        again = count(stage, page.account, page.address)
        assert again < found[name] if page.computes else again <= found[name], name
    return found


@pytest.fixture(scope="module")
def counts(built: Stage) -> tuple[dict[str, int], dict[str, int]]:
    """Queries of every page with two or three rows, and with fifty."""
    with clock_at(DURING), undone():
        few = measure(built)
        fill(built)
        many_hang_on_one_thing(built)
        return few, measure(built)


@pytest.mark.parametrize("page", PAGES)
def test_pages_ask_as_often_for_fifty_as_for_two(
    counts: tuple[dict[str, int], dict[str, int]], page: str, record_property: Callable[[str, object], None]
) -> None:
    few, many = counts[0][page], counts[1][page]
    record_property("queries", many)
    assert few == many


def test_every_page_was_counted(counts: tuple[dict[str, int], dict[str, int]]) -> None:
    assert set(counts[0]) == set(counts[1]) == set(PAGES)


def many_hang_on_one_thing(stage: Stage) -> None:
    """Thirty more offerings of one college, thirty more batches of one call."""
    with as_owner():
        majors = list(Major.objects.filter(level="secondary")[100:130])
        MajorOffering.objects.bulk_create(
            MajorOffering(organisation=stage.world["city_school"], major=major, duration_years=Decimal(3),
                          opened_on=date(2021, 2, 1))
            for major in majors
        )  # fmt: skip
        call = Call.objects.get(code="province-call")
        Batch.objects.bulk_create(Batch(call=call, number=number, year=2021) for number in range(10, 40))
