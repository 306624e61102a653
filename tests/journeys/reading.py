"""What a reader sees on pages: numbers as numbers, parts of a figure, rows of a list."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

DRAFT = "/briefs/2021/"


def number(words: str) -> int:
    """The first whole number in the words, whatever its grouping."""
    found = re.search(r"\d[\d,]*", words)
    assert found is not None, words
    return int(found[0].replace(",", ""))


def figure(page: Page, key: str) -> Locator:
    """The first figure of ``key`` in the sentences of the brief."""
    return page.locator(f'.paper a.fig[data-key="{key}"]').first


def exact(page: Page, key: str) -> int:
    """The exact value that the sentence's figure stands for, as its drill-down page says it."""
    page.goto(f"{DRAFT}figures/{key}/")
    return shown(page)


def shown(page: Page) -> int:
    """The big number of the panel or page that is open."""
    return number(page.locator(".big").first.inner_text())


def parts(page: Page) -> dict[str, int]:
    """The parts of the figure that is open, by label."""
    rows = page.locator("main .bars tbody tr").all()
    return {row.locator("th").inner_text(): number(row.locator("td").last.inner_text()) for row in rows}


def hrefs(page: Page) -> list[str]:
    """The records that the list leads to."""
    return [str(link.get_attribute("href")) for link in page.locator("main table.list tbody th a").all()]
