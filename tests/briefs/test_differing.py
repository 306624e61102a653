"""Why is this figure not what I count? A list beside a figure, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jineng.briefs.desk import live_desk
from jineng.briefs.differing import Differing, Why, differing, key_of, typed
from jineng.calls import series as s
from jineng.calls.series import Series
from jineng.calls.verbs import set_status, void_award
from jineng.engines.exchange import write_book
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import indicators, record_doors
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.majors.models import Major
from jineng.majors.verbs import open_offering
from tests.calls.small_world import award, award_row, batch, call, report
from tests.factories import World

CODES = {"county_school": "3662010002", "city_school": "3662010001", "other_school": "3662050001"}


@pytest.fixture(autouse=True)
def next_year() -> Iterator[None]:
    with clock_at(date(2023, 5, 1)):
        yield


def row(series: Series, where: str, title: str, number: int = 1) -> str:
    """A line as somebody types it."""
    return f"{series.code} | {number} | {title} | {CODES[where]}"


def compared(actor: Actor, key: str, *lines: str, year: int = 2021) -> Differing:
    """A list beside a figure."""
    indicator = indicators.get(key)
    named = key_of(indicator)
    assert named is not None
    with acting(actor):
        return differing(actor, live_desk(), indicator, year, None, typed(named[1], named[2], "\n".join(lines)))


@pytest.fixture
def brands(world: World) -> World:
    """Brands of three schools, one under construction, one void, one of the year after."""
    with acting(world.actor("province_officer")):
        of = batch(world, call(world, s.CULTURE_BRAND.code))
        award(world, of, "county_school", "匠心“文化”")
        award(world, of, "city_school", "丝路品牌")
        award(world, of, "other_school", "秦州品牌")
        award(world, of, "county_school", "未成品牌", "candidate")
        later = award(world, of, "county_school", "次年品牌", "candidate")
        office = world.actor("province_officer")
        set_status(actor=office, award_id=later.pk, status="recognised", since=date(2022, 6, 1))
        gone = award(world, of, "county_school", "误报品牌")
        void_award(actor=office, award_id=gone.pk, reason="误报")
    return world


def test_every_row_that_differs_says_why(brands: World) -> None:
    brand = s.CULTURE_BRAND
    found = compared(
        brands.actor("province_officer"),
        "culture_brands",
        row(brand, "county_school", "匠心「文化」"),
        row(brand, "county_school", "匠 心“文化”"),
        row(brand, "county_school", "未成品牌"),
        row(brand, "county_school", "次年品牌"),
        row(brand, "county_school", "误报品牌"),
        row(brand, "city_school", "从未有过"),
        "",
        "只有 | 三列 | 的行",
        row(brand, "city_school", "丝路品牌", number=0) + "字",
    )
    assert [(each.row.number, each.why) for each in found.not_counted] == [
        (2, Why.REPEATED),
        (3, Why.OUTSIDE),
        (4, Why.OTHER_YEAR),
        (5, Why.VOID),
        (6, Why.UNKNOWN),
        (8, Why.REFUSED),
        (9, Why.REFUSED),
    ]
    told = {each.row.number: each for each in found.not_counted}
    assert (told[4].detail, told[5].detail) == ("2022", "误报")
    assert "第 1 行" in told[2].detail
    assert told[5].url == reverse("award", args=[told[5].url.split("/")[-2]])
    assert (found.rows, found.counted, found.lacking_total) == (8, 1, 2)
    assert {each["label"] for each in found.lacking} == {"丝路品牌", "秦州品牌"}
    assert compared(brands.actor("province_officer"), "culture_brands", *(), year=2021).lacking_total == 3


def test_only_what_is_in_sight_is_told(brands: World) -> None:
    city = brands.actor("city_officer")
    found = compared(city, "culture_brands", row(s.CULTURE_BRAND, "other_school", "秦州品牌"))
    assert [each.why for each in found.not_counted] == [Why.UNKNOWN]
    assert {each["label"] for each in found.lacking} == {"丝路品牌", "匠心“文化”"}


def test_two_awards_of_one_body_count_once(world: World) -> None:
    with acting(world.actor("province_officer")):
        of = batch(world, call(world, s.QUALITY_SECONDARY.code))
        for title in ("学校建设", "又报一次"):
            award(world, of, "county_school", title)
    found = compared(
        world.actor("province_officer"),
        "quality_secondary_provincial",
        *(row(s.QUALITY_SECONDARY, "county_school", title) for title in ("学校建设", "又报一次")),
    )
    assert [(each.row.number, each.why) for each in found.not_counted] == [(2, Why.ONCE)]
    assert (found.counted, found.lacking_total) == (1, 0)


def test_offerings_are_named_with_or_without_the_mark_of_state_control(world: World) -> None:
    office = world.actor("province_officer")
    with acting(office):
        major = Major.objects.get(code="520401")
        open_offering(
            actor=office,
            organisation_id=world["petrochemical"].pk,
            major=major,
            duration_years=Decimal(3),
            opened_on=date(2020, 9, 1),
            document="甘教1号",
        )
    lines = [f"4162010001|{code}|3|2020-09-01" for code in (major.full_code, major.code, "no code")]
    found = compared(office, "major_offerings", *lines)
    assert [(each.row.number, each.why) for each in found.not_counted] == [(2, Why.REPEATED), (3, Why.UNKNOWN)]
    assert (found.counted, found.lacking_total) == (1, 0)


@pytest.fixture
def browse(brands: World) -> Callable[..., str]:
    client = Client()
    client.force_login(brands.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")

    def ask(code: int, **form: object) -> str:
        page = reverse("briefs:why", args=[2021, "culture_brands"])
        answer = client.post(page, form) if form else client.get(page)
        assert answer.status_code == code
        return answer.content.decode()

    return ask


def test_the_page_takes_text_workbooks_and_returns(brands: World, browse: Callable[..., str]) -> None:
    assert "一行一项" in browse(200)
    assert "请任选一种" in browse(422, rows="")
    brand, actor = s.CULTURE_BRAND.code, brands.actor("province_officer")
    rows = [
        award_row(brand, "丝路品牌", CODES["city_school"], status="recognised"),
        award_row(brand, "无此品牌", CODES["city_school"], status="recognised"),
    ]
    content = write_book(the_book(), {"awards": rows})
    for page in (
        browse(200, rows="\n".join(row(s.CULTURE_BRAND, "city_school", title) for title in ("丝路品牌", "无此品牌"))),
        browse(200, file=SimpleUploadedFile("清单.xlsx", content)),
    ):
        assert "无此品牌" in page
        assert "登记册中没有" in page
        assert "秦州品牌" in page
        assert "丝路品牌</a>" not in page
    landed = report(actor, awards=[award_row(brand, "秦州品牌", CODES["other_school"])])
    with acting(actor):
        assert Receipt.objects.get(pk=landed.pk).state == "landed"
    page = browse(200, receipt=str(landed.pk))
    assert "秦州品牌</a>" not in page
    assert "丝路品牌</a>" in page
    assert "没有“立项”的内容" in browse(422, file=SimpleUploadedFile("x.xlsx", write_book(the_book(), {"calls": []})))
    assert browse(422, file=SimpleUploadedFile("x.xlsx", b"no workbook"))


def test_a_refused_return_says_what_was_refused(brands: World, browse: Callable[..., str]) -> None:
    bad = award_row(s.CULTURE_BRAND.code, "丝路品牌", "NOBODY", status="recognised")
    refused = report(brands.actor("province_officer"), awards=[bad])
    assert refused.state == "refused"
    assert "登记册中没有此机构" in browse(200, receipt=str(refused.pk))


def test_the_figure_leads_there(brands: World) -> None:
    client = Client()
    client.force_login(brands.accounts["city_officer"], backend="django.contrib.auth.backends.ModelBackend")
    figure = client.get(reverse("briefs:figure", args=[2021, "culture_brands"])).content.decode()
    assert reverse("briefs:why", args=[2021, "culture_brands"]) in figure
    assert client.get(reverse("briefs:why", args=[2021, "certificate_holders"])).status_code == 404


@pytest.mark.parametrize("kind", sorted(kind for kind, door in record_doors.items() if door.key))
def test_keys_name_columns_and_fields_that_there_are(world: World, kind: str) -> None:
    door = record_doors[kind]
    assert door.key is not None
    sheet = the_book().by_name[door.key.sheet]
    assert set(door.key.paths) == set(sheet.key)
    with acting(world.actor("province_officer")):
        assert list(door.model()._default_manager.values_list(*door.key.paths.values(), "voided_at")[:1]) is not None
