"""``kill -9`` while a round is run, published and answered: it goes on to the same digests, nothing is lost or doubled.

Each seed is three moments, one in each: of the worker while it freezes and settles the run, of the process that serves
the page on which the officer publishes, of the one that serves the applicants who confirm. In two of three the database
is killed in their stead, its main process or all of it; a worker goes down with it, as in a power cut. Whatever became
of the publishing, two officers then publish at the same moment: one does, if nobody had, and the other is told.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.crash.admitting import APPLICANTS, SEATS, kept
from tests.crash.conftest import Installation
from tests.crash.killing import kill_process, killed
from tests.crash.test_importing import kill_server

SAMPLE, ALL = 1, 17
SEEDS = [pytest.param(seed, marks=() if seed < SAMPLE else pytest.mark.deep) for seed in range(ALL)]
PLACES = 3 * SEATS
AMPLE = 1.5
"""How much longer than undisturbed a step may take until the latest moment."""
Kill = Callable[[int], None]

RUN = """
SELECT n.state, n.input_digest, n.result_digest, n.sealed -> 'statement' ->> 'root', o.phase,
       (SELECT count(*) FROM admissions_result x WHERE x.run_id = n.id),
       (SELECT count(*) FROM admissions_run m WHERE m.opening_id = o.id),
       (SELECT count(*) FROM kernel_auditline a WHERE a.subject_id = n.id::text AND a.verb = 'publish_run')
FROM admissions_run n JOIN admissions_opening o ON o.id = n.opening_id JOIN admissions_round r ON r.id = o.round_id
JOIN admissions_season s ON s.id = r.season_id WHERE s.code = %s
"""
HELD = """
SELECT m.applicant_id::text, m.plan_id::text, m.confirmed_on IS NOT NULL, p.page -> 'rounds' -> '1' ->> 'answer'
FROM admissions_admission m JOIN admissions_round r ON r.id = m.round_id JOIN admissions_season s ON s.id = r.season_id
JOIN admissions_ticket t ON t.applicant_id = m.applicant_id JOIN admissions_told p ON p.lookup = t.lookup
WHERE s.code = %s
"""
TOLD = """
SELECT count(*) FROM admissions_told p JOIN admissions_ticket t ON t.lookup = p.lookup
JOIN admissions_applicant a ON a.id = t.applicant_id JOIN admissions_season s ON s.id = a.season_id WHERE s.code = %s
"""


def killer(installation: Installation, which: int, *, with_worker: bool = False) -> Kill:
    """What is killed: the process (0), the database's main process (1), or all of the database (2)."""
    if which == 0:
        return kill_process

    def kill(child: int) -> None:
        kill_server(installation, whole=which == 2)
        if with_worker:
            kill_process(child)
        installation.server.ensure_running()

    return kill


def work_until_settled(installation: Installation, tag: str) -> None:
    """Have another worker take the run up."""
    if installation.rows(RUN, tag)[0][0] == "waiting":
        worker = installation.start("work", tag)
        assert installation.await_mark("acknowledged"), installation.log()
        kill_process(worker)
        installation.await_end()
        installation.settle()


def publish_twice(installation: Installation, tag: str) -> list[str]:
    """What two officers are told who publish at the same moment."""
    installation.start("publish_twice", tag)
    while not (installation.marks and installation.marks[-1].startswith("ended")):
        installation.marks.append(installation.hear())
    said = sorted(mark for mark in installation.marks if mark in ("acknowledged", "refused"))
    assert installation.await_end() == 0, installation.log()
    return said


@pytest.mark.parametrize("seed", SEEDS)
def test_a_round_goes_on_where_it_was_cut_off(
    installation: Installation, seed: int, record_property: Callable[[str, object], None]
) -> None:
    moment, tag = random.Random(seed), f"round-{seed}"
    installation.do("stage_round", tag)
    told = kept(installation.var, tag)
    digests, pace = [told["input"], told["result"]], {step: AMPLE * took for step, took in told["seconds"].items()}

    worker_or_all = killer(installation, seed % 3, with_worker=True)
    killed(installation, "work", tag, 1, moment, worker_or_all, pace["_settle"])
    ((state, frozen, result, _, _, results, *_),) = installation.rows(RUN, tag)
    record_property("after the first: state, frozen, results", f"{state} {bool(frozen)} {results}")
    assert (state, result, results) in [("waiting", "", 0), ("settled", told["result"], APPLICANTS)]
    assert frozen in ("", told["input"])
    work_until_settled(installation, tag)
    assert installation.rows(RUN, tag) == [("settled", *digests, None, "running", APPLICANTS, 1, 0)]

    installation.do("propose_round", tag)
    server_or_all = killer(installation, (seed + 1) % 3)
    acknowledged = killed(installation, "publish_round", tag, 1, moment, server_or_all, pace["_publish"])
    ((state, *_),) = installation.rows(RUN, tag)
    record_property("after the second: acknowledged, state", f"{acknowledged} {state}")
    whole = state == "published"
    assert acknowledged <= whole
    assert (len(installation.rows(HELD, tag)), installation.rows(TOLD, tag)) == (
        (PLACES, [(APPLICANTS,)]) if whole else (0, [(0,)])
    )
    assert publish_twice(installation, tag) == (["refused", "refused"] if whole else ["acknowledged", "refused"])
    published = [("published", *digests, told["root"], "answering", APPLICANTS, 1, 1)]
    assert installation.rows(RUN, tag) == published
    assert installation.rows(TOLD, tag) == [(APPLICANTS,)]

    acknowledged = killed(installation, "confirm_all", tag, PLACES, moment, killer(installation, (seed + 2) % 3))
    held = installation.rows(HELD, tag)
    confirmed = sum(each[2] for each in held)
    record_property("after the third: acknowledged, confirmed", f"{acknowledged} {confirmed}")
    assert acknowledged <= confirmed <= acknowledged + 1
    assert all((answer == "confirmed") == is_confirmed for _, _, is_confirmed, answer in held)
    installation.do("confirm_all", tag)
    held = installation.rows(HELD, tag)
    assert {who: plan for who, plan, *_ in held} == told["admitted"]
    assert len(held) == PLACES
    assert all(is_confirmed and answer == "confirmed" for _, _, is_confirmed, answer in held)
    assert installation.rows(RUN, tag) == published
