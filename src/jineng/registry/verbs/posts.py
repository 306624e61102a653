"""Open accounts, give and end posts, delegate them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.models import Account
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.kinds import Role
from jineng.registry.models import Delegation, Post
from jineng.registry.scope import in_reach

ROOM = "registry"


@verb(Right.MANAGE_POSTS, room=ROOM)
def open_account(
    *, actor: Actor, username: str, display_name: str, password: str | None = None, is_demo: bool = False
) -> Account:
    """Open an account; without a password it cannot sign in until one is set.

    Raises:
        ValidationError: the user name is taken.
    """
    if Account.objects.filter(username=username).exists():
        raise ValidationError({"username": "账号已存在。 The user name is taken."})
    account = Account.objects.create_user(username, password, display_name=display_name, is_demo=is_demo)
    current_deed().note(f"开设账号 {username}", subject=account)
    return account


@verb(Right.MANAGE_POSTS, room=ROOM)
def give_post(
    *,
    actor: Actor,
    account: Account,
    organisation_id: UUID,
    role: str,
    title: str,
    since: date,
    until: date | None = None,
) -> Post:
    """Give an account a post in an organisation in the actor's scope.

    Raises:
        NotAllowed: the organisation lies outside the scope.
        ValidationError: an unknown role, or an end before the start.
    """
    if not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")
    if role not in Role.values:
        raise ValidationError({"role": "没有此角色。 There is no such role."})
    if until is not None and until <= since:
        raise ValidationError({"until": "终止日期应晚于起始日期。 The end must lie after the start."})
    post = Post.objects.create(
        account=account,
        organisation_id=organisation_id,
        role=role,
        title=title,
        since=since,
        until=until,
        **origin(),
    )
    current_deed().note(f"任命 {account} 为{title}", subject=post)
    return post


@verb(Right.MANAGE_POSTS, room=ROOM)
def end_post(*, actor: Actor, post_id: UUID, until: date) -> Post:
    """End a post from ``until`` on; that day is no longer included."""
    post = Post.objects.filter(pk=post_id).select_for_update().first()
    if post is None or not in_reach(actor, post.organisation_id):
        raise NotAllowed("该岗位不在管辖范围内。 The post lies outside your scope.")
    if until <= post.since:
        raise ValidationError({"until": "终止日期应晚于起始日期。 The end must lie after the start."})
    post.until = until
    post.save(update_fields=["until"])
    current_deed().note(f"终止岗位 {post.title}", subject=post)
    return post


@verb(Right.USE_WORKSPACE, room=ROOM)
def delegate_post(*, actor: Actor, post_id: UUID, to: Account, since: date, until: date, reason: str) -> Delegation:
    """Let another account act in one's own post for a time. A delegated post cannot be delegated further.

    Raises:
        NotAllowed: the post is not the actor's own.
        ValidationError: delegated to oneself, or an end before the start.
    """
    post = Post.objects.filter(pk=post_id, voided_at__isnull=True).first()
    if post is None or post.account_id != actor.account_id or actor.on_behalf_of is not None:
        raise NotAllowed("只能委托本人持有的岗位。 Only a post of your own can be delegated.")
    if to.pk == actor.account_id:
        raise ValidationError({"to": "不能委托给本人。 A post cannot be delegated to its holder."})
    if until <= since:
        raise ValidationError({"until": "终止日期应晚于起始日期。 The end must lie after the start."})
    delegation = Delegation.objects.create(post=post, to=to, since=since, until=until, reason=reason, **origin())
    current_deed().note(f"委托 {post.title} 给 {to}", subject=post)
    return delegation
