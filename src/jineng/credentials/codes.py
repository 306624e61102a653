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
    return _told(certificate_id, "certificate/check-code")


def slip_code(candidate_id: UUID) -> str:
    """The code in the address on a candidate's admission slip, of the same kind."""
    return _told(candidate_id, "candidate/slip-code")


def salt_of(certificate_id: UUID) -> str:
    """The salt under which a certificate's credential tells its holder."""
    return _derived(certificate_id, "certificate/holder-salt")[:32]


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
    return _is_same(typed, check_code(certificate_id))


def is_slip_code(typed: str, candidate_id: UUID) -> bool:
    """Whether it is the code of a candidate's slip."""
    return _is_same(typed, slip_code(candidate_id))


def _is_same(typed: str, code: str) -> bool:
    return hmac.compare_digest(plain_code(typed).encode(), code.encode())


def _told(of: UUID, what: str) -> str:
    digits = int(_derived(of, what)[:16], 16)
    return "".join(ALPHABET[digits >> 5 * place & 31] for place in range(LENGTH))


def _derived(of: UUID, what: str) -> str:
    return lookup_hash(str(of), what).partition(":")[2]
