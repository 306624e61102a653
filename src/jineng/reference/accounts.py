"""Accounts of the reference year: who hands in returns, and demonstration accounts that people sign in with."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Account
from jineng.kernel.secrets import secret
from jineng.reference.books import code_of
from jineng.reference.people import person
from jineng.reference.year import DemoAccount, Specification
from jineng.registry.acting import actor_of
from jineng.registry.installation import appoint_administrator
from jineng.registry.kinds import Role
from jineng.registry.models import Delegation, Organisation
from jineng.registry.verbs import delegate_post, give_post, open_account

SETUP = "system-setup"
SINCE = date(2016, 1, 1)
PASSWORD_FILE = "demo-password"  # noqa: S105 the file's name, not what it holds
PASSWORD_BYTES = 10
ROLES = {
    "province_officer": Role.OFFICER,
    "city_officer": Role.OFFICER,
    "county_officer": Role.OFFICER,
    "school_officer": Role.OFFICER,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
    "reviewer": Role.REVIEWER,
}


class NoAdministrator(LookupError):
    """The installation has no administrator who could open accounts."""


@dataclass(frozen=True)
class DemoSignIn:
    """What the terminal tells of a demonstration account."""

    login: str
    title: str
    organisation: str
    password: str


def appoint_setup_administrator(using: str = "owner") -> None:
    """The administrator who opens the reference year's accounts; it has no password. Needs the owner's credentials."""
    appoint_administrator(SETUP, "系统安装", None, using=using)


def administrator() -> Actor:
    """The administrator that :func:`appoint_setup_administrator` appointed.

    Raises:
        NoAdministrator: nobody was appointed.
    """
    account = Account.objects.filter(username=SETUP).first()
    actor = actor_of(account) if account else None
    if actor is None:
        raise NoAdministrator("还没有系统管理员，请先初始化。 There is no administrator yet; establish the site first.")
    return actor


def reporting_officer(organisation_code: str) -> Actor:
    """The officer who hands in the return of an organisation; appointed on first use. It cannot sign in.

    Raises:
        LookupError: the register has no such organisation.
        NoAdministrator: nobody may appoint an officer.
    """
    return _appointed(f"return-{organisation_code.lower()}", organisation_code, Role.OFFICER, "年度填报员", "年度填报")


def reviewer(organisation_code: str) -> Actor:
    """The expert of an organisation who reviews in the year's selections; appointed on first use. It cannot sign in.

    Raises:
        LookupError: the register has no such organisation.
        NoAdministrator: nobody may appoint an expert.
    """
    return _appointed(reviewer_name(organisation_code), organisation_code, Role.REVIEWER, "评审专家", "评审专家")


def reviewer_name(organisation_code: str) -> str:
    """The name of the account of :func:`reviewer`."""
    return f"expert-{organisation_code.lower()}"


def _appointed(username: str, organisation_code: str, role: Role, display_name: str, title: str) -> Actor:
    account = Account.objects.filter(username=username).first()
    if account is None:
        chief = administrator()
        organisation = _organisation(chief, organisation_code)
        with transaction.atomic():
            account = open_account(actor=chief, username=username, display_name=display_name)
            give_post(
                actor=chief,
                account=account,
                organisation_id=organisation.pk,
                role=role,
                title=title,
                since=SINCE,
            )
    actor = actor_of(account)
    if actor is None:
        raise LookupError(f"账号 {username} 没有岗位。 The account {username} holds no post.")
    return actor


def demo_password() -> str:
    """The one password of all demonstration accounts of this installation, made on first use.

    It is the text form of ``keys/demo-password`` in the working folder, which only the installation's user can read.
    """
    text = base64.b32encode(secret(PASSWORD_FILE, size=PASSWORD_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def load_demo_accounts(specification: Specification) -> int:
    """Open the demonstration accounts that are missing, with their posts and delegations; returns how many."""
    chief = administrator()
    known = set(Account.objects.filter(is_demo=True).values_list("username", flat=True))
    missing = [account for account in specification.accounts if account.login not in known]
    for account in missing:
        _open(chief, account, specification)
    for delegation in specification.delegations:
        giver = Account.objects.get(username=delegation.giver)
        taker = Account.objects.get(username=delegation.taker)
        actor = actor_of(giver)
        if actor is None or actor.post_id is None:
            raise LookupError(f"{delegation.giver} 没有可委托的岗位。 {delegation.giver} holds no post to delegate.")
        with acting(actor):
            known_delegation = Delegation.objects.filter(post_id=actor.post_id, to=taker, since=delegation.since)
            if known_delegation.exists():
                continue
        delegate_post(
            actor=actor,
            post_id=actor.post_id,
            to=taker,
            since=delegation.since,
            until=delegation.until,
            reason="年终填报（演示）",
        )
    return len(missing)


def demo_sign_ins(specification: Specification) -> list[DemoSignIn]:
    """How to sign in as each role, for the end of a run; needs no database."""
    return [
        DemoSignIn(
            account.login,
            account.title,
            specification.organisations[account.organisation].on(specification.end).name,
            demo_password(),
        )
        for account in specification.accounts
    ]


def _open(chief: Actor, demo: DemoAccount, specification: Specification) -> None:
    code = code_of(specification.organisations[demo.organisation], specification)
    organisation = _organisation(chief, code)
    with transaction.atomic():
        account = open_account(
            actor=chief,
            username=demo.login,
            display_name=person(demo.person, specification.people).name,
            password=demo_password(),
            is_demo=True,
        )
        give_post(
            actor=chief,
            account=account,
            organisation_id=organisation.pk,
            role=ROLES[demo.role],
            title=demo.title,
            since=SINCE,
        )


def _organisation(chief: Actor, code: str) -> Organisation:
    with acting(chief):
        organisation = Organisation.objects.filter(code=code, voided_at__isnull=True).first()
    if organisation is None:
        raise LookupError(f"登记册中没有机构 {code}。 The register holds no organisation {code}.")
    return organisation


def codes_of(organisation_ids: set[UUID]) -> dict[UUID, str]:
    """Codes of organisations by id, among those that the running actor sees."""
    return dict(Organisation.objects.filter(pk__in=organisation_ids).values_list("pk", "code"))
