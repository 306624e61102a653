"""Components, the page shell and the pages that every visitor meets, rendered without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import RequestContext, engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from jineng import kernel, site
from jineng.kernel.actors import Actor
from jineng.kernel.models import Account
from jineng.kernel.rights import Right
from jineng.kernel.templatetags.jineng import bilingual, chinese, thousands
from jineng.kernel.web.components import Crumb, Event, Fact, Tab, bars_of
from jineng.kernel.web.shell import Task
from jineng.registry.acting import Seat

KERNEL, SITE = (Path(module.__file__ or "").parent for module in (kernel, site))
TEMPLATES = sorted(path for root in (KERNEL, SITE) for path in (root / "templates").rglob("*.html"))
STYLES = sorted((KERNEL / "static" / "kernel").glob("*.css"))


def visit(signed_in: bool = True, path: str = "/somewhere/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = Account(id=1, username="li", display_name="李梅") if signed_in else AnonymousUser()
    rights = frozenset({Right.USE_WORKSPACE})
    request.actor = Actor(1, uuid4(), uuid4(), "officer", rights, "兰州市教育局 · 科长 · 李梅") if signed_in else None
    return request


def compose(source: str, **context: Any) -> str:
    """The source of a page with components, as the loader would compile and render it."""
    engine = engines["django"].engine
    loader = engine.template_loaders[0].loaders[0]
    template = loader.get_template_from_string(loader.cotton_compiler.process(source))
    return template.render(RequestContext(visit(), context))


class SchoolForm(forms.Form):
    name = forms.CharField(label="名称 Name", help_text="与公章一致 As on the seal")
    levels = forms.MultipleChoiceField(
        label="层次 Levels", choices=[("s", "中职")], widget=forms.CheckboxSelectMultiple, required=False
    )
    checked = forms.BooleanField(label="已核对 Checked")
    origin = forms.CharField(widget=forms.HiddenInput, required=False)
    book = forms.FileField(label="工作簿 Workbook", required=False)
    note = forms.CharField(label="说明 Note", widget=forms.Textarea, required=False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("机构 Organisation", '机构 <small lang="en">Organisation</small>'),
        ("1+X 证书 Certificates", '1+X 证书 <small lang="en">Certificates</small>'),
        ("无权。 You may not.", '无权。 <small lang="en">You may not.</small>'),
        ("只有中文", "只有中文"),
        ("Only English", "Only English"),
        ("第 3 版", "第 3 版"),
        ("证书 1+X", "证书 1+X"),
        ("<b>名 <i>Name", '&lt;b&gt;名 <small lang="en">&lt;i&gt;Name</small>'),
    ],
)
def test_english_stands_small_beside_chinese(text: str, shown: str) -> None:
    assert bilingual(text) == shown


def test_chinese_alone_and_digits_by_three() -> None:
    assert chinese("机构 Organisation") == "机构"
    assert chinese("Organisation") == "Organisation"
    assert [thousands(v) for v in (26013, Decimal("1234.5"), 999, None, "2.6万", True)] == [
        "26,013", "1,234.5", "999", "", "2.6万", "True",
    ]  # fmt: skip


def test_bars_share_the_longest() -> None:
    assert [(bar.label, bar.share) for bar in bars_of([("甲", 200, ""), ("乙", 50, ""), ("丙", -1, "")])] == [
        ("甲", "100.0"), ("乙", "25.0"), ("丙", "0.0"),
    ]  # fmt: skip
    assert bars_of([("甲", 0, "")])[0].share == "0.0"
    assert bars_of([]) == []


def test_form_says_what_is_wrong_and_leads_there() -> None:
    page = compose('<c-form :form="form" cancel="/back" submit="提交 Submit" />', form=SchoolForm({"name": ""}))
    assert 'role="alert"' in page
    assert '<a href="#id_name">名称：' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_helptext"' in page
    described = re.search(r'aria-describedby="([^"]+)"', page)
    assert described is not None
    assert all(f'id="{name}"' in page for name in described[1].split())
    assert 'enctype="multipart/form-data"' in page
    assert 'type="hidden" name="origin"' in page
    assert "csrfmiddlewaretoken" in page
    assert page.count("选填") == 3
    assert 'href="/back"' in page


def test_form_with_own_fields_and_get() -> None:
    page = compose('<c-form :form="form" method="get"><b>own</b></c-form>', form=SchoolForm())
    assert "<b>own</b>" in page
    assert 'name="note"' not in page
    assert "csrfmiddlewaretoken" not in page
    assert "error-summary" not in page


def test_record_components() -> None:
    page = compose(
        """<c-panel title="基本 <信息>" close="?"><c-facts :items="facts" /><c-slot name="foot">脚</c-slot></c-panel>
        <c-timeline :events="events" /><c-tabs :items="tabs" /><c-crumbs :items="crumbs" />
        <c-bars :bars="bars" unit="人" /><c-stat label="专业点" :value="1174" href="/o" />
        <c-progress label="填报" :value="11" :max="14" /><c-tile-map caption="分布"><svg></svg></c-tile-map>
        <c-empty><c-button href="/new">新建</c-button></c-empty><c-notice kind="warn">注意</c-notice>""",
        facts=[
            Fact("代码 Code", "4162", kind="code"),
            Fact("终止 Closed", None),
            Fact("状态", "在办", kind="ok"),
        ],
        events=[Event(date(2021, 7, 1), "更名", "文号 Number", mark="作废", kind="red", voided=True)],
        tabs=[Tab("概况", "/a", current=True), Tab("项目", "/b", count=0)],
        crumbs=[Crumb("甘肃省", "/p"), Crumb("兰州市", "/c")],
        bars=bars_of([("兰州市", 9841, "/d")]),
        title="leak",
        actions="leak",
        note="leak",
    )
    assert "leak" not in page, "a component shows only what it was given"
    assert "基本 &lt;信息&gt;" in page
    assert "data-close" in page
    assert "<footer>脚</footer>" in page
    assert "—" in page
    assert '<span class="mark ok"' in page
    assert 'datetime="2021-07-01"' in page
    assert 'class="voided"' in page
    assert '<a href="/a" aria-current="page">' in page
    assert '<data value="0">0</data>' in page
    assert '<a href="/p">甘肃省</a>' in page
    assert '<span aria-current="page">兰州市</span>' in page
    assert '<rect width="100.0%"' in page
    assert "9,841人" in page
    assert '<a href="/o" class="stat"' in page
    assert '<progress value="11" max="14"' in page
    assert '<a class="button plain" href="/new"' in page


@pytest.fixture
def sections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A navigation of one item; gives a list that grows each time the navigation is made."""
    made: list[str] = []

    def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
        made.append(path)
        item = {"label": "待办", "label_en": "Tasks", "url": "/t", "current": True, "waiting": 7}
        return [{"label": "今天", "label_en": "Today", "items": [item]}]

    monkeypatch.setattr("jineng.kernel.web.shell.navigation", navigation)
    return made


