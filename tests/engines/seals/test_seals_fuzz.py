"""Whatever is handed in, checkers answer; and nothing is accepted but what was issued."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.seals.samples import ISSUED, ISSUER, NOW, OB, V2, badge, signer
from tests.fuzzing import examples

from jineng.engines.seals import PublicKey
from jineng.engines.seals.badges import Holder, Issuer
from jineng.engines.seals.credentials import Known, check, check_shown, issue
from jineng.engines.seals.disclosure import check_paper, seal_list
from jineng.engines.seals.linked import CONFORMANCE
from jineng.engines.seals.proofs import Suite
from jineng.engines.seals.records import record
from jineng.engines.seals.vc_api import Service

SERVICE = Service(signer(), Known(contexts=CONFORMANCE), lambda: NOW)
WORDS = st.sampled_from(
    [
        "@context",
        "@id",
        "@type",
        "@value",
        "@graph",
        "@vocab",
        "@protected",
        "id",
        "type",
        "issuer",
        "proof",
        "name",
        "credentialSubject",
        "credentialStatus",
        "VerifiableCredential",
        "DataIntegrityProof",
        "urn:x",
        V2,
        OB,
        "",
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5),
    max_leaves=20,
)
ISSUED_ONES = [issue(badge(), signer(), ISSUED, suite=suite) for suite in Suite]
RECORD = record("urn:x:1", Issuer(ISSUER, "某校"), Holder("张三", "x"), ISSUED_ONES[:1], ISSUED, name="学习记录")
ISSUED_ONES.append(issue(RECORD, signer(), ISSUED))
PAPER = seal_list({"title": "名单"}, ["甲", "乙"], signer(), ISSUED).paper_of(0)
KEYS = {signer().key_id: PublicKey(signer().public_key, ISSUED)}


@given(JSON)
@settings(deadline=None, max_examples=examples(150))
def test_any_json_is_answered_and_not_accepted(value: Any) -> None:
    for put in (value, {**badge(), "proof": value}, {"@context": [V2], "type": ["VerifiablePresentation"], "x": value}):
        assert not check(put, Known(), NOW).ok
        assert not check_shown(put, Known(), NOW).ok
        assert not check_paper(put, KEYS).ok
    assert not check_paper({**PAPER, "proof": value}, KEYS).ok


@given(st.sampled_from(ISSUED_ONES), st.data())
@settings(deadline=None, max_examples=examples(100))
def test_nothing_can_be_put_in_place_of_a_part_or_beside_it(issued: dict[str, Any], data: st.DataObject) -> None:
    put = json.loads(json.dumps(issued))
    place: Any = put
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        inside = place[key]
        if not isinstance(inside, dict | list) or not inside or data.draw(st.booleans()):
            break
        place = inside
    if isinstance(place, dict) and data.draw(st.booleans()):
        key = data.draw(st.text(min_size=1, max_size=4).filter(lambda name: name not in place))
    place[key] = data.draw(JSON)
    same = json.dumps(put, sort_keys=True) == json.dumps(issued, sort_keys=True)
    # One word in a list says what the word alone says: to the statements both are the same.
    same = same or _loose(put) == _loose(issued)
    assert check(put, Known(), NOW).ok <= same


def _loose(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _loose(item) for key, item in value.items()}
    if isinstance(value, list):
        return _loose(value[0]) if len(value) == 1 else [_loose(item) for item in value]
    return value


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
@settings(deadline=None, max_examples=examples(100))
def test_any_request_is_answered(body: bytes) -> None:
    for path in ("/credentials/issue", "/credentials/verify", "/presentations/verify"):
        status, answer = SERVICE.answer("POST", path, body)
        assert status == 400
        assert answer["errors"]
