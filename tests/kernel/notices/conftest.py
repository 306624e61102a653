"""A province of two offices that tell each other things."""

from __future__ import annotations

from typing import Any

import pytest

from jineng.kernel.actors import acting
from jineng.kernel.models import Account, Mail, Notice
from jineng.kernel.notices import Office
from jineng.kernel.notices.inbox import tray
from jineng.kernel.notices.verbs import choose_telling
from tests.factories import World
from tests.kernel.notices.trial import tell

ADDRESS = "wang.li@example.org"


class Offices:
    """The city of 兰州 tells, the county of 永登 is told; unless a test says otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.city, self.county = world.actor("city_officer"), world.actor("county_officer")
        self.office = Office(world["yongdeng"].pk)

    def tell(self, **changes: Any) -> int:
        """The city tells the county."""
        given = {"actor": self.city, "about": self.world["yongdeng"], "to": self.office}
        return tell(**{**given, **changes})

    def wants_mail(self, name: str, telling: str = Account.Telling.AT_ONCE, email: str = ADDRESS) -> None:
        """An account keeps an address."""
        choose_telling(actor=self.world.actor(name), telling=telling, email=email)

    def tray(self, name: str) -> list[Notice]:
        """What an account finds."""
        actor = self.world.actor(name)
        with acting(actor):
            return list(tray(actor))

    def outbox(self) -> list[Mail]:
        """All mails, as the province sees them."""
        with acting(self.world.actor("administrator")):
            return list(Mail.objects.order_by("created_at", "account__username"))

    def one_mail(self, email: str = ADDRESS) -> Mail:
        """A waiting mail to the county's officer."""
        self.wants_mail("county_officer", email=email)
        self.tell()
        (mail,) = self.outbox()
        return mail

    def fate(self) -> Mail:
        """The only mail, as it stands now."""
        (mail,) = self.outbox()
        return mail


@pytest.fixture
def offices(world: World) -> Offices:
    return Offices(world)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, str]]:
    """What is asked for later instead of being enqueued: job, seconds, mail."""
    asked: list[tuple[str, int, str]] = []

    def later(name: str, seconds: int, *, mail_id: str, organisation_id: str) -> None:
        asked.append((name, seconds, mail_id))

    monkeypatch.setattr("jineng.kernel.notices.delivery.later", later)
    return asked