def test_shell_makes_the_navigation_once_for_desk_and_phone(sections: list[str]) -> None:
    page = render_to_string("kernel/page.html", {"title": "机构", "title_en": "Organisations"}, visit())
    assert sections == ["/somewhere/"]
    assert page.count('<a href="/t" aria-current="page"') == 2
    assert "<title>机构 · 技能 Jineng</title>" in page
    assert '<html lang="zh-Hans">' in page
    assert 'href="#main"' in page
    assert 'id="main"' in page
    assert "兰州市教育局 · 科长 · 李梅" in page


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_shell_keeps_the_chosen_theme_and_no_other(theme: str) -> None:
    request = visit()
    request.COOKIES["theme"] = theme
    assert f'class="{theme}"' in render_to_string("kernel/page.html", {}, request)
    request.COOKIES["theme"] = '"><script>'
    assert '<html lang="zh-Hans">' in render_to_string("kernel/page.html", {}, request)


def test_shell_of_a_visitor_has_no_navigation(sections: list[str]) -> None:
    page = render_to_string("kernel/page.html", {"title": "x"}, visit(signed_in=False))
    assert sections == []
    assert 'class="side"' not in page
    assert "退出登录" not in page


def test_home_lists_tasks_or_says_that_nothing_waits() -> None:
    tasks = [Task(2, "审核填报 Review", "14 处错误", "/r/1", "今天到期")]
    page = render_to_string("site/home.html", {"tasks": tasks, "seats": []}, visit())
    assert '<a href="/r/1">' in page
    assert "今天到期" in page
    assert "都办完了" in render_to_string("site/home.html", {"tasks": [], "seats": []}, visit())


