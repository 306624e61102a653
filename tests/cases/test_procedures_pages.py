"""The pages of procedures as officers meet them: written as text, published, edited into a next version, retired."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.cases.models import Procedure
from jineng.cases.procedures import parse
from jineng.kernel.actors import acting
from tests.cases.small_call import TEXT, intake, procedure
from tests.factories import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
LIST, DRAFT = "/cases/procedures/", "/cases/procedures/draft/"
Enter = Callable[[str], Client]


@pytest.fixture
def enter(world: World) -> Enter:
    """Signs an account in, in a browser of its own."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.accounts[name], backend=BACKEND)
        return client

    return sign_in


def versions(world: World, code: str = "studio") -> list[Procedure]:
    with acting(world.actor("province_officer")):
        return list(Procedure.objects.filter(code=code).order_by("version"))


def text(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_they_are_listed_by_state_and_text(world: World, enter: Enter) -> None:
    procedure(world)
    province, school = enter("province_officer"), enter("school_officer")
    province.post(DRAFT, {"text": TEXT.replace("code: studio", "code: other"), "note": "另一项"})
    assert "另一项" in text(province, LIST)
    assert "另一项" not in text(school, LIST)
    assert "新建规程" not in text(school, LIST)
    assert "另一项" not in text(province, LIST, state="published")
    assert "另一项" in text(province, LIST, q="othe")
    assert school.get(LIST, {"export": "xlsx"}).status_code == 200


def test_one_is_told_in_a_drawing_and_in_words(world: World, enter: Enter) -> None:
    found = procedure(world)
    page = text(enter("school_officer"), reverse("procedure", args=[found.pk]))
    assert re.search(r'<svg[^>]* class="flow-diagram"[^>]* role="img"', page)
    assert "申报（申报学校）" in page
    assert "→ 认定；须“本环节已逾期”为是" in page
    assert "受益学生" in page
    assert "不小于 1" in page
    assert "修改" not in re.findall(r'<div class="actions">.*?</div>', page, re.S)[0]


def test_what_runs_by_it_is_counted(world: World, enter: Enter) -> None:
    found = intake(world)
    page = text(enter("province_officer"), reverse("procedure", args=[found.procedure_id]))
    assert re.search(r"受理批次.*?1 个", page, re.S)
    assert re.search(r"事项.*?0 件", page, re.S)


def test_faults_are_named_with_their_lines_and_nothing_typed_is_lost(world: World, enter: Enter) -> None:
    wrong = TEXT.replace("to: recommend, needs: form", "to: nowhere, needs: form").replace(
        "kind: notice", "kind: notic"
    )
    answer = enter("province_officer").post(DRAFT, {"text": wrong, "note": "试一试"})
    told = answer.content.decode()
    assert answer.status_code == 422
    line = wrong.splitlines().index("      kind: notic") + 1
    assert f"第 {line} 行 flow.stages[4].kind" in told
    assert "kind: notic\n" in told
    assert "试一试" in told
    assert versions(world) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("form: [", "第 1 行"),
        ("form: {}\nform: {}\nflow: {}", "第 2 行"),
        ("form: &a {}\nflow: *a", "references"),
        ("form: 2021-13-45\nflow: {}", "第 1 行 form"),
        ("[" * 200, "nested too deeply"),
        ("? [a]\n: b", "第 1 行第 3 列：名称应是"),
        ("flow: {}", "两部分"),
        ("", "两部分"),
        ("form: {}\nflow: {}", "第 1 行 form.code"),
    ],
)
def test_text_that_is_no_procedure_is_refused_with_its_place(wrong: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(wrong)
    assert told in " ".join(refused.value.messages)


def test_a_draft_is_published_edited_and_retired(world: World, enter: Enter) -> None:
    city = enter("city_officer")
    made = city.post(DRAFT, {"text": TEXT, "note": "首版"})
    first = versions(world)[0]
    assert made["Location"] == reverse("procedure", args=[first.pk])
    assert first.state == "draft"
    assert "已发布" in city.post(reverse("publish_procedure", args=[first.pk]), follow=True).content.decode()
    edited = f"{DRAFT}?from={first.pk}"
    assert "code: studio" in text(city, DRAFT, **{"from": str(first.pk)})
    answer = city.post(edited, {"text": TEXT.replace("经费", "经费预算"), "note": "改名"}, follow=True)
    page = answer.content.decode()
    assert "与第 1 版相比" in page
    assert "“经费预算”" in page
    one, two = versions(world)
    assert (one.state, one.digest, one.content) == ("published", first.digest, first.content)
    assert (two.version, two.state, two.note) == (2, "draft", "改名")
    older = text(city, reverse("procedure", args=[one.pk]))
    assert f"from={two.pk}" in older
    assert city.get(reverse("retire_procedure", args=[one.pk])).status_code == 200
    city.post(reverse("retire_procedure", args=[one.pk]))
    assert [each.state for each in versions(world)] == ["retired", "draft"]
    assert city.post(reverse("retire_procedure", args=[two.pk])).status_code == 422


def test_a_copy_is_a_procedure_of_its_own(world: World, enter: Enter) -> None:
    found = procedure(world)
    city = enter("city_officer")
    copied = {"from": str(found.pk), "copy": "1"}
    form: Any = city.get(DRAFT, copied).context["form"]
    assert "code: studio-2" in form.initial["text"]
    city.post(f"{DRAFT}?from={found.pk}&copy=1", form.initial)
    (copy,) = versions(world, "studio-2")
    assert (copy.version, copy.owner_id) == (1, world["lanzhou"].pk)
    assert len(versions(world)) == 1


def test_a_procedure_stays_its_owners_whoever_above_edits_it(world: World, enter: Enter) -> None:
    enter("city_officer").post(DRAFT, {"text": TEXT})
    (found,) = versions(world)
    province = enter("province_officer")
    province.post(reverse("publish_procedure", args=[found.pk]))
    province.post(f"{DRAFT}?from={found.pk}", {"text": TEXT, "note": "代改"})
    assert {each.owner_id for each in versions(world)} == {world["lanzhou"].pk}
    assert "内容没有变化" in text(province, reverse("procedure", args=[versions(world)[1].pk]))


def test_another_offices_is_refused(world: World, enter: Enter) -> None:
    found = procedure(world)
    city = enter("city_officer")
    assert city.get(DRAFT, {"from": str(found.pk)}).status_code == 403
    assert city.post(DRAFT, {"text": TEXT}).status_code == 403
    for name in ("publish_procedure", "retire_procedure"):
        assert city.post(reverse(name, args=[found.pk])).status_code == 403
    assert enter("school_officer").get(DRAFT).status_code == 403
    city.post(DRAFT, {"text": TEXT.replace("code: studio", "code: of-the-city")})
    assert (
        enter("other_city_officer").post(DRAFT, {"text": TEXT.replace("code: studio", "code: of-the-city")}).status_code
        == 403
    )
    for wrong in ("x", "00000000-0000-4000-8000-000000000000"):
        assert city.get(DRAFT, {"from": wrong}).status_code == 404
    assert [each.state for each in versions(world)] == ["published"]
