"""A small province with four courses, one of them withdrawn, and a folder of its own for what is released."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from jineng.briefs import releasing
from jineng.calls.models import Award
from jineng.calls.verbs import set_status
from tests.calls.small_world import award, batch, call
from tests.factories import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
TITLES = {"county_school": ("甲课", "乙课"), "other_school": ("丙课",), "petrochemical": ("丁课",)}


@pytest.fixture
def courses(world: World, settings: object, tmp_path: Path) -> dict[str, Award]:
    """Four courses recognised in May 2021, by title."""
    settings.VAR = tmp_path
    of = batch(world, call(world, "micro-course", name="微课"))
    made = {title: award(world, of, school, title) for school, titles in TITLES.items() for title in titles}
    set_status(
        actor=world.actor("province_officer"),
        award_id=made["丁课"].pk,
        status="withdrawn",
        since=date(2021, 12, 1),
    )
    return made


@pytest.fixture
def signed_in(world: World) -> Callable[[str], Client]:
    """A browser in which the account of that name has signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.accounts[name], backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def plain_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that take no time: what is tested is what is done with them."""
    monkeypatch.setattr(releasing, "render_pdf", lambda document: f"pdf {document.title}".encode())
    monkeypatch.setattr(releasing, "render_docx", lambda document: f"docx {document.title}".encode())
