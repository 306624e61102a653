"""The key ring: one signer, keys wrapped at rest, old seals that still verify after a rotation."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jineng.briefs.verifying import known_keys, verify_file
from jineng.engines.seals import seal, verify
from jineng.kernel import checks, clock, keys
from jineng.kernel.crypto import decrypt
from jineng.kernel.models import SecondKey, SigningKey
from jineng.kernel.tokens import SigningFailure

STATEMENT = {"type": "return-receipt", "file": "填报.xlsx"}


@pytest.fixture
def moments(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is a second later, so that rotations have an order."""
    ticking = iter(range(10**6))
    start = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=next(ticking)))


def sealed() -> dict[str, Any]:
    return dict(seal(STATEMENT, keys.signer(), clock.now()))


def findings(folder: Path, content: object) -> list[bool]:
    file = folder / "seal.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return [finding.ok for finding in verify_file(file)]


def test_first_use_makes_the_key_and_later_ones_find_it(moments: None) -> None:
    assert not SigningKey.objects.exists()
    first, second = keys.signer(), keys.signer()
    assert first.key_id == second.key_id == SigningKey.objects.get().key_id
    assert first.public_key == bytes(SigningKey.objects.get().public_key)


def test_private_half_is_wrapped(moments: None) -> None:
    keys.signer()
    kept = SigningKey.objects.get()
    wrapped = bytes(kept.wrapped_private_key)
    seed = bytes.fromhex(decrypt(wrapped, keys.WRAPPING))
    assert len(seed) == 32
    assert seed not in wrapped
    assert seed.hex().encode() not in wrapped


def test_rotation_signs_anew_and_old_seals_still_verify(moments: None) -> None:
    old = sealed()
    rotated = keys.rotate()
    new = sealed()
    assert keys.signer().key_id == rotated.key_id == new["proof"]["key_id"] != old["proof"]["key_id"]
    assert SigningKey.objects.filter(retired_at__isnull=True).count() == 1
    assert verify(old, known_keys()).ok
    assert verify(new, known_keys()).ok


def test_retired_key_does_not_seal_any_more(moments: None) -> None:
    old = keys.signer()
    keys.rotate()
    assert not verify(dict(seal(STATEMENT, old, clock.now())), known_keys()).ok


def test_under_a_clock_before_its_time_a_key_seals_from_when_it_may(db: None) -> None:
    keys.signer()
    (since,) = SigningKey.objects.values_list("valid_from", flat=True)
    with clock.clock_at(since - timedelta(days=1800)):
        early = keys.sealed(STATEMENT)
        assert keys.signer_now()[1] == since
    assert verify(early, known_keys()).ok
    with clock.clock_at(since + timedelta(days=1)):
        assert keys.signer_now()[1] == since + timedelta(days=1)


def test_so_does_a_second_key(db: None, settings: Any) -> None:
    pytest.importorskip("gmssl_pyx", reason="gmssl-pyx has no build for this machine")
    keys.signer()
    settings.SECOND_SIGNATURE = True
    keys.sealed(STATEMENT)
    (since,) = SecondKey.objects.values_list("valid_from", flat=True)
    with clock.clock_at(since - timedelta(days=1800)):
        early = keys.sealed(STATEMENT)
    assert datetime.fromisoformat(early["proof"]["created"]) >= since


def test_verification_finds_what_was_altered(moments: None, tmp_path: Path) -> None:
    fine = sealed()
    assert findings(tmp_path, fine) == [True]
    assert findings(tmp_path, {**fine, "statement": {**STATEMENT, "file": "别的.xlsx"}}) == [False]
    assert findings(tmp_path, {**fine, "proof": {**fine["proof"], "created": "2026-01-05T09:00:00Z"}}) == [False]
    assert findings(tmp_path, {"statement": STATEMENT}) == [False]
    assert findings(tmp_path, [1, 2]) == [False]
    assert findings(tmp_path, "no JSON") == [False]


def test_unknown_key_is_no_proof(moments: None, tmp_path: Path) -> None:
    fine = sealed()
    SigningKey.objects.all().delete()
    assert findings(tmp_path, fine) == [False]


def test_manifest_is_held_against_the_files_beside_it(moments: None, tmp_path: Path) -> None:
    from jineng.briefs.snapshots import file_digest

    for name in ("brief.html", "brief.pdf"):
        (tmp_path / name).write_text(name)
    manifest = {
        "type": "brief-release",
        "files": {name: file_digest(tmp_path / name) for name in ("brief.html", "brief.pdf")},
        "tables": {"facts": {"rows": 1, "sha256": "0" * 64}},
    }
    signed = dict(seal(manifest, keys.signer(), clock.now()))
    (tmp_path / "brief.pdf").write_text("another")
    (tmp_path / "manifest.json").write_text(json.dumps(signed))
    assert {finding.what: finding.ok for finding in verify_file(tmp_path / "manifest.json")} == {
        "签名 signature": True,
        "brief.html": True,
        "brief.pdf": False,
        "tables/facts.parquet": False,
    }


@pytest.fixture
def asked(moments: None, settings: Any) -> None:
    """A second signature is asked for."""
    pytest.importorskip("gmssl_pyx", reason="gmssl-pyx has no build for this machine")
    settings.SECOND_SIGNATURE = True


def test_seals_are_signed_once_unless_twice_is_asked_for(moments: None, tmp_path: Path) -> None:
    assert keys.second_signer_since() is None
    once = keys.sealed(STATEMENT)
    assert "second" not in once
    assert not SecondKey.objects.exists()
    assert findings(tmp_path, once) == [True]


def test_a_second_signature_is_checked_with_the_first(asked: None, tmp_path: Path) -> None:
    twice = keys.sealed(STATEMENT)
    (key,) = SecondKey.objects.all()
    assert twice["second"]["key_id"] == key.key_id
    assert len(bytes(key.public_key)) == 64
    assert bytes.fromhex(decrypt(bytes(key.wrapped_private_key), keys.SECOND_WRAPPING)) not in bytes(
        key.wrapped_private_key
    )
    assert findings(tmp_path, twice) == [True]
    (finding,) = verify_file(tmp_path / "seal.json")
    assert "SM2" in finding.what
    assert findings(tmp_path, {name: told for name, told in twice.items() if name != "second"}) == [False]
    assert findings(tmp_path, {**twice, "second": {**twice["second"], "value": "AAAA"}}) == [False]
    SecondKey.objects.all().delete()
    assert findings(tmp_path, twice) == [False]


def test_second_keys_rotate(asked: None, tmp_path: Path) -> None:
    old = keys.sealed(STATEMENT)
    keys.rotate_second()
    new = keys.sealed(STATEMENT)
    assert new["second"]["key_id"] != old["second"]["key_id"]
    assert findings(tmp_path, old) == findings(tmp_path, new) == [True]
    assert SecondKey.objects.filter(retired_at__isnull=True).count() == 1


def test_without_the_library_nothing_is_sealed_and_the_check_says_so(
    asked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks.what_signs_is_there() == []
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    with pytest.raises(SigningFailure, match="gmssl-pyx"):
        keys.sealed(STATEMENT)
    assert [error.id for error in checks.what_signs_is_there()] == ["jineng.E006"]
