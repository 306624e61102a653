"""Check characters and shapes of the numbers that Chinese law gives to people, bodies and phones."""

from __future__ import annotations

import re
from datetime import date

_RESIDENT_SHAPE = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_CREDIT_VALUES = {letter: index for index, letter in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_SCHOOL_SHAPE = re.compile(r"\d{2}(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)\d{6}", re.ASCII)
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
_LANDLINE = re.compile(r"(?:\+?86)?(0?(?:10|2\d)|0?[3-9]\d{2})([2-8]\d{6,7})(?:(?:转|x|#)(\d{1,6}))?", re.ASCII)
_SERVICE = re.compile(r"(?:400|800)\d{7}", re.ASCII)
_PHONE_NOISE = str.maketrans("", "", " -()")


def resident_check_character(seventeen: str) -> str:
    """The 18th character of a resident ID by ISO 7064 MOD 11-2, as GB 11643-1999 asks."""
    remainder = (1 - 2 * int(seventeen, 13)) % 11
    return "X" if remainder == 10 else str(remainder)


def resident_id_fault(number: str) -> str | None:
    """What is wrong with a resident ID: "shape", "birthday", "check", or None if nothing is."""
    if not _RESIDENT_SHAPE.fullmatch(number):
        return "shape"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "birthday"
    return None if resident_check_character(number[:17]) == number[17] else "check"


def credit_check_character(seventeen: str) -> str:
    """The 18th character of a unified social credit code, GB 32100-2015."""
    total = sum(_CREDIT_VALUES[letter] * weight for letter, weight in zip(seventeen, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def credit_code_fault(number: str) -> str | None:
    """What is wrong with a unified social credit code: "shape", "check", or None if nothing is."""
    if not _CREDIT_SHAPE.fullmatch(number):
        return "shape"
    return None if credit_check_character(number[:17]) == number[17] else "check"


def is_school_code(number: str) -> bool:
    """Whether the 10 digits have the shape type (2), province (2), school (6)."""
    return _SCHOOL_SHAPE.fullmatch(number) is not None


def tidy_phone(number: str) -> str | None:
    """The number in one spelling (13912345678, 0931-8888888, 0931-8888888-801), or None if it is none."""
    bare = number.translate(_PHONE_NOISE).lower()
    mobile = _MOBILE.fullmatch(bare)
    if mobile:
        return mobile.group(1)
    if _SERVICE.fullmatch(bare):
        return f"{bare[:3]}-{bare[3:]}"
    # The extension follows a hyphen as often as a word, so it is cut off before hyphens are dropped.
    head, dash, extension = number.rpartition("-")
    if dash and head.count("-") == 1 and extension.isdigit() and len(extension) <= 6:
        bare = f"{head.translate(_PHONE_NOISE)}x{extension}"
    landline = _LANDLINE.fullmatch(bare)
    if landline is None:
        return None
    area, local, extension = landline.group(1), landline.group(2), landline.group(3)
    area = area if area.startswith("0") else "0" + area
    return f"{area}-{local}" + (f"-{extension}" if extension else "")
