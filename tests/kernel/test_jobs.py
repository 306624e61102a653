"""What a job does when it cannot go on: the receipt says so, and nothing has landed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db.utils import OperationalError

from jineng.kernel import jobs
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import Receipt
from jineng.kernel.returns.receiving import submit_return
from jineng.kernel.tokens import SigningFailure
from tests.factories import World


@pytest.fixture(autouse=True)
def _files_of_this_test(tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def handed_in(world: World) -> Receipt:
    actor = world.actor("city_officer")
    with acting(actor):
        return submit_return(actor=actor, file_name="填报.xlsx", content=b"not a workbook")


def run(world: World, receipt: Receipt, *, attempts: int = 1, post_id: str = "") -> None:
    actor = world.actor("city_officer")
    context = SimpleNamespace(job=SimpleNamespace(attempts=attempts))
    jobs.process_return_job.func(
        context,
        receipt_id=str(receipt.pk),
        account_id=actor.account_id,
        post_id=post_id or str(actor.post_id),
        organisation_id=str(actor.organisation_id),
    )


def state_of(world: World, receipt: Receipt) -> tuple[str, str]:
    with acting(world.actor("city_officer")):
        receipt.refresh_from_db()
    return receipt.state, receipt.errors[0]["message"] if receipt.errors else ""


def test_a_bad_file_is_refused_not_failed(world: World, handed_in: Receipt) -> None:
    run(world, handed_in)
    assert state_of(world, handed_in)[0] == Receipt.State.REFUSED


def test_too_many_crashes_end_it(world: World, handed_in: Receipt) -> None:
    run(world, handed_in, attempts=jobs.ATTEMPTS + 1)
    state, message = state_of(world, handed_in)
    assert state == Receipt.State.FAILED
    assert "多次中断" in message


def test_whoever_left_the_post_lands_nothing(world: World, handed_in: Receipt) -> None:
    run(world, handed_in, post_id="00000000-0000-4000-8000-000000000000")
    state, message = state_of(world, handed_in)
    assert state == Receipt.State.FAILED
    assert "不在该岗位" in message


@pytest.mark.parametrize(
    ("error", "attempts", "state"),
    [
        (RuntimeError("surprise"), 1, Receipt.State.FAILED),
        (OperationalError("lost"), 1, Receipt.State.WAITING),
        (OperationalError("lost"), jobs.ATTEMPTS, Receipt.State.FAILED),
    ],
)
def test_errors_are_told_and_passed_on(
    world: World, handed_in: Receipt, monkeypatch: pytest.MonkeyPatch, error: Exception, attempts: int, state: str
) -> None:
    def break_down(*_: Any) -> None:
        raise error

    monkeypatch.setattr(jobs, "_process", break_down)
    with pytest.raises(type(error)):
        run(world, handed_in, attempts=attempts)
    assert state_of(world, handed_in)[0] == state


def test_a_receipt_that_cannot_be_signed_says_why(
    world: World, handed_in: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: Any) -> None:
        raise SigningFailure("签名设备不可用。", "The token is away.")

    monkeypatch.setattr(jobs, "_process", break_down)
    run(world, handed_in)
    state, message = state_of(world, handed_in)
    assert (state, "签名设备不可用" in message) == (Receipt.State.FAILED, True)


def test_nobody_asks_for_a_job(db: None) -> None:
    with pytest.raises(NotAllowed):
        jobs.soon("process_return", receipt_id="", account_id=0, post_id="")


def test_where_no_worker_is_beside_it_a_job_is_done_at_once(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOBS_INLINE = False
    deferred: list[dict[str, Any]] = []
    done: list[dict[str, Any]] = []
    job = SimpleNamespace(batch_defer=lambda *wanted: deferred.extend(wanted))
    monkeypatch.setitem(jobs.JOBS, "count", (job, lambda **told: done.append(told)))
    with acting(world.actor("city_officer")):
        jobs.soon("count", number=1)
        with jobs.at_once():
            jobs.soon("count", number=2)
        jobs.soon("count", number=3)
    assert [each["number"] for each in deferred] == [1, 3]
    assert [each["number"] for each in done] == [2]
