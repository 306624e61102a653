"""What children of the nursery do with a round: have one ready, have it run, run it as a worker, publish it, answer.

What the round must come to is found out beforehand, in a transaction that is rolled back.
"""

from __future__ import annotations

import json
import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.crash.selecting import _actor, _say

APPLICANTS, SEATS = 24, 7
"""Seats of each of three plans."""


def _kept(tag: str) -> Path:
    return Path(os.environ["JINENG_VAR"]) / f"{tag}.json"


def kept(var: Path, tag: str) -> dict[str, Any]:
    """Of the round ``TAG``: its tickets and opening, the digests that its run must come to, and who is admitted."""
    return json.loads((var / f"{tag}.json").read_text())  # type: ignore[no-any-return]


def stage_round(tag: str) -> None:
    """A season ``TAG`` whose first round has two dozen submissions and takes no more, to be run."""
    made, opening = _taken(_world(), tag)
    told = {"tickets": [list(code) for code in made.codes.values()], "opening": str(opening.pk)}
    _kept(tag).write_text(json.dumps(told | _expected(made.province, opening.pk)))


def _world() -> Any:
    """Two colleges and the province's officer, as the small seasons of other tests want them."""
    from jineng.kernel.actors import acting
    from jineng.kernel.models import Account
    from jineng.majors.models import CatalogueEdition
    from jineng.majors.verbs import load_catalogue
    from jineng.registry.kinds import CodeScheme, OrganisationKind
    from jineng.registry.models import Organisation
    from tests.crash.nursery import ACCOUNT
    from tests.factories import World, _found

    officer = _actor(ACCOUNT)
    with acting(officer):
        world = World(Organisation.objects.get(pk=officer.organisation_id))
        world.accounts["province_officer"] = Account.objects.get(pk=officer.account_id)
        world.organisations["province"] = world.root
        codes = {"petrochemical": "4162010001", "forestry": "4162010002"}
        for name, code in codes.items():
            there = Organisation.objects.filter(code=code).first()
            if there is not None:
                world.organisations[name] = there
            else:
                kind = OrganisationKind.HIGHER_VOCATIONAL
                _found(world, name, code, f"示例学院{code}", kind, "620102", "province", CodeScheme.SCHOOL)
        if not CatalogueEdition.objects.exists():
            load_catalogue(actor=officer, edition=2021)
    return world


def _taken(world: Any, tag: str) -> tuple[Any, Any]:
    from jineng.admissions.verbs import declare_scheme
    from tests.admissions.small_rounds import DEFAULT, LAW, Rounds
    from tests.admissions.small_season import OPENS, accepted, classified, held_round

    season = classified(world, tag)
    made = Rounds(world, season, held_round(world, season, 1), held_round(world, season, 2))
    declare_scheme(actor=made.province, season_id=season.pk, data=LAW, declared_on=OPENS)
    for name, where, _, fields in DEFAULT:
        made.plans[name] = accepted(world, season, where, SEATS, **fields)
    opening = made.open()
    names = list(made.plans)
    for who in range(APPLICANTS):
        made.enrol(who, str(100 + who * 7 % 50), str(who * 11 % 60), "forestry")
        made.submit(opening, who, *(names[(who + at) % 3] for at in range(3)))
    made.shut(opening)
    return made, opening


def _expected(officer: Any, opening_id: Any) -> dict[str, Any]:
    """What comes of the round where nobody is in the way; nothing of it stays."""
    from django.db import transaction

    from jineng.admissions.models import Admission
    from jineng.admissions.verbs import start_run
    from jineng.kernel.actors import acting

    with acting(officer), transaction.atomic():
        run = start_run(actor=officer, opening_id=opening_id)
        for step in (_settle, _propose, _publish):
            step(officer, run.pk)
        run.refresh_from_db()
        admitted = Admission.objects.filter(round=run.opening.round).values_list("applicant", "plan")
        found = {
            "input": run.input_digest,
            "result": run.result_digest,
            "root": run.sealed["statement"]["root"],
            "admitted": {str(who): str(plan) for who, plan in admitted},
        }
        transaction.set_rollback(True)
    return found


def _settle(officer: Any, run_id: Any) -> None:
    from jineng.admissions.verbs import freeze_run, settle_run

    freeze_run(actor=officer, run_id=run_id)
    settle_run(actor=officer, run_id=run_id)


def _propose(officer: Any, run_id: Any) -> None:
    from jineng.admissions.verbs import propose_all, send_files

    send_files(actor=officer, run_id=run_id)
    propose_all(actor=officer, run_id=run_id)


def _publish(officer: Any, run_id: Any) -> None:
    from jineng.admissions.verbs import publish_run
    from jineng.kernel import clock

    publish_run(actor=officer, run_id=run_id, answers_until=clock.now() + timedelta(days=5))


def _run_of(tag: str) -> Any:
    from jineng.admissions.models import Run
    from jineng.kernel.actors import acting
    from tests.crash.nursery import ACCOUNT

    with acting(_actor(ACCOUNT)):
        return Run.objects.get(opening__round__season__code=tag)