def test_posts_are_buttons_that_say_for_whom_and_which_is_current() -> None:
    request = visit()
    actor = request.actor
    own = Seat(actor.post_id, "officer", "科长", uuid4(), "兰州市教育局", "school", "city", False, 1, "李梅")
    lent = Seat(uuid4(), "auditor", "审计员", uuid4(), "省教育厅", "school", "province", False, 9, "王建国")
    page = render_to_string("site/home.html", {"tasks": [], "seats": [own, lent]}, request)
    assert page.count(f'name="post" value="{own.post_id}" aria-current="true"') == 2, "in the menu and on the page"
    assert f'name="post" value="{lent.post_id}">' in page
    assert page.count("受 王建国 委托") == 2
    assert "受 李梅 委托" not in page
    assert page.count('action="/post/"') == 2


def test_refusals_say_why() -> None:
    reason = {"reason": "当前岗位无权查看此页。 <Your> post may not open this page."}
    refused = render_to_string("site/refused.html", reason, visit())
    assert "当前岗位无权查看此页。" in refused
    assert "&lt;Your&gt;" in refused
    assert "没有找到" in render_to_string("site/not_found.html", {}, visit())
    assert "出错了" in render_to_string("site/broken.html")


@pytest.mark.usefixtures("db")
def test_sign_in_page_is_a_labelled_form() -> None:
    class SignIn(forms.Form):
        login = forms.CharField()
        password = forms.CharField(widget=forms.PasswordInput)
        remember = forms.BooleanField(required=False)

    page = render_to_string("account/login.html", {"form": SignIn()}, visit(signed_in=False))
    for name in ("login", "password", "remember"):
        assert f'for="id_{name}"' in page


def test_no_template_breaks_the_security_policy() -> None:
    for path in TEMPLATES:
        source = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", source), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", source), path
        assert not re.search(r'(?:src|href)="https?:', source), path


def test_every_component_says_what_it_takes() -> None:
    for path in (KERNEL / "templates" / "cotton").glob("*.html"):
        source = path.read_text("utf-8")
        assert source.startswith("{% comment %}\n"), path
        assert "<c-vars" in source, path


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    dark, bright = sorted((_light(one), _light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_colours_are_readable_in_both_modes_and_both_dark_sets_agree() -> None:
    source = (KERNEL / "static" / "kernel" / "tokens.css").read_text("utf-8")
    light, system_dark, rest = re.split(r"@media \(prefers-color-scheme: dark\)|\n:root\.dark", source)
    chosen_dark = rest.split("@media print")[0]
    assert _tokens(system_dark) == _tokens(chosen_dark)
    for tokens in (_tokens(light), _tokens(chosen_dark)):
        for ground in ("paper", "ground", "raised", "plain-tint", "data-tint"):
            for words in ("ink", "soft"):
                assert contrast(tokens[words], tokens[ground]) >= 4.5, (words, ground)
        for words, ground in [
            *(("data", ground) for ground in ("paper", "ground", "raised", "data-tint", "warn-tint")),
            ("data-ink", "data"), ("red", "paper"), ("red", "red-tint"), ("ok", "ok-tint"), ("warn", "warn-tint"),
            ("warn", "paper"),
        ]:  # fmt: skip
            assert contrast(tokens[words], tokens[ground]) >= 4.5, (words, ground)
        assert contrast(tokens["edge"], tokens["paper"]) >= 3


def test_stylesheets_are_short_and_use_tokens() -> None:
    for path in STYLES:
        lines = path.read_text("utf-8").splitlines()
        assert len(lines) < 400, path
        if path.name not in ("tokens.css", "paper.css"):
            assert not [line for line in lines if re.search(r":.*#[0-9a-f]{3,6}\b", line)], path
