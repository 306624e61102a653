"""Helpers that were forked end when they are told to, without a word."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import pytest

from jineng.reference.forking import forked_pool

_known: list[int] = []


def _begin(number: int) -> None:
    _known.append(number)


def _told(more: int) -> list[int]:
    return [*_known, more]


def test_helpers_are_begun_with_what_they_are_given() -> None:
    with forked_pool(2, _begin, 7) as pool:
        assert pool.map(_told, range(3)) == [[7, 0], [7, 1], [7, 2]]
    assert not _known


def test_helpers_say_nothing_when_a_caller_that_answers_signals_ends_them(capfd: pytest.CaptureFixture[str]) -> None:
    def cut_off(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, cut_off)
    try:
        with forked_pool(2) as pool:
            assert pool.map(abs, [-1]) == [1]
    finally:
        signal.signal(signal.SIGTERM, before)
    sys.stderr.flush()
    assert capfd.readouterr().err == ""
