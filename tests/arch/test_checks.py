"""The start-up checks find what they are for."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.urls import path

from jineng.kernel import checks, walls


def test_the_program_passes() -> None:
    assert [problem for problem in run_checks() if problem.id.startswith("jineng.")] == []


def test_a_table_without_a_wall_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = walls.declared()
    monkeypatch.setattr(walls, "_walls", {name: wall for name, wall in known.items() if name != "registry_person"})
    found = checks.every_table_has_a_wall()
    assert [problem.id for problem in found] == ["jineng.E001"]
    assert "registry_person" in found[0].msg


def test_a_wall_around_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "_walls", {**walls.declared(), "gone": walls.Wall("gone", see="true")})
    assert [problem.id for problem in checks.every_table_has_a_wall()] == ["jineng.E002"]


def bare(request: HttpRequest) -> HttpResponse:
    """A view that forgot to say who may pass."""
    return HttpResponse()


urlpatterns = [path("bare/", bare, name="bare")]


@pytest.mark.urls(__name__)
def test_a_view_without_a_door_is_found() -> None:
    assert [problem.id for problem in checks.every_view_has_a_door()] == ["jineng.E003"]


@pytest.mark.parametrize(
    ("address", "hosts", "found"),
    [
        ("http://127.0.0.1:8000", [], []),
        ("http://localhost:8000", ["zy.example.cn"], ["jineng.W001"]),
        ("https://zy.example.cn", ["zy.example.cn"], []),
        ("http://zy.example.cn", ["zy.example.cn"], ["jineng.W002"]),
        ("https://example.cn/zy/", [], ["jineng.E004"]),
        ("zy.example.cn", [], ["jineng.E004"]),
    ],
)
def test_an_address_that_others_cannot_follow_is_told(
    settings: Any, address: str, hosts: list[str], found: list[str]
) -> None:
    """What is signed names it, so it must be told before anything is."""
    settings.SITE_URL, settings.ALLOWED_HOSTS = address, [*hosts, "127.0.0.1", "testserver"]
    assert [problem.id for problem in checks.public_address_is_told()] == found
