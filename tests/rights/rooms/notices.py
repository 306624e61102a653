"""Notices and the outbox in the matrix of rights: everybody's own notice, somebody else's, mails of offices."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from jineng.kernel.models import Account, Mail, Notice, OfficeAddress

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

PAGES = """
notices                     GET     +    +    +    +    +    +     -              200
notice                      GET     +    +    +    +    +    +     own_notice     200
notice                      GET     +    +    +    +    +    +     notice         404  404  404  404
open_notice                 POST    +    +    +    +    +    +     own_notice     302
open_notice                 POST    +    +    +    +    +    +     notice         404  404  404  404
read_notice                 POST    +    +    +    +    +    +     own_notice     302
read_notice                 POST    +    +    +    +    +    +     notice         404  404  404  404
read_all_notices            POST    +    +    +    +    +    +     -              302
notice_settings             GET     +    +    +    +    +    +     -              200
notice_settings             POST    +    +    +    +    +    +     -              302
reply_address               GET     +    +    +    +    .    .     -              200
reply_address               POST    +    +    +    +    .    .     -              302
outbox                      GET     .    .    .    .    .    +     -              200
mail                        GET     .    .    .    .    .    +     mail           200  200  404  404
send_mail_again             POST    .    .    .    .    .    +     mail           302  302  404  404
count_mail_as_sent          POST    .    .    .    .    .    +     mail           302  302  404  404
"""
API = """
/api/v1/notices                            GET     +    +    +    +    +    +     -             200
/api/v1/notices/read                       POST    +    +    +    +    +    +     -             200
/api/v1/notices/{notice_id}/read           POST    +    +    +    +    +    +     own_notice    200
/api/v1/notices/{notice_id}/read           POST    +    +    +    +    +    +     notice        404  404  404  404
"""
PAGE_FORMS: dict[str, Make] = {
    "open_notice": lambda stage, who, name: {},
    "read_notice": lambda stage, who, name: {},
    "read_all_notices": lambda stage, who, name: {},
    "notice_settings": lambda stage, who, name: {"telling": "daily", "email": "someone@example.org"},
    "reply_address": lambda stage, who, name: {"reply_to": "office@example.org"},
    "send_mail_again": lambda stage, who, name: {},
    "count_mail_as_sent": lambda stage, who, name: {},
}
API_FORMS: dict[str, Make] = {
    "/api/v1/notices/read": lambda stage, who, name: {},
    "/api/v1/notices/{notice_id}/read": lambda stage, who, name: {},
}
LISTS: dict[str, str] = {"notices": "province_officer", "outbox": "administrator"}
ASKED: dict[str, str] = {}


def _notice(stage: Stage, subject: str, **to: object) -> Notice:
    return Notice(
        name_of_id=stage.world.root.pk,
        name_of=stage.world.root.name,
        kind="tests.told",
        subject=subject,
        link="/organisations/",
        about_type="tests",
        about_id=subject,
        deed=uuid4(),
        **to,
    )


def _mail(stage: Stage, place: str, notice: Notice) -> Mail:
    identity = uuid4()
    return Mail(
        id=identity,
        message_id=f"<{identity}@example.org>",
        notice=notice,
        account=notice.account,
        address="keeper@example.org",
        name_of_id=stage.world[place].pk,
        name_of=place,
        subject=notice.subject,
        body="",
        state=Mail.State.UNKNOWN,
    )


def furnish(stage: Stage) -> None:
    """A notice to each who knocks, in the role they have; of every office one to somebody else, with its mail."""
    from tests.rights.stage import EVERYWHERE, PERSONAE, as_owner

    keeper = Account.objects.get(username="keeper")
    with as_owner():
        own = {
            who.account: _notice(
                stage, who.account, organisation_id=stage.world[who.place].pk, role=stage.actor(who).role
            )
            for who in PERSONAE
        }
        others = {place: _notice(stage, f"给{place}的", account=keeper) for place in EVERYWHERE}
        Notice.objects.bulk_create([*own.values(), *others.values()])
        mails = {place: _mail(stage, place, notice) for place, notice in others.items()}
        Mail.objects.bulk_create(mails.values())
        OfficeAddress.objects.create(organisation_id=stage.world.root.pk, reply_to="province@example.org")
        stage.own["own_notice"] = {account: notice.pk for account, notice in own.items()}
        stage.objects["notice"] = {place: notice.pk for place, notice in others.items()}
        stage.objects["mail"] = {place: mail.pk for place, mail in mails.items()}


def fill(stage: Stage) -> None:
    """Forty-eight more notices of the province's officers, read by somebody, and as many mails."""
    reader = stage.world.accounts["province_officer"]
    notices = Notice.objects.bulk_create(
        _notice(stage, f"批量{number}", account=reader, read_at="2021-06-15T09:00+08:00", read_by=reader)
        for number in range(48)
    )
    Mail.objects.bulk_create(_mail(stage, "lanzhou", notice) for notice in notices)
