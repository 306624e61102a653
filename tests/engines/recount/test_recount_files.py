from __future__ import annotations

import json
from typing import Any

import pytest
from tests.engines.allocation.problems import SECRET, SEED, person, place, scheme

from jineng.engines.allocation import Outcome, Row, State, load_problem, publish
from jineng.engines.allocation.outcome import CutOff
from jineng.engines.recount import check_file


@pytest.fixture(scope="module")
def sound() -> Any:
    """A run of one applicant at one of two places, written down by hand."""
    problem = load_problem(
        {
            "scheme": scheme(),
            "places": [place("a", "m", 1), place("b", "m", 1)],
            "applicants": [person("p", 10, 9, ("a", ["m"], False)), person("q", 9, 9, ("a", ["m"], False))],
            "seed": SEED,
        }
    )
    lot = problem.lot("p").hex()
    lines = (CutOff("a-m-open", 1, 1, 0, "19", ("9", "10"), lot), CutOff("b-m-open", 1, 0))
    rows = (Row("p", State.ADMITTED, "a-m-open", "a", 1, "19"), Row("q", State.UNPLACED))
    return json.loads(publish(problem, Outcome(rows, lines), SECRET).document())


def findings(document: Any) -> list[str]:
    return [finding.what.split()[0] for finding in check_file(json.dumps(document).encode()) if not finding.ok]


def changed(document: Any, path: list[Any], value: Any) -> Any:
    copied = json.loads(json.dumps(document))
    at = copied
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return copied


def test_a_sound_file_has_no_finding(sound: Any) -> None:
    assert findings(sound) == []
    without = {key: value for key, value in sound.items() if key != "secret"}
    assert findings(without) == []


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (["problem", "applicants", 0, "scores", "culture"], "11", ["输入摘要", "结果", "分数线"]),
        (["problem", "scheme", "name"], "别名", ["输入摘要", "方案摘要"]),
        (["certificate", "scheme", "version"], 2, ["方案版本"]),
        (["certificate", "lot"], "0" * 64, ["抽签承诺"]),
        (["certificate", "root"], "0" * 64, ["结果根"]),
        (["certificate", "places", 0, "score"], "17", ["分数线", "一遍核对"]),
        (["certificate", "places", 1, "seats"], 2, ["分数线"]),
        (["certificate", "moves"], [{"giver": "a-m-open", "taker": "b-m-open", "seats": 1}], ["计划调剂"]),
        (["rows", 0, "wish"], 2, ["结果摘要", "结果", "一遍核对", "结果根"]),
        (["rows", 0, "applicant"], "r", ["结果摘要", "考生名单", "结果", "文件"]),
        (["certificate", "places", 0, "taken"], 2, ["文件"]),
        (["format"], "other/1", ["文件"]),
        (["problem", "places"], None, ["文件"]),
    ],
)
def test_whatever_is_changed_is_found(sound: Any, path: list[Any], value: Any, found: list[str]) -> None:
    said = findings(changed(sound, path, value))
    assert said == found or (found[-1] == "文件" and said == ["文件"])


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{}", b'{"format": 1, "format": 1}', b"[" * 100_000])
def test_what_is_no_file_of_admissions_is_said(content: bytes) -> None:
    (finding,) = check_file(content)
    assert not finding.ok
    assert "不是可核验" in finding.says


@pytest.mark.parametrize(
    "proof",
    [
        {"index": 5, "size": 2, "path": []},
        {"index": 0, "size": 1, "path": ["00" * 32]},
        {"index": 0, "size": 2, "path": []},
        {"index": 1, "size": 3, "path": ["00" * 32]},
        {"index": 2, "size": 3, "path": ["00" * 32, "00" * 32]},
    ],
)
def test_a_proof_of_the_wrong_shape_proves_nothing(proof: Any) -> None:
    own = {"format": "jineng-own-row/1", "row": {"applicant": "p"}, "salt": "00", "proof": proof, "root": "00" * 32}
    assert [finding.ok for finding in check_file(json.dumps(own).encode())] == [False]
