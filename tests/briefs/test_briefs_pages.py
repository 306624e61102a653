"""The brief on the site: draft, panel, drill-down, records, releases, files; and the same by machine."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from jineng.briefs import desk
from jineng.briefs.models import Release
from jineng.briefs.queries import folder_of
from jineng.briefs.web.paper import mark_open
from jineng.calls.models import Award
from jineng.engines.measures import Measured, Period
from jineng.kernel.actors import acting
from jineng.kernel.measures import indicators
from tests.briefs.issuing import signed_issue
from tests.factories import World

SignIn = Callable[[str], Client]
FIGURES = "/briefs/2021/figures"
API = "/api/v1/briefs/2021/figures"


NOBODY = "00000000-0000-4000-8000-000000000000"


def text(client: Client, address: str, **asked: object) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_draft_prints_what_holds_and_says_what_does_not(
    world: World, courses: dict[str, Award], signed_in: SignIn
) -> None:
    page = text(signed_in("county_officer"), "/briefs/2021/")
    assert 'data-key="micro_courses"' in page
    assert "校验未通过" in page
    assert "打开编辑台" in page
    answer = signed_in("province_officer").get("/briefs/2021/")
    assert answer.context["not_built"] == 0
    assert len(answer.context["brief"].held) > 5


def test_a_figure_opens_beside_its_sentence(world: World, courses: dict[str, Award], signed_in: SignIn) -> None:
    client = signed_in("county_officer")
    page = text(client, "/briefs/2021/", figure="micro_courses")
    assert page.count('aria-current="true"') >= 1
    assert f"{FIGURES}/micro_courses/records/" in page
    assert client.get("/briefs/2021/", {"figure": "unicorns"}).status_code == 404


def test_the_open_figure_is_marked_wherever_it_stands() -> None:
    paper = "及".join(f'<a class="fig" data-key="{key}" href="x">1</a>' for key in "aba")
    marked = mark_open(paper, "a")
    assert marked.count('aria-current="true"') == 2
    assert marked.count('id="figure"') == 1
    assert mark_open(paper, "") == paper


@pytest.mark.parametrize("asked", [{}, {"by": "county"}, {"by": "organisation", "within": "620100"}, {"by": "batch"}])
def test_a_figure_is_drilled_down(
    world: World, courses: dict[str, Award], signed_in: SignIn, asked: dict[str, str]
) -> None:
    answer = signed_in("county_officer").get(f"{FIGURES}/micro_courses/", asked)
    shown, behind = answer.context["shown"], answer.context["behind"]
    assert sum(part.value for part in shown.drill.parts) == shown.drill.total
    assert shown.drill.sums
    assert (behind.in_scope, behind.total) == ((2, 3) if asked.get("within") else (2, 4))
    assert f"{behind.in_scope} of {behind.total}" in re.sub(r"<[^>]+>", "", answer.content.decode())


def test_places_are_named_on_the_way_down(world: World, courses: dict[str, Award], signed_in: SignIn) -> None:
    client = signed_in("province_officer")
    for within, name in (
        ("620100", "兰州市"),
        ("620121", "永登县"),
        ("620000", "甘肃省"),
        ("unplaced", "未定位"),
        (str(world["county_school"].pk), "示例永登职教中心"),
        (NOBODY, "未定位"),
    ):
        answer = client.get(f"{FIGURES}/micro_courses/", {"by": "organisation", "within": within})
        assert answer.context["crumbs"][-1].label == name
    crumbs = client.get(f"{FIGURES}/micro_courses/", {"within": "620121"}).context["crumbs"]
    assert [crumb.label for crumb in crumbs[-3:]] == ["甘肃省", "兰州市", "永登县"]


def test_records_are_listed_as_far_as_the_scope_reaches(
    world: World, courses: dict[str, Award], signed_in: SignIn
) -> None:
    page = text(signed_in("county_officer"), f"{FIGURES}/micro_courses/records/")
    assert "甲课" in page
    assert "丙课" not in page
    assert str(courses["甲课"].pk) in page
    nothing = text(signed_in("county_officer"), f"{FIGURES}/culture_brands/records/")
    assert "没有记录" in nothing
    assert "丙课" in text(signed_in("auditor"), f"{FIGURES}/micro_courses/records/", within="620500")


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "²", "9" * 40, ""])
def test_any_page_number_is_answered(
    world: World, courses: dict[str, Award], signed_in: SignIn, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jineng.briefs.web.figures.PAGE", 3)
    answer = signed_in("province_officer").get(f"{FIGURES}/micro_courses/records/", {"page": page})
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == (1 if page == "2" else 3)
    assert bool(answer.context["previous"]) == (page == "2")
    assert bool(answer.context["following"]) == (page != "2")


@pytest.mark.parametrize(
    "address",
    [
        "/briefs/2014/",
        "/briefs/9999/",
        "/briefs/9999/figures/micro_courses/",
        f"{FIGURES}/unicorns/",
        f"{FIGURES}/unicorns/records/",
        f"{FIGURES}/micro_courses/?by=colour",
        f"{FIGURES}/micro_courses/?within=%27%3B--",
        f"{FIGURES}/micro_courses/records/?within=%27%3B--",
        "/briefs/releases/00000000-0000-4000-8000-000000000000/",
        "/briefs/releases/00000000-0000-4000-8000-000000000000/files/brief.pdf",
        f"{API}/unicorns",
        f"{API}/unicorns/records",
        f"{API}/micro_courses?by=colour",
        f"{API}/micro_courses/records?within=%27",
        "/api/v1/briefs/2014/figures/micro_courses",
    ],
)
def test_what_does_not_exist_is_not_found(
    world: World, courses: dict[str, Award], signed_in: SignIn, address: str
) -> None:
    assert signed_in("province_officer").get(address).status_code == 404


@pytest.mark.parametrize(("asked", "year"), [("2020", 2020), ("1066", 2015), ("²", 2021), ("", 2021), ("99999", 2021)])
def test_any_year_may_be_asked_for(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, asked: str, year: int
) -> None:
    def measure(self: desk.Desk, pairs: tuple[tuple[str, Period], ...]) -> dict[tuple[str, Period], Measured]:
        return {(key, period): Measured(key, period, period.end.year, (0,)) for key, period in pairs}

    monkeypatch.setattr(desk.Desk, "measure", measure)
    answer = signed_in("county_officer").get("/briefs/indicators/", {"year": asked})
    assert answer.context["year"] == year
    told = {(row["now"], row["before"]) for row in answer.context["rows"] if row["unit"] != "%"}
    assert told == {(f"{year:,}", f"{year - 1:,}")}
    assert {row["now"] for row in answer.context["rows"] if row["unit"] == "%"} == {f"{year * 100:,}"}


def test_all_indicators_are_listed_with_two_years(world: World, courses: dict[str, Award], signed_in: SignIn) -> None:
    answer = signed_in("county_officer").get("/briefs/indicators/")
    rows = {row["indicator"].key: (row["now"], row["before"]) for row in answer.context["rows"]}
    assert list(rows) == list(indicators.keys())
    assert rows["micro_courses"] == ("4", "0")


def test_a_release_is_made_on_its_page_and_keeps_its_figures(
    world: World, courses: dict[str, Award], signed_in: SignIn, plain_documents: None
) -> None:
    client = signed_in("province_officer")
    signed_issue(world.actor("province_officer"), world.actor("province_signer"), 2021)
    answer = client.post("/briefs/2021/release/", {"note": "首发"}, follow=True)
    assert answer.status_code == 200
    with acting(world.actor("province_officer")):
        release = Release.objects.get()
    base = f"/briefs/releases/{release.pk}"
    assert answer.redirect_chain == [(f"{base}/", 302)]
    page = text(client, f"{base}/", figure="micro_courses")
    assert "已发布" in page
    assert "校验未通过" not in page
    assert f"{base}/figures/micro_courses/" in page
    assert "冻结数据并发布" not in page
    figure = client.get(f"{base}/figures/micro_courses/")
    assert figure.context["shown"].value == "4"
    assert figure.context["compare"][1][2] == ""
    assert "甲课" in text(client, f"{base}/figures/micro_courses/records/")
    assert "首发" in text(client, "/briefs/")
    for name, kind in (
        ("brief.html", "text/html"),
        ("brief.pdf", "application/pdf"),
        ("manifest.json", "application/json"),
    ):
        file = client.get(f"{base}/files/{name}")
        assert file.status_code == 200
        assert file["Content-Type"].startswith(kind)
        assert ("attachment" in file["Content-Disposition"]) == (name != "brief.html")
        assert b"".join(file.streaming_content)
    assert client.get(f"{base}/files/calls_award.parquet").status_code == 404

    (told,) = client.get("/api/v1/releases").json()
    assert (told["number"], told["digest"]) == (1, release.digest)
    (folder_of(release) / "brief.pdf").unlink()
    assert client.get(f"{base}/files/brief.pdf").status_code == 404


def test_a_year_without_data_is_not_released(world: World, courses: dict[str, Award], signed_in: SignIn) -> None:
    answer = signed_in("province_officer").post("/briefs/9999/release/", follow=True)
    assert answer.redirect_chain == [("/briefs/9999/issue/", 302)]
    assert answer.status_code == 404
    answer = signed_in("province_officer").post("/briefs/2021/release/", follow=True)
    assert "没有在编的简报" in answer.content.decode()
    assert signed_in("county_officer").post("/briefs/2021/release/").status_code == 403
    assert signed_in("province_officer").get("/briefs/2021/release/").status_code == 405


def test_machines_read_the_same(
    world: World, courses: dict[str, Award], signed_in: SignIn, plain_documents: None
) -> None:
    client = signed_in("county_officer")
    listed = {item["key"]: item for item in client.get("/api/v1/indicators").json()}
    assert listed["micro_courses"]["over"] == "flow"
    figure = client.get(f"{API}/micro_courses").json()
    assert (figure["value"], figure["before"], figure["sums"]) == ("4", "0", True)
    assert {part["code"]: part["value"] for part in figure["parts"]} == {"620100": "3", "620500": "1"}
    found = client.get(f"{API}/micro_courses/records").json()
    assert (found["in_scope"], found["total"]) == (2, 4)
    assert {row["label"] for row in found["records"]} == {"甲课", "乙课"}
    for offset in ("-1", "9" * 30, "x"):
        assert client.get(f"{API}/micro_courses/records", {"offset": offset}).status_code == 422
    assert client.post("/api/v1/releases", {"year": 2021}, content_type="application/json").status_code == 403
    signed_issue(world.actor("province_officer"), world.actor("province_signer"), 2021)
    made = signed_in("province_officer").post("/api/v1/releases", {"year": 2021}, content_type="application/json")
    assert (made.status_code, made.json()["number"]) == (200, 1)
