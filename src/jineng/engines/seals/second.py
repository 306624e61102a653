"""A second signature of a seal, by SM2 with SM3 (GM/T 0003.2), for those whose rules ask for one beside Ed25519.

A signature is the DER of GM/T 0009, over the message with the signer's identity that is usual there. The arithmetic is
GmSSL's, through `gmssl-pyx` (the extra ``jineng[sm2]``), which is imported by the first use.
"""

from __future__ import annotations

import importlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

SECOND_TYPE = "jineng-sm2-sm3-jcs-1"
IDENTITY = b"1234567812345678"
_PUBLIC_BYTES, _PRIVATE_BYTES = 64, 32


class SecondMissing(RuntimeError):
    """What signs and checks by SM2 is not installed."""


class SecondSigner:
    """A signer by SM2 that holds its private key (32 bytes) in memory; `public_key` is the point's x and y (64)."""

    def __init__(self, key_id: str, public_key: bytes, private_key: bytes) -> None:
        if len(public_key) != _PUBLIC_BYTES or len(private_key) != _PRIVATE_BYTES:
            raise ValueError(f"an SM2 key has {_PUBLIC_BYTES} public and {_PRIVATE_BYTES} private bytes")
        self.key_id, self.public_key, self._private_key = key_id, public_key, private_key

    def sign(self, message: bytes) -> bytes:
        """The signature in DER. Raises SecondMissing."""
        return bytes(_library().sm2_sign(self._private_key, self.public_key, message, IDENTITY))


def can_sign_twice() -> bool:
    """Whether what signs and checks by SM2 is installed."""
    try:
        _library()
    except SecondMissing:
        return False
    return True


def new_pair() -> tuple[bytes, bytes]:
    """A new key: public (64 bytes) and private (32). Raises SecondMissing."""
    public, private = _library().sm2_key_generate()
    return bytes(public), bytes(private)


def is_second_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature in DER is one of the message by a public key. Raises SecondMissing."""
    library = _library()
    try:
        decode_dss_signature(signature)  # Strictly DER, so that one signature has one spelling.
        return bool(library.sm2_verify(public_key, message, signature, IDENTITY))
    except (ValueError, library.GmsslInnerError):
        return False


def _library() -> Any:
    try:
        return importlib.import_module("gmssl_pyx")
    except ImportError as error:
        raise SecondMissing("gmssl-pyx (jineng[sm2]) is not installed") from error
