"""Signing keys on a PKCS#11 token (a hardware security module, or SoftHSM): made there, never read, asked to sign.

PKCS#11 3.0 (OASIS), sections 2.3.5 and 2.3.14: Edwards keys and CKM_EDDSA, which without a parameter is the Ed25519 of
RFC 8032. The library `python-pkcs11` is the extra ``jineng[hsm]``; it is imported by the first use.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ValidationError

_ED25519 = bytes.fromhex("06032b6570")
"""The curve as its object identifier 1.3.101.112 (RFC 8410), in DER."""
_OCTETS = bytes.fromhex("0420")
"""How DER begins 32 octets; some modules wrap a public key in it and some do not."""
_POINT = 32
_PROBE = b"jineng: is this key what it says"
_started: dict[str, int] = {}
Told = TypeVar("Told")


class SigningFailure(ValidationError):
    """What should sign cannot; pages tell it like any other refusal, and nothing is written. `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class TokenPlace:
    """Where a token is: the path of its PKCS#11 module, the token's label, and the user's PIN."""

    module: str
    token: str
    pin: str = field(repr=False)


class Token:
    """A token with one session of this process, taken up again when it was lost."""

    def __init__(self, place: TokenPlace) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        self._refused: SigningFailure | None = None

    def make(self, label: str) -> bytes:
        """Make an Ed25519 key that stays on the token under a label; returns its public key (32 bytes).

        Raises SigningFailure. A key that could be read, or that does not sign as its public key says, is not left
        there.
        """
        with self._lock:
            self._drop()
            return self._told(lambda: self._made(label))

    def sign(self, label: str, public: bytes, message: bytes) -> bytes:
        """The signature by the key of a label, 64 bytes. Raises SigningFailure, also where it is not of `public`."""
        with self._lock:
            if self._session is not None:
                with suppress(self._pkcs11().exceptions.PKCS11Error):
                    return self._signed(label, public, message)
                self._drop()  # The session may have been lost; whether the token is there a new one tells.
            return self._told(lambda: self._signed(label, public, message))

    def answer(self) -> None:
        """Raises SigningFailure where the token is not there or does not let the program in."""
        with self._lock:
            self._told(self._opened)

    def _told(self, act: Callable[[], Told]) -> Told:
        try:
            return act()
        except self._pkcs11().exceptions.PKCS11Error as error:
            self._drop()
            reason = f"{type(error).__name__} {error}".strip()
            raise SigningFailure(
                f"签名设备（HSM）“{self._place.token}”暂不可用：{reason}。",
                f"The signing token '{self._place.token}' does not answer: {reason}.",
            ) from error

    def _pkcs11(self) -> Any:
        try:
            return importlib.import_module("pkcs11")
        except ImportError as error:
            raise SigningFailure(
                "已配置签名设备（HSM），但没有安装 python-pkcs11（jineng[hsm]）。",
                "A signing token is configured, but python-pkcs11 (jineng[hsm]) is not installed.",
            ) from error

    def _opened(self) -> Any:
        if self._session is not None:
            return self._session
        if self._refused is not None:
            raise self._refused
        pkcs11 = self._pkcs11()
        errors = pkcs11.exceptions
        module = pkcs11.lib(self._place.module)
        if _started.setdefault(self._place.module, os.getpid()) != os.getpid():
            # What a parent process had initialised is not this one's (PKCS#11, section 6.6).
            with suppress(errors.PKCS11Error):
                module.finalize()
            module.initialize()
            _started[self._place.module] = os.getpid()
        token = module.get_token(token_label=self._place.token)
        try:
            self._session = token.open(rw=True, user_pin=self._place.pin)
        except errors.UserAlreadyLoggedIn:
            self._session = token.open(rw=True)
        except (errors.PinIncorrect, errors.PinInvalid, errors.PinLenRange, errors.PinLocked) as error:
            # A few wrong PINs lock a token for good, so it is not tried again by this process.
            self._refused = SigningFailure(
                f"签名设备（HSM）“{self._place.token}”不接受 PIN，请更正 JINENG_HSM_PIN 后重启。",
                f"The signing token '{self._place.token}' does not take the PIN; correct JINENG_HSM_PIN and restart.",
            )
            raise self._refused from error
        return self._session

    def _drop(self) -> None:
        session, self._session = self._session, None
        self._keys.clear()
        if session is not None:
            with suppress(self._pkcs11().exceptions.PKCS11Error):
                session.close()

    def _made(self, label: str) -> bytes:
        session, pkcs11 = self._opened(), self._pkcs11()
        of = pkcs11.Attribute
        curve = session.create_domain_parameters(pkcs11.KeyType.EC_EDWARDS, {of.EC_PARAMS: _ED25519}, local=True)
        public, private = curve.generate_keypair(
            mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
            store=True,
            label=label,
            id=label.encode(),
            private_template={of.SENSITIVE: True, of.EXTRACTABLE: False, of.PRIVATE: True},
        )
        point = bytes(public[of.EC_POINT]).removeprefix(_OCTETS)
        hidden = private[of.SENSITIVE] and not private[of.EXTRACTABLE]
        if not hidden or not _is_signature(point, private.sign(_PROBE, mechanism=pkcs11.Mechanism.EDDSA), _PROBE):
            private.destroy()
            public.destroy()
            raise SigningFailure(
                f"签名设备（HSM）“{self._place.token}”不能生成不可导出的 Ed25519 密钥。",
                f"The signing token '{self._place.token}' makes no Ed25519 keys that stay on it.",
            )
        self._keys[label] = private
        return point

    def _signed(self, label: str, public: bytes, message: bytes) -> bytes:
        session, pkcs11 = self._opened(), self._pkcs11()
        if label not in self._keys:
            self._keys[label] = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
        signature = bytes(self._keys[label].sign(message, mechanism=pkcs11.Mechanism.EDDSA))
        if not _is_signature(public, signature, message):
            raise SigningFailure(
                f"签名设备（HSM）“{self._place.token}”上的密钥 {label} 与登记的公钥不符。",
                f"The key {label} on the signing token '{self._place.token}' is not the one that was published.",
            )
        return signature


@dataclass(frozen=True)
class TokenSigner:
    """A signer by a key on a token; `label` is the key's there."""

    token: Token
    label: str
    key_id: str
    public_key: bytes

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes. Raises SigningFailure."""
        return self.token.sign(self.label, self.public_key, message)


def configured() -> Token | None:
    """The token that the installation's keys are made on, or None where they lie wrapped in the database."""
    place = settings.HSM
    return None if place is None else _token(place, os.getpid())


@cache
def _token(place: TokenPlace, process: int) -> Token:
    del process  # A session is never carried into a child.
    return Token(place)


def _is_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (ValueError, InvalidSignature):
        return False
    return True
