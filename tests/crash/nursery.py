"""A process with the program loaded that forks a child for each job it is told, so that crashes come cheap.

It reads lines ``WORD ARGUMENT`` and answers with lines: ``pid N`` for the child, marks of the child's progress, and
``ended CODE`` when the child is gone (minus the signal's number where it was killed).
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

from jineng.engines.exchange import write_book
from tests.crash.admitting import (
    confirm_all,
    propose_round,
    publish_round,
    publish_twice,
    stage_round,
    start_round,
    work,
)
from tests.crash.sealing import seal_all, stage_certificates
from tests.crash.selecting import award_all, decide_all, review_all, stage_review

ACCOUNT = "province-officer"
SIGNER = "province-signer"
ROOT = "620000-JY"
CALL = "crash"
LOADED = (
    "altair.vegalite",
    "csp.middleware",
    "django.test",
    "django_cotton.cotton_loader",
    "django_htmx.middleware",
    "docx",
    "jineng.briefs.verbs",
    "jineng.engines.allocation",
    "jineng.engines.casework.assigning",
    "jineng.engines.documents.docx",
    "jineng.engines.documents.pdf",
    "jineng.kernel.returns.receiving",
    "jineng.site.cli.program",
    "jineng.site.urls",
    "numba",
    "pandas",
    "rich.progress",
    "tests.admissions.small_rounds",
    "tests.briefs.issuing",
    "tests.kernel.notices.trial",
    "whitenoise.middleware",
)
ORGANISATIONS = 600
AWARDS = 1200


def say(line: str) -> None:
    """One line, whole."""
    os.write(1, f"{line}\n".encode())


def workbook(tag: str) -> bytes:
    """A return whose organisations and awards all carry ``tag``, over three rooms' sheets."""
    from jineng.kernel.returns import the_book

    sheets: dict[str, list[dict[str, Any]]] = {
        "organisations": [
            {
                "code": f"{tag}-{number}",
                "code_scheme": "office",
                "name": f"示例企业 {tag}-{number}",
                "kind": "enterprise",
                "division_code": "620102",
                "authority_code": ROOT,
                "since": date(2020, 1, 1),
                "is_synthetic": True,
            }
            for number in range(ORGANISATIONS)
        ],
        "calls": [{"code": f"{CALL}-{tag}", "name": "遴选", "level": "provincial", "deciders": ROOT}],
        "batches": [
            {"call_code": f"{CALL}-{tag}", "batch_number": 1, "year": 2021, "decided_on": date(2021, 5, 20)},
        ],
        "awards": [
            {
                "call_code": f"{CALL}-{tag}",
                "batch_number": 1,
                "title": f"示例项目 {number}",
                "org_code": f"{tag}-{number % ORGANISATIONS}",
                "status": "recognised",
            }
            for number in range(AWARDS)
        ],
    }
    book = the_book()
    return write_book(
        book,
        {
            name: [[row.get(column.name) for column in book.by_name[name].columns] for row in rows]
            for name, rows in sheets.items()
        },
    )


def prepare(_: str) -> None:
    """An installation with its divisions, root and one officer of the province, but no year loaded."""
    from django.core.management import call_command
    from django.db import transaction

    from jineng.registry import installation
    from jineng.registry.acting import actor_of
    from jineng.registry.kinds import Role
    from jineng.registry.models import Organisation
    from jineng.registry.verbs import give_post, open_account
    from jineng.site.database import database_in_use

    with database_in_use():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        installation.establish(using="owner")
        chief = actor_of(installation.appoint_administrator("chief", "管理员", None, using="owner"))
        assert chief
        with transaction.atomic():
            root = Organisation.objects.using("owner").get(code=ROOT)
            for name in (ACCOUNT, SIGNER):
                account = open_account(actor=chief, username=name, display_name="填报员", password=None)
                give_post(
                    actor=chief,
                    account=account,
                    organisation_id=root.pk,
                    role=Role.OFFICER,
                    title="年度填报",
                    since=date(2016, 1, 1),
                )


def write(argument: str) -> None:
    """Write the workbook ``TAG PATH``."""
    from pathlib import Path

    tag, path = argument.split(" ", 1)
    Path(path).write_bytes(workbook(tag))


def load(path: str) -> None:
    """``jineng load PATH``, without the steps of the reference year; says when the rows are in but not committed."""
    from jineng.kernel.returns import receiving
    from jineng.site.cli import pipeline, program

    merged: Callable[..., None] = receiving._refresh_statistics

    def refresh_and_say(hall: Any) -> None:
        merged(hall)
        say("merged")

    receiving._refresh_statistics = refresh_and_say
    pipeline.steps = list
    say("begin")
    sys.argv = ["jineng", "load", path, "--as", ACCOUNT, "--json"]
    program.main()


