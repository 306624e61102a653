"""From an account to an actor: the posts somebody may act in today, their own and those delegated to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.directory import Seat as Place
from jineng.kernel.models import Account
from jineng.registry.kinds import AUTHORITY_KINDS, Role
from jineng.registry.models import Organisation
from jineng.registry.rules import rights_of


@dataclass(frozen=True)
class Seat:
    """A post that somebody may act in today; its holder is somebody else where it was delegated."""

    post_id: UUID
    role: str
    title: str
    organisation_id: UUID
    organisation_name: str
    kind: str
    division_level: str
    is_root: bool
    holder_id: int
    holder_name: str

    @property
    def level(self) -> str:
        """``province``, ``city`` or ``county`` for an authority, ``institution`` for everybody else."""
        if self.kind not in AUTHORITY_KINDS:
            return "institution"
        return "county" if self.division_level == "special" else self.division_level

    @property
    def role_label(self) -> str:
        """The role as pages show it."""
        return str(Role(self.role).label)


def seats(account: Account) -> list[Seat]:
    """Posts that ``account`` may act in today, its own first: in force, or delegated and both in force.

    One query, which reaches past the walls because nobody acts yet.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_seats(%s, %s)", [account.pk, clock.today()])
        return [Seat(*row) for row in cursor.fetchall()]


def choose(account: Account, open_seats: Sequence[Seat], post_id: UUID | str | None = None) -> Actor | None:
    """The actor for ``account`` in the chosen one of its seats, else in the first; ``None`` without any."""
    chosen = next((seat for seat in open_seats if str(seat.post_id) == str(post_id)), None)
    seat = chosen or (open_seats[0] if open_seats else None)
    return actor_in(account, seat) if seat else None


def actor_of(account: Account, post_id: UUID | str | None = None) -> Actor | None:
    """The actor for ``account`` in the chosen post, else in its first post in force; ``None`` without any."""
    return choose(account, seats(account), post_id)


def actor_in(account: Account, seat: Seat) -> Actor:
    """The actor for ``account`` in ``seat``."""
    delegated = seat.holder_id != account.pk
    whom = f"（代 {seat.holder_name}）" if delegated else ""
    return Actor(
        account_id=account.pk,
        post_id=seat.post_id,
        organisation_id=seat.organisation_id,
        role=seat.role,
        rights=rights_of(seat.role, seat.level),
        label=f"{seat.organisation_name} · {seat.title} · {account}{whom}",
        sees_all=seat.is_root,
        on_behalf_of=seat.holder_id if delegated else None,
        level=seat.level,
    )


def find_actor(account_id: int, post_id: UUID | None) -> Actor | None:
    """The actor for an account's id in a post's id, for jobs; ``None`` where the post is no longer held."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        return None
    seat = next((seat for seat in seats(account) if seat.post_id == post_id), None)
    return actor_in(account, seat) if seat else None


class PostDirectory:
    """What the kernel may ask (see :class:`jineng.kernel.directory.Directory`)."""

    def names_of(self, organisation_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Names of organisations, as far as the running actor sees them."""
        return dict(Organisation.objects.filter(pk__in=organisation_ids).values_list("pk", "name"))

    def holders_of(self, seats: Collection[Place]) -> Mapping[Place, Sequence[int]]:
        """Accounts by seat, past the walls: who is told must not be seen by the teller."""
        offices, roles = [str(office) for office, _ in seats], [role for _, role in seats]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM registry_holders(%s::uuid[], %s::text[], %s)", [offices, roles, clock.today()]
            )
            found: dict[Place, list[int]] = defaultdict(list)
            for office, role, account_id in cursor.fetchall():
                found[office, role].append(account_id)
        return found

    def actors_of(self, account_id: int) -> list[Actor]:
        """The account in each of its posts of today."""
        account = Account.objects.filter(pk=account_id, is_active=True).first()
        return [actor_in(account, seat) for seat in seats(account)] if account else []
