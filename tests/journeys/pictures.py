"""Pictures of what a journey passes, for people to look at: only where ``JINENG_PICTURES`` names a folder."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

PHONE = 390
"""How many points wide a phone shows a page."""


def picture(page: Page, name: str) -> None:
    """Keep the whole page as ``name``.png in the folder asked for, and as ``name``-phone.png as a phone shows it."""
    folder, size = os.environ.get("JINENG_PICTURES"), page.viewport_size
    if folder and size:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        page.set_viewport_size({"width": PHONE, "height": size["height"]})
        page.screenshot(path=Path(folder) / f"{name}-phone.png", full_page=True)
        page.set_viewport_size(size)
