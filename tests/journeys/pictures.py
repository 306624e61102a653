"""Pictures of what a journey passes, for people to look at: only where ``JINENG_PICTURES`` names a folder."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page


def picture(page: Page, name: str) -> None:
    """Keep the whole page as ``name``.png in the folder asked for."""
    folder = os.environ.get("JINENG_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
