from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.casework import ranking_cases as cases

from jineng.engines.casework.faults import DefinitionError, Refused, Words
from jineng.engines.casework.replaying import (
    RULES,
    Check,
    Decision,
    Finding,
    Rule,
    Rules,
    canonical,
    check,
    decide,
    difference,
    plain,
    replay,
)

PARAMETERS: dict[str, Any] = {
    "rubric": {
        "code": "course-review",
        "name": "课程评审",
        "decimals": 1,
        "failing": "majority",
        "criteria": [
            {"key": "aims", "name": "目标", "maximum": 20, "weight": 30, "minimum": "8.5"},
            {"key": "content", "name": "内容", "maximum": 50, "weight": 50},
            {"key": "effect", "name": "成效", "maximum": 30, "weight": 20},
        ],
    },
    "cut": {"share": "1/2", "minimum": "55", "per_unit": 2, "reserve": 2},
    "needed": 3,
    "normalise": {"by": "deviation", "at_least": 4},
    "ties": [{"by": "criterion", "criterion": "content"}, {"by": "lot", "seed": "2021-11-27"}],
}
TRIM = {"high": 1, "low": 1, "at_least": 5}


def some_inputs(applications: int = 24) -> dict[str, Any]:
    """The same reviews every time: five for each application, by a sum that only looks random."""
    rows = [(f"{at:03d}", f"r{(at * 7 + turn * 3) % 11:02d}", at * 31 + turn * 17) for at in range(applications)
            for turn in range(5)]  # fmt: skip
    return {
        "applications": [
            {"id": f"{at:03d}", "group": "本科" if at % 3 else "专科", "unit": f"校{at % 5}", "exempt": at % 8 == 0}
            for at in range(applications)
        ],
        "reviews": {
            "application": [row[0] for row in rows],
            "reviewer": [row[1] for row in rows],
            "marks": {
                "aims": [60 + row[2] % 141 for row in rows],
                "content": [200 + row[2] * 3 % 301 for row in rows],
                "effect": [100 + row[2] * 7 % 201 for row in rows],
            },
        },
        "conflicts": [["003", "r10"], ["004", "r00"]],
    }


QUOTAS: dict[str, Any] = {
    "code": "course-2021",
    "name": "课程推荐名额",
    "tiers": {"双高": 4},
    "otherwise": 1,
    "additions": [
        {"fact": "awards", "name": "近三年立项", "name_en": "awards", "steps": [{"at_least": 2, "add": 1}]},
        {"fact": "majors", "name": "专业点", "name_en": "majors", "every": {"count": 10, "add": 1, "most": 2}},
    ],
    "least": 1,
    "most": 5,
}


def made(rule: str) -> Decision:
    if rule == "allot-quotas/1":
        facts = [{"awards": at, "majors": 9 * at} for at in range(5)]
        units = [{"id": f"校{at}", "tier": "双高" if at % 2 else "", "facts": given} for at, given in enumerate(facts)]
        return decide(rule, QUOTAS, units)
    return decide(rule, PARAMETERS | ({"trim": TRIM} if "trimmed" in rule else {}), some_inputs())


PUBLISHED = {
    "allot-quotas/1": "c0e118cbc3308e245fb5bc73176d0ee7954f3620552eee1c626116c846a7acf1",
    "rank-mean/1": "570edca1af25e2f518bce6d9da09aae2974b8bf62b910fcae34c50261d3bc133",
    "rank-median/1": "4715bfa22476548c055ce9a1fa229196deb3e8bb76338aff09bac5b63949454e",
    "rank-trimmed-mean/1": "d83fb494bb353de63a2eb7bc228f41f851f5018cadb1df64c4f831cfa017dfcc",
}
"""What each published rule makes of the decision above, for ever: another digest is another version."""


@pytest.mark.parametrize("rule", PUBLISHED)
def test_a_published_rule_never_changes(rule: str) -> None:
    assert made(rule).digest == PUBLISHED[rule]


def test_every_rule_is_held_to_its_digest() -> None:
    assert set(RULES.ids) == set(PUBLISHED)
    assert all(RULES.find(name).words.zh for name in RULES.ids)


@pytest.mark.parametrize("rule", [rule for rule in PUBLISHED if rule.startswith("rank-")])
def test_a_hundred_runs_give_one_digest(rule: str) -> None:
    first = decide(rule, PARAMETERS | ({"trim": TRIM} if "trimmed" in rule else {}), some_inputs(12))
    document = first.to_bytes()
    shuffle = random.Random(2021)
    for _ in range(100):
        inputs = some_inputs(12)
        order = list(range(len(inputs["reviews"]["application"])))
        shuffle.shuffle(order)
        columns = inputs["reviews"]
        for holder in (columns, columns["marks"]):
            for name, column in holder.items():
                if name != "marks":
                    holder[name] = [column[at] for at in order]
        shuffle.shuffle(inputs["applications"])
        shuffle.shuffle(inputs["conflicts"])
        again = decide(first.rule, first.parameters, inputs)
        assert again.digest == first.digest
        assert again.to_bytes() == document


