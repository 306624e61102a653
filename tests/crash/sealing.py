"""What children of the nursery do with certificates: have a session's ready to be sealed, seal all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.crash.selecting import _actor, _say

CERTIFICATES, BATCH = 40, 5


def stage_certificates(tag: str) -> None:
    """A session ``TAG`` whose certificates are issued and not sealed, all of one body."""
    from jineng.credentials.kinds import SkillLevel
    from jineng.credentials.models import AssessmentSession, Certificate, CertificateType
    from jineng.kernel.actors import acting
    from jineng.registry.models import Person
    from tests.crash.nursery import ACCOUNT

    officer, day = _actor(ACCOUNT), date(2021, 6, 1)
    with acting(officer):
        body = _body(officer)
        kind, _ = CertificateType.objects.get_or_create(
            code="CRASH", defaults={"name": "证书", "levels": ["elementary"], "body": body, "listed_on": day}
        )
        level = SkillLevel.ELEMENTARY
        of = AssessmentSession.objects.create(
            host=body, code=tag, certificate_type=kind, level=level, body=body, held_on=day, capacity=CERTIFICATES
        )
        people = Person.objects.bulk_create(Person(name=f"考生{at}", is_synthetic=True) for at in range(CERTIFICATES))
        Certificate.objects.bulk_create(
            Certificate(
                number=f"{tag}-{at:04}",
                certificate_type=kind,
                level=level,
                person=person,
                institution=body,
                session=of,
                issued_on=day,
            )
            for at, person in enumerate(people)
        )


def _body(officer: Any) -> Any:
    from jineng.registry.kinds import Change, CodeScheme, OrganisationKind
    from jineng.registry.models import Division, Organisation
    from jineng.registry.verbs import enter_organisation

    return Organisation.objects.filter(code="CRASH-BODY").first() or enter_organisation(
        actor=officer,
        since=date(2016, 1, 1),
        change=Change.FOUNDED,
        code="CRASH-BODY",
        code_scheme=CodeScheme.OFFICE,
        name="示例评价组织",
        kind=OrganisationKind.ASSESSMENT_BODY,
        division=Division.objects.get(code="620102"),
        authority=Organisation.objects.get(pk=officer.organisation_id),
        is_synthetic=True,
    )


def seal_all(tag: str) -> None:
    """Seal the session ``TAG`` batch by batch; each is acknowledged when it is committed."""
    from jineng.credentials.models import AssessmentSession
    from jineng.credentials.verbs import link_certificates, seal_certificates
    from jineng.kernel.actors import acting
    from tests.crash.nursery import ACCOUNT

    officer = _actor(ACCOUNT)
    with acting(officer):
        of = AssessmentSession.objects.get(code=tag)
    _say("begin")
    for verb in (seal_certificates, link_certificates):
        while verb(actor=officer, session_id=of.pk, at_most=BATCH):
            _say("acknowledged")
