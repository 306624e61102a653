"""As much of `python-pkcs11` as the program uses, over tokens in memory: for what no real module does on demand."""

from __future__ import annotations

from enum import Enum, auto
from types import ModuleType, SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class PKCS11Error(RuntimeError):
    """What all errors of the library are."""


ERRORS = (
    "UserAlreadyLoggedIn",
    "PinIncorrect",
    "PinInvalid",
    "PinLenRange",
    "PinLocked",
    "NoSuchToken",
    "NoSuchKey",
    "SessionHandleInvalid",
    "AttributeSensitive",
)
errors: Any = SimpleNamespace(PKCS11Error=PKCS11Error, **{name: type(name, (PKCS11Error,), {}) for name in ERRORS})


class Attribute(Enum):
    """Attributes of keys."""

    EC_PARAMS = auto()
    EC_POINT = auto()
    SENSITIVE = auto()
    EXTRACTABLE = auto()
    PRIVATE = auto()
    VALUE = auto()


class Key:
    """Half of a key pair."""

    def __init__(self, token: FakeToken, kind: str, label: str, told: dict[Any, Any], secret: Any = None) -> None:
        self.token, self.kind, self.label, self.told, self.secret = token, kind, label, told, secret

    def __getitem__(self, name: Attribute) -> Any:
        if name is Attribute.VALUE and self.told[Attribute.SENSITIVE]:
            raise errors.AttributeSensitive
        return self.told[name]

    def sign(self, message: bytes, *, mechanism: str) -> bytes:
        assert mechanism == "EDDSA"
        if not self.token.sessions:
            raise errors.SessionHandleInvalid
        return bytes(64) if self.token.signs_nonsense else self.secret.sign(message)

    def destroy(self) -> None:
        self.token.objects.remove(self)


class Session:
    """A session, good until the token was reset."""

    def __init__(self, token: FakeToken) -> None:
        self.token = token
        token.sessions.append(self)

    def close(self) -> None:
        if self not in self.token.sessions:
            raise errors.SessionHandleInvalid
        self.token.sessions.remove(self)

    def create_domain_parameters(self, kind: str, told: dict[Any, bytes], *, local: bool) -> Any:
        assert (kind, told, local) == ("EC_EDWARDS", {Attribute.EC_PARAMS: bytes.fromhex("06032b6570")}, True)
        return self

    def generate_keypair(self, *, mechanism: str, store: bool, label: str, id: bytes, private_template: Any) -> Any:
        assert (mechanism, store, id) == ("EC_EDWARDS_KEY_PAIR_GEN", True, label.encode())
        secret = Ed25519PrivateKey.generate()
        point = self.token.before_points + secret.public_key().public_bytes_raw()
        told = {**private_template, **self.token.insists}
        pair = (
            Key(self.token, "public", label, {Attribute.EC_POINT: point}),
            Key(self.token, "private", label, told, secret),
        )
        self.token.objects += pair
        return pair

    def get_key(self, *, object_class: str, label: str) -> Key:
        found = [one for one in self.token.objects if (one.kind, one.label) == (object_class, label)]
        if not found:
            raise errors.NoSuchKey
        return found[0]


class FakeToken:
    """A token with a PIN; it can be reset, wrap its public keys or not, and be bad in two ways."""

    def __init__(self, label: str, pin: str) -> None:
        self.label, self.pin = label, pin
        self.objects: list[Key] = []
        self.sessions: list[Session] = []
        self.insists: dict[Attribute, bool] = {}
        self.before_points = b"\x04\x20"
        self.signs_nonsense = False
        self.wrong_pins = 0

    def reset(self) -> None:
        """Lose all sessions, as a module does that was unplugged."""
        self.sessions.clear()

    def open(self, *, rw: bool, user_pin: str | None = None) -> Session:
        assert rw
        if user_pin is not None and self.sessions:
            raise errors.UserAlreadyLoggedIn
        if user_pin is not None and user_pin != self.pin:
            self.wrong_pins += 1
            raise errors.PinIncorrect
        return Session(self)


class Library:
    """The module of a maker, with one token."""

    def __init__(self, token: FakeToken) -> None:
        self.token, self.begun = token, 1

    def get_token(self, *, token_label: str) -> FakeToken:
        if token_label != self.token.label:
            raise errors.NoSuchToken
        return self.token

    def finalize(self) -> None:
        raise PKCS11Error("not initialised in this process")

    def initialize(self) -> None:
        self.begun += 1


def module(libraries: dict[str, Library]) -> Any:
    """The module `pkcs11`, with makers' modules by path."""
    made: Any = ModuleType("pkcs11")

    def lib(path: str) -> Library:
        if path not in libraries:
            raise PKCS11Error(f"cannot open {path}")
        return libraries[path]

    made.lib, made.exceptions, made.Attribute = lib, errors, Attribute
    made.KeyType = SimpleNamespace(EC_EDWARDS="EC_EDWARDS")
    made.ObjectClass = SimpleNamespace(PRIVATE_KEY="private")
    made.Mechanism = SimpleNamespace(EDDSA="EDDSA", EC_EDWARDS_KEY_PAIR_GEN="EC_EDWARDS_KEY_PAIR_GEN")
    return made
