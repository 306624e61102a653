"""Whoever sends a mail may be killed at any moment: no mail is doubled, none is lost, what is unknown is said to be."""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path

import pytest

from tests.crash.conftest import Installation

_numbers = count(1)


class Post:
    """One mail of the installation, and the folder into which the mail server puts what it takes."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.installation, self.folder = installation, folder
        number = next(_numbers)
        installation.do("tell", f"{number}")
        ((self.mail, self.office),) = installation.rows(
            "SELECT m.id, m.name_of_id FROM kernel_mail m JOIN kernel_notice n ON n.id = m.notice_id "
            "WHERE n.about_id = %s",
            f"{number}",
        )

    def deliver(self, point: str = "-") -> None:
        """Work on the mail; killed where it stops at ``point``."""
        argument = f"{point} {self.folder} {self.mail} {self.office}"
        if point == "-":
            self.installation.do("deliver", argument)
            return
        child = self.installation.start("deliver", argument)
        assert self.installation.await_mark(point), self.installation.log()
        os.kill(child, signal.SIGKILL)
        assert self.installation.await_end() == -signal.SIGKILL

    @property
    def state(self) -> str:
        """What the outbox says."""
        ((state,),) = self.installation.rows("SELECT state FROM kernel_mail WHERE id = %s", self.mail)
        return str(state)

    @property
    def taken(self) -> list[str]:
        """Message-IDs of what the server took."""
        lines = [line for file in self.folder.glob("*") for line in file.read_text().splitlines()]
        return [line.removeprefix("Message-ID: ") for line in lines if line.startswith("Message-ID: ")]


@pytest.fixture
def post(installation: Installation, tmp_path: Path) -> Post:
    return Post(installation, tmp_path / "taken")


@pytest.mark.parametrize(
    ("point", "left", "taken", "then"),
    [
        ("marking", "waiting", 0, ("sent", 1)),
        ("handing", "sending", 0, ("unknown", 0)),
        ("handed", "sending", 1, ("unknown", 1)),
    ],
)
def test_a_sender_that_is_killed(post: Post, point: str, left: str, taken: int, then: tuple[str, int]) -> None:
    post.deliver(point)
    assert (post.state, len(post.taken)) == (left, taken)
    for _ in range(2):
        post.deliver()
        assert (post.state, len(post.taken)) == then


def test_only_a_person_sends_it_again_and_it_is_the_same_mail(post: Post) -> None:
    post.deliver("handed")
    post.deliver()
    assert post.state == "unknown"
    post.installation.do("decide", f"{post.mail}")
    post.deliver()
    assert post.state == "sent"
    assert len(post.taken) == 2
    assert len(set(post.taken)) == 1
