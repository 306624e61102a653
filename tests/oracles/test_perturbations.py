"""What happens to the figures when something happens to the records: live pages, the next release, the earlier one.

The tables are ``perturbations/<room>.yaml``; every figure of three years is read off the page of all indicators, so
whatever they do not name is held to what it was.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from jineng.briefs.desk import open_snapshot
from jineng.briefs.models import Release
from jineng.briefs.queries import folder_of
from jineng.briefs.snapshots import file_digest
from jineng.briefs.verifying import verify_file
from jineng.engines.documents.phrasing import RATIO
from jineng.engines.measures import Period
from jineng.kernel.actors import acting
from jineng.kernel.measures import indicators
from tests.briefs.issuing import release_issue
from tests.oracles.deeds import DEEDS
from tests.reference_year import ReferenceYear

TABLE: dict[str, dict[str, Any]] = {
    name: entry
    for path in sorted(Path(__file__).with_name("perturbations").glob("*.yaml"))
    for name, entry in yaml.safe_load(path.read_text(encoding="utf-8"))["perturbations"].items()
}
YEARS = (2020, 2021, 2022)
BACKEND = "django.contrib.auth.backends.ModelBackend"
RELEASED = [name for name, entry in TABLE.items() if entry.get("released")]
"""Those that tell most of a release: every sixth is released in each run, and every perturbation in the full run."""
Number = int | Fraction
Figures = dict[int, dict[str, Number]]
Parts = dict[str, Number]


ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
CELL = re.compile(r'<td class="num" data-label="(\d{4})">(?:\s|<span>)*([\d,.]+)')
KEY = re.compile(r"/briefs/\d+/figures/(\w+)/")
BIG = re.compile(r'class="big"[^>]*>\s*([\d,.]+)')


@dataclass
class Pages:
    """What the officer of the province reads off the site."""

    client: Client

    def figures(self) -> Figures:
        """Every figure of the three years, from the page of all indicators."""
        found: Figures = {year: {} for year in YEARS}
        for year in (2021, 2022):
            page = self.client.get("/briefs/indicators/", {"year": year}).content.decode()
            for row in ROW.findall(page):
                for key in KEY.findall(row):
                    values = {int(shown_for): told(key, value) for shown_for, value in CELL.findall(row)}
                    assert set(values) == {year - 1, year}, key
                    for each, value in values.items():
                        assert found[each].setdefault(key, value) == value, (each, key)
        assert all(set(found[year]) == set(indicators.keys()) for year in YEARS)
        return found

    def parts(self, key: str, by: str) -> Parts:
        """The parts of a figure of 2021 by the code of their place, as a machine reads them."""
        answer = self.client.get(f"/api/v1/briefs/2021/figures/{key}", {"by": by}).json()
        assert answer["sums"] or answer["reason"]
        return {part["code"]: number(part["value"]) for part in answer["parts"]}

    def big_number(self, key: str) -> Number:
        """The value that the page behind a figure of 2021 shows."""
        page = self.client.get(f"/briefs/2021/figures/{key}/").content.decode()
        return told(key, BIG.findall(page)[0])

    def held(self) -> int:
        """How many sentences of the draft of 2021 are held back."""
        return len(self.client.get("/briefs/2021/").context["brief"].held)


def told(key: str, text: str) -> Number:
    """The figure that a page tells; of a ratio pages tell the hundredths."""
    value = number(text)
    return shown(Fraction(value) / 100) if indicators.get(key).unit == RATIO else value


def number(text: str) -> Number:
    return shown(Fraction(text.replace(",", "")))


def shown(value: Number | None) -> Number:
    """A value as pages show it: whole, or a ratio with four decimals."""
    exact = round(Fraction(value or 0), 4)
    return exact.numerator if exact.denominator == 1 else exact


@dataclass
class Before:
    """How things stood before any deed: the pages' figures and parts, and a release made then."""

    figures: Figures
    parts: dict[tuple[str, str], Parts]
    release: Release
    digests: dict[str, str]
    frozen: dict[str, Number]


def pages_of(year: ReferenceYear) -> Pages:
    client = Client()
    client.force_login(year.account("province"), backend=BACKEND)
    return Pages(client)


