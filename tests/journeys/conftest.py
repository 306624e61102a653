"""Journeys: a real Chromium on the loaded reference year, served by this process on the loopback address."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from jineng.reference.accounts import demo_password
from tests.reference_year import ReferenceYear, reference_year

__all__ = ["reference_year"]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What Chromium is called; without windows it needs half the processor."""
SPARED = ("IsolateOrigins", "site-per-process", "RenderDocument", "PaintHolding", "HttpsUpgrades", "OptimizationHints")
"""What a site of one origin needs not: processes and documents of its own for each, painting that waits."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--in-process-gpu",
    "--enable-features=NetworkServiceInProcess2,CDPScreenshotNewSurface",
    "--disable-features=" + ",".join(SPARED),
)
"""Fewer processes than Chromium likes, since all of them have two cores: a sixth of the processor less for a click."""
DESK = {"width": 1440, "height": 900}
PATIENCE = 20_000
Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything beneath this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt install chromium-headless-shell); no journey can be walked")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The browser's event loop lives in this thread, where the tests also read the database.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def clicks_at_once() -> Iterator[None]:
    """Nothing on a page moves, so a click need not wait two frames to find its place at rest. It is made where a
    person would make it all the same: what covers the place gets it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "check", "uncheck"):
            patch.setattr(Locator, name, partialmethod(getattr(Locator, name), force=True))
        yield


@pytest.fixture(scope="module")
def site(reference_year: ReferenceYear, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the site with the module's own copy of the loaded year; what journeys change stays in it."""
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@pytest.fixture(scope="module")
def seats(chromium: Browser, site: str) -> dict[str, Any]:
    """Cookies of the demonstration accounts that have signed in, by account."""
    return {}


@pytest.fixture
def visit(chromium: Browser, site: str, seats: dict[str, Any]) -> Iterator[Visit]:
    """Opens a page of the site as a demonstration account (``visit("county")``), or as nobody.

    More arguments are those of a browser context (``java_script_enabled``, ``viewport``, ``color_scheme``). A page
    that logs an error of its own, or fails to load anything, fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(login: str = "", **options: Any) -> Page:
        context = chromium.new_context(base_url=site, **{"viewport": DESK, "locale": "zh-CN", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda request: _note_failure(faults, request))
        if login and login not in seats:
            sign_in(page, login)
            seats[login] = context.cookies()
        elif login:
            context.add_cookies(seats[login])
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _note_failure(faults: list[str], request: Any) -> None:
    if "ERR_ABORTED" not in (request.failure or ""):
        faults.append(f"{request.url}: {request.failure}")


def sign_in(page: Page, login: str) -> None:
    """Sign in by the form, as a person does."""
    page.goto("/account/login/")
    page.get_by_role("textbox", name="账号").fill(f"demo-{login}")
    page.get_by_role("textbox", name="密码").fill(demo_password())
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
