"""Personal data: encrypted at rest, found by keyed hash, masked on screen.

AES-256-GCM with the field's name as associated data, so that a value moved to another column does not decrypt;
lookup hashes are HMAC-SHA-256. Both keys derive from one master key (HKDF, RFC 5869) and carry a version byte.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import models

from jineng.kernel.secrets import secret

KEY_VERSION = 1
NONCE = 12


@cache
def _key(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"jineng/{purpose}/v{KEY_VERSION}".encode()).derive(secret("personal"))


@cache
def _cipher() -> AESGCM:
    return AESGCM(_key("encrypt"))


def encrypt_bytes(content: bytes, purpose: str) -> bytes:
    """``content`` as version byte, nonce and ciphertext bound to ``purpose``."""
    nonce = os.urandom(NONCE)
    return bytes([KEY_VERSION]) + nonce + _cipher().encrypt(nonce, content, purpose.encode())


def decrypt_bytes(blob: bytes, purpose: str) -> bytes:
    """The content behind ``blob``.

    Raises:
        cryptography.exceptions.InvalidTag: wrong key, altered bytes, or bound to another purpose.
    """
    return _cipher().decrypt(blob[1:13], blob[13:], purpose.encode())


def encrypt(text: str, field: str) -> bytes:
    """``text``, encrypted for the column ``field``."""
    return encrypt_bytes(text.encode(), field)


def encrypt_all(texts: Sequence[str], field: str) -> list[bytes]:
    """What :func:`encrypt` makes of each of ``texts``, their nonces drawn at once."""
    version, bound, seal = bytes([KEY_VERSION]), field.encode(), _cipher().encrypt
    drawn = os.urandom(NONCE * len(texts))
    nonces = (drawn[start : start + NONCE] for start in range(0, len(drawn), NONCE))
    return [version + nonce + seal(nonce, text.encode(), bound) for nonce, text in zip(nonces, texts, strict=True)]


def decrypt(blob: bytes, field: str) -> str:
    """The text behind ``blob``; raises as :func:`decrypt_bytes` does."""
    return decrypt_bytes(blob, field).decode()


def lookup_hash(text: str, purpose: str) -> str:
    """A keyed hash (hex, with key version) by which a value is found without being stored in clear."""
    canonical = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip().upper()
    return f"{KEY_VERSION}:{hmac.digest(_key(f'hash/{purpose}'), canonical.encode(), 'sha256').hex()}"


def mask_name(name: str) -> str:
    """王小明 becomes 王**: the surname stays, the rest goes."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def mask_number(number: str) -> str:
    """620102********0026: enough to recognise one's own, too little to use another's."""
    if len(number) <= 8:
        return "*" * len(number)
    return (
        number[:6] + "*" * (len(number) - 10) + number[-4:] if len(number) > 10 else number[:2] + "*" * 6 + number[-2:]
    )


def mask_address(address: str) -> str:
    """wang.li@example.org becomes w***@example.org: whose it is may be guessed, and where it goes."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}"


class EncryptedText(models.BinaryField):  # type: ignore[type-arg]
    """A text column stored by :func:`encrypt`; reads and writes plain ``str`` in Python."""

    def _purpose(self) -> str:
        return self.name

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        if value is None or isinstance(value, bytes | memoryview):
            return value
        return encrypt(value, self._purpose())

    def from_db_value(self, value: Any, *_: Any) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else decrypt(bytes(value), self._purpose())
