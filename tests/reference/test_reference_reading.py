"""Reading the specification: what it says, and what a strange entry is told."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from jineng.reference.parsing import Entry, SpecificationError, read_entry
from jineng.reference.places import Places
from jineng.reference.specification import folder_of, read_specification
from tests.reference import specification as independent
from tests.reference.specification import YEAR


def test_it_reads_what_the_independent_reader_reads():
    year = read_specification(2021)
    assert year.organisations.keys() == independent.organisations().keys()
    assert len(year.offerings) == len(independent.offerings())
    assert year.calls.keys() == independent.calls().keys()
    days = (independent.BEFORE, date(2021, 5, 8), independent.END)
    for key, organisation in independent.organisations().items():
        for day in days:
            state = year.organisations[key].on(day)
            assert (state.kind, state.ended) == (organisation.kind(day), organisation.ended(day))
    for mine, theirs in zip(year.offerings, independent.offerings(), strict=True):
        assert [mine.stands(day) for day in days] == [theirs.stands(day) for day in days]


def test_places_follow_governing_and_location():
    year = read_specification(2021)
    places = Places(year)
    organisations = year.organisations
    assert len(places.city_offices) == 14
    assert places.division(organisations["edu-620500"], organisations["edu-620500"].located) == "620500"
    assert places.division(organisations["edu-lanzhou-new-area"], None) == "620171"
    assert places.division(organisations["moe"], None) == "620000"
    assert places.division(organisations["gs-czt"], organisations["gs-czt"].located) == "620000"
    assert places.division(organisations["ent-lanshi"], organisations["ent-lanshi"].located) == "620171"
    assert places.city_office("ent-lanshi", independent.END) == "edu-620100"
    assert places.city_office("3662900022", date(2021, 6, 30)) == "edu-620500"
    assert places.city_over("3662900020") == "edu-620500"
    assert places.city_over("4162012836") is None
    with pytest.raises(LookupError, match="不在任何市州"):
        places.city_office("moe", independent.END)


def test_the_folder_may_be_given_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("JINENG_REFERENCE", raising=False)
    assert folder_of(2021) == YEAR
    monkeypatch.setenv("JINENG_REFERENCE", str(tmp_path))
    assert folder_of(2021) == tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("organisations.yaml", "authority: gs-gov", "authority: gs-none", "gs-none"),
        ("organisations.yaml", "id: ndrc", "id: moe", "organisations 2 id"),
        ("organisations.yaml", "name: 财政部", "name: ''", "不能为空"),
        ("calls.yaml", "departments: [ndrc, moe]", "departments: [nobody]", "nobody"),
        ("calls.yaml", "date: 2021-06-18", "date: soon", "应为日期"),
        ("awards/double-high.yaml", "call: double-high", "call: double-low", "double-low"),
        ("awards/double-high.yaml", "batch: 2", "batch: 9", "没有此批次"),
        ("awards/double-high.yaml", "refused]]", "lost]]", "lost"),
        ("awards/double-high.yaml", "events: [[2021-01-08, refused]]", "events: [[refused]]", "日期、状态"),
        ("awards/culture-brand.yaml", "refused: 1", "refuse: 1", "未知的键"),
        ("awards/culture-brand.yaml", "batch: 2", "batch: 9", "没有此批次"),
        ("awards/culture-brand.yaml", "'3662900001':", "'3660000000':", "3660000000"),
        ("offerings.yaml", "'4162010733':", "'4160000000':", "4160000000"),
        ("offerings.yaml", "years: [3]", "years: 3", "同类值的列表"),
        ("offerings.yaml", "years: [3]", "years: [three]", "同类值的列表"),
        ("people.yaml", "relation: spouse}", "relation: [spouse]}", "应为文字"),
    ],
)
def test_a_strange_entry_is_refused_with_its_place(tmp_path, file, old, new, told):
    folder = tmp_path / "year"
    shutil.copytree(YEAR, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SpecificationError, match=told):
        read_specification(2021, folder)


@pytest.mark.parametrize(("content", "told"), [("a: [", "不是有效的 YAML"), ("- 1", "应为键值")])
def test_a_file_that_is_no_mapping_is_refused(tmp_path, content, told):
    path = tmp_path / "x.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(SpecificationError, match=told):
        read_entry(path)


def test_a_missing_file_and_wrong_shapes_are_refused(tmp_path):
    with pytest.raises(SpecificationError, match="没有此文件"):
        read_entry(tmp_path / "none.yaml")
    entry = Entry("x.yaml", {"a": 1, "rows": {}, "inner": []})
    with pytest.raises(SpecificationError, match=r"x\.yaml rows：应为列表"):
        entry.rows("rows")
    with pytest.raises(SpecificationError, match=r"x\.yaml inner：应为键值"):
        entry.inner("inner")
