"""What may be asked of the credit bank."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, Func, Q, QuerySet, Sum, UUIDField, Value

from jineng.credentials.crediting import Offer, Terms
from jineng.credentials.models import (
    Achievement,
    ConversionRule,
    CreditAccount,
    CreditPosting,
    CreditScheme,
)
from jineng.credentials.queries import name_of
from jineng.engines.seals import PublicKey
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.models import SigningKey
from jineng.kernel.records import STANDS
from jineng.registry.scope import visible


def schemes_of(actor: Actor) -> QuerySet[CreditScheme]:
    """Standing schemes of all schools, with ``school_name`` and how many rules each has."""
    rules = Count("rules", filter=Q(rules__voided_at__isnull=True))
    return visible(actor, CreditScheme).filter(STANDS).annotate(school_name=name_of("school_id"), rule_count=rules)


def scheme_on(school_id: UUID, day: date) -> CreditScheme | None:
    """The version that is in force at a school on a day."""
    return CreditScheme.objects.filter(STANDS, school=school_id, since__lte=day).order_by("-since").first()


def accounts_of(actor: Actor) -> QuerySet[CreditAccount]:
    """Accounts of learners whom the actor sees, with their people."""
    return visible(actor, CreditAccount).select_related("person")


def postings_of(actor: Actor, account: CreditAccount) -> list[CreditPosting]:
    """The lines of an account in order, with ``school_name``."""
    rows = visible(actor, CreditPosting).filter(account=account).select_related("rule", "achievement", "reversed_by")
    return list(rows.annotate(school_name=name_of("school_id")).order_by("number"))


def achievements_of(actor: Actor, person_id: UUID) -> QuerySet[Achievement]:
    """What a learner achieved, the latest first, with the line that uses it, if any.

    Each has its ``institution_name``, and ``stands``: whether its certificate, if it is one, stands today.
    """
    rows = visible(actor, Achievement).filter(STANDS, person=person_id).select_related("certificate", "use")
    stands = Func("pk", Value(clock.today()), function="credentials_achievement_stands", output_field=BooleanField())
    return rows.annotate(institution_name=name_of("institution_id"), stands=stands)


def offer_of(thing: Achievement) -> Offer:
    """An achievement as rules look at it today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT credentials_achievement_used(%(it)s), NOT credentials_achievement_stands(%(it)s, %(today)s), "
            "credentials_achievement_suspended(%(it)s)",
            {"it": thing.pk, "today": clock.today()},
        )
        return Offer(thing.kind, thing.code, thing.level, thing.obtained_on, *cursor.fetchone())


@dataclass(frozen=True)
class HolderLine:
    """A line of the ledger as the holder of its certificate is shown it."""

    posted_on: date
    school: str
    target: str
    credits: Decimal
    reason: str


def lines_of_certificate(certificate_id: UUID) -> list[HolderLine]:
    """What a certificate was converted to, and what of it was taken back and why; for its holder, who has no sight."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT posted_on, school, target, credits, reason FROM credentials_lines_of_certificate(%s)",
            [certificate_id],
        )
        return [HolderLine(*row) for row in cursor.fetchall()]


def terms_of(rule: ConversionRule, scheme: CreditScheme, account_id: UUID | None) -> Terms:
    """A rule, with what the account already got at the scheme's school."""
    return _terms(rule, scheme, _got(account_id, scheme.school_id))


def rules_on(school_id: UUID, day: date, account_id: UUID | None) -> dict[str, tuple[ConversionRule, Terms]]:
    """The rules in force at a school on a day, by their codes, with what the account already got at the school."""
    scheme = scheme_on(school_id, day)
    if scheme is None:
        return {}
    got, rules = _got(account_id, school_id), ConversionRule.objects.filter(STANDS, scheme=scheme)
    return {rule.code: (rule, _terms(rule, scheme, got)) for rule in rules}


def _got(account_id: UUID | None, school_id: UUID) -> Decimal:
    found = CreditPosting.objects.filter(account=account_id, school=school_id).aggregate(sum=Sum("credits"))["sum"]
    return found or Decimal(0)


def _terms(rule: ConversionRule, scheme: CreditScheme, got: Decimal) -> Terms:
    return Terms(rule.accepts, rule.source, rule.level, rule.credits, rule.valid_years, scheme.cap, got)


def achievements_named(person_id: UUID, code: str) -> QuerySet[Achievement]:
    """A learner's achievements by a code as it was filled in, or by the number of the certificate, which itself may lie
    out of sight."""
    named = code.strip()
    of_number = Func(
        Value(person_id),
        Value(named.upper()),
        function="credentials_achievement_of_number",
        output_field=UUIDField(),
    )
    rows = Achievement.objects.filter(STANDS, person=person_id)
    return rows.filter(Q(pk=of_number) | Q(certificate__isnull=True, code=named))


def keys_of(schools: Collection[UUID]) -> dict[str, PublicKey]:
    """The public keys by which schools seal, retired ones too."""
    found: Any = SigningKey.objects.filter(owner_id__in=schools)
    return {key.key_id: PublicKey(bytes(key.public_key), key.valid_from, key.retired_at) for key in found}
