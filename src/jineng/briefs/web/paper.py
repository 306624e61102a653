"""The brief's paper on the page: the figure whose panel is open is marked in its sentence."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

TO_PANEL = '<a class="unseen" href="#panel">转到该数字的说明 To what it says</a>'


def mark_open(paper: str, key: str) -> SafeString:
    """Mark every figure of ``key`` in the paper as the current one.

    The first of them is the address ``#figure``, so that opening a figure, and coming back to it, leaves the reader
    at the sentence; the next stop of the keyboard after it leads to the panel.
    """
    return mark_safe(_marked(paper, key) if key else paper)  # noqa: S308 the engine escapes what it prints


def _marked(paper: str, key: str) -> str:
    figure = re.compile(rf'<a class="fig"([^>]* data-key="{re.escape(key)}"[^>]*>[^<]*</a>)')
    first = figure.sub(rf'<a class="fig" id="figure" aria-current="true"\1{TO_PANEL}', paper, count=1)
    head, found, rest = first.partition(TO_PANEL)
    return head + found + figure.sub(r'<a class="fig" aria-current="true"\1', rest)
