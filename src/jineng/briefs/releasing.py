"""What a release is made of: figures, documents, manifest. Files are written beside and moved in place whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from jineng.briefs.composition import Brief, Reader, compose
from jineng.briefs.illustrations import illustrate
from jineng.briefs.narrative import Narrative
from jineng.briefs.snapshots import file_digest
from jineng.briefs.wording import FROZEN
from jineng.engines.documents.docx import render_docx
from jineng.engines.documents.html import render_html
from jineng.engines.documents.pdf import render_pdf
from jineng.engines.documents.tree import Document
from jineng.engines.measures import Period

Progress = Callable[[str, int, int], None]


def _page(document: Document) -> bytes:
    return render_html(document, mode="standalone").encode()


RENDERERS: dict[str, Callable[[Document], bytes]] = {
    "brief.html": _page,
    "brief.docx": lambda document: render_docx(document),
    "brief.pdf": lambda document: render_pdf(document),
}
DOCUMENTS = tuple(RENDERERS)


def write_brief(
    narrative: Narrative,
    reader: Reader,
    year: int,
    folder: Path,
    *,
    issue: int = 1,
    dated: date | None = None,
    progress: Progress = lambda name, done, total: None,
) -> Brief:
    """Compose the year's brief and write it as HTML, DOCX and PDF into ``folder``; the same data, the same bytes."""
    progress("计算数字", 0, 4)
    brief = compose(
        narrative,
        reader,
        year,
        issue=issue,
        dated=dated,
        link=lambda key: f"/briefs/{year}/figures/{key}/",
        earlier=lambda key, back: f"/briefs/{year - back}/figures/{key}/",
        illustrate=illustrate,
    )
    folder.mkdir(parents=True, exist_ok=True)
    for position, (name, render) in enumerate(RENDERERS.items(), start=1):
        progress(f"写出 {name}", position, len(RENDERERS) + 1)
        draft = folder / f".{name}.part"
        draft.write_bytes(render(brief.document))
        draft.replace(folder / name)
    progress("", len(RENDERERS) + 1, len(RENDERERS) + 1)
    return brief


def manifest_of(
    brief: Brief, reader: Reader, folder: Path, tables: dict[str, dict[str, object]], *, number: int, issued_on: date
) -> dict[str, Any]:
    """The manifest of a release: every file's digest, every figure with its exact value and definition version."""
    period = Period.year(brief.year)
    return {
        "type": "brief-release",
        "year": brief.year,
        "number": number,
        "issued": issued_on.isoformat(),
        "files": {name: file_digest(folder / name) for name in (*DOCUMENTS, FROZEN)},
        "tables": tables,
        "figures": {
            key: {
                "value": str(brief.values[key, period].value),
                "version": reader.catalogue.get(key).version,
                "definition": reader.catalogue.get(key).definition,
            }
            for key in brief.keys
        },
        "held": [{"sentence": item.sentence.source, "reason": item.reason} for item in brief.held],
    }


def move_in_place(draft: Path, folder: Path) -> None:
    """Make a finished draft the release's folder; a leftover of an attempt that was cut off gives way."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(folder)


def write_json(path: Path, content: object) -> None:
    """Readable JSON with sorted keys."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
