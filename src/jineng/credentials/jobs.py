"""Sealing a session: a job of many small deeds, each whole by itself, so that it can be cut off and taken up again.

And what comes with the day: credits of certificates whose revocation begins are taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jineng.credentials.verbs import link_certificates, seal_certificates
from jineng.credentials.verbs.taking_back import take_back_due
from jineng.kernel.actors import Actor, find_actor
from jineng.kernel.jobs import ATTEMPTS, alone_with, offer_job


def seal_session(actor: Actor, session_id: UUID, progress: Callable[[int], None] = lambda done: None) -> int:
    """Seal and link all certificates of a session, batch by batch; returns how many were sealed.

    ``progress`` is told how many proofs were made since it was told last.
    """
    sealed = 0
    while done := seal_certificates(actor=actor, session_id=session_id):
        sealed += done
        progress(done)
    while done := link_certificates(actor=actor, session_id=session_id):
        progress(done)
    return sealed


@app.task(
    name="seal_session",
    queue="returns",
    retry=RetryStrategy(max_attempts=ATTEMPTS, wait=2, retry_exceptions=(OperationalError, InterfaceError)),
)
def seal_session_job(*, session_id: str, account_id: int, post_id: str, organisation_id: str) -> None:
    """Seal a session for whoever issued its certificates. Done again after a crash it goes on where it was."""
    del organisation_id
    with alone_with(UUID(session_id)):
        seal_session(find_actor(account_id, UUID(post_id)), UUID(session_id))


def seal_session_now(*, session_id: str, account_id: int, post_id: str, organisation_id: str) -> None:
    """What :func:`seal_session_job` does, in the caller's transaction."""
    del organisation_id
    seal_session(find_actor(account_id, UUID(post_id)), UUID(session_id))


@app.periodic(cron="7 * * * *")
@app.task(name="take_back_credits", queue="upkeep", queueing_lock="take_back_credits")
def take_back_credits_job(timestamp: int) -> None:
    """Every hour; a revocation of a later day begins, one that somebody revoked today was seen to at once."""
    del timestamp
    take_back_due()


offer_job("seal_session", seal_session_job, seal_session_now)
