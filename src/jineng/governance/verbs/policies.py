"""Record policies, issue drafts, add those who sign, repeal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.governance.kinds import PolicyKind
from jineng.governance.models import Policy, PolicyIssuer
from jineng.governance.verbs.reach import OUTSIDE, changeable, note_door, require_after
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach

ROOM = "governance"


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def record_policy(
    *,
    actor: Actor,
    number: str,
    title: str,
    issuer_ids: Sequence[UUID],
    level: str,
    kind: str = PolicyKind.ISSUED,
    topic: str = "",
    scope: str = "",
    issued_on: date | None = None,
    replaces_id: UUID | None = None,
    through: str = Origin.PAGE,
) -> Policy:
    """Record a policy, or without ``issued_on`` a draft; ``issuer_ids`` in the order of signing, the leader first.

    What it replaces ends on the day of its issue.

    Raises:
        NotAllowed: none of those who issue it lies in the actor's scope, or what it replaces is not the actor's.
        ValidationError: nobody issues it, or its number is taken.
    """
    issuers = list(dict.fromkeys(issuer_ids))
    if not issuers:
        raise ValidationError({"issuers": "请至少填写一个印发单位。 Name at least one issuer."})
    if not any(in_reach(actor, issuer) for issuer in issuers):
        raise NotAllowed(OUTSIDE)
    note_door(through)
    policy = Policy(
        number=number.strip(),
        title=title.strip(),
        organisation_id=issuers[0],
        level=level,
        kind=kind,
        topic=topic.strip(),
        scope=scope.strip(),
        issued_on=issued_on,
        replaces_id=replaces_id,
        **origin(),
    )
    policy.full_clean()
    policy.save(force_insert=True)
    PolicyIssuer.objects.bulk_create(
        PolicyIssuer(policy=policy, organisation_id=issuer, order=order, **origin())
        for order, issuer in enumerate(issuers, 1)
    )
    _end_replaced(actor, policy)
    current_deed().note(f"登记政策文件 {policy.number}", subject=policy, issuers=len(issuers))
    return policy


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def issue_policy(*, actor: Actor, policy_id: UUID, number: str, issued_on: date) -> Policy:
    """Issue a draft under its number: from then on everybody reads it, and it ends what it replaces.

    Raises:
        NotAllowed: no such policy in the actor's hands.
        ValidationError: it was issued before, or the number is taken.
    """
    policy = changeable(actor, Policy, policy_id)
    if policy.issued_on is not None:
        raise ValidationError("该文件已印发。 It was issued already.")
    policy.number, policy.issued_on = number.strip(), issued_on
    policy.full_clean()
    policy.save(update_fields=["number", "issued_on"])
    _end_replaced(actor, policy)
    current_deed().note(f"印发 {policy.number}，{issued_on}", subject=policy)
    return policy


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def add_issuer(*, actor: Actor, policy_id: UUID, organisation_id: UUID, signed_on: date | None = None) -> PolicyIssuer:
    """Add a department that signs a policy too, from ``signed_on`` on or, without it, from the issue on.

    Raises:
        NotAllowed: no such policy in the actor's hands.
        ValidationError: the department is among its issuers.
    """
    policy = changeable(actor, Policy, policy_id)
    standing = PolicyIssuer.objects.filter(STANDS, policy=policy)
    if standing.filter(organisation_id=organisation_id).exists():
        raise ValidationError({"organisation": "该单位已在印发单位之列。 It is among the issuers already."})
    last = standing.order_by("-order").values_list("order", flat=True).first() or 0
    made = PolicyIssuer.objects.create(
        policy=policy, organisation_id=organisation_id, order=last + 1, signed_on=signed_on, **origin()
    )
    current_deed().note(f"{policy.number} 增加印发单位", subject=policy, organisation=str(organisation_id))
    return made


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def repeal_policy(*, actor: Actor, policy_id: UUID, repealed_on: date) -> Policy:
    """End a policy: from ``repealed_on`` on it is no longer in force; up to that day everything stays as it was.

    Raises:
        NotAllowed: no such policy in the actor's hands.
        ValidationError: it is a draft, was repealed before, or the day does not lie after its issue.
    """
    policy = changeable(actor, Policy, policy_id)
    _repeal(policy, repealed_on)
    current_deed().note(f"废止 {policy.number}，自 {repealed_on}", subject=policy)
    return policy


def _repeal(policy: Policy, repealed_on: date) -> None:
    if policy.issued_on is None:
        raise ValidationError("草案未曾印发，误录的请作废。 A draft was never issued; void it instead.")
    if policy.repealed_on is not None:
        raise ValidationError(f"该文件已自 {policy.repealed_on} 起废止。 It is repealed already.")
    require_after("repealed_on", repealed_on, policy.issued_on)
    policy.repealed_on = repealed_on
    policy.save(update_fields=["repealed_on"])


def _end_replaced(actor: Actor, policy: Policy) -> None:
    if policy.replaces_id is None or policy.issued_on is None:
        return
    replaced = changeable(actor, Policy, policy.replaces_id)
    if replaced.repealed_on is None:
        _repeal(replaced, policy.issued_on)
