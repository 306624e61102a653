"""One mail a day with what came until eight and was not read, and no mail twice."""

from __future__ import annotations

from datetime import datetime

import pytest

from jineng.kernel.clock import CHINA, clock_at
from jineng.kernel.models import Account
from jineng.kernel.notices import Office, digest
from jineng.kernel.notices.composing import SHOWN
from jineng.kernel.notices.digest import write_digests
from jineng.kernel.notices.verbs import read_all_notices, set_reply_address
from jineng.registry.kinds import Role
from jineng.registry.verbs import end_post, give_post
from tests.factories import LONG_AGO
from tests.kernel.notices.conftest import Offices


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2021."""
    return datetime(2021, 6, day, hour, minute, tzinfo=CHINA)


@pytest.fixture
def daily(offices: Offices) -> Offices:
    offices.wants_mail("county_officer", Account.Telling.DAILY)
    return offices


def told(offices: Offices, moment: datetime, name: str, **changes: object) -> None:
    with clock_at(moment):
        offices.tell(about=offices.world[name], subject=f"关于{name}", **changes)


def written(moment: datetime) -> int:
    with clock_at(moment):
        return write_digests()


def test_one_mail_for_what_is_unread(daily: Offices) -> None:
    set_reply_address(actor=daily.county, reply_to="ydjy@example.org")
    told(daily, at(14, 10), "yongdeng")
    told(daily, at(15, 7, 59), "lanzhou")
    told(daily, at(15, 8), "city_school")
    assert written(at(15, 7, 59)) == 0
    assert written(at(15, 8)) == 1
    (mail,) = daily.outbox()
    assert (mail.name_of, mail.reply_to) == ("永登县教育局", "ydjy@example.org")
    assert mail.subject.startswith("您有 2 条未读通知")
    assert mail.body.index("关于lanzhou") < mail.body.index("关于yongdeng")
    assert "关于city_school" not in mail.body
    for notice in daily.tray("county_officer"):
        assert (f"/notices/{notice.pk}/" in mail.body) == (notice.about_id != str(daily.world["city_school"].pk))


def test_repeated_it_writes_nothing_more(daily: Offices) -> None:
    told(daily, at(14, 10), "yongdeng")
    assert [written(at(15, hour)) for hour in (8, 9, 20)] == [1, 0, 0]
    assert written(at(16, 8)) == 0
    told(daily, at(16, 9), "lanzhou")
    assert written(at(17, 8)) == 1
    first, second = sorted(daily.outbox(), key=lambda mail: mail.digest_on)
    assert "关于yongdeng" in first.body
    assert "关于yongdeng" not in second.body


def test_two_workers_write_one(daily: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one looked before the first had written; the database tells it."""
    told(daily, at(14, 10), "yongdeng")
    put = digest._put

    def twice(*given: object) -> None:
        put(*given)
        put(*given)

    monkeypatch.setattr(digest, "_put", twice)
    assert written(at(15, 8)) == 0
    monkeypatch.setattr(digest, "_put", put)
    assert written(at(15, 8)) == 1


def test_what_was_read_is_not_told(daily: Offices) -> None:
    told(daily, at(14, 10), "yongdeng")
    with clock_at(at(14, 12)):
        read_all_notices(actor=daily.county)
    assert written(at(15, 8)) == 0


def test_all_posts_of_an_account_and_no_others(daily: Offices) -> None:
    world = daily.world
    give_post(
        actor=world.actor("administrator"),
        account=world.accounts["county_officer"],
        organisation_id=world["chengguan"].pk,
        role=Role.OFFICER,
        title="兼任",
        since=LONG_AGO,
    )
    told(daily, at(14, 10), "yongdeng")
    told(daily, at(14, 11), "chengguan", to=Office(world["chengguan"].pk))
    told(daily, at(14, 12), "lanzhou", to=Office(world["chengguan"].pk, "auditor"))
    assert written(at(15, 8)) == 1
    (mail,) = daily.outbox()
    assert "关于yongdeng" in mail.body
    assert "关于chengguan" in mail.body
    assert "关于lanzhou" not in mail.body


def test_whoever_holds_no_post_or_wants_none_gets_none(daily: Offices) -> None:
    told(daily, at(14, 10), "yongdeng", to=[daily.office, Office(daily.world["county_school"].pk)])
    end_post(actor=daily.world.actor("administrator"), post_id=daily.county.post_id, until=at(1, 0).date())
    daily.wants_mail("school_officer", Account.Telling.NEVER)
    assert written(at(15, 8)) == 0


def test_a_long_digest_says_how_much_more_there_is(daily: Offices) -> None:
    with clock_at(at(14, 10)):
        for number in range(SHOWN + 2):
            daily.tell(about=Account(pk=900_000 + number))
    assert written(at(15, 8)) == 1
    (mail,) = daily.outbox()
    assert mail.body.count("新任务") == SHOWN
    assert "另有 2 条" in mail.body
