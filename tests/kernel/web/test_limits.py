"""Calls at open doors are counted once for all processes, and what the count keeps tells nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from jineng.kernel.models import CallCount
from jineng.kernel.web import limits
from jineng.kernel.web.limits import TooOften, count

HERE = RequestFactory(REMOTE_ADDR="198.51.100.7")


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(limits.RATES, "verify", "6/m/ip,4/m/key")
    limits.plan_of.cache_clear()
    yield
    limits.plan_of.cache_clear()


def calls(times: int, key: str = "A") -> int:
    """How many of so many calls were let in."""
    passed = 0
    for _ in range(times):
        with contextlib.suppress(TooOften):
            count(HERE.get("/"), "verify", key=key)
            passed += 1
    return passed


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_one_count() -> None:
    """Each has a connection of its own; together they let in no more than one would."""
    barrier = Barrier(2)

    def process(act: Callable[[], int]) -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE jineng_app")
            barrier.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(process, [lambda: calls(5)] * 2)) == 4
    assert calls(5, "B") == 0, "four let in and two turned away at the thing make six of the address"


@pytest.mark.django_db
def test_what_is_taken_back_and_what_is_long_ago_does_not_count() -> None:
    assert calls(3) == 3
    count(HERE.get("/"), "verify", key="A").rollback()
    assert calls(2) == 1
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_callcount SET hits = ARRAY(SELECT hit - 61 FROM unnest(hits) AS hit)")
    assert calls(5) == 4


@pytest.mark.django_db
def test_nobody_reads_or_writes_the_count_and_it_names_nobody() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")
    assert calls(1) == 1
    assert not CallCount.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        CallCount.objects.all().delete()
    with as_owner():
        assert CallCount.objects.count() == 2
        assert "198.51" not in " ".join(CallCount.objects.values_list("key", flat=True))
