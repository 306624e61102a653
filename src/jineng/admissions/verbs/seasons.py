"""What the province declares: seasons, rounds, exempt categories, caps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.admissions.kinds import CapKind, Channel, Phase, RunState
from jineng.admissions.models import Admission, Cap, ExemptCategory, Opening, Round, Run, Season
from jineng.admissions.rules import cap_faults, season_faults
from jineng.admissions.verbs.checking import ROOM, need_province, obey, told
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb

NO_SEASON = "没有此招生季。 There is no such season."


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def open_season(
    *,
    actor: Actor,
    code: str,
    kind: str,
    name: str,
    opens_on: date,
    closes_on: date | None = None,
    document: str = "",
) -> Season:
    """Declare a season of the year in which it opens.

    Raises:
        NotAllowed: anybody but the province.
        ValidationError: its code is taken or misshapen, or it closes before it opens.
    """
    need_province(actor)
    obey(season_faults(year=opens_on.year, opens_on=opens_on, closes_on=closes_on))
    season = Season(
        code=code.strip(),
        kind=kind,
        year=opens_on.year,
        name=name.strip(),
        document=document.strip(),
        opens_on=opens_on,
        closes_on=closes_on,
        **origin(),
    )
    season.clean_fields(exclude=["reporter_id", "origin_id", "voided_at"])
    with told():
        season.save()
    current_deed().note(f"公布招生季 {season.name}", subject=season)
    return season


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def add_round(
    *,
    actor: Actor,
    season_id: UUID,
    ordinal: int,
    name: str,
    opens_on: date,
    supplement: int = 0,
    channel: str = Channel.DIRECT,
    closes_on: date | None = None,
) -> Round:
    """Add a round, or with ``supplement`` above nought a supplementary sub-round of that number.

    Raises:
        NotAllowed: anybody but the province.
        ValidationError: the season has it already, or it closes before it opens.
    """
    need_province(actor)
    season = season_in(season_id)
    obey(season_faults(year=opens_on.year, opens_on=opens_on, closes_on=closes_on))
    made = Round(
        season=season,
        ordinal=ordinal,
        supplement=supplement,
        name=name.strip(),
        channel=channel,
        opens_on=opens_on,
        closes_on=closes_on,
        **origin(),
    )
    with told():
        made.save()
    current_deed().note(f"{season.name} 增加轮次 {made.name}", subject=made)
    return made


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def cancel_round(*, actor: Actor, round_id: UUID, cancelled_on: date) -> Round:
    """Say that a round was announced and is not held. One that is open is over with that: it takes no preferences any
    more, and its seats lie in the next round of their way in.

    Raises:
        NotAllowed: anybody but the province, or no such round.
        ValidationError: it is cancelled already, or was held: its result is published, or it admits somebody.
    """
    need_province(actor)
    found = Round.objects.select_for_update().filter(STANDS, pk=round_id).first()
    if found is None:
        raise NotAllowed("没有此轮次。 There is no such round.")
    if found.cancelled_on is not None:
        raise ValidationError("该轮次已取消。 The round is cancelled already.")
    if Opening.objects.filter(STANDS, round=found, phase__in=(Phase.ANSWERING, Phase.CLOSED)).exists():
        raise ValidationError("该轮结果已公布，不能取消。 The round's result is published, so it cannot be cancelled.")
    if Admission.objects.filter(STANDS, round=found).exists():
        raise ValidationError("该轮已有录取，不能取消。 Somebody is admitted in the round, so it cannot be cancelled.")
    Opening.objects.filter(STANDS, round=found).update(phase=Phase.CLOSED)
    Run.objects.filter(STANDS, opening__round=found).exclude(state=RunState.FAILED).update(state=RunState.DROPPED)
    found.cancelled_on = cancelled_on
    found.save(update_fields=["cancelled_on"])
    current_deed().note(f"取消轮次 {found.name}", subject=found)
    return found


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def declare_exempt(
    *, actor: Actor, season_id: UUID, code: str, name: str, evidence: str = "", document: str = ""
) -> ExemptCategory:
    """Declare a category of applicants whom the season spares the examination.

    Raises:
        NotAllowed: anybody but the province.
        ValidationError: the season has it already, or the code is misshapen.
    """
    need_province(actor)
    season = season_in(season_id)
    made = ExemptCategory(
        season=season,
        code=code.strip(),
        name=name.strip(),
        evidence=evidence.strip(),
        document=document.strip(),
        **origin(),
    )
    made.clean_fields(exclude=["season", "reporter_id", "origin_id", "voided_at"])
    with told():
        made.save()
    current_deed().note(f"{season.name} 免试类别 {made.name}", subject=made)
    return made


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def set_cap(
    *,
    actor: Actor,
    season_id: UUID,
    code: str,
    kind: str,
    name: str,
    issued_on: date,
    organisation_id: UUID | None = None,
    channels: Sequence[str] = (),
    category: int = 0,
    limit_seats: int | None = None,
    limit_percent: Decimal | None = None,
    document: str = "",
) -> Cap:
    """Put a cap on the plans of a season; one of the same code that binds until then is lifted by it.

    Raises:
        NotAllowed: anybody but the province.
        ValidationError: misshapen, or plans filed already go beyond it: which, and by how much.
    """
    need_province(actor)
    season = season_in(season_id)
    obey(
        cap_faults(
            kind=kind,
            names_institution=organisation_id is not None,
            limit_seats=limit_seats,
            limit_percent=limit_percent,
            issued_on=issued_on,
            lifted_on=None,
        ),
        {"org_code": "organisation"},
    )
    cap = Cap(
        season=season,
        code=code.strip(),
        kind=kind,
        name=name.strip(),
        organisation_id=organisation_id if kind != CapKind.SEASON else None,
        channels=",".join(value for value in Channel.values if value in channels),
        category=category,
        limit_seats=limit_seats,
        limit_percent=limit_percent,
        issued_on=issued_on,
        document=document.strip(),
        **origin(),
    )
    cap.clean_fields(exclude=["season", "organisation", "reporter_id", "origin_id", "voided_at"])
    _replace(cap)
    with told(plans_within_caps="limit_percent" if kind == CapKind.SHARE else "limit_seats"):
        cap.save()
    current_deed().note(f"{season.name} 限额 {cap.name}", subject=cap)
    return cap


def _replace(cap: Cap) -> None:
    """Lift the cap of the same code that binds, on the day of the new one."""
    earlier = Cap.objects.select_for_update().filter(STANDS, season=cap.season, code=cap.code, lifted_on=None).first()
    if earlier is None:
        return
    if earlier.issued_on >= cap.issued_on:
        raise ValidationError(
            {"issued_on": f"须晚于现行限额的下达日期 {earlier.issued_on}。 It must follow the cap that binds now."}
        )
    earlier.lifted_on = cap.issued_on
    earlier.save(update_fields=["lifted_on"])


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def lift_cap(*, actor: Actor, cap_id: UUID, lifted_on: date) -> Cap:
    """End a cap: from ``lifted_on`` on it binds nobody.

    Raises:
        NotAllowed: anybody but the province, or no such cap.
        ValidationError: it is lifted already, or the day lies before its issue.
    """
    need_province(actor)
    cap = Cap.objects.select_for_update().filter(STANDS, pk=cap_id).first()
    if cap is None:
        raise NotAllowed("没有此限额。 There is no such cap.")
    if cap.lifted_on is not None:
        raise ValidationError("该限额已解除。 The cap is lifted already.")
    if lifted_on < cap.issued_on:
        raise ValidationError({"lifted_on": "解除日期早于下达日期。 It lies before the day of issue."})
    cap.lifted_on = lifted_on
    with told(plans_within_caps="lifted_on"):
        cap.save(update_fields=["lifted_on"])
    current_deed().note(f"解除限额 {cap.name}", subject=cap)
    return cap


def season_in(season_id: UUID) -> Season:
    """The season that stands.

    Raises:
        NotAllowed: there is none.
    """
    season = Season.objects.filter(STANDS, pk=season_id).first()
    if season is None:
        raise NotAllowed(NO_SEASON)
    return season
