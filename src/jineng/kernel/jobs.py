"""Work that takes longer than a page may: jobs in PostgreSQL, enqueued in the transaction that asks for them.

A job may be cut off at any moment and be done again: a worker that dies leaves its jobs behind as "doing", and
:func:`sweep` hands them to the next one. So every job can be repeated without harm, and says on what it works for
whoever waits how it ended, also when it ends badly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.utils import utcnow

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed, acting, current_actor, find_actor
from jineng.kernel.models import Receipt
from jineng.kernel.tokens import SigningFailure

ATTEMPTS = 5
_PROGRESS_SECONDS = 0.5
LOST = (OperationalError, InterfaceError)
Progress = Callable[[str, int, int], None]


@app.task(
    name="process_return",
    queue="returns",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ATTEMPTS, wait=2, retry_exceptions=LOST),
)
def process_return_job(
    context: JobContext, *, receipt_id: str, account_id: int, post_id: str, organisation_id: str
) -> None:
    """Land a file that was handed in. Done again after a crash; after too many of them the receipt says so."""
    identity, owner = UUID(receipt_id), UUID(organisation_id)
    if context.job.attempts > ATTEMPTS:
        _fail(identity, owner, account_id, "处理多次中断。", "It was cut off too many times.")
        return
    try:
        actor = find_actor(account_id, UUID(post_id))
    except NotAllowed:
        _fail(identity, owner, account_id, "提交人已不在该岗位。", "Whoever submitted it no longer holds the post.")
        return
    try:
        with alone_with(identity), _progress_of(actor, identity) as progress:
            _process(actor, identity, progress)
    except SigningFailure as failure:
        _fail(identity, owner, account_id, failure.zh, failure.en)
    except LOST:
        if context.job.attempts >= ATTEMPTS:
            _fail(identity, owner, account_id, "与数据库的连接多次中断。", "The database was lost too many times.")
        raise
    except Exception:
        _fail(identity, owner, account_id, "程序出现意外错误。", "The program met an unexpected error.")
        raise


def process_return_now(*, receipt_id: str, account_id: int, post_id: str, organisation_id: str) -> None:
    """What :func:`process_return_job` does, in the caller's transaction."""
    del organisation_id
    _process(find_actor(account_id, UUID(post_id)), UUID(receipt_id), lambda sheet, done, total: None)


@app.periodic(cron="* * * * * */5")
@app.task(name="sweep", queue="upkeep", queueing_lock="sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Hand the jobs of dead workers to living ones."""
    del timestamp
    manager = context.app.job_manager
    workers: Any = settings.PROCRASTINATE_WORKER_DEFAULTS
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=workers["stalled_worker_timeout"]):
        with suppress(ConnectorException):  # another worker's sweep was faster
            if job.queue == sweep.queue:  # what is done again and again need not be done anew
                await manager.finish_job(job, Status.FAILED, delete_job=True)
            else:
                await manager.retry_job(job, retry_at=utcnow())


@app.task(name="deliver_mail", queue="mail", retry=RetryStrategy(max_attempts=ATTEMPTS, wait=5, retry_exceptions=LOST))
def deliver_mail_job(*, mail_id: str, organisation_id: str) -> None:
    """Send a mail of the outbox. Done again after a crash, it sends nothing: the mail's fate is unknown then."""
    from jineng.kernel.notices.delivery import deliver

    deliver(UUID(mail_id), UUID(organisation_id))


def deliver_mail_now(**arguments: str) -> None:
    """What :func:`deliver_mail_job` does, as soon as the caller's transaction is committed."""
    transaction.on_commit(partial(deliver_mail_job.func, **arguments), robust=True)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_mail", queue="upkeep", queueing_lock="sweep_mail")
def sweep_mail(timestamp: int) -> None:
    """Give a job to the mails that none will bring any further: theirs failed, or was lost."""
    del timestamp
    with connection.cursor() as cursor:
        cursor.execute("SELECT mail_id, office FROM kernel_mail_adrift()")
        adrift = cursor.fetchall()
    soon_for_each("deliver_mail", ({"mail_id": str(mail), "organisation_id": str(office)} for mail, office in adrift))


@app.periodic(cron="*/10 * * * *")
@app.task(name="write_digests", queue="upkeep", queueing_lock="write_digests")
def write_digests_job(timestamp: int) -> None:
    """Write the digests of the day; see :mod:`jineng.kernel.notices.digest`."""
    from jineng.kernel.notices.digest import write_digests

    del timestamp
    write_digests()


