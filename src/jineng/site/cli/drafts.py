"""The written draft of the year's brief: write it, and know when the registers have left it behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jineng.site.cli.steps import Report


def write(year: int, report: Report) -> None:
    """Write the live brief of ``year`` under ``briefs/<year>`` of the working folder."""
    from jineng.briefs.desk import live_desk
    from jineng.briefs.releasing import write_brief
    from jineng.briefs.wording import narrative_in_force
    from jineng.site.places import var_directory

    folder = var_directory() / "briefs" / str(year)
    edition = _edition(year)
    narrative, issue = narrative_in_force(year)
    write_brief(
        narrative,
        live_desk().reader,
        year,
        folder,
        issue=issue,
        progress=lambda saying, done, total: report(done, total, saying),
    )
    (folder / ".edition").write_text(edition, encoding="utf-8")


def is_stale(year: int) -> bool:
    """Whether the registers have changed since the brief was written, or a file of it is missing."""
    from jineng.site.places import var_directory

    folder = var_directory() / "briefs" / str(year)
    names = ("brief.html", "brief.docx", "brief.pdf", ".edition")
    if not all((folder / name).is_file() for name in names):
        return True
    return (folder / ".edition").read_text(encoding="utf-8") != _edition(year)


def _edition(year: int) -> str:
    """The state of the registers and of the year's wording that a draft was written from."""
    from jineng.briefs.desk import live_desk
    from jineng.briefs.wording import edition_of, issue_in_the_making

    making = issue_in_the_making(year)
    return json.dumps([live_desk().edition, [str(making.pk), edition_of(making)] if making else None])
