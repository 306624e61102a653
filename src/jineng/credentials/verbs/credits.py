"""The credit bank: publish rules, state achievements, convert them, reverse a line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.credit_queries import offer_of, scheme_on, terms_of
from jineng.credentials.crediting import obstacles
from jineng.credentials.kinds import AchievementKind, Direction, SkillLevel
from jineng.credentials.models import (
    Achievement,
    Certificate,
    ConversionRule,
    CreditPosting,
    CreditScheme,
)
from jineng.credentials.verbs.ledger import Line, hold_account, hold_certificate, post_line
from jineng.credentials.verbs.reach import NO_REASON, ROOM, require_reach, save_valid
from jineng.engines.seals import seal
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.keys import signer
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import visible
from jineng.registry.verbs.people import PersonRow, ensure_people

NOT_HELD = "该学习者没有此证书，或证书已撤销。 The learner holds no such certificate."
NO_RULE = "院校现行办法中没有此规则。 The school's scheme in force has no such rule."


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def publish_scheme(*, actor: Actor, school_id: UUID, since: date, cap: Decimal, document: str = "") -> CreditScheme:
    """Publish the next version of a school's scheme of conversion; rules are added until the first is used.

    Raises:
        NotAllowed: the school lies outside the actor's scope.
        ValidationError: an earlier version begins on the same day or later.
    """
    require_reach(actor, school_id)
    last = CreditScheme.objects.filter(STANDS, school=school_id).order_by("-version").first()
    if last is not None and since <= last.since:
        raise ValidationError({"since": f"应晚于上一版的 {last.since}。 Later than the last version's."})
    made: CreditScheme = save_valid(
        CreditScheme(
            school_id=school_id,
            version=last.version + 1 if last else 1,
            since=since,
            cap=cap,
            document=document.strip(),
            **origin(),
        ),
        exclude=("school",),
    )
    current_deed().note(f"发布学分转换办法{made}", subject=made)
    return made


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def add_rule(
    *,
    actor: Actor,
    scheme_id: UUID,
    code: str,
    direction: Direction,
    accepts: AchievementKind,
    source: str,
    target: str,
    credits: Decimal,
    valid_years: int,
    level: SkillLevel | str = "",
) -> ConversionRule:
    """Add a rule to a scheme by which nothing was converted yet.

    Raises:
        NotAllowed: the scheme's school lies outside the actor's scope.
        ValidationError: there is such a rule, or the scheme is in use.
    """
    scheme = CreditScheme.objects.filter(STANDS, pk=scheme_id).first()
    if scheme is None:
        raise NotAllowed
    require_reach(actor, scheme.school_id)
    if CreditPosting.objects.filter(rule__scheme=scheme).exists():
        raise ValidationError("该版本已有转换记录，请发布新版本。 The version is in use; publish a new one.")
    made: ConversionRule = save_valid(
        ConversionRule(
            scheme=scheme,
            code=code.strip(),
            direction=direction,
            accepts=accepts,
            source=source.strip(),
            level=level,
            target=target.strip(),
            credits=credits,
            valid_years=valid_years,
            **origin(),
        )
    )
    current_deed().note(f"增加转换规则 {made}", subject=made)
    return made


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def state_achievement(
    *, actor: Actor, institution_id: UUID, person: PersonRow, kind: AchievementKind, code: str, title: str, on: date
) -> Achievement:
    """State under the institution's seal what a learner achieved on a day: a course, training, competition, prior one.

    Raises:
        NotAllowed: the institution lies outside the actor's scope.
        ValidationError: it is stated already, lies in the future, or is a certificate, which states itself.
    """
    require_reach(actor, institution_id)
    if kind == AchievementKind.CERTIFICATE:
        raise ValidationError({"kind": "证书请按证书编号登记。 A certificate is entered by its number."})
    (person_id,) = ensure_people(actor=actor, rows=[person._replace(organisation_id=institution_id)])
    return _stated(actor, person_id, institution_id, kind, code.strip(), "", title.strip(), on)


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def state_certificate(*, actor: Actor, number: str) -> Achievement:
    """Enter a standing certificate as an achievement of its holder.

    Raises:
        NotAllowed: the certificate's school lies outside the actor's scope.
        ValidationError: no such certificate stands in the actor's sight, or it is entered already.
    """
    found = visible(actor, Certificate).filter(STANDS, number=number.strip().upper()).first()
    if found is None or (found.revoked_on is not None and found.revoked_on <= clock.today()):
        raise ValidationError({"number": NOT_HELD})
    require_reach(actor, found.institution_id)
    kind = found.certificate_type
    title, certificate = f"{kind.name}（{found.get_level_display()}）", AchievementKind.CERTIFICATE
    on, school = found.issued_on, found.institution_id
    return _stated(actor, found.person_id, school, certificate, kind.code, found.level, title, on, found.pk)


def _stated(
    actor: Actor,
    person_id: UUID,
    institution_id: UUID,
    kind: AchievementKind,
    code: str,
    level: str,
    title: str,
    on: date,
    certificate_id: UUID | None = None,
) -> Achievement:
    if on > clock.today():
        raise ValidationError({"on": "取得日期不能晚于今天。 Not later than today."})
    made = Achievement(
        person_id=person_id,
        institution_id=institution_id,
        kind=kind,
        code=code,
        level=level,
        title=title,
        obtained_on=on,
        certificate_id=certificate_id,
        **origin(),
    )
    told = {
        "type": "achievement",
        "achievement": str(made.pk),
        "institution": str(institution_id),
        "kind": str(kind),
        "code": code,
        "level": level,
        "title": title,
        "obtained_on": on.isoformat(),
    }
    made.statement = dict(seal(told, signer(institution_id), clock.now()))
    save_valid(made, exclude=("person", "institution", "certificate"))
    current_deed().note(f"登记学习成果 {title}", subject=made)
    return made


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def convert_credits(*, actor: Actor, achievement_id: UUID, school_id: UUID, rule_code: str) -> CreditPosting:
    """Convert an achievement at a school by a rule of its scheme in force, as of today.

    Raises:
        NotAllowed: the school lies outside the actor's scope.
        ValidationError: why the rule does not take it: used, too old, above the cap, revoked, another rule's.
    """
    require_reach(actor, school_id)
    thing = visible(actor, Achievement).filter(STANDS, pk=achievement_id).first()
    if thing is None:
        raise NotAllowed
    scheme = scheme_on(school_id, clock.today())
    rule = ConversionRule.objects.filter(STANDS, scheme=scheme, code=rule_code).first() if scheme else None
    if rule is None or scheme is None:
        raise ValidationError(NO_RULE)
    hold_certificate(thing.pk)
    account = hold_account(thing.person_id)
    found = obstacles(offer_of(thing), terms_of(rule, scheme, account), clock.today())
    if found:
        raise ValidationError(found)
    made = post_line(Line(account, school_id, rule.pk, thing.pk, rule.credits))
    current_deed().note(f"转换学分 {rule.credits}（{rule.code}）", subject=made)
    return made


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def reverse_posting(*, actor: Actor, posting_id: UUID, reason: str) -> CreditPosting:
    """Take a line back by another one; the achievement may then be used again.

    Raises:
        NotAllowed: the line's school lies outside the actor's scope.
        ValidationError: it is reversed already, is itself a reversal, or no reason is given.
    """
    found = visible(actor, CreditPosting).select_related("achievement", "rule").filter(pk=posting_id).first()
    if found is None:
        raise NotAllowed
    require_reach(actor, found.school_id)
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    account = hold_account(found.achievement.person_id)
    if found.reverses_id or CreditPosting.objects.filter(reverses=found).exists():
        raise ValidationError("该记录已冲销，或本身是冲销。 It is reversed, or is a reversal.")
    line = Line(account, found.school_id, found.rule_id, found.achievement_id, -found.credits, found.pk, reason.strip())
    made = post_line(line)
    current_deed().note(f"冲销学分 {found.credits}", subject=made)
    return made
