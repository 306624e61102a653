"""Every main page: no serious fault of accessibility by axe, and no sideways scrolling on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Visit
from tests.journeys.reading import hrefs

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
PHONE = {"width": 390, "height": 844}
FIGURE = "/briefs/2021/figures/major_offerings/"
PAGES = {
    "province": (
        "/",
        "/organisations/",
        "/organisations/tree/",
        "/organisations/enter/",
        "/search/?q=兰州",
        "/returns/",
        "/returns/submit/",
        "/notices/",
        "/notices/settings/",
        "/majors/catalogue/",
        "/majors/offerings/",
        "/calls/",
        "/calls/awards/",
        "/briefs/",
        "/briefs/2021/",
        "/briefs/2021/?figure=vocational_groups",
        "/briefs/indicators/",
        FIGURE,
        f"{FIGURE}?by=organisation&within=620102",
        f"{FIGURE}records/",
        "/nowhere/",
    ),
    "admin": ("/posts/", "/posts/give/", "/audit/", "/outbox/", "/briefs/"),
}
ALIKE = {"/briefs/2021/", f"{FIGURE}?by=organisation&within=620102"}
"""Pages whose parts all stand on another page of the list too; they are looked at on the phone alone."""
DEEP = ("/organisations/", "/majors/offerings/", "/calls/", "/calls/awards/", "/returns/")


ALIKE_ROWS = """() => {
    for (const body of document.querySelectorAll("tbody")) {
        const seen = new Set();
        for (const row of body.rows) {
            const shape = [row, ...row.querySelectorAll("*")].map(node => `${node.tagName}.${node.className}`).join();
            if (seen.has(shape)) row.remove(); else seen.add(shape);
        }
    }
}"""
"""Of a table's rows that are built alike one is enough to look at."""


def _violations(page: Page) -> list[str]:
    page.evaluate(ALIKE_ROWS)
    found = Axe().run(page, options=OPTIONS)
    return [
        f"{page.url} {fault['id']}: {node['html'][:160]}"
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def _sideways(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{page.url} is {wide} px wider than the screen"] if wide > 0 else []


def test_the_instrument_finds_what_is_wrong(visit: Visit) -> None:
    page = visit()
    page.goto("/account/login/")
    page.evaluate("document.querySelector('label[for=id_login]').remove(); id_login.removeAttribute('placeholder')")
    assert [fault for fault in _violations(page) if "id_login" in fault]


@pytest.mark.parametrize("login", PAGES)
def test_pages_are_open_to_everybody(visit: Visit, login: str) -> None:
    page, faults = visit(login), []
    for path in PAGES[login]:
        if path not in ALIKE:
            page.goto(path)
            faults += _violations(page)
    assert faults == []


def test_pages_of_one_record_are_open_to_everybody(visit: Visit) -> None:
    page, faults = visit("province"), []
    for path in DEEP:
        page.goto(path)
        page.goto(hrefs(page)[0])
        faults += _violations(page)
    assert faults == []


@pytest.mark.parametrize("path", ["/account/login/", "/", "/briefs/2021/?figure=vocational_groups", "/calls/awards/"])
def test_dark_pages_are_open_to_everybody(visit: Visit, path: str) -> None:
    page = visit("" if "login" in path else "province", color_scheme="dark")
    page.goto(path)
    assert _violations(page) == []


def test_nothing_scrolls_sideways_on_a_phone(visit: Visit) -> None:
    faults = []
    for login, paths in PAGES.items():
        page = visit(login, viewport=PHONE)
        for path in paths:
            page.goto(path)
            faults += _sideways(page)
    page = visit(viewport=PHONE)
    page.goto("/account/login/")
    assert faults + _sideways(page) == []


def test_pages_of_one_record_fit_a_phone(visit: Visit) -> None:
    page, faults = visit("province", viewport=PHONE), []
    for path in DEEP:
        page.goto(path)
        page.goto(hrefs(page)[0])
        faults += _sideways(page)
    assert faults == []


def test_on_a_phone_the_sentence_stays_in_sight_above_its_answer(visit: Visit) -> None:
    page = visit("province", viewport=PHONE)
    page.goto("/briefs/2021/?figure=vocational_groups#figure")
    sentence, answer = page.locator("#figure").bounding_box(), page.locator("#panel").bounding_box()
    assert sentence is not None
    assert answer is not None
    assert 0 <= sentence["y"] < sentence["y"] + sentence["height"] <= answer["y"] < PHONE["height"]
