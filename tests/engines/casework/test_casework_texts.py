"""Definitions as text, and answers as pages send them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.casework.examples import DATA, NAMES, definition

from jineng.engines.casework import (
    DefinitionError,
    Field,
    draft,
    flow_schema,
    form_schema,
    from_post,
    input_name,
    load_form,
    read_text,
    read_written,
)  # fmt: skip
from jineng.engines.casework import texts as casework_texts

FILE = {"file": "f1", "name": "协议.pdf", "bytes": 1000, "kind": "pdf", "digest": "a" * 64}


def reference(code: str) -> dict[str, str]:
    return {"id": f"id-{code}", "label": code.upper(), "code": code}


def refer(field: Field, text: str) -> dict[str, str] | None:
    return None if text == "z" else reference(text)


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_read_as_data(name: str) -> None:
    assert read_text((DATA / f"{name}.yaml").read_text(encoding="utf-8")) == definition(name).data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [", "第 2 行第 5 列：写法有误"),
        ("a: 1\n b: 2", "第 2 行第 3 列：写法有误"),
        ("a: 'x", "写法有误"),
        ("a: 1\nb: 2\na: 3", "第 3 行第 1 列：a 写了两次"),
        ("x: {a: 1, a: 2}", "第 1 行第 11 列：a 写了两次"),
        ("a: &x [1]\nb: *x", "第 2 行第 4 列：不能引用别处"),
        ("a: !!python/object:os.system x", "写法有误"),
        ("a: \x07", "不能用的字符"),
        ("[" * 60, "第 1 行第 32 列：嵌套过深"),
        ("? [a]\n: b", "第 1 行第 3 列：名称应是一段文字"),
        ("? {a: 1}\n: b", "名称应是一段文字"),
        ("a: 1\n<<: {a: 2}", "第 2 行第 1 列：不能并入"),
        ("a: !!int x", "第 1 行第 4 列：写法有误"),
        ("a: !!bool x", "写法有误"),
        ("a: !!timestamp x", "写法有误"),
        ("a: !!set [1]", "写法有误"),
    ],
)
def test_what_is_wrong_in_a_text_says_where(text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_text(text)
    (fault,) = refused.value.faults
    assert said in fault.zh
    assert fault.en


@given(st.text(alphabet="ab1: -?[]{}&*!|>'\"%@`#,\n\t<~=.", max_size=40))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    with suppress(DefinitionError):
        assert 1 <= read_written(text).line_of("a.b[0]") <= text.count("\n") + 1


def test_a_path_leads_to_its_line() -> None:
    found = read_written("a: 1\nb:\n  - c: 2\n    d:\n      e: 3\n")
    assert [found.line_of(path) for path in ("a", "b[0].c", "b[0].d.e", "b[0].d.gone", "b[7]", "")] == [
        1,
        3,
        5,
        4,
        2,
        1,
    ]
    assert read_written("").line_of("a") == 1


def test_a_text_may_not_be_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casework_texts, "MAX_TEXT", 5)
    with pytest.raises(DefinitionError, match="more than 5"):
        read_text("a: 12345")


def test_a_day_that_is_none_is_told_at_its_place() -> None:
    text = """
code: f
name: 表
sections:
  - {key: s, name: 部, fields: [{key: d, label: 日, kind: date, earliest: 2026-02-30, latest: 2026-03-01}]}
"""
    with pytest.raises(DefinitionError) as refused:
        load_form(read_text(text))
    assert [fault.path for fault in refused.value.faults] == ["sections[0].fields[0].earliest"]
    assert "应是日期" in refused.value.faults[0].zh


def test_a_schema_tells_what_a_definition_may_hold() -> None:
    for schema, part in ((form_schema(), "form"), (flow_schema(), "flow")):
        jsonschema.Draft202012Validator.check_schema(schema)
        judge = jsonschema.Draft202012Validator(schema)
        for name in NAMES:
            found = definition(name)
            data = found.form.to_data() if part == "form" else found.flow.to_data()
            assert list(judge.iter_errors(data)) == []
            assert not judge.is_valid({**data, "extra": 1})
    assert flow_schema()["$defs"]["Stage"]["properties"]["actor"]["title"] == "办理方"


def test_what_a_page_sends_becomes_answers() -> None:
    form = definition("pilot").form
    pairs = [
        ("csrf", "x"), ("earlier", "a1"), ("earlier", "z"),
        ("staff", "1"), ("staff", "２"), ("forms", "college"), ("forms", "order"), ("promised", ""),
        ("promised", "on"), ("contact", "p1"), ("plan", "不问"), ("proofs", "f1"), ("proofs", "gone"),
        ("partners-7-school", "s2"), ("partners-7-amount", "5"), ("partners-2-school", "s1"),
        ("partners-2-agreement", "f1"), ("partners-2-gone", "x"), ("nobody-1-x", "y"), ("enterprise", ""),
    ]  # fmt: skip
    asked = {"staff", "forms", "promised", "contact", "proofs", "partners", "enterprise", "majors", "founded_on",
             "earlier"}  # fmt: skip
    raw = from_post(form, pairs, asked, refer, {"f1": FILE})
    assert raw.keys() == asked
    assert (raw["majors"], raw["founded_on"], raw["promised"]) == (None, None, "on")
    assert [row["school"]["id"] for row in raw["partners"]] == ["id-s1", "id-s2"]
    kept = draft(form, raw)
    assert [(fault.field, fault.code, fault.row) for fault in kept.faults] == [("earlier", "not_reference", 1)]
    assert kept.values == {
        "staff": "2", "forms": ["order", "college"], "promised": True, "contact": reference("p1"),
        "earlier": [reference("a1"), "z"], "proofs": [FILE],
        "partners": [{"school": reference("s1"), "agreement": FILE},
                     {"school": reference("s2"), "amount": "5.00"}],
    }  # fmt: skip
    assert from_post(form, [("proofs", "f1")], {"proofs", "partners"}, refer) == {"proofs": None, "partners": None}


def test_inputs_are_named_as_faults_tell() -> None:
    assert input_name("staff") == "staff"
    assert input_name("forms", 1) == "forms"
    assert input_name("partners", 2, "amount") == "partners-2-amount"


def test_every_cell_comes_back_under_its_name() -> None:
    form = definition("pilot").form
    pairs: list[tuple[str, Any]] = [(input_name("partners", 0, column), column) for column in ("school", "since")]
    (row,) = from_post(form, pairs, {"partners"}, refer)["partners"]
    assert {key: value for key, value in row.items() if value} == {"school": reference("school"), "since": "since"}
