"""Give the installation, or an organisation that signs, a new key."""

from __future__ import annotations

from uuid import UUID

from jineng.kernel import keys
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.models import SecondKey, SigningKey
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.models import Organisation
from jineng.registry.scope import in_reach

ROOM = "registry"


@verb(Right.MANAGE_KEYS, room=ROOM)
def renew_key(*, actor: Actor, organisation_id: UUID | None = None) -> SigningKey:
    """Make a new signing key and retire those before; what they signed still verifies.

    The key is an organisation's in the actor's scope, or, without one, the installation's, which the root office alone
    renews. It is made on the signing token where one is configured.

    Raises:
        NotAllowed: the organisation lies outside the scope, or the office is not the root.
        SigningFailure: the token does not answer.
    """
    if organisation_id is None and not actor.sees_all:
        raise NotAllowed("平台密钥由省级主管部门更换。 The installation's key is renewed by the root office.")
    if organisation_id is not None and not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")
    key = keys.rotate(organisation_id)
    whose = "平台" if organisation_id is None else str(Organisation.objects.get(pk=organisation_id))
    current_deed().note(f"更换{whose}的签名密钥为 {key.key_id}", subject=key)
    return key


@verb(Right.MANAGE_KEYS, room=ROOM)
def renew_second_key(*, actor: Actor) -> SecondKey:
    """Make a new SM2 key for second signatures and retire those before; for the root office.

    Raises:
        NotAllowed: the office is not the root.
        SecondMissing: what signs by SM2 is not installed.
    """
    if not actor.sees_all:
        raise NotAllowed("第二签名密钥由省级主管部门更换。 The second key is renewed by the root office.")
    key = keys.rotate_second()
    current_deed().note(f"更换第二签名密钥为 {key.key_id}", subject=key)
    return key
