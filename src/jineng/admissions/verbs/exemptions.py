"""Who is spared the examination: granted by the province on the evidence of a case, given up by the applicant."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.admissions.kinds import Phase
from jineng.admissions.models import Admission, Applicant, ExemptCategory, PreferenceForm
from jineng.admissions.verbs.checking import ROOM, need_province, need_reason
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def grant_exemption(*, actor: Actor, applicant_id: UUID, category: str, document: str) -> Applicant:
    """Spare an applicant the examination, in a category of the season (its code), by ``document`` that decided it.

    Raises:
        NotAllowed: anybody but the province, or no such applicant.
        ValidationError: the season declares no such category, or the applicant is exempt, holds a seat, or is in a
            round that is being run.
    """
    need_province(actor)
    found = _locked(applicant_id)
    declared = ExemptCategory.objects.filter(STANDS, season=found.season_id, code=category).first()
    if declared is None:
        raise ValidationError({"category": "本招生季没有此免试类别。 The season declares no such category."})
    if found.exempt_category_id is not None:
        raise ValidationError("该考生已有免试资格。 The applicant is exempt already.")
    _need_unplaced(found)
    found.exempt_category = declared
    found.save(update_fields=["exempt_category"])
    current_deed().note(f"认定免试资格：{declared.name}（{document}）", subject=found)
    return found


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def waive_exemption(*, actor: Actor, applicant_id: UUID, reason: str) -> Applicant:
    """End an exemption at the applicant's wish, so that they are admitted by examination like anybody.

    Raises:
        NotAllowed: anybody but the province, or no such applicant.
        ValidationError: no reason, not exempt, or the applicant holds a seat or is in a round that is being run.
    """
    need_province(actor)
    found = _locked(applicant_id)
    why = need_reason(reason)
    if found.exempt_category is None:
        raise ValidationError("该考生没有免试资格。 The applicant is not exempt.")
    _need_unplaced(found)
    name, found.exempt_category = found.exempt_category.name, None
    found.save(update_fields=["exempt_category"])
    current_deed().note(f"放弃免试资格：{name}（{why}）", subject=found)
    return found


def _locked(applicant_id: UUID) -> Applicant:
    rows = Applicant.objects.select_for_update(of=("self",)).select_related("exempt_category", "season")
    found = rows.filter(STANDS, pk=applicant_id).first()
    if found is None:
        raise NotAllowed("没有此考生。 There is no such applicant.")
    return found


def _need_unplaced(found: Applicant) -> None:
    """A run that has begun takes people as they were then."""
    entered = PreferenceForm.objects.filter(STANDS, applicant=found, wishes__isnull=False)
    if entered.filter(opening__phase=Phase.RUNNING).exists():
        raise ValidationError("该考生参加的轮次正在投档录取。 A round that the applicant entered is being run.")
    if Admission.objects.filter(STANDS, applicant=found, ended_on__isnull=True).exists():
        raise ValidationError("该考生已有录取。 The applicant holds a seat already.")
