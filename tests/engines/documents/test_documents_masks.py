"""The mask of a QR code is the one that the library finds by weighing each."""

from __future__ import annotations

import qrcode
from hypothesis import example, given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M

from jineng.engines.documents import codes
from jineng.engines.documents.masks import best_mask


def code_of(text: str) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text, optimize=0)
    return code


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=200).map("https://".__add__))
@example("https://jineng.example/verify/X01-2021-E-000042/ABCD2345/")
@example("https://" + "7" * 400)
@example("技" * 60)
def test_the_mask_is_the_one_of_the_least_penalty(text: str) -> None:
    ours, theirs = code_of(text), code_of(text)
    ours.best_fit()
    theirs.make(fit=True)
    assert best_mask(ours) == theirs.best_mask_pattern()
    theirs.make(fit=True)
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(theirs.get_matrix()) for x, on in enumerate(row) if on)
    assert f'd="{dark}"' in codes.render_svg(text, quiet=0)