def _tell_commits(*verbs: str, of: str = "") -> None:
    """Say of each deed of these verbs (on ``of`` only, where given) when its last row is written, and when that is
    committed."""
    from django.db import transaction

    from jineng.kernel import verbs as deeds

    write = deeds._write_line

    def write_and_say(deed: Any, actor: Any, room: str, result: object) -> None:
        write(deed, actor, room, result)
        if deed.verb in verbs and of in ("", deed.subject_id):
            _say("written")
            transaction.on_commit(lambda: _say("committed"))

    deeds._write_line = write_and_say


def start_round(tag: str) -> None:
    """Have the round ``TAG`` run, on the page, as the officer who is signed in."""
    _tell_commits("start_run")
    browser = _officer()
    page = f"/admissions/openings/{kept(Path(os.environ['JINENG_VAR']), tag)['opening']}/run/"
    assert browser.get(page).status_code == 200
    _say("begin")
    answer = browser.post(page, {"seats": ""})
    assert answer.status_code == 302, answer.content.decode()
    _say("acknowledged")


def work(tag: str) -> None:
    """Be a worker of the job queue, which soon finds out that another one is dead; works until it is killed."""
    from django.conf import settings
    from django.core.management import call_command
    from procrastinate.contrib.django import app

    from jineng.admissions import jobs

    freeze, settle, mine = jobs.freeze_run, jobs.settle_run, _run_of(tag).pk
    _tell_commits("freeze_run", "settle_run", of=str(mine))

    def freeze_and_say(*, run_id: Any, **given: Any) -> None:
        if run_id == mine:  # else the worker before was killed when it had done all but say so
            _say("begin")
        freeze(run_id=run_id, **given)

    def settle_and_say(*, run_id: Any, **given: Any) -> None:
        settle(run_id=run_id, **given)
        if run_id == mine:
            _say("acknowledged")

    jobs.freeze_run, jobs.settle_run = freeze_and_say, settle_and_say
    quick = {"update_heartbeat_interval": 0.3, "stalled_worker_timeout": 1.0}
    settings.PROCRASTINATE_WORKER_DEFAULTS |= quick
    app.worker_defaults |= quick
    call_command("procrastinate", "worker")


def propose_round(tag: str) -> None:
    """Send the files of the run of ``TAG``, and have all proposed."""
    from tests.crash.nursery import ACCOUNT

    _propose(_actor(ACCOUNT), _run_of(tag).pk)


def publish_round(tag: str) -> None:
    """Publish the run of ``TAG`` on the page, as the officer who is signed in."""
    _tell_commits("publish_run")
    browser, run = _officer(), _run_of(tag)
    assert browser.get(f"/admissions/runs/{run.pk}/publish/").status_code == 200
    _say("begin")
    assert _publish_by(browser, run.pk) == "acknowledged"
    _say("acknowledged")


def _officer() -> Any:
    from django.test import Client

    from jineng.kernel.models import Account
    from tests.crash.nursery import ACCOUNT

    browser = Client(headers={"host": "localhost"})
    browser.force_login(Account.objects.get(username=ACCOUNT), "django.contrib.auth.backends.ModelBackend")
    return browser


def _publish_by(browser: Any, run_id: Any) -> str:
    """``acknowledged``, or ``refused`` where somebody else was faster."""
    from django.utils import timezone

    until = timezone.localtime() + timedelta(days=5)
    answer = browser.post(f"/admissions/runs/{run_id}/publish/", {"answers_until": f"{until:%Y-%m-%dT%H:%M}"})
    if answer.status_code == 302:
        return "acknowledged"
    assert "只有已投档的正式运行可以公布" in answer.content.decode(), answer.content.decode()
    return "refused"


def publish_twice(tag: str) -> None:
    """Two officers publish the run of ``TAG`` at the same moment; each says what came of it."""
    from django.db import connections

    run, together = _run_of(tag), threading.Barrier(2)

    def publish() -> None:
        try:
            browser = _officer()
            together.wait()
            _say(_publish_by(browser, run.pk))
        finally:
            connections.close_all()

    officers = [threading.Thread(target=publish) for _ in range(2)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()


def confirm_all(tag: str) -> None:
    """Each applicant of ``TAG`` who has a place and has not answered yet confirms it on the own page, one by one."""
    from django.test import Client

    from jineng.admissions.tickets import lookup_of, own

    tickets = kept(Path(os.environ["JINENG_VAR"]), tag)["tickets"]
    _tell_commits("answer_admission")
    _say("begin")
    for number, code in tickets:
        found = own(lookup_of(number, code))
        assert found is not None
        for admission in found.data["admissions"]:
            if admission["confirmed_on"]:
                continue
            browser = Client(headers={"host": "localhost"})
            browser.post("/admissions/my/enter/", {"number": number, "code": code})
            answer = browser.post("/admissions/my/answer/", {"admission": admission["id"], "answer": "confirm"})
            assert answer.status_code == 302, answer.content.decode()
            _say("acknowledged")
