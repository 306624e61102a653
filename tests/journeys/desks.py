"""Steps that people take at their desks: buttons of a page's head, forms, a case's and a panel's next step."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

EXPERTS = {"reviewer": "4162010003", "reviewer2": "4162010002", "expert": "4162010001"}
"""Experts by account, and the code of where they work; the last works where one of the two applications comes from."""


def press(page: Page, name: str) -> None:
    """Follow a button of the page's head."""
    page.locator(".page-head").get_by_role("link", name=re.compile(f"^{name}")).click()


def send(page: Page, name: str) -> None:
    """Send the page's form."""
    page.locator("form.form").get_by_role("button", name=re.compile(name)).click()


def do(page: Page, name: str, **fields: str) -> None:
    """Take a step from a case's page: open its form, fill it in, send it."""
    press(page, name)
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    send(page, name)
    expect(page.locator("#steps")).to_be_visible()


def step(page: Page, name: str, **fields: str) -> None:
    """Take a step from a panel's page."""
    press(page, name)
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    send(page, name)
    expect(page.locator("#members")).to_be_visible()