def test_the_document_carries_what_it_says() -> None:
    decision = made("rank-mean/1")
    document = json.loads(decision.to_bytes())
    statement = {name: value for name, value in document.items() if name not in ("inputs", "digest")}
    assert statement == decision.statement
    assert document["digest"] == hashlib.sha256(rfc8785.dumps(statement)).hexdigest()
    assert document["inputs_digest"] == hashlib.sha256(rfc8785.dumps(document["inputs"])).hexdigest()
    assert "inputs" not in statement
    assert replay(decision.to_bytes()).to_bytes() == decision.to_bytes()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_whatever_is_decided_can_be_checked(data: st.DataObject) -> None:
    parameters = data.draw(cases.parameters("median"))
    decision = decide("rank-median/1", parameters, data.draw(cases.inputs(parameters["rubric"])))
    assert check(decision.to_bytes()).ok


def altered(change: Any) -> Check:
    document = json.loads(made("rank-mean/1").to_bytes())
    change(document)
    return check(rfc8785.dumps(document))


def test_the_first_row_that_differs_is_told() -> None:
    def swap(document: dict[str, Any]) -> None:
        document["outcome"]["rows"][4]["score"] = "99.99"
        document["outcome"]["rows"][9]["score"] = "99.99"

    found = altered(swap)
    true = made("rank-mean/1").outcome["rows"][4]["score"]
    assert not found.ok
    assert found.finding is Finding.DIFFERENT
    assert found.words.zh == f'outcome.rows[4].score：文件为 "99.99"，重算为 "{true}"'
    assert found.words.en == f'outcome.rows[4].score: stated "99.99", computed "{true}"'


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda document: document["outcome"]["rows"].pop(), "outcome.rows[23]"),
        (lambda document: document["outcome"]["rows"].append({}), "outcome.rows[24]"),
        (lambda document: document["outcome"].update(more=1), "outcome.more"),
        (lambda document: document["outcome"].update(struck=True), "outcome.struck"),
        (lambda document: document.update(digest="0" * 64), "digest"),
        (lambda document: document["inputs"]["applications"][23].update(submitted="2021-05-01T08:00:00Z"), "digest"),
    ],
)
def test_any_alteration_is_found(change: Any, path: str) -> None:
    found = altered(change)
    assert found.difference is not None
    assert found.difference.path == path


def test_an_altered_mark_is_found() -> None:
    def raise_mark(document: dict[str, Any]) -> None:
        document["inputs"]["reviews"]["marks"]["aims"][0] += 1

    assert altered(raise_mark).finding is Finding.DIFFERENT


def test_the_same_content_in_another_form_is_not_the_same() -> None:
    document = made("rank-mean/1").to_bytes()
    found = check(document + b"\n")
    assert (found.finding, found.difference) == (Finding.DIFFERENT, None)


@pytest.mark.parametrize(
    "document",
    [
        b"{",
        b"[]",
        b"\xff",
        b'{"format": "other"}',
        b'{"a": 1, "a": 2}',
        b'{"a": 1.5}',
        b'{"a": NaN}',
        b"[" * 100_000,
        rfc8785.dumps(json.loads(made("rank-mean/1").to_bytes()) | {"rule": 1}),
        rfc8785.dumps(json.loads(made("rank-mean/1").to_bytes()) | {"inputs": []}),
        rfc8785.dumps(json.loads(made("rank-mean/1").to_bytes()) | {"format": "jineng-decision/0"}),
    ],
)
def test_what_is_no_decision_is_said_to_be_none(document: bytes) -> None:
    found = check(document)
    assert found.finding is Finding.MALFORMED
    assert found.words.zh
    assert found.words.en


def test_an_unknown_rule() -> None:
    document = json.loads(made("rank-mean/1").to_bytes()) | {"rule": "rank-mean/0"}
    assert check(rfc8785.dumps(document)).finding is Finding.UNKNOWN_RULE
    with pytest.raises(Refused, match="known: rank-mean/1"):
        decide("toss/1", {}, {})


def test_rooms_publish_rules_of_their_own_once() -> None:
    own = Rules()
    rule = Rule("first", 1, Words("先到先得", "first come"), lambda _, inputs: inputs[:1], lambda _, inputs: inputs)
    own.publish(rule)
    assert decide("first/1", None, ["x", "y"], own).outcome == ["x"]
    with pytest.raises(ValueError, match="another version"):
        own.publish(rule)


def test_faults_of_inputs_are_raised() -> None:
    with pytest.raises(DefinitionError):
        decide("rank-mean/1", PARAMETERS, {})


@pytest.mark.parametrize("value", [1.5, {"x": [1.0]}, {1: 2}, [[b"x"]], object(), [{3}]])
def test_only_plain_data_is_decided_on(value: Any) -> None:
    with pytest.raises(Refused) as caught:
        plain(value)
    assert caught.value.code == "malformed"


def test_what_has_no_canonical_form() -> None:
    for value in (2**60, "\ud800"):
        with pytest.raises(Refused, match="canonical"):
            canonical(value)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(JSON, JSON)
def test_a_difference_is_told_exactly_where_there_is_one(left: Any, right: Any) -> None:
    assert difference(left, left) is None
    assert (difference(left, right) is None) is (rfc8785.dumps(left) == rfc8785.dumps(right))
    assert rfc8785.dumps(plain(left)) == rfc8785.dumps(left)
