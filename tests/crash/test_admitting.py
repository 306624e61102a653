"""``kill -9`` while a round is run, published and answered: it goes on to the same digests, nothing is lost or doubled.

Each seed is four moments: of the server while the officer has the round run, of the worker while it freezes and settles
the run, of the server while the officer publishes, and of the one that serves the applicants who confirm. In two of
three the database is killed in their stead, its main process or all of it; a worker goes down with it, as in a power
cut. A third of the moments lies before a commit, spread over the whole of what leads to it; a third within it; a third
after it, before the answer is there. Nine seeds are every victim at each of these in each of the four.

Whatever became of the publishing, two officers then publish at the same moment: one does, if nobody had, and the other
is told.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.crash.admitting import APPLICANTS, SEATS, kept
from tests.crash.conftest import Installation
from tests.crash.killing import AFTER, BEFORE, DURING, Step, kill_process, killed_at, paced
from tests.crash.test_importing import kill_server

SAMPLE, ALL = 1, 18
SEEDS = [pytest.param(seed, marks=() if seed < SAMPLE else pytest.mark.deep) for seed in range(ALL)]
PLACES = 3 * SEATS
DEEDS = ("start_round", "work", "publish_round", "confirm_all")
WHERE = (BEFORE, DURING, AFTER)
Kill = Callable[[int], None]

RUN = """
SELECT n.state, n.input_digest, n.result_digest, n.sealed -> 'statement' ->> 'root', o.phase,
       (SELECT count(*) FROM admissions_result x WHERE x.run_id = n.id),
       (SELECT count(*) FROM admissions_run m WHERE m.opening_id = o.id),
       (SELECT count(*) FROM kernel_auditline a WHERE a.subject_id = n.id::text AND a.verb = 'publish_run')
FROM admissions_run n JOIN admissions_opening o ON o.id = n.opening_id JOIN admissions_round r ON r.id = o.round_id
JOIN admissions_season s ON s.id = r.season_id WHERE s.code = %s
"""
JOBS = """
SELECT count(*) FROM procrastinate_jobs j JOIN admissions_run n ON n.id::text = j.args ->> 'run_id'
JOIN admissions_opening o ON o.id = n.opening_id JOIN admissions_round r ON r.id = o.round_id
JOIN admissions_season s ON s.id = r.season_id WHERE j.task_name = 'run_round' AND s.code = %s
"""
TRACES = """
SELECT (SELECT count(*) FROM kernel_auditline WHERE verb = 'publish_run'),
       (SELECT count(*) FROM kernel_notice WHERE kind = 'admissions.published'),
       (SELECT count(*) FROM kernel_auditline WHERE verb = 'answer_admission')
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


@pytest.fixture(scope="module")
def paces(installation: Installation) -> dict[str, list[Step]]:
    """The steps of each deed in a round that nobody disturbs."""
    installation.do("stage_round", "round-pace")
    found = {}
    for deed in DEEDS:
        if deed == "publish_round":
            installation.do("propose_round", "round-pace")
        found[deed] = paced(installation, deed, "round-pace")
    commits = {deed: sum(lies == DURING for lies, _ in steps) for deed, steps in found.items()}
    assert commits == {"start_round": 1, "work": 2, "publish_round": 1, "confirm_all": PLACES}
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_round_goes_on_where_it_was_cut_off(
    installation: Installation, paces: dict[str, list[Step]], seed: int, record_property: Callable[[str, object], None]
) -> None:
    moment, tag = random.Random(seed), f"round-{seed}"
    installation.do("stage_round", tag)
    told = kept(installation.var, tag)
    digests = [told["input"], told["result"]]
    (traces,) = installation.rows(TRACES)

    def cut_off(deed: str, done: Callable[[], int]) -> int:
        """Kill somebody in a deed; how much of it is done, which must be what its commits said."""
        turn = DEEDS.index(deed)
        where, victim = WHERE[(seed // 3 + turn) % 3], (seed + turn) % 3
        kill = killer(installation, victim, with_worker=deed == "work")
        least, most = killed_at(installation, deed, tag, paces[deed], where, moment, kill)
        found = done()
        record_property(deed, f"{where} a commit, victim {victim}: said {least} to {most}, found {found}")
        assert least <= found <= most
        return found

    def runs() -> int:
        assert installation.rows(JOBS, tag) == [(len(installation.rows(RUN, tag)),)]
        return len(installation.rows(RUN, tag))

    if not cut_off("start_round", runs):
        installation.do("start_round", tag)
        assert runs() == 1

    def worked() -> int:
        ((state, frozen, result, root, _, results, *_),) = installation.rows(RUN, tag)
        assert (state, result, results) in [("waiting", "", 0), ("settled", told["result"], APPLICANTS)]
        assert (frozen, root) in [("", None), (told["input"], None)]
        return (frozen != "") + (state == "settled")

    cut_off("work", worked)
    work_until_settled(installation, tag)
    assert installation.rows(RUN, tag) == [("settled", *digests, None, "running", APPLICANTS, 1, 0)]

    def published() -> int:
        ((state, *_),) = installation.rows(RUN, tag)
        whole = state == "published"
        assert (len(installation.rows(HELD, tag)), installation.rows(TOLD, tag)) == (
            (PLACES, [(APPLICANTS,)]) if whole else (0, [(0,)])
        )
        return int(whole)

    installation.do("propose_round", tag)
    whole = cut_off("publish_round", published)
    assert publish_twice(installation, tag) == (["refused", "refused"] if whole else ["acknowledged", "refused"])
    final = [("published", *digests, told["root"], "answering", APPLICANTS, 1, 1)]
    assert installation.rows(RUN, tag) == final
    assert installation.rows(TOLD, tag) == [(APPLICANTS,)]

    def confirmed() -> int:
        held = installation.rows(HELD, tag)
        assert all((answer == "confirmed") == is_confirmed for _, _, is_confirmed, answer in held)
        return sum(each[2] for each in held)

    cut_off("confirm_all", confirmed)
    installation.do("confirm_all", tag)
    held = installation.rows(HELD, tag)
    assert {who: plan for who, plan, *_ in held} == told["admitted"]
    assert (len(held), confirmed()) == (PLACES, PLACES)
    assert installation.rows(RUN, tag) == final
    assert installation.rows(TRACES) == [(traces[0] + 1, traces[1] + 1, traces[2] + PLACES)]
