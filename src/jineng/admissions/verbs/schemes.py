"""The law of a season: declared by the province, copied from a year; rules of scoring filed by schools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.admissions.kinds import CapKind, Channel, SeasonKind
from jineng.admissions.models import Cap, ExemptCategory, Round, Scheme, ScoreRule, Season
from jineng.admissions.schemes import Law, read_law, rule_faults
from jineng.admissions.verbs.checking import ROOM, need_province
from jineng.admissions.verbs.seasons import add_round, declare_exempt, open_season, season_in, set_cap
from jineng.engines.allocation import AllocationError, Fault
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach

SEEDS = Path(__file__).parents[1] / "data"


@cache
def first_scheme(kind: str) -> dict[str, Any]:
    """The scheme that a season of a kind begins with where there is none to copy: the default five rounds, unless the
    kind has a scheme of its own."""
    own, common = SEEDS / f"{kind}.yaml", SEEDS / f"{SeasonKind.CLASSIFIED.value}.yaml"
    data: dict[str, Any] = yaml.safe_load((own if own.is_file() else common).read_text(encoding="utf-8"))
    return data


def law_of(season_id: UUID) -> tuple[Scheme, Law]:
    """The newest scheme of a season.

    Raises:
        ValidationError: none is declared.
    """
    found = Scheme.objects.filter(STANDS, season=season_id).order_by("-version").first()
    if found is None:
        raise ValidationError("该招生季尚未公布招生办法。 The season has no scheme yet.")
    return found, read_law(found.data)


def faulty(faults: Iterable[Fault], field: str = "content") -> ValidationError:
    """What the engine faults, as the refusal of a field."""
    return ValidationError({field: [f"{fault.path}：{fault.zh} {fault.en}" for fault in faults]})


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def declare_scheme(
    *, actor: Actor, season_id: UUID, data: Mapping[str, Any], declared_on: date, document: str = ""
) -> Scheme:
    """Declare a season's scheme, or its next version; rounds that are open go on under theirs.

    Raises:
        NotAllowed: anybody but the province, or no such season.
        ValidationError: the scheme has faults: all of them, each with its path.
    """
    need_province(actor)
    season = season_in(season_id)
    try:
        read_law(data)
    except AllocationError as error:
        raise faulty(error.faults) from error
    last = Scheme.objects.filter(season=season).aggregate(last=Max("version"))["last"] or 0
    made = Scheme.objects.create(
        season=season,
        version=last + 1,
        data=dict(data),
        declared_on=declared_on,
        document=document.strip(),
        **origin(),
    )
    current_deed().note(f"{season.name} 公布{made}", subject=made)
    return made


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def copy_season(
    *, actor: Actor, season_id: UUID, code: str, name: str, opens_on: date, closes_on: date | None = None
) -> Season:
    """Set up a season as another one was: its rounds (days moved by as much as the opening), caps, exempt categories
    and scheme. Plans, rules of schools and applicants are new each year.

    Raises:
        NotAllowed: anybody but the province, or no such season.
        ValidationError: the code is taken or misshapen, or a day falls out of the season's year.
    """
    need_province(actor)
    source = season_in(season_id)
    made = open_season(
        actor=actor,
        code=code,
        kind=source.kind,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        document="",
    )
    moved = opens_on - source.opens_on
    for each in Round.objects.filter(STANDS, season=source, cancelled_on__isnull=True, supplement=0):
        add_round(
            actor=actor,
            season_id=made.pk,
            ordinal=each.ordinal,
            name=each.name,
            channel=each.channel,
            opens_on=each.opens_on + moved,
            closes_on=each.closes_on + moved if each.closes_on else None,
        )
    for exempt in ExemptCategory.objects.filter(STANDS, season=source):
        declare_exempt(actor=actor, season_id=made.pk, code=exempt.code, name=exempt.name, evidence=exempt.evidence)
    for cap in Cap.objects.filter(STANDS, season=source, lifted_on__isnull=True):
        set_cap(
            actor=actor,
            season_id=made.pk,
            code=cap.code,
            kind=cap.kind,
            name=cap.name,
            issued_on=opens_on,
            organisation_id=cap.organisation_id if cap.kind != CapKind.SEASON else None,
            channels=[value for value in cap.channels.split(",") if value],
            category=cap.category,
            limit_seats=cap.limit_seats,
            limit_percent=cap.limit_percent,
        )
    scheme = Scheme.objects.filter(STANDS, season=source).order_by("-version").first()
    data = scheme.data if scheme is not None else first_scheme(source.kind)
    declare_scheme(actor=actor, season_id=made.pk, data=data, declared_on=opens_on)
    current_deed().note(f"{made.name} 按 {source.name} 设置", subject=made)
    return made


@verb(Right.EDIT_ADMISSIONS, room=ROOM)
def file_score_rule(
    *,
    actor: Actor,
    season_id: UUID,
    organisation_id: UUID,
    formula: Mapping[str, Any],
    ties: Sequence[str],
    channel: str = Channel.DIRECT,
    document: str = "",
) -> ScoreRule:
    """File an institution's rule of scoring for a way in; the newest version judges in rounds that open after it.

    ``formula`` is a rule of the engine: ``weights`` by component, ``least`` points that must be reached, ``total``.

    Raises:
        NotAllowed: the institution lies outside the scope, or there is no such season.
        ValidationError: the season has no scheme, or the rule has faults: all of them.
    """
    if not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The institution lies outside your scope.")
    season = season_in(season_id)
    _, law = law_of(season.pk)
    faults = rule_faults(law, formula, ties)
    if faults:
        found: dict[str, list[str]] = {}
        for fault in faults:
            where = fault.path.split(".")[1] if fault.path.startswith("formula.") else fault.path.split("[")[0]
            found.setdefault(where, []).append(f"{fault.zh} {fault.en}")
        raise ValidationError(found)  # type: ignore[arg-type]
    mine = ScoreRule.objects.filter(season=season, organisation=organisation_id, channel=channel)
    made = ScoreRule.objects.create(
        season=season,
        organisation_id=organisation_id,
        channel=channel,
        version=(mine.aggregate(last=Max("version"))["last"] or 0) + 1,
        formula=dict(formula),
        ties=list(ties),
        filed_on=clock.today(),
        document=document.strip(),
        **origin(),
    )
    current_deed().note(f"{season.name} 备案计分规则 {made}", subject=made)
    return made
