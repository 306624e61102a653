"""Each mail goes out once; what is not known is said to be unknown; refusals are told apart."""

from __future__ import annotations

import email
import email.policy
import json
import smtplib
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from jineng.kernel import jobs
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine, Mail
from jineng.kernel.notices import delivery
from jineng.kernel.notices.delivery import BACK_OFF, deliver
from jineng.kernel.notices.verbs import count_mail_as_sent, send_mail_again, set_reply_address
from tests.kernel.notices.conftest import ADDRESS, Offices
from tests.kernel.notices.smtp_server import DROP, MailServer, mail_server

SMTP = "jineng.kernel.notices.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def _nobody_waits(soon: list[tuple[str, int, str]]) -> None:
    """Retries are noted, not enqueued."""


def send(offices: Offices, mail: Mail) -> Mail:
    """One run of the mail's job, and what became of it."""
    deliver(mail.pk, mail.name_of_id)
    return offices.fate()


def through(settings: Any, server: MailServer) -> None:
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5


def test_a_mail_goes_out_once(offices: Offices) -> None:
    set_reply_address(actor=offices.city, reply_to="lzjy@example.org")
    mail = offices.one_mail()
    sent = send(offices, mail)
    assert (sent.state, sent.attempts, sent.last_error) == ("sent", 1, "")
    assert sent.finished_at is not None
    send(offices, mail)
    (message,) = django_mail.outbox
    assert message.to == [ADDRESS]
    assert message.reply_to == ["lzjy@example.org"]
    assert message.from_email == '"兰州市教育局" <jineng@localhost>'


def test_what_stands_in_a_mail(offices: Offices, settings: Any) -> None:
    mail = offices.one_mail()
    with mail_server() as server:
        through(settings, server)
        assert send(offices, mail).state == "sent"
    (text,) = server.accepted
    told = email.message_from_string(text, policy=email.policy.default)
    assert isinstance(told, EmailMessage)
    assert told["From"].addresses[0].display_name == "兰州市教育局"
    assert told["From"].addresses[0].addr_spec == "jineng@localhost"
    assert told["Subject"] == "新任务"
    assert told["Message-ID"] == f"<{mail.pk}@localhost>"
    assert told["Date"].datetime == mail.created_at.replace(microsecond=0)
    assert told["Auto-Submitted"] == "auto-generated"
    assert "Reply-To" not in told
    assert f"/notices/{mail.notice_id}/" in told.get_content()
    assert server.envelopes[0][1].startswith("mail FROM:<jineng@localhost>")


def test_sent_again_it_is_the_same_mail(offices: Offices, settings: Any) -> None:
    mail = offices.one_mail()
    texts = []
    for _ in range(2):
        with mail_server() as server:
            through(settings, server)
            send(offices, mail)
        texts += server.accepted
        with acting(offices.city):
            Mail.objects.update(state="waiting")
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("answers", "state", "told"),
    [
        ({"RCPT": "450 busy"}, "waiting", "450 busy"),
        ({"RCPT": "550 no such mailbox"}, "failed", "550 no such mailbox"),
        ({"RCPT": f"550 {ADDRESS} is unknown here"}, "failed", "550 … is unknown here"),
        ({"MAIL": "451 later"}, "waiting", "451 later"),
        ({"MAIL": "553 not you"}, "failed", "553 not you"),
        ({"end": "452 full"}, "waiting", "452 full"),
        ({"end": "554 spam"}, "failed", "554 spam"),
        ({"DATA": "421 closing"}, "waiting", "421 closing"),
        ({"EHLO": DROP}, "waiting", "SMTPServerDisconnected"),
        ({"RCPT": DROP}, "waiting", "SMTPServerDisconnected"),
        ({"end": DROP}, "unknown", "无法确定是否送达"),
    ],
    ids=str,
)
def test_what_the_server_says_decides(
    offices: Offices, settings: Any, soon: list[Any], answers: dict[str, str], state: str, told: str
) -> None:
    mail = offices.one_mail()
    with mail_server(**answers) as server:
        through(settings, server)
        fate = send(offices, mail)
    assert fate.state == state
    assert told in fate.last_error
    assert ADDRESS not in fate.last_error
    assert server.accepted == []
    assert soon == ([("deliver_mail", BACK_OFF[0], str(mail.pk))] if state == "waiting" else [])


def test_a_server_that_is_not_there_is_tried_again(offices: Offices, settings: Any, soon: list[Any]) -> None:
    mail = offices.one_mail()
    with mail_server() as server:
        through(settings, server)
    for attempt in range(1, len(BACK_OFF) + 1):
        fate = send(offices, mail)
        assert (fate.state, fate.attempts) == ("waiting", attempt)
    assert [seconds for _, seconds, _ in soon] == list(BACK_OFF)
    fate = send(offices, mail)
    assert (fate.state, len(soon)) == ("failed", len(BACK_OFF))
    assert "ConnectionRefusedError" in fate.last_error


def test_a_mail_that_cannot_be_written_fails(offices: Offices) -> None:
    mail = offices.one_mail()
    with acting(offices.city):
        Mail.objects.update(subject="一\n二")
    fate = send(offices, mail)
    assert fate.state == "failed"
    assert "BadHeaderError" in fate.last_error


