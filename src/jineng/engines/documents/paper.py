"""Papers of one kind by a template of their own: what is printed goes in as JSON, PDF/A or a picture comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from .colours import LINE, RED, SOFT
from .fonts import SANS, SERIF, FontSet, find_fonts
from .tree import DocumentError


def set_paper(template: str, told: Mapping[str, Any], fonts: FontSet | None = None, **options: Any) -> bytes:
    """A paper set by ``data/TEMPLATE.typ``; ``options`` say which form is made.

    Raises:
        FontError: this machine has no Chinese face.
        DocumentError: the paper cannot be set.
    """
    fonts = fonts or find_fonts()
    faces = {
        role: {"family": face.family, "weight": face.weight}
        for role in ("song", "hei", "fang", "kai")
        for face in (getattr(fonts, role),)
    }
    doc = dict(told) | {
        "fonts": faces,
        "fallback": [SERIF, SANS] if fonts.system else [SANS],
        "colours": {"red": RED, "soft": SOFT, "line": LINE},
    }
    compiler = _typesetter(template, fonts.paths, fonts.system)
    try:
        made = compiler.compile(sys_inputs={"doc": json.dumps(doc, ensure_ascii=False, sort_keys=True)}, **options)
    except typst.TypstError as error:
        raise DocumentError(f"证书排版失败：{error} The paper cannot be set: {error}") from error
    if not isinstance(made, bytes):
        raise DocumentError("证书排版没有结果。 Setting the paper gave nothing.")
    return made


@cache
def _typesetter(template: str, paths: tuple[Path, ...], system: bool) -> typst.Compiler:
    """One for all papers of a kind in a process: faces are looked for and read once."""
    file = Path(str(resources.files(__package__) / f"data/{template}.typ"))
    return typst.Compiler(
        file,
        root=file.parent,
        font_paths=typst.Fonts(
            include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(path) for path in paths]
        ),
    )
