"""What plans lead to: vocational majors by the catalogue's code, ordinary bachelor's majors by the shape of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from jineng.admissions.kinds import ProgrammeLevel
from jineng.admissions.rules import BACHELOR_CODE
from jineng.majors.models import Major


@dataclass(frozen=True)
class Programme:
    """A programme by its code: the vocational major, or a name of the ordinary catalogue that the row tells."""

    level: str
    major_id: UUID | None
    name: str


def bare_programme(code: str) -> str:
    """A programme's code as plans keep it: of a vocational major the six digits, without the K of state control."""
    text = code.strip().upper()
    return text[:6] if len(text) == 7 and text[:6].isdigit() and text[0] not in "01" else text


def programmes(codes: Iterable[str]) -> dict[str, Programme]:
    """Programmes by code as written: vocational majors (the newest edition counts), ordinary ones by their shape."""
    written = {code: bare_programme(code) for code in codes if code}
    majors = Major.objects.filter(code__in=set(written.values())).order_by("edition")
    known = {
        code: Programme(level, pk, name) for code, level, pk, name in majors.values_list("code", "level", "id", "name")
    }
    ordinary = Programme(ProgrammeLevel.UNDERGRADUATE.value, None, "")
    return {
        code: known.get(bare, ordinary) for code, bare in written.items() if bare in known or BACHELOR_CODE.match(bare)
    }