def load_unchecked(path: str) -> None:
    """As :func:`load`, but on a disk that filled up after the start had found it roomy."""
    from jineng.site.cli import pipeline

    pipeline.check_disk = lambda var: None
    load(path)


def upload(path: str) -> None:
    """Hand ``PATH`` in on the page, as the officer who is signed in."""
    from pathlib import Path

    from django.test import Client

    from jineng.kernel.models import Account

    browser = Client(headers={"host": "localhost"})
    browser.force_login(Account.objects.get(username=ACCOUNT), "django.contrib.auth.backends.ModelBackend")
    with Path(path).open("rb") as file:
        answer = browser.post("/returns/submit/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer.headers["Location"])
    assert "正在处理" in page.content.decode()


def release(year: str) -> None:
    """``jineng release YEAR``; says when the folder is in its place but the release not committed."""
    from jineng.briefs.verbs import releases as verbs
    from jineng.site.cli import pipeline, program

    move = verbs.move_in_place

    def move_and_say(draft: Any, folder: Any) -> None:
        move(draft, folder)
        say("merged")

    verbs.move_in_place = move_and_say
    pipeline.steps = list
    with pipeline.django_ready():
        _have_signed(int(year))
    say("begin")
    sys.argv = ["jineng", "release", year, "--as", ACCOUNT]
    program.main()


def _have_signed(year: int) -> None:
    """The year's issue, checked by one officer of the province and signed by another."""
    from jineng.site.cli import pipeline
    from tests.briefs.issuing import signed_issue

    signed_issue(pipeline.actor_named(ACCOUNT), pipeline.actor_named(SIGNER), year)


def tell(about: str) -> None:
    """Have one officer of the province tell the office something; the other keeps an address."""
    from jineng.kernel.models import Account
    from jineng.kernel.notices import Office
    from jineng.kernel.notices.verbs import choose_telling
    from jineng.site.cli import pipeline
    from tests.kernel.notices.trial import tell as tell_office

    officer, reader = pipeline.actor_named(ACCOUNT), pipeline.actor_named(SIGNER)
    choose_telling(actor=reader, telling=Account.Telling.AT_ONCE, email="reader@example.org")
    tell_office(actor=officer, about=Account(pk=int(about)), to=Office(officer.organisation_id))


def deliver(argument: str) -> None:
    """Work on the mail ``POINT FOLDER MAIL OFFICE``; what the mail server takes lands in the folder. Stop at the point.

    ``marking``: it is marked as being sent, but not committed; ``handing``: committed, but not handed over;
    ``handed``: the server has it, which is not written down yet; anything else: nowhere.
    """
    from django.conf import settings

    from jineng.kernel.jobs import deliver_mail_job
    from jineng.kernel.models import Mail
    from jineng.kernel.notices import delivery

    point, folder, mail_id, office = argument.split(" ")
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", folder
    hand_over: Callable[..., Any] = delivery.hand_over
    save: Callable[..., None] = Mail.save

    def stop_at(here: str) -> None:
        if here == point:
            say(here)
            signal.pause()

    def hand_over_and_stop(mail: Any) -> Any:
        stop_at("handing")
        outcome = hand_over(mail)
        stop_at("handed")
        return outcome

    def save_and_stop(*given: Any, **options: Any) -> None:
        save(*given, **options)
        stop_at("marking")

    delivery.hand_over, Mail.save = hand_over_and_stop, save_and_stop
    deliver_mail_job.func(mail_id=mail_id, organisation_id=office)


def decide(mail_id: str) -> None:
    """Have the administrator send a mail again."""
    from uuid import UUID

    from jineng.kernel.notices.verbs import send_mail_again
    from jineng.site.cli import pipeline

    send_mail_again(actor=pipeline.actor_named("chief"), mail_id=UUID(mail_id))


JOBS: dict[str, Callable[[str], None]] = {
    job.__name__: job
    for job in (
        *(prepare, write, load, load_unchecked, upload, release, tell, deliver, decide),
        *(stage_review, review_all, decide_all, award_all),
        *(stage_certificates, seal_all),
        *(stage_round, start_round, work, propose_round, publish_round, publish_twice, confirm_all),
    )
}


def _in_child(job: Callable[[str], None], argument: str) -> None:
    quiet = os.open(os.environ["NURSERY_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sys.stdout = sys.stderr = os.fdopen(quiet, "w", buffering=1)
    code = 1
    try:
        job(argument)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def main() -> None:
    """Serve until the input ends."""
    import django
    from django.template import engines

    django.setup()
    # What children want is loaded once, for all of them: the pages, the engines, what writes a brief.
    for name in LOADED:
        import_module(name)
    engines["django"].engine  # noqa: B018 asked for, it is made

    say("ready")
    for line in sys.stdin:
        word, _, argument = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            _in_child(JOBS[word], argument)
        say(f"pid {child}")
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
