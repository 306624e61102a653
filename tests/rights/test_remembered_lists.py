"""A remembered list is the list: what it hangs on is known, and nothing of one visitor's session stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from jineng.kernel import clock, remembering
from jineng.kernel.clock import clock_at
from jineng.kernel.memory import memory
from jineng.kernel.models import RowTally
from jineng.kernel.remembering import hearing
from jineng.kernel.walls import VERSIONS
from jineng.kernel.web import lists
from jineng.majors.models import MajorOffering
from jineng.registry.kinds import Change
from jineng.registry.models import Delegation, Organisation, Post
from jineng.registry.verbs import change_organisation
from tests.rights.lists import ASKED, LISTS
from tests.rights.stage import AFTER, BEFORE, DURING, Stage, as_owner


@dataclass
class Answer:
    """One answer that was found to be remembered: what was heard, what the database read, what was shown."""

    question: Hashable
    heard: set[str]
    read: set[str]
    shown: Any


def scans() -> dict[str, int]:
    """How often each table was read in this transaction, by the database's own account."""
    with remembering.deaf(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_stat_get_xact_numscans(c.oid) + coalesce((SELECT sum(pg_stat_get_xact_numscans("
            "indexrelid)) FROM pg_index WHERE indrelid = c.oid), 0) FROM pg_class c "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return dict(cursor.fetchall())


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """What lists have to find anew, as it happens."""
    seen: list[Answer] = []
    real = remembering.remembered

    def watched(question: Hashable, find: Callable[[], Any], *weigh: Any) -> Any:
        def watching() -> Any:
            before = scans()
            with hearing() as heard:
                shown = find()
            after = scans()
            read = {table for table, times in after.items() if times > before[table]} - {
                *VERSIONS,
                RowTally._meta.db_table,
            }
            seen.append(Answer(question, heard, read, shown))
            return shown

        return real(question, watching, *weigh)

    monkeypatch.setattr(lists, "remembered", watched)
    return seen


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


def address_of(stage: Stage, route: str) -> str:
    """Where a list is asked for."""
    return reverse(route) + ASKED.get(route, "").format(root=stage.world.root.pk)


@pytest.mark.parametrize("route", LISTS)
def test_all_that_the_database_read_for_a_list_is_known(stage: Stage, found: list[Answer], route: str) -> None:
    for account in (LISTS[route], "county_officer"):
        client = stage.client(account)
        client.get(address_of(stage, route))
        for each in found:
            assert each.read <= each.heard, each.question
            for secret in ("csrfmiddlewaretoken", client.session.session_key):
                assert secret not in str(each.shown)
        found.clear()


def test_what_was_watched_is_something(stage: Stage, found: list[Answer]) -> None:
    for route in ("offerings", "awards", "organisations"):
        stage.client("county_officer").get(address_of(stage, route))
    lists_found = [each for each in found if "list" in each.question]
    assert len(lists_found) == 3
    assert all({"registry_organisation", "registry_reach"} <= each.read for each in lists_found)


def show(stage: Stage, account: str, route: str) -> str:
    answer = stage.client(account).get(address_of(stage, route))
    return answer.content.decode() if answer.status_code == 200 else ""


def test_a_list_is_forgotten_with_the_post_through_which_it_was_seen(stage: Stage, found: list[Answer]) -> None:
    assert "示例永登职教中心" in show(stage, "county_officer", "offerings")
    found.clear()
    assert "示例永登职教中心" in show(stage, "county_officer", "offerings")
    assert not found
    with as_owner():
        Post.objects.filter(account=stage.world.accounts["county_officer"]).update(until=DURING)
    assert "示例永登职教中心" not in show(stage, "county_officer", "offerings")


def test_a_delegation_that_ends_takes_its_lists_along(stage: Stage) -> None:
    assert "示例永登职教中心" in show(stage, "delegate", "offerings")
    with clock_at(AFTER):
        assert "示例永登职教中心" not in show(stage, "delegate", "offerings")
        assert "示例永登职教中心" in show(stage, "county_officer", "offerings")
    with as_owner():
        Delegation.objects.update(voided_at=clock.now(), void_reason="收回")
    assert "示例永登职教中心" not in show(stage, "delegate", "offerings")


def test_what_no_longer_answers_to_an_office_leaves_its_lists(stage: Stage) -> None:
    assert "示例永登职教中心" in show(stage, "county_officer", "offerings")
    change_organisation(
        actor=stage.world.actor("province_officer"),
        organisation_id=stage.world["county_school"].pk,
        change=Change.TRANSFERRED,
        on=BEFORE,
        authority=stage.world["chengguan"],
    )
    assert "示例永登职教中心" not in show(stage, "county_officer", "offerings")


def test_another_rooms_change_shows_in_a_list_that_joins_it(stage: Stage) -> None:
    routes = ("offerings", "awards", "dual_schools", "classes")
    before = {route: show(stage, "county_officer", route) for route in routes}
    assert sum("改了名的学校" in text for text in before.values()) == 0
    with as_owner():
        Organisation.objects.filter(pk=stage.world["county_school"].pk).update(name="改了名的学校")
    for route in routes:
        assert ("改了名的学校" in show(stage, "county_officer", route)) == ("示例永登职教中心" in before[route]), route
    with as_owner() as cursor:
        cursor.execute("TRUNCATE majors_majoroffering CASCADE")
    assert "改了名的学校" not in show(stage, "county_officer", "offerings")


def test_a_list_shows_the_state_of_the_day(stage: Stage) -> None:
    with as_owner():
        MajorOffering.objects.update(revoked_on=AFTER)
    assert "在办" in show(stage, "county_officer", "offerings")
    with clock_at(AFTER):
        later = show(stage, "county_officer", "offerings")
    memory.forget()
    with clock_at(AFTER):
        assert without_tokens(later) == without_tokens(show(stage, "county_officer", "offerings"))
    assert "在办" in show(stage, "county_officer", "offerings")


def without_tokens(page: str) -> str:
    return re.sub(r'(?:nonce|name="csrfmiddlewaretoken" value|csrf[^"]*)="[^"]*"', "", page)
