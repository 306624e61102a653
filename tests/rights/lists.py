"""Which pages are lists: every page that shows neither one object nor a form, nor figures.

The benchmark of pages measures what stands here.
"""

from __future__ import annotations

from tests.rights.rooms import rooms

LISTS = {
    "home": "province_officer",
    "organisations": "province_officer",
    "organisation_tree": "province_officer",
    "search": "province_officer",
    "posts": "administrator",
    "audit": "province_officer",
    "returns": "province_officer",
    "majors": "province_officer",
    "offerings": "province_officer",
    "calls": "province_officer",
    "awards": "province_officer",
    "briefs:index": "province_officer",
}
"""Pages that list, and who looks at them."""
COMPUTED = {"briefs:indicators", "briefs:draft", "briefs:figure", "briefs:records"}
"""Pages of figures: what they compute is kept until a register changes, so their counts are taken apart below."""
ASKED = {"search": "?q=示例", "organisation_tree": "?under={root}"}
for _room in rooms():
    LISTS |= _room.LISTS
    ASKED |= _room.ASKED