def digests_under(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): file_digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def recounted(release: Release) -> dict[str, Number]:
    """The figures of a release, computed again from its snapshot by an engine opened anew."""
    reader = open_snapshot(folder_of(release) / "tables")
    found = reader.measure([(item.key, Period.year(2021)) for item in indicators])
    return {key: shown(measured.value) for (key, _), measured in found.items()}


@pytest.fixture(scope="module")
def before(reference_year: ReferenceYear, django_db_blocker: DjangoDbBlocker) -> Before:
    """The year untouched, and its first release."""
    with django_db_blocker.unblock():
        pages = pages_of(reference_year)
        asked = {(key, by) for entry in TABLE.values() for key, ways in entry.get("parts", {}).items() for by in ways}
        release = release_issue(reference_year.province, reference_year.actor("signer"), 2021)
        return Before(
            pages.figures(),
            {(key, by): pages.parts(key, by) for key, by in asked},
            release,
            digests_under(folder_of(release)),
            recounted(release),
        )


@pytest.fixture
def untouched(db: None, before: Before) -> Before:
    """A transaction that is rolled back."""
    return before


def expected_figures(before: Figures, entry: dict[str, Any]) -> Figures:
    changes = entry.get("changes", {})
    assert set(changes) <= set(YEARS)
    return {
        year: {key: value + changes.get(year, {}).get(key, 0) for key, value in figures.items()}
        for year, figures in before.items()
    }


def moved(parts: Parts, by: dict[str, int]) -> Parts:
    """Parts after some have moved; those that come to nothing are not listed."""
    sums = {code: parts.get(code, 0) + by.get(code, 0) for code in parts.keys() | by.keys()}
    return {code: value for code, value in sums.items() if value}


def do(name: str, year: ReferenceYear) -> None:
    actor = year.province
    with acting(actor):
        DEEDS[name](year, actor)


def test_every_entry_has_its_deed_and_is_one_of_thirty_or_more() -> None:
    assert set(TABLE) == set(DEEDS)
    assert len(TABLE) >= 30
    named = {key for entry in TABLE.values() for changed in entry.get("changes", {}).values() for key in changed}
    assert named <= set(indicators.keys())


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if entry.get("released") or place % 8 == 0 else pytest.mark.deep)
        for place, (name, entry) in enumerate(TABLE.items())
    ],
)
def test_live_pages_show_at_once_what_changes_and_nothing_else(
    name: str, reference_year: ReferenceYear, untouched: Before
) -> None:
    entry, pages = TABLE[name], pages_of(reference_year)
    do(name, reference_year)
    wanted = expected_figures(untouched.figures, entry)
    found = pages.figures()
    strange = {
        (year, key): (found[year][key], value)
        for year, figures in wanted.items()
        for key, value in figures.items()
        if found[year][key] != value
    }
    assert strange == {}
    assert pages.held() == entry.get("held", 0)
    for key, ways in entry.get("parts", {}).items():
        for by, by_how_much in ways.items():
            assert moved(pages.parts(key, by), {}) == moved(untouched.parts[key, by], by_how_much), (key, by)
    for key in entry.get("changes", {}).get(2021, {}):
        assert pages.big_number(key) == wanted[2021][key]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in RELEASED[::6] else pytest.mark.deep) for name in TABLE],
)
def test_the_next_release_has_it_and_the_earlier_one_stays(
    name: str, reference_year: ReferenceYear, untouched: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, first = TABLE[name], untouched.release
    for render in ("render_docx", "render_pdf"):
        monkeypatch.setattr(f"jineng.briefs.releasing.{render}", lambda document: b"not under test here")
    do(name, reference_year)
    second = release_issue(reference_year.province, reference_year.actor("signer"), 2021)
    try:
        assert (first.number, second.number) == (1, 2)
        wanted = expected_figures(untouched.figures, entry)[2021]
        assert recounted(second) == wanted
        figures = second.manifest["figures"]
        assert {key: shown(Fraction(told["value"])) for key, told in figures.items()} == {
            key: wanted[key] for key in figures
        }
        assert len(second.manifest["held"]) == entry.get("held", 0)

        assert digests_under(folder_of(first)) == untouched.digests
        assert recounted(first) == untouched.frozen == untouched.figures[2021]
        assert all(finding.ok for finding in verify_file(folder_of(first) / "manifest.json"))
    finally:
        shutil.rmtree(folder_of(second))
