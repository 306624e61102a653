"""Keys on a token sign as those at hand do, on SoftHSM where it is installed and on a token in memory everywhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from jineng.briefs.verifying import known_keys
from jineng.engines.seals import seal, verify
from jineng.engines.seals.credentials import Known, check, issue
from jineng.engines.seals.dids import key_did
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.kernel import checks, clock, keys, tokens
from jineng.kernel.models import SigningKey
from jineng.kernel.tokens import SigningFailure, Token, TokenPlace, TokenSigner
from jineng.site.hardware import hardware
from jineng.site.preflight import EnvironmentFailure
from tests.engines.seals.samples import ISSUED, NOW, badge
from tests.kernel import fake_pkcs11

SOFTHSM = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
LABEL, PIN = "jineng-test", "5678"
STATEMENT = {"type": "return-receipt", "file": "填报.xlsx"}


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> fake_pkcs11.FakeToken:
    """A token in memory, whose module is at ``tmp_path``."""
    token = fake_pkcs11.FakeToken(LABEL, PIN)
    libraries = {str(tmp_path): fake_pkcs11.Library(token)}
    monkeypatch.setitem(sys.modules, "pkcs11", fake_pkcs11.module(libraries))
    return token


@pytest.fixture
def soft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenPlace]:
    """A new token of SoftHSM."""
    pkcs11 = pytest.importorskip("pkcs11")
    module = next((path for path in SOFTHSM if Path(path).is_file()), None)
    tool = shutil.which("softhsm2-util")
    if module is None or tool is None:
        pytest.skip("SoftHSM is not installed (Debian: apt install softhsm2)")
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    command = [tool, "--init-token", "--free", "--label", LABEL, "--so-pin", "12345678", "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    pkcs11.unload(module)
    yield TokenPlace(module, LABEL, PIN)
    tokens._token.cache_clear()
    pkcs11.unload(module)


@pytest.fixture(params=["soft", "made_up"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> TokenPlace:
    """Where a token is, of either kind."""
    found = request.getfixturevalue(request.param)
    return found if isinstance(found, TokenPlace) else TokenPlace(str(tmp_path), LABEL, PIN)


def elsewhere(place: TokenPlace, **other: str) -> TokenPlace:
    return TokenPlace(**{"module": place.module, "token": place.token, "pin": place.pin, **other})


def test_the_key_ring_makes_its_keys_on_the_token(db: None, settings: Any, place: TokenPlace) -> None:
    settings.HSM = place
    first, second, other = keys.signer(), keys.signer(), keys.signer(uuid4(), "did:web:x")
    assert first.key_id == second.key_id
    assert isinstance(first, TokenSigner)
    assert other.key_id.startswith("did:web:x#jineng-")
    assert other.public_key != first.public_key
    assert {bytes(row.wrapped_private_key) for row in SigningKey.objects.all()} == {keys.ON_TOKEN}
    sealed = dict(seal(STATEMENT, first, clock.now()))
    assert verify(sealed, known_keys()).ok
    assert not verify({**sealed, "statement": {}}, known_keys()).ok
    assert keys.rotate().key_id == keys.signer().key_id != first.key_id


def test_credentials_are_sealed_on_the_token_by_either_suite(place: TokenPlace) -> None:
    token = Token(place)
    public = token.make("k")
    did = key_did(public)
    far = TokenSigner(token, "k", f"{did}#{did.removeprefix('did:key:')}", public)
    body = badge(issuer={"id": did, "type": ["Profile"], "name": "某机构"})
    issued = add_proof(issue(body, far, ISSUED), far, Suite.RDFC, ISSUED)
    assert check(issued, Known(), NOW).ok


def test_old_seals_hold_when_keys_move_to_the_token_and_back(db: None, settings: Any, place: TokenPlace) -> None:
    settings.HSM = None
    at_hand = keys.signer()
    before = seal(STATEMENT, at_hand, clock.now())
    settings.HSM = place
    on_token = keys.signer()
    meanwhile = seal(STATEMENT, on_token, clock.now())
    assert on_token.key_id != at_hand.key_id
    assert SigningKey.objects.filter(retired_at__isnull=True).count() == 1
    settings.HSM = None
    with pytest.raises(SigningFailure, match="JINENG_HSM_MODULE"):
        keys.signer()
    keys.rotate()
    after = seal(STATEMENT, keys.signer(), clock.now())
    assert all(verify(dict(one), known_keys()).ok for one in (before, meanwhile, after))


def test_the_private_half_does_not_leave_the_token(place: TokenPlace) -> None:
    token = Token(place)
    public = token.make("k")
    pkcs11 = sys.modules["pkcs11"]
    private = token._keys["k"]
    assert len(public) == 32
    with pytest.raises(pkcs11.exceptions.AttributeSensitive):
        private[pkcs11.Attribute.VALUE]
    assert not private[pkcs11.Attribute.EXTRACTABLE]
    assert PIN not in repr(place)


def test_a_lost_session_is_taken_up_again(place: TokenPlace) -> None:
    token = Token(place)
    public = token.make("k")
    assert token.sign("k", public, b"a") == token.sign("k", public, b"a")
    token._session.close()
    assert len(token.sign("k", public, b"b")) == 64
    beside = Token(place)
    assert beside.sign("k", public, b"c") == token.sign("k", public, b"c"), "two of one process share what is signed in"


def test_what_a_parent_began_a_child_begins_anew(place: TokenPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    public = Token(place).make("k")
    monkeypatch.setitem(tokens._started, place.module, 0)
    assert len(Token(place).sign("k", public, b"a")) == 64


def test_another_key_under_the_label_signs_nothing(place: TokenPlace) -> None:
    token = Token(place)
    one, other = token.make("one"), token.make("other")
    with pytest.raises(SigningFailure, match="不符"):
        token.sign("one", other, b"a")
    assert len(token.sign("one", one, b"a")) == 64
    with pytest.raises(SigningFailure, match="NoSuchKey"):
        token.sign("none", one, b"a")


@pytest.mark.parametrize("other", [{"token": "nowhere"}, {"module": "/nowhere.so"}])
def test_a_token_that_is_not_there_is_told(place: TokenPlace, other: dict[str, str]) -> None:
    with pytest.raises(SigningFailure, match="暂不可用"):
        Token(elsewhere(place, **other)).answer()


def test_a_wrong_pin_is_tried_once(tmp_path: Path, made_up: fake_pkcs11.FakeToken) -> None:
    token = Token(TokenPlace(str(tmp_path), LABEL, "0000"))
    for act in (token.answer, lambda: token.make("k"), lambda: token.sign("k", b"", b"")):
        with pytest.raises(SigningFailure, match="PIN"):
            act()
    assert made_up.wrong_pins == 1


def test_a_wrong_pin_is_told(place: TokenPlace) -> None:
    with pytest.raises(SigningFailure, match="不接受 PIN"):
        Token(elsewhere(place, pin="00000")).answer()


def test_a_session_that_was_lost_at_once_is_no_end(tmp_path: Path, made_up: fake_pkcs11.FakeToken) -> None:
    token = Token(TokenPlace(str(tmp_path), LABEL, PIN))
    made_up.before_points = b""
    public = token.make("k")
    made_up.reset()
    assert len(token.sign("k", public, b"a")) == 64


@pytest.mark.parametrize(
    "fault",
    [
        {"insists": {fake_pkcs11.Attribute.EXTRACTABLE: True}},
        {"insists": {fake_pkcs11.Attribute.SENSITIVE: False}},
        {"signs_nonsense": True},
        {"before_points": b"\x05\x20"},
    ],
)
def test_a_key_that_is_not_safe_there_is_not_left_there(
    tmp_path: Path, made_up: fake_pkcs11.FakeToken, fault: dict[str, Any]
) -> None:
    for name, value in fault.items():
        setattr(made_up, name, value)
    with pytest.raises(SigningFailure, match="不可导出"):
        Token(TokenPlace(str(tmp_path), LABEL, PIN)).make("k")
    assert made_up.objects == []


def test_without_the_library_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(SigningFailure, match="python-pkcs11"):
        Token(TokenPlace("/nowhere.so", LABEL, PIN)).make("k")


def test_the_check_before_the_start_asks_the_token(settings: Any, tmp_path: Path, made_up: Any) -> None:
    settings.HSM = None
    assert checks.what_signs_is_there() == []
    settings.HSM = TokenPlace(str(tmp_path), LABEL, PIN)
    assert checks.what_signs_is_there() == []
    settings.HSM = TokenPlace(str(tmp_path), "another", PIN)
    (error,) = checks.what_signs_is_there()
    assert (error.id, "another" in error.msg) == ("jineng.E005", True)


def test_the_environment_names_the_token() -> None:
    told = {"JINENG_HSM_MODULE": "/lib/x.so", "JINENG_HSM_TOKEN": LABEL, "JINENG_HSM_PIN": PIN}
    assert hardware({}) is None
    assert hardware(told) == TokenPlace("/lib/x.so", LABEL, PIN)
    with pytest.raises(EnvironmentFailure, match="JINENG_HSM_TOKEN, JINENG_HSM_PIN"):
        hardware({"JINENG_HSM_MODULE": "/lib/x.so"})


def test_seals_of_a_moment_before_the_key_are_none(db: None, settings: Any, place: TokenPlace) -> None:
    settings.HSM = place
    assert not verify(dict(seal(STATEMENT, keys.signer(), datetime(2020, 1, 1, tzinfo=UTC))), known_keys()).ok
