"""The steps one by one, on an installation that is empty to begin with."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from jineng.engines.exchange import read
from jineng.kernel.actors import acting
from jineng.kernel.models import Account, Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.receiving import process_return, submit_return
from jineng.reference import accounts, handing_in, steps
from jineng.reference.books import ROOT_CODE
from jineng.reference.building import built_returns, path_of
from jineng.reference.specification import read_specification
from tests.reference_year import loaded_template


@pytest.fixture(scope="module")
def returns(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Path:
    """The folder of the year's workbooks; made where it is missing, which no test's transaction may be open for."""
    with django_db_blocker.unblock():
        return loaded_template()[1] / "returns"


@pytest.fixture
def installation(db, settings, tmp_path):
    """An empty installation in a folder of its own, in which the application's role acts."""
    settings.VAR = tmp_path
    steps.prepare(using="default")
    with as_application():
        yield tmp_path


@contextmanager
def as_application():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")
    yield
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def test_without_an_administrator_nobody_hands_in(db):
    with pytest.raises(accounts.NoAdministrator, match="还没有系统管理员"):
        accounts.administrator()


def test_an_unknown_organisation_has_no_officer(installation):
    with pytest.raises(LookupError, match="没有机构 4160000000"):
        accounts.reporting_officer("4160000000")
    assert not Account.objects.filter(username="return-4160000000").exists()


def test_a_file_that_was_cut_off_is_taken_up_again(returns, installation, monkeypatch):
    shutil.copytree(returns, installation / "returns")
    steps.load_majors_catalogue(2021)

    def cut_off(**arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(handing_in, "process_return", cut_off)
        with pytest.raises(KeyboardInterrupt):
            steps.load_returns(2021)
    monkeypatch.setattr(steps, "built_returns", lambda year: built_returns(year)[:1])
    assert steps.load_returns(2021) == 1
    with acting(accounts.reporting_officer(ROOT_CODE)):
        (receipt,) = Receipt.objects.all()
        assert receipt.state == Receipt.State.LANDED


def test_the_demo_password_is_one_and_can_be_typed():
    assert accounts.demo_password() == accounts.demo_password()
    assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", accounts.demo_password())


def test_sign_ins_are_told_without_a_database():
    told = accounts.demo_sign_ins(read_specification(2021))
    assert told[2].login == "demo-city"
    assert told[2].organisation == "天水市教育局"
    assert {row.password for row in told} == {accounts.demo_password()}


def test_a_reading_of_another_file_is_not_believed(returns, installation):
    shutil.copytree(returns, installation / "returns")
    steps.load_majors_catalogue(2021)
    officer = accounts.reporting_officer(ROOT_CODE)
    first, other = built_returns(2021)[:2]
    content = path_of(first).read_bytes()
    stranger = read(path_of(other).read_bytes(), the_book())
    receipt = submit_return(actor=officer, file_name="a.xlsx", content=content)
    receipt = process_return(actor=officer, receipt_id=receipt.pk, reading=stranger)
    assert receipt.state == Receipt.State.LANDED
    assert set(receipt.counts) == set(read(content, the_book()).tables)
