"""Pages that compare: every test that one names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.arch.source import ROOT

PAGES = sorted((ROOT / "docs" / "explanation").glob("*-compared.md"))
SHOWN_BY = "Shown by"


def shown_by(page: Path) -> Iterator[str]:
    """What the last column of a page's tables names, row by row."""
    column = False
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            column = False
        elif cells[-1] == SHOWN_BY:
            column = True
        elif column:
            yield from re.findall(r"`([^`]+)`", cells[-1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_comparison_names_is_there(page: Path) -> None:
    named = list(shown_by(page))
    assert len(named) > 10
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    file, missing = "", []
    for name in named:
        if name.startswith("make "):
            there = name.removeprefix("make ") in targets
        else:
            written, _, test = name.partition("::")
            file = written or file
            place = ROOT / "tests" / file
            there = place.exists() and (not test or re.search(rf"def {test}\(", place.read_text()) is not None)
        if not there:
            missing.append(name)
    assert missing == []
