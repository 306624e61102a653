"""Which of the eight masks a QR code is drawn with: that of the least penalty (ISO/IEC 18004, section 7.8.3).

`qrcode` finds the same one, drawing and weighing each code eight times in Python, which takes longer than setting the
page on which it stands. Here a code is drawn once; the other masks differ from it in places that are the same for
all codes of a size.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import qrcode

MASKS = 8
_FINDER = np.array([1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0], dtype=bool)
"""Dark and light as in a finder pattern, with four light modules behind it."""
Bits = npt.NDArray[np.bool_]
Points = npt.NDArray[np.int64]


def best_mask(code: qrcode.QRCode[Any]) -> int:
    """The mask of the least penalty for a code whose size is settled; the first of several."""
    drawn = _drawn(code, 0) ^ _differences(code.version)
    return int(np.argmin(_runs(drawn) + _blocks(drawn) + _finders(drawn) + _balance(drawn)))


@lru_cache(maxsize=40)
def _differences(version: int) -> Bits:
    """Where each mask differs from the first, for codes of a version."""
    code = qrcode.QRCode(version=version)
    code.add_data("")
    first = _drawn(code, 0)
    return np.stack([first ^ _drawn(code, mask) for mask in range(MASKS)])


def _drawn(code: qrcode.QRCode[Any], mask: int) -> Bits:
    code.makeImpl(True, mask)
    return np.array(code.modules, dtype=bool)


def _both_ways(drawn: Bits) -> tuple[Bits, Bits]:
    return drawn, drawn.transpose(0, 2, 1)


def _runs(drawn: Bits) -> Points:
    """Three for five alike in a row or column, and one for each more."""
    points = np.zeros(MASKS, dtype=np.int64)
    for lines in _both_ways(drawn):
        alike = lines[:, :, 1:] == lines[:, :, :-1]
        fives = alike[:, :, 3:] & alike[:, :, 2:-1] & alike[:, :, 1:-2] & alike[:, :, :-3]
        begun = fives.copy()
        begun[:, :, 1:] &= ~fives[:, :, :-1]
        points += fives.sum(axis=(1, 2)) + 2 * begun.sum(axis=(1, 2))
    return points


def _blocks(drawn: Bits) -> Points:
    """Three for each block of two by two alike."""
    across = drawn[:, :, 1:] == drawn[:, :, :-1]
    down = drawn[:, 1:, :-1] == drawn[:, :-1, :-1]
    alike: Points = (across[:, 1:] & across[:, :-1] & down).sum(axis=(1, 2), dtype=np.int64)
    return 3 * alike


def _finders(drawn: Bits) -> Points:
    """Forty for whatever looks like a finder pattern."""
    points = np.zeros(MASKS, dtype=np.int64)
    reach = drawn.shape[2] - len(_FINDER) + 1
    for lines in _both_ways(drawn):
        for wanted in (_FINDER, _FINDER[::-1]):
            found = np.ones((MASKS, drawn.shape[1], reach), dtype=bool)
            for place, dark in enumerate(wanted):
                found &= lines[:, :, place : place + reach] == dark
            points += 40 * found.sum(axis=(1, 2))
    return points


def _balance(drawn: Bits) -> Points:
    """Ten for each twentieth by which dark and light differ from half."""
    share = drawn.sum(axis=(1, 2)) / (drawn.shape[1] * drawn.shape[2])
    twentieths: Points = (np.abs(share * 100 - 50) / 5).astype(np.int64)
    return 10 * twentieths
