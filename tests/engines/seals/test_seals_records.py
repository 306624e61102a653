"""Learner records: what they hold is read as others read it, and a record is no better than what it holds."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from tests.engines.seals.samples import ISSUED, ISSUER, NOW, badge, changed, signer
from tests.engines.seals.test_seals_linked import _theirs

from jineng.engines.canonical import digest
from jineng.engines.seals.badges import Achievement, Holder, Issuer, is_holder
from jineng.engines.seals.badges import badge as written
from jineng.engines.seals.credentials import Known, check, issue, issue_status_list
from jineng.engines.seals.findings import Refusal
from jineng.engines.seals.linked import STANDARD, canonicalize, learner_record
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.records import MOST_HELD, Association, held_in, is_record, record
from jineng.engines.seals.status import REVOCATION, StatusList, status_entry

PUBLISHED = "7defe702c102faf14108579b7d65ef39ecf4c3bbef925b803e15bd77cd6e3394"
"""SHA-256 of the canonical form (RFC 8785) of 1EdTech's context 2.0.1, as its public validator carries it."""
LIST = "https://jineng.example/status/1"
HELD = "credentialSubject/verifiableCredential"


def one(number: int = 0, **changes: Any) -> dict[str, Any]:
    return issue(badge(id=f"urn:uuid:{number:08d}-0c1d-4c0f-8a51-6f5d6e0c2021", **changes), signer(), ISSUED)


def made(*held: dict[str, Any], **options: Any) -> dict[str, Any]:
    return record(
        "urn:uuid:99999999-0c1d-4c0f-8a51-6f5d6e0c2021",
        Issuer(ISSUER, "某校"),
        Holder("张三 ABCD2345", "pepper"),
        held,
        ISSUED,
        name="学习记录",
        **options,
    )


def verdict(unsigned: Any, known: Known | None = None) -> str:
    return str(check(issue(unsigned, signer(), ISSUED), known or Known(), NOW).verdict)


def test_the_context_is_the_published_one_in_words_of_our_own() -> None:
    assert digest(learner_record.context()) == PUBLISHED


def test_a_record_says_what_pyld_reads_and_bears_both_proofs() -> None:
    linked = Association("https://jineng.example/achievements/7", "urn:uuid:1")
    unsigned = made(one(), one(1), valid_until=NOW + timedelta(1), associations=[linked], partial=True)
    assert canonicalize(STANDARD.quads(unsigned)) == _theirs(unsigned)
    issued = add_proof(issue(unsigned, signer(), ISSUED, as_list=True), signer(), Suite.RDFC, ISSUED)
    assert check(issued, Known(), NOW).ok
    assert is_holder(issued, "张三 ABCD2345")
    assert check(issued, Known(), NOW + timedelta(2)).verdict == "expired"
    assert check(changed(issued, f"{HELD}/0/name", "x"), Known(), NOW).verdict == "altered"


def test_a_record_is_refused_when_anything_in_it_is() -> None:
    revoked = StatusList()
    revoked[3] = True
    listed = issue_status_list(LIST, ISSUER, revoked, REVOCATION, signer(), ISSUED)
    known = Known(lists={LIST: listed})
    good = one(1, credentialStatus=status_entry(LIST, 4))
    for bad, said in (
        (one(2, credentialStatus=status_entry(LIST, 3)), "revoked"),
        (one(2, validUntil="2022-01-01T00:00:00Z"), "expired"),
        (one(2) | {"name": "高级"}, "altered"),
        (badge(), "unknown"),
        (issue(badge(), signer(2), ISSUED), "unknown"),
    ):
        found = check(issue(made(good, bad), signer(), ISSUED), known, NOW)
        assert (found.verdict, found.issuer) == (said, ISSUER)
        assert found.reason.startswith("学习记录中第 2 张凭证：")
    assert verdict(made(good), known) == "valid"


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ([], "holds no credentials"),
        (["x"], "holds no credentials"),
        ([badge(), badge()], "have one id"),
        ([badge(id=f"urn:x:{n}") for n in range(MOST_HELD + 1)], "more than 100"),
        ([made(badge())], "cannot hold another"),
    ],
)
def test_what_no_record_holds_is_malformed(held: list[Any], why: str) -> None:
    whole = changed(made(badge()), HELD, held)
    with pytest.raises(Refusal, match=why):
        held_in(whole)
    assert held_in(changed(made(badge()), HELD, badge())) == [badge()]


def test_a_record_without_credentials_is_none_and_none_is_made() -> None:
    hollow = copy.deepcopy(made(one()))
    del hollow["credentialSubject"]["verifiableCredential"]
    assert verdict(hollow) == "malformed"
    assert not is_record("x")
    assert not is_record(badge())
    with pytest.raises(ValueError, match="1 to 100"):
        made()


def test_credits_that_were_earned_are_told() -> None:
    earned = written(
        "urn:x:1",
        Issuer(ISSUER, "某校"),
        Achievement("urn:x:2", "课程", "x", "x"),
        Holder("张三", "x"),
        ISSUED,
        earned=3.5,
    )
    assert earned["credentialSubject"]["creditsEarned"] == 3.5
    assert verdict(made(issue(earned, signer(), ISSUED))) == "valid"