JOBS: dict[str, tuple[Any, Callable[..., None]]] = {
    "process_return": (process_return_job, process_return_now),
    "deliver_mail": (deliver_mail_job, deliver_mail_now),
}


def offer_job(name: str, job: Any, now: Callable[..., None]) -> None:
    """Let a room name a job of its own for :func:`soon`; ``now`` does the same in the caller's transaction."""
    JOBS[name] = (job, now)


_at_once: ContextVar[bool] = ContextVar("at_once", default=False)


@contextmanager
def at_once() -> Iterator[None]:
    """Within the block jobs are done at once, in the transaction that asks for them: no worker is beside it."""
    token = _at_once.set(True)
    try:
        yield
    finally:
        _at_once.reset(token)


def soon(name: str, **arguments: Any) -> None:
    """Do a job for the running actor as soon as a worker is free; at once where ``JOBS_INLINE`` is set and within
    :func:`at_once`.

    ``organisation_id`` is the actor's, unless the job is done for another organisation.

    Raises:
        NotAllowed: nobody is acting.
    """
    actor = current_actor()
    if actor is None:
        raise NotAllowed
    soon_for_each(name, [{"organisation_id": str(actor.organisation_id), **arguments}])


def soon_for_each(name: str, arguments: Iterable[dict[str, Any]]) -> None:
    """Do a job once for each set of arguments, all enqueued in one query."""
    job, now = JOBS[name]
    wanted = list(arguments)
    if settings.JOBS_INLINE or _at_once.get():
        for each in wanted:
            now(**each)
    elif wanted:
        job.batch_defer(*wanted)


def later(name: str, seconds: int, **arguments: Any) -> None:
    """Do a job in so many seconds; where ``JOBS_INLINE`` is set, nobody waits for it and it is not done."""
    job, _ = JOBS[name]
    if not settings.JOBS_INLINE:
        job.configure(schedule_in={"seconds": seconds}).defer(**arguments)


def _process(actor: Actor, receipt_id: UUID, progress: Progress) -> None:
    from jineng.kernel.returns.receiving import process_return

    with acting(actor):
        process_return(actor=actor, receipt_id=receipt_id, progress=progress)


@contextmanager
def alone_with(identity: UUID) -> Iterator[None]:
    """Wait until nobody else works on what has this id; a worker thought dead may only have been slow.

    The lock belongs to the database session, so it ends with whoever holds it.
    """
    key = identity.int >> 65
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with suppress(*LOST), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _progress_of(actor: Actor, receipt_id: UUID) -> Iterator[Progress]:
    """Write how far a landing got where pages see it: over a connection of its own, beside the one transaction."""
    beside = connection.copy()
    told = 0.0

    def progress(sheet: str, done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told < _PROGRESS_SECONDS:
            return
        told = time.monotonic()
        with beside.cursor() as cursor:
            cursor.execute("SELECT set_config('jineng.organisation', %s, false)", [str(actor.organisation_id)])
            cursor.execute(
                "UPDATE kernel_receipt SET progress = jsonb_build_object('sheet', %s::text, 'done', %s::int, "
                "'total', %s::int) WHERE id = %s",
                [sheet, done, total, receipt_id],
            )

    try:
        yield progress
    finally:
        beside.close()


def _fail(receipt_id: UUID, organisation_id: UUID, account_id: int, why: str, why_en: str) -> None:
    """Say on the receipt that its file could not be processed and why; nothing of it has landed."""
    nobody = Actor(account_id, None, organisation_id, role="", rights=frozenset(), label="")
    with acting(nobody):
        unfinished = Receipt.objects.filter(pk=receipt_id, state__in=(Receipt.State.WAITING, Receipt.State.RUNNING))
        unfinished.update(
            state=Receipt.State.FAILED,
            finished_at=clock.now(),
            error_count=1,
            errors=[
                {
                    "code": "not-processed",
                    "message": f"{why}没有任何数据入库。",
                    "message_en": f"{why_en} Nothing landed.",
                    "remedy": "请重新提交；若再次出现，请联系管理员。",
                    "remedy_en": "Submit the file again; if it fails again, tell the administrator.",
                    "details": [],
                }
            ],
        )
