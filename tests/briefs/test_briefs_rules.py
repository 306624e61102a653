"""How far an issue is, and what keeps it from the next step."""

from __future__ import annotations

import pytest

from jineng.briefs.kinds import State
from jineng.briefs.rules import Standing, hindrance_to_release, hindrance_to_signing


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(3, 0, 0, released=False), State.DRAFT),
        (Standing(3, 2, 2, released=False), State.DRAFT),
        (Standing(3, 3, 0, released=False), State.CHECKED),
        (Standing(3, 3, 2, released=False), State.CHECKED),
        (Standing(3, 3, 3, released=False), State.SIGNED),
        (Standing(3, 2, 3, released=False), State.DRAFT),
        (Standing(3, 3, 3, released=True), State.RELEASED),
    ],
)
def test_a_check_holds_for_the_wording_that_was_checked(standing: Standing, state: State) -> None:
    assert standing.state is state


def test_whoever_checked_does_not_sign() -> None:
    checked = Standing(3, 3, 0, released=False)
    assert hindrance_to_signing(checked, 1, 2, "a", "a") is None
    assert "同一人" in str(hindrance_to_signing(checked, 2, 2, "a", "a"))
    assert "重新核对" in str(hindrance_to_signing(checked, 1, 2, "a", "b"))
    assert "先核对" in str(hindrance_to_signing(Standing(4, 3, 0, released=False), 1, 2, "a", "a"))


def test_only_what_was_signed_is_released() -> None:
    signed = Standing(3, 3, 3, released=False)
    assert hindrance_to_release(signed, "a", "a") is None
    assert "重新核对" in str(hindrance_to_release(signed, "a", "b"))
    assert "签发" in str(hindrance_to_release(Standing(3, 3, 0, released=False), "a", "a"))
