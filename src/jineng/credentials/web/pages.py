"""Pages that show: standards, batches, pilots, certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jineng.credentials.models import Certificate, CertificatePilot, PilotBatch, SkillStandard
from jineng.credentials.queries import batches_of, certificates_of, editions_of, pilots_of, standards_of
from jineng.credentials.rules import say_levels
from jineng.credentials.verbs.reach import owns_session
from jineng.credentials.web.filters import CertificateFilters, PilotFilters, StandardFilters
from jineng.credentials.web.tables import (
    CERTIFICATE_MARKS,
    PILOT_MARKS,
    UNSEEN,
    VOID,
    VOID_MARK,
    CertificateTable,
    PilotTable,
    StandardTable,
)
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS, Recorded
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_first, keys_of_a_part
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.identities import Identity
from jineng.registry.queries import told_of
from jineng.registry.scope import in_reach
from jineng.registry.verbs.reading import read_people
from jineng.registry.web.records import lifelong_fact, origin_facts, person_fact


def found_or_404(rows: QuerySet[Any], pk: UUID) -> Any:
    """The record in sight.

    Raises:
        Http404: there is none.
    """
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def state_fact(record: Recorded, label: str, kind: str) -> Fact:
    """What a record is now; a void one says why."""
    if record.is_void:
        return Fact("状态 Status", VOID, kind=VOID_MARK, note=record.void_reason)
    return Fact("状态 Status", label, kind=kind)


def organisation_fact(label: str, name: str, organisation_id: UUID) -> Fact:
    """An organisation that may lie out of sight."""
    return Fact(label, name or UNSEEN, url=reverse("organisation", args=[organisation_id]) if name else "")


@require_GET
@door(Right.VIEW_CREDENTIALS)
def standard_list(request: ActorRequest) -> HttpResponse:
    """All standards that stand, or stood."""
    return list_page(
        request,
        title="职业技能等级标准",
        title_en="Skill-level standards",
        rows=lambda: standards_of(request.actor).filter(STANDS),
        table=StandardTable,
        filters=StandardFilters,
        crumbs=[Crumb("职业技能等级标准")],
        template="credentials/standards.html",
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def standard(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One standard: its levels and who developed it."""
    found: SkillStandard = found_or_404(standards_of(request.actor), pk)
    ended = found.withdrawn_on is not None and found.withdrawn_on <= clock.today()
    named: Any = getattr(found, "named", ())
    facts = [
        state_fact(found, "已废止" if ended else "有效", "warn" if ended else "ok"),
        Fact("标准代码 Code", found.code, kind="code"),
        Fact("等级 Levels", say_levels(found.levels)),
        Fact("发布日期 Published on", found.published_on.isoformat()),
        Fact("废止日期 Withdrawn on", found.withdrawn_on.isoformat() if found.withdrawn_on else ""),
        Fact("依据文号 Document", found.document),
        *_edition_facts(request, found),
        *(
            Fact(
                f"{developer.get_role_display()}开发 Developed by",
                developer.organisation_name or UNSEEN,
                url=reverse("organisation", args=[developer.organisation_id]) if developer.organisation_name else "",
            )
            for developer in named
        ),
        *origin_facts(request.actor, found),
    ]
    may_change = request.actor.may(Right.EDIT_CREDENTIALS) and not found.is_void and _reported_here(request, found)
    return render(
        request,
        "credentials/standard.html",
        {
            "title": found.name,
            "title_en": "Skill-level standard",
            "crumbs": [Crumb("职业技能等级标准", reverse("skill_standards")), Crumb(found.name)],
            "record": found,
            "facts": facts,
            "told": told_of(found),
            "may_change": may_change,
        },
    )


def _edition_facts(request: ActorRequest, standard: SkillStandard) -> list[Fact]:
    """Which edition it is, and the others with a link to each."""
    others = [each for each in editions_of(request.actor, standard) if each.pk != standard.pk]
    return [
        Fact("版次 Edition", standard.edition),
        *(
            Fact(
                "此前版次 Earlier edition" if each.edition < standard.edition else "此后版次 Later edition",
                f"{each.edition}　{each.code}",
                url=reverse("skill_standard", args=[each.pk]),
                note=f"{each.name}，{each.published_on} 发布",
            )
            for each in others
        ),
    ]


def _reported_here(request: ActorRequest, record: Recorded) -> bool:
    return request.actor.sees_all or (record.reporter_id is not None and in_reach(request.actor, record.reporter_id))


