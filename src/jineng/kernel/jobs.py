"""Work that takes longer than a page may: jobs in PostgreSQL, enqueued in the transaction that asks for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from jineng.kernel.actors import acting, find_actor
from jineng.kernel.models import Receipt


@app.task(name="process_return", queue="returns", retry=2)
def process_return_job(*, receipt_id: str, account_id: int, post_id: str) -> None:
    """Land a file that was handed in; repeating it after a crash does no harm."""
    from jineng.kernel.returns.receiving import process_return

    actor = find_actor(account_id, UUID(post_id))

    def progress(sheet: str, done: int, total: int) -> None:
        """Kept outside the landing's transaction only before it begins: a page shows how far the file got."""
        if not transaction.get_connection().in_atomic_block:
            Receipt.objects.filter(pk=receipt_id).update(progress={"sheet": sheet, "done": done, "total": total})

    with acting(actor):
        process_return(actor=actor, receipt_id=UUID(receipt_id), progress=progress)


JOBS = {"process_return": process_return_job}


def soon(name: str, **arguments: Any) -> None:
    """Do a job as soon as a worker is free; where ``JOBS_INLINE`` is set, at once."""
    job = JOBS[name]
    if settings.JOBS_INLINE:
        job(**arguments)
        return
    job.defer(**arguments)
