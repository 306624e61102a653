"""From an account to an actor: the posts somebody may act in today, their own and those delegated to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.registry.kinds import AUTHORITY_KINDS, OrganisationKind
from jineng.registry.models import Delegation, Organisation, Post
from jineng.registry.rules import rights_of

if TYPE_CHECKING:
    from jineng.kernel.models import Account


@dataclass(frozen=True)
class Seat:
    """A post that somebody may act in today."""

    post: Post
    delegated_by: Account | None


def level_of(organisation: Organisation) -> str:
    """``province``, ``city`` or ``county`` for an authority, ``institution`` for everybody else."""
    if organisation.kind in AUTHORITY_KINDS:
        level = organisation.division.level
        return "county" if level == "special" else level
    return "institution"


def seats(account: Account) -> list[Seat]:
    """Posts that ``account`` may act in today: held and in force, or delegated and both in force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jineng.account', %s, false)", [str(account.pk)])
    day = clock.today()
    in_force = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day)) & Q(voided_at__isnull=True)
    delegated = Delegation.objects.filter(to=account, since__lte=day, until__gt=day, voided_at__isnull=True)
    posts = (
        Post.objects.filter(in_force)
        .filter(Q(account=account) | Q(id__in=delegated.values("post")))
        .select_related("account", "organisation__division")
        .prefetch_related(Prefetch("delegations", delegated, to_attr="mine"))
        .order_by("since", "id")
    )
    return [Seat(post, None if post.account_id == account.pk else post.account) for post in posts]


def actor_of(account: Account, post_id: UUID | str | None = None) -> Actor | None:
    """The actor for ``account`` in the chosen post, else in its first post in force; ``None`` without any."""
    open_seats = seats(account)
    chosen = next((seat for seat in open_seats if str(seat.post.pk) == str(post_id)), None)
    seat = chosen or (open_seats[0] if open_seats else None)
    return actor_in(account, seat) if seat else None


def actor_in(account: Account, seat: Seat) -> Actor:
    """The actor for ``account`` in ``seat``."""
    post, organisation = seat.post, seat.post.organisation
    level = level_of(organisation)
    whom = f"（代 {seat.delegated_by}）" if seat.delegated_by else ""
    return Actor(
        account_id=account.pk,
        post_id=post.pk,
        organisation_id=organisation.pk,
        role=post.role,
        rights=rights_of(post.role, level),
        label=f"{organisation.name} · {post.title} · {account}{whom}",
        sees_all=organisation.authority_id is None
        and organisation.kind == OrganisationKind.EDUCATION_DEPARTMENT,
        on_behalf_of=seat.delegated_by.pk if seat.delegated_by else None,
        level=level,
    )