def test_a_backend_that_cannot_tell_leaves_it_unknown(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = offices.one_mail()
    break_backend(monkeypatch, OSError("gone"))
    assert send(offices, mail).state == "unknown"


def break_backend(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def send_messages(self: Any, messages: Any) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)


def test_a_mailbox_that_the_server_cannot_name_fails(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = offices.one_mail()
    break_backend(monkeypatch, smtplib.SMTPNotSupportedError("no SMTPUTF8"))
    assert send(offices, mail).state == "failed"


class Died(BaseException):
    """The process ends here."""


def left_in_the_middle(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> Mail:
    """A mail whose sender died after it was marked, and nobody knows at which point."""
    mail = offices.one_mail()
    with monkeypatch.context() as patch:
        break_backend(patch, Died())
        with pytest.raises(Died):
            deliver(mail.pk, mail.name_of_id)
    assert offices.fate().state == "sending"
    return mail


def test_a_mail_left_in_the_middle_is_not_sent_again(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = left_in_the_middle(offices, monkeypatch)
    for _ in range(2):
        fate = send(offices, mail)
        assert (fate.state, fate.attempts) == ("unknown", 1)
    assert "中断" in fate.last_error
    assert django_mail.outbox == []


def test_a_sender_thought_dead_may_still_tell(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was only slow: what it knows counts for its own attempt, unless somebody has decided since."""
    mail = left_in_the_middle(offices, monkeypatch)
    fate = send(offices, mail)
    with acting(offices.city):
        delivery._settle(fate, delivery.Outcome("sent"))
        assert offices.fate().state == "sent"
        delivery._settle(fate, delivery.Outcome("failed", "too late"))
    assert offices.fate().state == "sent"


def test_an_administrator_sends_it_again_under_the_same_name(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = left_in_the_middle(offices, monkeypatch)
    send(offices, mail)
    send_mail_again(actor=offices.world.actor("administrator"), mail_id=mail.pk)
    assert offices.fate().state == "waiting"
    fate = send(offices, mail)
    assert (fate.state, fate.attempts, fate.message_id) == ("sent", 2, mail.message_id)
    assert len(django_mail.outbox) == 1


def test_an_administrator_counts_it_as_sent(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = left_in_the_middle(offices, monkeypatch)
    send(offices, mail)
    chief = offices.world.actor("administrator")
    count_mail_as_sent(actor=chief, mail_id=mail.pk)
    assert send(offices, mail).state == "sent"
    assert django_mail.outbox == []
    with acting(chief):
        assert AuditLine.objects.filter(verb="count_mail_as_sent", subject_id=str(mail.pk)).count() == 1
    for decide in (count_mail_as_sent, send_mail_again):
        with pytest.raises(ValidationError, match="无需处理"), transaction.atomic():
            decide(actor=chief, mail_id=mail.pk)


def test_others_decide_nothing(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = left_in_the_middle(offices, monkeypatch)
    with pytest.raises(NotAllowed):
        send_mail_again(actor=offices.city, mail_id=mail.pk)
    with acting(offices.world.actor("other_city_officer")):
        assert Mail.objects.count() == 0
    with pytest.raises(NotAllowed):
        send_mail_again(actor=offices.world.actor("administrator"), mail_id=offices.world.root.pk)


def test_a_job_hands_over_once_the_verb_is_committed(offices: Offices, django_capture_on_commit_callbacks: Any) -> None:
    offices.wants_mail("county_officer")
    with django_capture_on_commit_callbacks(execute=True):
        offices.tell()
        assert django_mail.outbox == []
    assert offices.fate().state == "sent"
    assert len(django_mail.outbox) == 1


@pytest.fixture
def queue(settings: Any) -> None:
    """Jobs are enqueued, as in an installation."""
    settings.JOBS_INLINE = False


def asked(statement: str, *values: Any) -> list[Any]:
    """What the queue holds, or what is done to it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def jobs_of(mail: Mail) -> list[str]:
    """States of the mail's jobs."""
    found = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'deliver_mail' AND args ->> 'mail_id' = %s"
    return sorted(asked(found, str(mail.pk)))


def test_mails_without_a_job_get_one(offices: Offices, queue: None) -> None:
    mail = offices.one_mail()
    assert jobs_of(mail) == ["todo"]
    jobs.sweep_mail.func(0)
    assert jobs_of(mail) == ["todo"]
    asked("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'deliver_mail'")
    jobs.sweep_mail.func(0)
    assert jobs_of(mail) == ["failed", "todo"]
    (errand,) = asked("SELECT args::text FROM procrastinate_jobs WHERE status = 'todo'")
    jobs.deliver_mail_job.func(**json.loads(errand))
    assert offices.fate().state == "sent"
    asked("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    jobs.sweep_mail.func(0)
    assert jobs_of(mail) == ["failed"]


def test_a_retry_waits_in_the_queue(offices: Offices, queue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = offices.one_mail()
    monkeypatch.setattr(delivery, "later", jobs.later)
    monkeypatch.setattr(delivery, "hand_over", lambda mail: delivery.Outcome("waiting", "busy"))
    deliver(mail.pk, mail.name_of_id)
    (pause,) = asked("SELECT scheduled_at - clock_timestamp() FROM procrastinate_jobs WHERE scheduled_at IS NOT NULL")
    assert timedelta(seconds=BACK_OFF[0] - 30) < pause <= timedelta(seconds=BACK_OFF[0])


def test_the_business_clock_dates_the_mail(offices: Offices) -> None:
    with clock_at(date(2021, 6, 15)):
        mail = offices.one_mail()
    assert send(offices, mail).state == "sent"
    assert "15 Jun 2021" in django_mail.outbox[0].extra_headers["Date"]
