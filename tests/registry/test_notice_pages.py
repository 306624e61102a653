"""The bell, the tray, one notice, the settings, the outbox, as people meet them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from jineng.kernel.actors import acting
from jineng.kernel.models import Account, Mail, Notice, OfficeAddress
from jineng.kernel.notices import Office
from jineng.kernel.notices.verbs import choose_telling
from jineng.registry.verbs import give_post
from tests.factories import World
from tests.kernel.notices.trial import tell

Browse = Callable[[str], Client]


@pytest.fixture
def browse(world: World) -> Browse:
    """A browser in which an account has signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.accounts[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def told(world: World, subject: str = "新任务 A new task", link: str = "/organisations/tree/") -> Notice:
    """The city tells the county's officers."""
    city, county = world.actor("city_officer"), world.actor("county_officer")
    tell(actor=city, to=Office(county.organisation_id), about=world["city_school"], subject=subject, link=link)
    with acting(county):
        return Notice.objects.latest("created_at")


def bell(client: Client) -> str:
    """What the bell says on the home page."""
    found = re.search(r'<a class="bell".*?</a>', client.get("/").content.decode(), re.S)
    assert found
    return re.sub("<[^>]+>", "", found[0])


def test_the_bell_counts_and_opening_goes_where_it_leads(world: World, browse: Browse) -> None:
    county = browse("county_officer")
    assert "未读" not in bell(county)
    notice = told(world)
    assert "1 条未读" in bell(county)
    page = county.get(reverse("notices")).content.decode()
    assert f'action="{reverse("open_notice", args=[notice.pk])}"' in page
    assert "兰州市教育局" in page
    assert "试验" in page
    answer = county.post(reverse("open_notice", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/organisations/tree/")
    assert "未读" not in bell(county)
    page = county.get(reverse("notices"))
    assert "已读" in page.content.decode()
    assert county.post(reverse("open_notice", args=[notice.pk]))["Location"] == "/organisations/tree/"


def test_a_notice_that_leads_nowhere_shows_itself(world: World, browse: Browse) -> None:
    county, notice = browse("county_officer"), told(world, link="")
    own = reverse("notice", args=[notice.pk])
    page = county.get(own).content.decode()
    assert "前往办理" not in page
    assert "标为已读" in page
    assert county.post(reverse("open_notice", args=[notice.pk]))["Location"] == own
    page = county.get(own).content.decode()
    assert "标为已读" not in page
    assert "county_officer" in page


def test_a_notice_of_another_post_shows_the_way_there(world: World, browse: Browse) -> None:
    post = give_post(
        actor=world.actor("administrator"),
        account=world.accounts["other_county_officer"],
        organisation_id=world["yongdeng"].pk,
        role="officer",
        title="兼任",
        since=date(2020, 1, 1),
    )
    reader, own = browse("other_county_officer"), reverse("notice", args=[told(world).pk])
    page = reader.get(own).content.decode()
    assert "另一岗位" in page
    assert f'value="{post.pk}"' in page
    assert "新任务" not in page
    reader.post(reverse("choose_post"), {"post": str(post.pk)})
    assert "新任务" in reader.get(own).content.decode()
    assert browse("city_officer").get(own).status_code == 404


def test_looking_reads_nothing(world: World, browse: Browse) -> None:
    county, notice = browse("county_officer"), told(world)
    for address in (reverse("notices"), reverse("notice", args=[notice.pk]), reverse("notices") + "?export=xlsx"):
        assert county.get(address).status_code == 200
    assert county.get(reverse("open_notice", args=[notice.pk])).status_code == 405
    assert "1 条未读" in bell(county)


def test_everything_is_read_with_one_button(world: World, browse: Browse) -> None:
    county = browse("county_officer")
    told(world)
    assert "全部标为已读" in county.get(reverse("notices")).content.decode()
    page = county.post(reverse("read_all_notices"), follow=True).content.decode()
    assert "1 条通知已标为已读" in page
    assert "全部标为已读" not in page


def test_the_tray_is_filtered(world: World, browse: Browse) -> None:
    county, notice = browse("county_officer"), told(world)
    for query, found in (
        ("?kind=tests.told", True),
        ("?kind=governance.task_given", False),
        ("?unread=true", True),
        ("?unread=false", False),
        ("?q=新任务", True),
        ("?q=天水", False),
    ):
        page = county.get(reverse("notices") + query).content.decode()
        assert (f"{notice.pk}" in page) is found, query


def test_subjects_are_shown_as_text(world: World, browse: Browse) -> None:
    told(world, subject="<b>粗</b>")
    page = browse("county_officer").get(reverse("notices")).content.decode()
    assert "<b>粗</b>" not in page
    assert "&lt;b&gt;" in page


def test_an_account_says_how_it_is_told(world: World, browse: Browse) -> None:
    county, address = browse("county_officer"), reverse("notice_settings")
    assert "通知设置" in county.get("/").content.decode()
    assert county.post(address, {"telling": "daily", "email": "nobody"}).status_code == 422
    assert county.post(address, {"telling": "sometimes"}).status_code == 422
    page = county.post(address, {"telling": "daily", "email": "li@example.org"}, follow=True).content.decode()
    assert 'value="li@example.org"' in page
    account = Account.objects.get(username="county_officer")
    assert (account.telling, account.email) == ("daily", "li@example.org")
    county.post(address, {"telling": "never", "email": ""})
    account.refresh_from_db()
    assert (account.telling, account.email) == ("never", None)


def test_an_office_says_where_answers_go(world: World, browse: Browse) -> None:
    county, address = browse("county_officer"), reverse("reply_address")
    assert address in county.get(reverse("notice_settings")).content.decode()
    assert address not in browse("auditor").get(reverse("notice_settings")).content.decode()
    assert county.post(address, {"reply_to": "x"}).status_code == 422
    for reply_to in ("ydjy@example.org", "jy@example.org"):
        county.post(address, {"reply_to": reply_to})
        with acting(world.actor("county_officer")):
            assert OfficeAddress.objects.get().reply_to == reply_to
    county.post(address, {"reply_to": ""})
    with acting(world.actor("county_officer")):
        assert not OfficeAddress.objects.exists()


def test_an_administrator_decides_about_unknown_mail(world: World, browse: Browse) -> None:
    choose_telling(actor=world.actor("county_officer"), telling="at_once", email="wang@example.org")
    told(world)
    chief = browse("administrator")
    with acting(world.actor("administrator")):
        Mail.objects.update(state="unknown", last_error="中断")
        mail = Mail.objects.get()
    page = chief.get(reverse("outbox") + "?state=unknown").content.decode()
    assert "1 封邮件结果不明" in page
    assert "w***@example.org" in page
    assert "wang@example.org" not in page
    own = reverse("mail", args=[mail.pk])
    page = chief.get(own).content.decode()
    assert mail.message_id.strip("<>") in page
    assert "再次发送" in page
    page = chief.post(reverse("count_mail_as_sent", args=[mail.pk]), follow=True).content.decode()
    assert "已计为发出" in page
    assert "再次发送" not in page
    page = chief.post(reverse("send_mail_again", args=[mail.pk]), follow=True).content.decode()
    assert "无需处理" in page
    assert chief.get(reverse("outbox") + "?q=county_officer").content.decode().count(str(mail.pk)) == 1
    assert str(mail.pk) not in chief.get(reverse("outbox") + "?state=failed").content.decode()
