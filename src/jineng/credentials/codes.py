"""What is printed on a certificate beside its number, so that a number alone tells nothing."""

from __future__ import annotations

import hmac
from uuid import UUID

from jineng.kernel.crypto import lookup_hash

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and letters that are not taken for each other, 32 of them."""
LENGTH = 8


def check_code(certificate_id: UUID) -> str:
    """The certificate's check code: 40 bits that only the installation's key can tell from its id, never stored."""
    digits = int(_derived(certificate_id, "check-code")[:16], 16)
    return "".join(ALPHABET[digits >> 5 * place & 31] for place in range(LENGTH))


def salt_of(certificate_id: UUID) -> str:
    """The salt under which a certificate's credential tells its holder."""
    return _derived(certificate_id, "holder-salt")[:32]


def spoken(code: str) -> str:
    """A code in the form in which it is printed: ``ABCD-2345``."""
    return f"{code[:4]}-{code[4:]}"


def plain_number(typed: str) -> str:
    """A certificate's number as somebody typed it, without what no number holds."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and sign.isprintable()).strip()[:30]


def plain_code(typed: str) -> str:
    """A check code as somebody typed it, without grouping and in one case."""
    return "".join(character for character in typed.upper() if character.isalnum())


def is_code(typed: str, certificate_id: UUID) -> bool:
    """Whether somebody typed the certificate's code, in whatever case and grouping."""
    return hmac.compare_digest(plain_code(typed).encode(), check_code(certificate_id).encode())


def _derived(certificate_id: UUID, what: str) -> str:
    return lookup_hash(str(certificate_id), f"certificate/{what}").partition(":")[2]
