"""Pages carry nothing inline and fetch nothing from elsewhere, so that the content security policy can be strict."""

from __future__ import annotations

import re

from tests.arch.source import SRC, files

ADDRESS = re.compile(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}""")
NAMESPACES = ("http://www.w3.org/",)
"""Names, not addresses: nothing is fetched from them."""
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
CARDS = re.compile(r"""<table class="list cards".*?</table>""", re.DOTALL)
FIGURE = re.compile(r"""<td class="(?:num|date|code)[^>]*>""")
HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"']|javascript:|\shx-on", re.IGNORECASE)


def _findings(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    return [
        f"{path.relative_to(SRC)}: {match.group(0)}"
        for path in files(*suffixes)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]


def test_nothing_is_fetched_from_elsewhere() -> None:
    found = [
        line
        for line in _findings(ADDRESS, ".html", ".css", ".js", ".svg")
        if not any(name in line for name in _hosts())
    ]
    assert found == []


def _hosts() -> list[str]:
    return [name.removesuffix("/") for name in NAMESPACES]


def test_templates_hold_no_script_and_no_style() -> None:
    assert _findings(INLINE_SCRIPT, ".html") == []
    assert _findings(INLINE_STYLE, ".html") == []
    assert _findings(HANDLER, ".html") == []


def test_nothing_is_marked_safe_without_a_reason() -> None:
    """``|safe`` and ``autoescape off`` are not used: what is HTML says so in Python, where it is explained."""
    found = _findings(re.compile(r"\|\s*safe\b|autoescape\s+off"), ".html")
    assert found == []


def test_on_a_phone_every_figure_of_a_list_says_what_it_is() -> None:
    """Rows become cards there and the heads of the columns are gone; ``data-label`` stands for them."""
    found = [
        f"{path.relative_to(SRC)}: {cell}"
        for path in files(".html")
        for table in CARDS.findall(path.read_text(encoding="utf-8"))
        for cell in FIGURE.findall(table)
        if "data-label" not in cell
    ]
    assert found == []