@require_GET
@door(Right.VIEW_CREDENTIALS)
def pilot_list(request: ActorRequest) -> HttpResponse:
    """Pilots within the actor's sight, the latest first."""
    return list_page(
        request,
        title="证书试点",
        title_en="Certificate pilots",
        lead="一行是一所院校在一个批次申报的一种证书的一个等级。 One line per institution, certificate, level.",
        rows=lambda: keys_of_a_part(request.actor, pilots_of(request.actor).order_by("-applied_on")),
        table=PilotTable,
        filters=PilotFilters,
        crumbs=[Crumb("证书试点")],
        template="credentials/pilots.html",
        empty="可见范围内还没有证书试点。 No pilots in your sight yet.",
        context={
            "batches": remembered(("pilot batches", request.actor), lambda: list(batches_of(request.actor)), len),
        },
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def pilot(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One pilot: what was applied for and what became of it."""
    found: CertificatePilot = found_or_404(pilots_of(request.actor, standing=False), pk)
    status = found.status_on(clock.today())
    days = (
        ("申报日期 Applied on", found.applied_on),
        ("批准日期 Approved on", found.approved_on),
        ("未通过日期 Refused on", found.refused_on),
        ("退出日期 Withdrawn on", found.withdrawn_on),
    )
    facts = [
        state_fact(found, str(status.label), PILOT_MARKS[status]),
        organisation_fact("院校 Institution", getattr(found, "institution_name", ""), found.institution_id),
        Fact("证书 Certificate", found.certificate_type.name, note=found.certificate_type.code),
        Fact("等级 Level", found.get_level_display()),
        Fact("批次 Batch", str(found.batch), url=reverse("pilot_batch", args=[found.batch_id])),
        Fact("计划人数 Planned", found.planned),
        *(Fact(label, day.isoformat()) for label, day in days if day),
        Fact("批准文号 Document", found.document),
        *origin_facts(request.actor, found),
    ]
    actor = request.actor
    may_change = actor.may(Right.EDIT_CREDENTIALS) and not found.is_void and in_reach(actor, found.institution_id)
    return render(
        request,
        "credentials/pilot.html",
        {
            "title": str(found),
            "title_en": "Certificate pilot",
            "crumbs": [Crumb("证书试点", reverse("certificate_pilots")), Crumb(str(found))],
            "record": found,
            "facts": facts,
            "told": told_of(found),
            "may_withdraw": may_change and not found.withdrawn_on and not found.refused_on,
            "may_decide": may_change and actor.sees_all and not (found.approved_on or found.refused_on),
            "may_void": may_change and _reported_here(request, found),
        },
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def batch(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One batch of the pilot."""
    found: PilotBatch = found_or_404(batches_of(request.actor), pk)
    facts = [
        Fact("批次 Batch", str(found)),
        Fact("公布日期 Announced on", found.decided_on.isoformat()),
        Fact("公布文号 Document", found.document),
        organisation_fact("公布单位 Announced by", getattr(found, "organisation_name", ""), found.organisation_id),
        Fact(
            "可见试点 Pilots in sight",
            getattr(found, "pilot_count", 0),
            url=f"{reverse('certificate_pilots')}?batch={found.number}",
        ),
        *origin_facts(request.actor, found),
    ]
    return render(
        request,
        "credentials/batch.html",
        {
            "title": f"证书试点{found}",
            "title_en": "Pilot batch",
            "crumbs": [Crumb("证书试点", reverse("certificate_pilots")), Crumb(str(found))],
            "record": found,
            "facts": facts,
            "told": told_of(found),
        },
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def certificate_list(request: ActorRequest) -> HttpResponse:
    """Certificates within the actor's sight, the latest first; void ones only where asked for."""
    return list_page(
        request,
        title="证书",
        title_en="Certificates",
        lead="持证人姓名已遮盖；状态按所选日期，不选为今天。 Holders' names are masked.",
        rows=lambda: keys_first(
            certificates_of(request.actor, standing=request.GET.get("status") != "void").order_by("-issued_on"),
            together=not request.actor.sees_all,
        ),
        table=CertificateTable,
        filters=CertificateFilters,
        crumbs=[Crumb("证书")],
        empty="可见范围内还没有证书。 No certificates in your sight yet.",
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def certificate(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One certificate and what it is today; the holder's name is masked."""
    return _certificate_page(request, found_or_404(certificates_of(request.actor, standing=False), pk), None)


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def certificate_holder(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The same page with the holder in full; the reading is written down."""
    found = found_or_404(certificates_of(request.actor, standing=False), pk)
    people = read_people(actor=request.actor, person_ids=[found.person_id], subject=found)
    return _certificate_page(request, found, people.get(found.person_id))


def _certificate_page(request: ActorRequest, found: Certificate, person: Identity | None) -> HttpResponse:
    status = found.status_on(clock.today())
    facts = [
        state_fact(found, str(status.label), CERTIFICATE_MARKS[status]),
        Fact("证书编号 Number", found.number, kind="code"),
        person_fact("持证人 Holder", found.person, person),
        *([Fact("证件号码 Resident ID", person.number, kind="code")] if person else []),
        lifelong_fact(found.person_id),
        Fact("证书 Certificate", found.certificate_type.name, note=found.certificate_type.code),
        Fact("等级 Level", found.get_level_display()),
        organisation_fact("所在院校 School", getattr(found, "institution_name", ""), found.institution_id),
        Fact(
            "考核 Assessment",
            found.session.held_on.isoformat(),
            url=reverse("assessment_session", args=[found.session_id]),
        ),
        Fact("发证日期 Issued on", found.issued_on.isoformat()),
        Fact(
            "撤销日期 Revoked on",
            found.revoked_on.isoformat() if found.revoked_on else "",
            note=found.revoke_reason,
        ),
        Fact(
            "暂停日期 Suspended on",
            found.suspended_on.isoformat() if found.suspended_on else "",
            note=found.suspend_reason,
        ),
        *origin_facts(request.actor, found),
    ]
    actor = request.actor
    may_change = actor.may(Right.EDIT_CREDENTIALS) and not found.is_void and owns_session(actor, found.session_id)
    return render(
        request,
        "credentials/certificate.html",
        {
            "title": found.number,
            "title_en": "Certificate",
            "crumbs": [Crumb("证书", reverse("certificates")), Crumb(found.number)],
            "record": found,
            "facts": facts,
            "told": told_of(found),
            "shown": person is not None,
            "may_read": actor.may(Right.VIEW_PERSONAL_DATA),
            "may_export": actor.may(Right.VIEW_PERSONAL_DATA) and not found.is_void and hasattr(found, "seal"),
            "may_revoke": may_change and found.revoked_on is None,
            "may_suspend": may_change and found.revoked_on is None and found.suspended_on is None,
            "may_lift": may_change and found.suspended_on is not None,
            "may_void": may_change,
        },
    )
