"""Bytes as text that says its own alphabet (Multibase), and Ed25519 keys as such text (Multikey)."""

from __future__ import annotations

import base64
import binascii

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGIT = {char: place for place, char in enumerate(_ALPHABET)}
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_PAIR = {pair: place for place, pair in enumerate(_PAIRS)}
_LONGEST_BASE58 = 200
_ED25519_PUBLIC, _ED25519_SECRET = b"\xed\x01", b"\x80\x26"
_KEY_BYTES = 32


class MultibaseError(ValueError):
    """The text is not what it should be: another alphabet, another spelling, another kind of key."""


def base58_encode(data: bytes) -> str:
    """Base58 (Bitcoin's alphabet), without a header."""
    number = int.from_bytes(data, "big")
    digits = []
    while number:
        number, low = divmod(number, 58 * 58)
        digits.append(_PAIRS[low])
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + "".join(reversed(digits)).lstrip("1")


def base58_decode(text: str) -> bytes:
    """The bytes of a base58 text of at most 200 characters. Raises MultibaseError."""
    if len(text) > _LONGEST_BASE58:
        raise MultibaseError("the base58 text is too long")
    number = 0
    try:
        if len(text) % 2:
            number = _DIGIT[text[0]]
        for place in range(len(text) % 2, len(text), 2):
            number = number * (58 * 58) + _PAIR[text[place : place + 2]]
    except KeyError as error:
        raise MultibaseError("not base58") from error
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_z(data: bytes) -> str:
    """Multibase with header z: base58."""
    return "z" + base58_encode(data)


def decode_z(text: str) -> bytes:
    """Raises MultibaseError where the header is not z or the rest not base58."""
    if not text.startswith("z"):
        raise MultibaseError("the text must begin with z (base58)")
    return base58_decode(text[1:])


def encode_u(data: bytes) -> str:
    """Multibase with header u: base64url without padding."""
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_u(text: str) -> bytes:
    """Raises MultibaseError where the header is not u or the rest not base64url in its one spelling."""
    if not text.startswith("u"):
        raise MultibaseError("the text must begin with u (base64url)")
    try:
        data = base64.b64decode(text[1:] + "=" * (-(len(text) - 1) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MultibaseError("not base64url") from error
    if encode_u(data) != text:
        raise MultibaseError("not the one spelling of base64url")
    return data


def public_multikey(key: bytes) -> str:
    """An Ed25519 public key (32 bytes) as Multikey, z6Mk…"""
    return encode_z(_ED25519_PUBLIC + key)


def read_public_multikey(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key. Raises MultibaseError for anything else."""
    return _key_of(text, _ED25519_PUBLIC)


def read_secret_multikey(text: str) -> bytes:
    """The 32-byte seed of an Ed25519 secret key. Raises MultibaseError for anything else."""
    return _key_of(text, _ED25519_SECRET)


def _key_of(text: str, header: bytes) -> bytes:
    data = decode_z(text)
    if not data.startswith(header) or len(data) != len(header) + _KEY_BYTES:
        raise MultibaseError("not an Ed25519 key of this kind")
    return data[len(header) :]
