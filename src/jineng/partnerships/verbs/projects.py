"""Record international projects, say when they are over, strike them out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.partnerships.countries import countries
from jineng.partnerships.models import InternationalProject
from jineng.partnerships.rules import AT_HOME, NOT_ABROAD, UNKNOWN_COUNTRY, UNTIL_BEFORE_SINCE
from jineng.partnerships.verbs.keeping import ROOM, fault, locked, require_reach, save, strike, through_door


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def record_project(
    *,
    actor: Actor,
    organisation_id: UUID,
    code: str,
    name: str,
    kind: str,
    country: str,
    partner: str,
    since: date,
    until: date | None = None,
    belt_and_road: bool = False,
    document: str = "",
    through: str = Origin.PAGE,
) -> InternationalProject:
    """Record a project of an institution of the scope with ``partner`` in ``country`` (ISO 3166-1, two letters).

    ``until`` is the last day, ``None`` where it has no end yet.

    Raises:
        NotAllowed: the institution lies outside the scope.
        ValidationError: the code is taken, the country is none or is our own, or the last day lies before the first.
    """
    require_reach(actor, organisation_id)
    through_door(through)
    if country not in countries():
        raise fault(UNKNOWN_COUNTRY)
    if country in NOT_ABROAD:
        raise fault(AT_HOME)
    if until is not None and until < since:
        raise fault(UNTIL_BEFORE_SINCE)
    project = InternationalProject(
        organisation_id=organisation_id,
        code=code.strip(),
        name=name.strip(),
        kind=kind,
        country=country,
        partner=partner.strip(),
        since=since,
        until=until,
        belt_and_road=belt_and_road,
        document=document.strip(),
        **origin(),
    )
    save(project)
    current_deed().note(f"登记国际合作项目 {project}", subject=project)
    return project


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def end_project(*, actor: Actor, project_id: UUID, until: date) -> InternationalProject:
    """Say that ``until`` is a project's last day; an earlier last day is replaced.

    Raises:
        NotAllowed: no such project in the scope.
        ValidationError: void, nothing differs, or the last day lies before the first.
    """
    project = locked(actor, InternationalProject, project_id)
    if until < project.since:
        raise fault(UNTIL_BEFORE_SINCE)
    if project.until == until:
        raise ValidationError({"until": "内容没有变化。 Nothing differs from what is recorded."})
    project.until = until
    save(project)
    current_deed().note(f"{project} 有效期至 {until}", subject=project)
    return project


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def void_project(*, actor: Actor, project_id: UUID, reason: str) -> InternationalProject:
    """Strike a project out as never having been.

    Raises:
        NotAllowed: no such project in the scope.
        ValidationError: void already, or no reason.
    """
    return strike(locked(actor, InternationalProject, project_id), reason)
