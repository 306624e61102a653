"""What `jineng up` does before it serves, and what it says when it serves."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from rich.console import Console

from jineng.site.cli.steps import Report, Step, run_steps
from jineng.site.database import database_in_use
from jineng.site.places import public_url, var_directory
from jineng.site.preflight import EnvironmentFailure, check_disk, check_var
from jineng.site.server import SETTINGS

if TYPE_CHECKING:
    from jineng.kernel.actors import Actor

YEAR = 2021


def steps() -> list[Step]:
    """Everything between an empty database and a published year, in order."""
    return [*data_steps(), brief_step()]


def data_steps() -> list[Step]:
    """Everything between an empty database and a site worth opening, in order."""
    return [
        # Steps without a question of their own find out quickly by themselves that nothing is left to do.
        Step("建立数据表 / Migrate the database", _migrate, _is_unmigrated),
        Step("安装基础数据 / Install divisions and root", _install),
        Step("生成示例年度填报表 / Build the reference year's returns", _build_returns),
        Step("载入专业目录 / Load the catalogue of majors", _load_catalogue),
        Step("载入办理规程 / Load the procedures", _load_procedures),
        Step("导入填报表 / Import the returns", _load_returns),
        Step("备案技能等级标准 / File the skill standards", _file_standards),
        Step("办理各项遴选 / Run the selections", _run_selections),
        Step("组织证书考核并发证 / Hold the assessments", _run_assessments),
        Step("进行分类考试招生 / Run the classified admission", _run_admissions),
        Step("开设演示账号 / Open demonstration accounts", _load_accounts),
    ]


def brief_step() -> Step:
    """The brief in its files, which the site does not wait for."""
    return Step("写出年度简报 / Write the brief", _write_brief, _brief_is_stale)


def farewell(address: str) -> list[tuple[str, str]]:
    """The lines of the closing panel: a label and a value each."""
    from jineng.kernel.checks import problems_of_address
    from jineng.reference.accounts import demo_password, demo_sign_ins
    from jineng.reference.specification import read_specification

    folder = var_directory() / "briefs" / str(YEAR)
    lines = [
        ("网站 / Site", address),
        ("简报 / Brief", f"{address}briefs/{YEAR}/"),
        ("文件 / Files", str(folder / "brief.{html,docx,pdf}")),
        ("填报表 / Returns", str(var_directory() / "returns" / str(YEAR))),
        ("密码 / Password", f"{demo_password()}（演示账号共用 / for all demonstration accounts）"),
    ]
    problems = problems_of_address(public_url(), os.environ.get("JINENG_HOSTS", "").split(","))
    lines += [("注意 / Beware", f"JINENG_URL：{zh}。 / {en}.") for _, _, zh, en in problems]
    lines += [(item.title, item.login) for item in demo_sign_ins(read_specification(YEAR))]
    return lines


def actor_named(username: str) -> Actor:
    """The actor of the account called ``username`` in its first post; a command acts as it."""
    from jineng.kernel.models import Account
    from jineng.registry.acting import actor_of

    account = Account.objects.filter(username=username, is_active=True).first()
    actor = actor_of(account) if account else None
    if actor is None:
        raise EnvironmentFailure(
            f"没有可用的账号“{username}”，或它没有在任岗位。",
            f"There is no account '{username}' with a post in force.",
        )
    return actor


@contextmanager
def database_ready() -> Iterator[None]:
    """Have the database in use for the length of the block, in a working folder that serves."""
    var = var_directory()
    check_var(var)
    check_disk(var)
    with database_in_use():
        yield


@contextmanager
def django_ready() -> Iterator[None]:
    """Have Django set up on a database in use, for the length of the block. Runs no step."""
    with database_ready():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        import django
        from django.db import connections

        django.setup()
        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def site_ready(console: Console) -> Iterator[None]:
    """`django_ready`, and every step done."""
    with django_ready():
        run_steps(steps(), console)
        yield


def _is_unmigrated() -> bool:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate(report: Report) -> None:
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    total = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    done = 0

    class Migrate(Command):
        def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
            nonlocal done
            del fake
            if action == "apply_start":
                report(done, total, str(migration))
            elif action == "apply_success":
                done += 1
                report(done, total)

    with _returns_built_meanwhile():
        call_command(Migrate(), database="owner", verbosity=0, interactive=False)


@contextmanager
def _returns_built_meanwhile() -> Iterator[None]:
    """Build the returns in a process of its own: migrating keeps one core busy, and building needs no database. Its own
    step finds them built, or builds them and tells what is wrong."""
    builder = multiprocessing.get_context("fork").Process(target=_build_silently)
    builder.start()
    try:
        yield
    except BaseException:
        builder.terminate()
        raise
    finally:
        builder.join()


def _build_silently() -> None:
    from jineng.reference.steps import build_returns

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):
        build_returns(YEAR)


def _progress(report: Report) -> Any:
    return lambda saying, done, total: report(done, total, saying)


def _install(report: Report) -> None:
    from jineng.reference.steps import prepare

    report(0, 1)
    prepare()


def _build_returns(report: Report) -> None:
    from jineng.reference.steps import build_returns

    build_returns(YEAR, _progress(report))


def _load_catalogue(report: Report) -> None:
    from jineng.reference.steps import load_majors_catalogue

    load_majors_catalogue(YEAR, _progress(report))


def _load_procedures(report: Report) -> None:
    from jineng.reference.steps import load_procedures

    load_procedures(YEAR, _progress(report))


def _load_returns(report: Report) -> None:
    from jineng.reference.steps import load_facts, load_returns

    load_returns(YEAR, _progress(report))
    load_facts(YEAR, _progress(report))


def _file_standards(report: Report) -> None:
    from jineng.reference.steps import file_standards

    file_standards(YEAR, _progress(report))


def _run_selections(report: Report) -> None:
    from jineng.reference.steps import run_selections

    run_selections(YEAR, _progress(report))


def _run_assessments(report: Report) -> None:
    from jineng.reference.steps import run_assessments

    run_assessments(YEAR, _progress(report))


def _run_admissions(report: Report) -> None:
    from jineng.reference.steps import run_admissions

    run_admissions(YEAR, _progress(report))


def _load_accounts(report: Report) -> None:
    from jineng.reference.steps import load_accounts

    load_accounts(YEAR, _progress(report))


def _write_brief(report: Report) -> None:
    from jineng.site.cli.drafts import write

    write(YEAR, report)


def _brief_is_stale() -> bool:
    from jineng.site.cli.drafts import is_stale

    return is_stale(YEAR)
