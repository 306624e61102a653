"""The printed application shows what was handed in, as people read it, and nothing personal unless it is passed in."""

from __future__ import annotations

from typing import Any

from tests.engines.casework.examples import definition

from jineng.engines.casework import (
    Book,
    BookFile,
    BookFiles,
    BookLine,
    BookTable,
    Words,
    book,
    draft,
    load_form,
    shown_value,
)  # fmt: skip

FILE = {"file": "f1", "name": "协议.pdf", "bytes": 1000, "kind": "pdf", "digest": "a" * 64}


def printed(form: Any, values: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The items of a book by the Chinese label, files under the label with a mark."""
    found: Book = book(form, draft(form, values).values, **given)
    return {
        item.label.zh + ("（文件）" if isinstance(item, BookFiles) else ""): item
        for section in found.sections
        for item in section.items
    }


def line(items: dict[str, Any], label: str) -> Words:
    item = items[label]
    assert isinstance(item, BookLine)
    (only,) = item.paragraphs
    return only


def test_answers_are_shown_as_people_read_them() -> None:
    form = definition("pilot").form
    items = printed(form, {
        "enterprise": {"id": "e1", "label": "某厂"}, "ownership": "private", "parent": "隐", "founded_on": "2010-01-01",
        "staff": "12500", "invested": "1234567.5", "forms": ["order", "college"], "majors": [{"id": "m1"}],
        "promised": True,
        "plan": "第一段\n\n第二段", "proofs": [FILE], "contact": {"id": "p1", "label": "张三"}, "mobile": "13912345678",
        "partners": [{"school": {"id": "1", "label": "甲校"}, "since": "2019-09-01", "amount": "60", "agreement": FILE},
                     {"school": {"id": "s2", "label": "乙校"}}],
    }, masked={"contact": "张*"})  # fmt: skip
    assert line(items, "企业名称").zh == "某厂"
    assert line(items, "企业性质") == ("民营", "private")
    assert line(items, "成立日期") == ("2010年1月1日", "2010-01-01")
    assert line(items, "在职职工").zh == "12,500 人"
    assert line(items, "累计投入").zh == "1,234,567.50 万元"
    assert line(items, "合作方式") == ("订单培养、产业学院", "training to order, industry college")
    assert line(items, "对接专业").zh == "m1"
    assert line(items, "承诺所填属实") == ("是", "yes")
    assert line(items, "统一社会信用代码") == ("—", "—")
    assert line(items, "联系人").zh == "张*"
    assert line(items, "联系手机") == ("（不予显示）", "(not shown)")
    assert "出资人" not in items
    assert items["三年规划"].paragraphs == (("第一段", "第一段"), ("第二段", "第二段"))
    assert items["佐证材料（文件）"].files == (BookFile("协议.pdf", 1000, "a" * 64),)
    table = items["合作院校"]
    assert isinstance(table, BookTable)
    assert [heading.zh for heading in table.headings] == ["院校", "合作开始", "投入（万元）", "学徒数（人）", "协议"]
    assert [[cell.zh for cell in row] for row in table.rows] == [
        ["甲校", "2019年9月1日", "60.00", "—", "协议.pdf"],
        ["乙校", "—", "—", "—", "—"],
    ]
    assert items["合作院校（文件）"].files == (BookFile("协议.pdf", 1000, "a" * 64),)


def test_parts_of_which_nothing_is_asked_are_left_out() -> None:
    form = definition("pilot").form
    found = book(form, {})
    assert found.title == ("产教融合型试点企业申报书", "Application of a pilot enterprise")
    assert [section.heading.zh for section in found.sections] == [section.name for section in form.sections]
    data = form.to_data()
    data["sections"][3]["visible_when"] = "promised"
    shorter = load_form(data)
    assert len(book(shorter, {}).sections) == 3


def test_personal_cells_and_files_are_hidden_and_what_cannot_be_read_is_shown_as_typed() -> None:
    columns = [{"key": "name", "label": "姓名", "kind": "text", "personal": True},
               {"key": "photo", "label": "照片", "kind": "file", "personal": True}]  # fmt: skip
    fields = [
        {"key": "team", "label": "成员", "kind": "table", "columns": columns},
        {"key": "id_copy", "label": "证件", "kind": "file", "personal": True},
        {"key": "life", "label": "简历", "kind": "long_text", "personal": True},
        {"key": "n", "label": "数", "kind": "number"},
        {"key": "d", "label": "日", "kind": "date"},
        {"key": "c", "label": "选", "kind": "choice", "choices": [{"value": "x", "label": "甲"}]},
        {"key": "f", "label": "件", "kind": "file"},
        {"key": "g", "label": "表", "kind": "table", "columns": columns},
    ]
    form = load_form({"code": "f", "name": "表", "sections": [{"key": "s", "name": "部", "fields": fields}]})
    items = printed(form, {
        "team": [{"name": "张三", "photo": FILE}, {"name": "李四"}], "id_copy": FILE, "life": "生平",
        "n": "五", "d": "去年", "c": "z", "f": "a.pdf", "g": "x",
    }, masked={"team[1].name": "李*"})  # fmt: skip
    hidden = "（不予显示）"
    assert [[cell.zh for cell in row] for row in items["成员"].rows] == [[hidden, hidden], ["李*", "—"]]
    assert "成员（文件）" not in items
    assert [line(items, label).zh for label in ("证件", "简历", "数", "日", "选", "表")] == [
        hidden, hidden, "五", "去年", "z", "x",
    ]  # fmt: skip
    assert items["件（文件）"].files == ()


def test_a_value_may_stand_without_its_unit() -> None:
    form = definition("pilot").form
    assert shown_value(form.fields["invested"], "1000.00") == ("1,000.00 万元", "1,000.00 万元")
    assert shown_value(form.fields["invested"], "1000.00", unit=False).zh == "1,000.00"
    assert shown_value(form.fields["enterprise"], {}).zh == ""
