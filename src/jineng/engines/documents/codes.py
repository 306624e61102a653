"""QR codes as drawings (ISO/IEC 18004), with error correction M: a letter folded or stained still reads."""

from __future__ import annotations

from html import escape

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from .masks import best_mask

QUIET = 4
"""Modules of white around the code, as the standard asks for."""


def render_svg(text: str, *, label: str = "", quiet: int = QUIET) -> str:
    """The code as SVG, one unit a module; the same text gives the same bytes. Less than `QUIET` modules of white serve
    only where the paper around it is white."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=quiet)
    code.add_data(text, optimize=0)
    code.best_fit()
    code.makeImpl(False, best_mask(code))
    rows = code.get_matrix()
    size = len(rows)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    named = f' role="img" aria-label="{escape(label, quote=True)}"' if label else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}"{named}>'
        f'<rect width="{size}" height="{size}" fill="#ffffff"/><path d="{path}" fill="#000000"/></svg>'
    )
