from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from tests.engines.seals.samples import ISSUED, changed

from jineng.engines.canonical import CanonicalError
from jineng.engines.seals import Ed25519Signer, PublicKey, Verdict
from jineng.engines.seals.disclosure import SealedList, check_paper, seal_list

SIGNER = Ed25519Signer("2021-a", bytes(range(32)))
KEYS = {"2021-a": PublicKey(SIGNER.public_key, ISSUED - dt.timedelta(days=1))}
ROWS = [{"name": name, "award": "一等奖"} for name in ("甲", "乙", "丙", "丁", "戊")]


def sealed() -> SealedList:
    return seal_list({"title": "获奖名单", "year": 2021}, ROWS, SIGNER, ISSUED)


def test_each_paper_shows_one_row_and_no_other() -> None:
    listed = sealed()
    papers = listed.papers()
    for index, paper in enumerate(papers):
        text = json.dumps(paper, ensure_ascii=False)
        found = check_paper(json.loads(text), KEYS)
        assert (found.verdict, found.signed_at) == (Verdict.VALID, ISSUED)
        assert paper == listed.paper_of(index)
        assert [row["name"] in text for row in ROWS] == [place == index for place in range(len(ROWS))]
    assert len(set(listed.salts)) == len(ROWS)
    assert listed.sealed["statement"]["about"]["title"] == "获奖名单"


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [
        ("row/name", "己", Verdict.ALTERED),
        ("salt", "00" * 16, Verdict.ALTERED),
        ("salt", None, Verdict.MALFORMED),
        ("proof/index", 0, Verdict.ALTERED),
        ("proof/size", 6, Verdict.ALTERED),
        ("proof/path", [], Verdict.ALTERED),
        ("proof/path", ["x"], Verdict.MALFORMED),
        ("proof", None, Verdict.MALFORMED),
        ("row", float("nan"), Verdict.MALFORMED),
        ("list/statement/size", 6, Verdict.ALTERED),
        ("list/statement/root", "00", Verdict.ALTERED),
        ("list", None, Verdict.MALFORMED),
        ("more", 1, Verdict.MALFORMED),
    ],
)
def test_a_paper_that_was_altered_is_found(path: str, value: Any, status: Verdict) -> None:
    assert check_paper(changed(sealed().paper_of(2), path, value), KEYS).verdict is status


def test_only_a_seal_over_a_list_makes_a_paper() -> None:
    from jineng.engines.seals import seal

    for statement in ({"type": "other"}, {"type": "sealed-list", "root": 7}, "x"):
        paper = {**sealed().paper_of(0), "list": seal(statement, SIGNER, ISSUED)}
        assert check_paper(paper, KEYS).verdict is Verdict.MALFORMED
    assert check_paper(sealed().paper_of(0), {}).verdict is Verdict.UNKNOWN
    assert check_paper("x", KEYS).verdict is Verdict.MALFORMED


def test_a_list_that_cannot_be_sealed() -> None:
    with pytest.raises(CanonicalError):
        seal_list({}, [float("nan")], SIGNER, ISSUED)
    with pytest.raises(ValueError, match=r"longer|shorter|argument"):
        seal_list({}, ROWS, SIGNER, ISSUED, ["00"])
    with pytest.raises(IndexError):
        sealed().paper_of(5)
