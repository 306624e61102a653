"""A round is run in two steps, each whole or not at all: inputs are frozen, then the places are given."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jineng.admissions.verbs.runs import freeze_run, settle_run
from jineng.kernel.actors import Actor, find_actor
from jineng.kernel.jobs import ATTEMPTS, LOST, alone_with, offer_job


@app.task(
    name="run_round", queue="admissions", retry=RetryStrategy(max_attempts=ATTEMPTS, wait=2, retry_exceptions=LOST)
)
def run_round_job(*, run_id: str, account_id: int, post_id: str, organisation_id: str) -> None:
    """Freeze and settle a run. Cut off and done again it comes to the same digest: what is frozen stays frozen."""
    del organisation_id
    with alone_with(UUID(run_id)):
        _run(find_actor(account_id, UUID(post_id)), UUID(run_id))


def run_round_now(*, run_id: str, account_id: int, post_id: str, organisation_id: str) -> None:
    """What :func:`run_round_job` does, in the caller's transaction."""
    del organisation_id
    _run(find_actor(account_id, UUID(post_id)), UUID(run_id))


def _run(actor: Actor, run_id: UUID) -> None:
    freeze_run(actor=actor, run_id=run_id)
    settle_run(actor=actor, run_id=run_id)


offer_job("run_round", run_round_job, run_round_now)
