"""Fuzzing by the byte: parsers answer whatever they read, and what is accepted is what others find signed."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.seals.independent import signature_holds
from tests.engines.seals.samples import ISSUED, ISSUER, NOW, badge, signer
from tests.engines.seals.test_seals_baking import FILE, PICTURE
from tests.engines.seals.test_seals_fuzz import JSON
from tests.fuzzing import examples, mutated

from jineng.engines.seals import CanonicalError, canonical, loads
from jineng.engines.seals.baking import PAPER, BakingError, bake, carried
from jineng.engines.seals.credentials import Known, check, issue, issue_status_list
from jineng.engines.seals.dids import DidError, Resolver, key_document, web_address, web_did
from jineng.engines.seals.findings import Verdict
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.status import REVOCATION, StatusList, status_entry

LIST = "https://jineng.example/status/1"
BITS = StatusList()
BITS[7] = True
PUBLISHED = issue_status_list(LIST, ISSUER, BITS, REVOCATION, signer(), ISSUED)
ISSUED_ONES = [issue(badge(), signer(), ISSUED, suite=suite) for suite in Suite]
ISSUED_ONES.append(add_proof(ISSUED_ONES[0], signer(), Suite.RDFC, ISSUED))
TEXTS = [json.dumps(one, ensure_ascii=False) for one in ISSUED_ONES]
FILES = [text.encode() for text in TEXTS]
FILES += [bake(PICTURE, text) for text in TEXTS]
FILES += [PAPER + FILE % (b"", text.encode()) for text in TEXTS]
FILES += [PAPER + FILE % (b" /Filter /FlateDecode", zlib.compress(text.encode())) for text in TEXTS]
EVER = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def _opened(content: bytes) -> Any:
    """What a file says, as the verification reads it; None where it is no credential."""
    try:
        return loads(carried(content))
    except (CanonicalError, UnicodeDecodeError, BakingError):
        return None


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=examples(150), **EVER)
def test_no_file_is_accepted_that_others_find_unsigned(content: bytes, data: st.DataObject) -> None:
    value = _opened(mutated(data, content))
    if check(value, Known(), NOW).ok:
        assert signature_holds(value)


@pytest.mark.parametrize("content", FILES)
def test_what_was_not_touched_is_accepted_by_both(content: bytes) -> None:
    value = _opened(content)
    assert check(value, Known(), NOW).ok
    assert signature_holds(value)


@given(st.sampled_from(FILES[: len(TEXTS)]), st.data())
@settings(max_examples=examples(100), **EVER)
def test_what_is_read_as_strict_json_has_the_form_that_others_give_it(text: bytes, data: st.DataObject) -> None:
    for content in (mutated(data, text), data.draw(st.binary(max_size=30)), json.dumps(data.draw(JSON)).encode()):
        try:
            value = loads(content)
        except (CanonicalError, UnicodeDecodeError):
            continue
        assert value == json.loads(content)
        assert canonical(value) == rfc8785.dumps(value)


@given(st.integers(0, 20), st.data())
@settings(max_examples=examples(60), **EVER)
def test_no_list_that_was_touched_makes_a_revoked_certificate_good(index: int, data: st.DataObject) -> None:
    held = issue(badge(credentialStatus=status_entry(LIST, index)), signer(), ISSUED)
    listed = _opened(mutated(data, json.dumps(PUBLISHED).encode()))
    try:
        known = Known.of([listed])
    except ValueError:
        return
    found = check(held, known, NOW)
    if found.verdict in (Verdict.VALID, Verdict.REVOKED):
        assert signature_holds(listed)
        assert found.ok == (index != 7)


@given(st.text(max_size=40) | st.text("0123456789abcdefz.:%/#-", max_size=30), st.data())
@settings(max_examples=examples(100), **EVER)
def test_no_name_of_a_signer_breaks_what_reads_it(text: str, data: st.DataObject) -> None:
    near = mutated(data, ISSUER.encode()).decode(errors="replace")
    for name in (text, f"did:key:{text}", f"did:web:{text}", near, f"{near}#{text}"):
        for read in (web_address, key_document, lambda name: Resolver().method(name, "assertionMethod")):
            try:
                found = read(name)
            except DidError:
                continue
            if read is key_document:
                assert found["id"] == name
            if read is web_address:
                host, *path = name.removeprefix("did:web:").split(":")
                assert name == web_did(host.replace("%3A", ":"), *path)
