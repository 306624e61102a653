"""Who is told what, once, in whose name; and that nobody is told what did not happen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from jineng.kernel import clock
from jineng.kernel.actors import acting
from jineng.kernel.models import Account, AuditLine, Notice
from jineng.kernel.notices import Holder, Office, kind_label, kind_of_notice, kinds, notify
from jineng.kernel.notices.inbox import unread_count
from jineng.kernel.notices.verbs import read_all_notices, read_notice, set_reply_address
from jineng.kernel.verbs import NoDeed
from jineng.registry.verbs import delegate_post, end_post
from tests.kernel.notices.conftest import ADDRESS, Offices
from tests.kernel.notices.trial import TOLD


def test_an_office_is_told_in_the_name_of_the_teller(offices: Offices) -> None:
    assert offices.tell(subject="新任务\n：自查", body="月底前。") == 1
    (notice,) = offices.tray("county_officer")
    assert (notice.subject, notice.body, notice.link) == ("新任务 ：自查", "月底前。", "/organisations/")
    assert (notice.name_of, notice.name_of_id) == ("兰州市教育局", offices.world["lanzhou"].pk)
    assert (notice.about_type, notice.about_id) == ("registry.Organisation", str(offices.world["yongdeng"].pk))
    with acting(offices.city):
        assert AuditLine.objects.get(deed=notice.deed).verb == "tell"
    assert offices.tray("city_officer") == offices.tray("school_officer") == []


def test_a_role_is_told_not_everybody_of_the_office(offices: Offices) -> None:
    offices.tell(actor=offices.world.actor("administrator"), to=Office(offices.world.root.pk, "auditor"))
    assert len(offices.tray("auditor")) == 1
    assert offices.tray("province_officer") == offices.tray("administrator") == []


def test_an_account_is_told_whatever_its_post(offices: Offices) -> None:
    offices.tell(to=Holder(offices.county.account_id or 0))
    assert len(offices.tray("county_officer")) == 1
    assert offices.tray("other_county_officer") == []


def test_several_are_told_by_few_queries(offices: Offices) -> None:
    names = ("yongdeng", "chengguan", "city_school", "firm")
    with acting(offices.city):
        few, many = (
            _queries(offices, [Office(offices.world[name].pk) for name in names[:count]]) for count in (1, len(names))
        )
    assert few == many


def _queries(offices: Offices, to: list[Office]) -> int:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        offices.tell(to=to, about=offices.world[("lanzhou", "yongdeng")[len(to) > 1]])
    return len(asked)


def test_nothing_is_told_where_the_verb_fails(offices: Offices) -> None:
    offices.wants_mail("county_officer")
    with pytest.raises(RuntimeError, match="after telling"):
        offices.tell(fail=True)
    assert offices.tray("county_officer") == []
    assert offices.outbox() == []


def test_nobody_tells_outside_a_verb(offices: Offices) -> None:
    with acting(offices.city), pytest.raises(NoDeed):
        notify(kind=TOLD, to=offices.office, subject="空话", about=offices.world["yongdeng"])


@pytest.mark.parametrize("link", ["https://example.org/", "//example.org/", "tasks/"])
def test_a_notice_leads_within_the_site(offices: Offices, link: str) -> None:
    with pytest.raises(ValueError, match="no path within the site"):
        offices.tell(link=link)


def test_an_office_speaks_for_itself_and_for_those_below(offices: Offices) -> None:
    assert offices.tell(name_of=offices.world["city_school"].pk) == 1
    assert offices.tray("county_officer")[0].name_of == "示例兰州职业学校"
    with pytest.raises(LookupError):
        offices.tell(name_of=offices.world["other_school"].pk)
    with pytest.raises(DatabaseError, match="speaks for itself"), transaction.atomic():
        offices.tell(name_of=offices.world.root.pk)


def test_the_same_thing_is_told_once_until_it_is_read(offices: Offices) -> None:
    offices.wants_mail("county_officer")
    assert [offices.tell(subject="退回", body=body) for body in ("缺照片", "缺签字")] == [1, 0]
    (notice,) = offices.tray("county_officer")
    assert (notice.body, notice.times) == ("缺签字", 2)
    assert len(offices.outbox()) == 1
    read_notice(actor=offices.county, notice_id=notice.pk)
    assert offices.tell(subject="退回", body="缺日期") == 1
    assert [(item.body, item.is_read) for item in offices.tray("county_officer")] == [
        ("缺日期", False),
        ("缺签字", True),
    ]


def test_twice_in_one_message_is_once(offices: Offices) -> None:
    assert offices.tell(to=[offices.office, offices.office]) == 1


def test_what_one_reads_is_read_for_the_office(offices: Offices) -> None:
    offices.tell()
    assert unread(offices, "county_officer") == 1
    (notice,) = offices.tray("county_officer")
    read_notice(actor=offices.county, notice_id=notice.pk)
    (notice,) = offices.tray("county_officer")
    assert notice.read_by_id == offices.county.account_id
    assert unread(offices, "county_officer") == 0


def unread(offices: Offices, name: str) -> int:
    actor = offices.world.actor(name)
    with acting(actor):
        return unread_count(actor)


def test_everything_is_read_at_once_and_nobody_elses(offices: Offices) -> None:
    offices.tell(to=[offices.office, Office(offices.world["county_school"].pk)])
    offices.tell(about=offices.world["lanzhou"])
    assert read_all_notices(actor=offices.county) == 2
    assert (unread(offices, "county_officer"), unread(offices, "school_officer")) == (0, 1)


def test_the_database_keeps_notices_from_others(offices: Offices) -> None:
    offices.tell()
    with acting(offices.world.actor("other_county_officer")):
        assert Notice.objects.count() == 0
        assert Notice.objects.update(subject="改") == 0
    with acting(offices.city):
        assert Notice.objects.count() == 0
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(
                "INSERT INTO kernel_notice (id, organisation_id, role, name_of_id, name_of, kind, subject, body, link, "
                "about_type, about_id, deed, created_at, times) VALUES (gen_random_uuid(), %s, 'officer', %s, '', '', "
                "'x', '', '', '', '', gen_random_uuid(), now(), 1)",
                [offices.world["yongdeng"].pk, offices.world["lanzhou"].pk],
            )


def test_mail_goes_to_who_keeps_an_address_and_wants_it(offices: Offices) -> None:
    offices.tell(about=offices.world["lanzhou"])
    for telling in (Account.Telling.DAILY, Account.Telling.NEVER):
        offices.wants_mail("county_officer", telling)
        offices.tell(about=offices.world["city_school"])
    assert offices.outbox() == []
    offices.wants_mail("county_officer")
    set_reply_address(actor=offices.city, reply_to="lzjy@example.org")
    offices.tell(subject="新任务", body="月底前。")
    (mail,) = offices.outbox()
    assert (mail.address, mail.name_of, mail.reply_to) == (ADDRESS, "兰州市教育局", "lzjy@example.org")
    assert mail.subject == "新任务"
    assert mail.state == "waiting"
    assert f"http://127.0.0.1:8000/notices/{mail.notice_id}/" in mail.body
    assert mail.message_id == f"<{mail.pk}@localhost>"


def test_the_address_is_kept_encrypted(offices: Offices) -> None:
    offices.one_mail()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT email FROM kernel_account WHERE email IS NOT NULL UNION SELECT address FROM kernel_mail")
        stored = [bytes(value) for (value,) in cursor.fetchall()]
        cursor.execute("SET ROLE jineng_app")
    assert len(stored) == 2
    assert not any(ADDRESS.encode() in value for value in stored)


def test_whoever_stands_in_is_mailed_and_whoever_left_is_not(offices: Offices) -> None:
    world, today = offices.world, clock.today()
    for name in ("county_officer", "other_city_officer"):
        offices.wants_mail(name, email=f"{name}@example.org")
    delegate_post(
        actor=offices.county,
        post_id=offices.county.post_id,
        to=world.accounts["other_city_officer"],
        since=today,
        until=today + timedelta(days=1),
        reason="出差",
    )
    offices.tell()
    assert {mail.address for mail in offices.outbox()} == {
        "county_officer@example.org",
        "other_city_officer@example.org",
    }
    end_post(actor=world.actor("administrator"), post_id=offices.county.post_id, until=date(2020, 1, 1))
    offices.tell(about=world["lanzhou"])
    assert len(offices.outbox()) == 2


def test_kinds_are_declared_once() -> None:
    assert (TOLD.name, TOLD.label) in kinds()
    assert kind_of_notice("tests.told", "试验 Trial") == TOLD
    with pytest.raises(ValueError, match="declared twice"):
        kind_of_notice("tests.told", "另一个 Another")
    assert kind_label("tests.told") == "试验 Trial"
    assert kind_label("gone.kind") == "gone.kind"
