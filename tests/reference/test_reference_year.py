"""The reference year end to end: built, brought in through the importer, counted; and once more, which changes nothing.

A load is the costly part, so all tests look at the one that the suite made.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from jineng.briefs.desk import live_desk
from jineng.engines.documents.phrasing import agrees
from jineng.engines.exchange import write_book
from jineng.engines.measures import Period
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import Account, AuditLine, Confirmation, Receipt
from jineng.kernel.returns import the_book
from jineng.majors.models import MajorOffering
from jineng.reference import accounts, steps
from jineng.reference.books import ROOT_CODE
from jineng.reference.building import built_returns, path_of, returns_folder
from jineng.reference.handing_in import ReturnNotLanded
from jineng.reference.specification import read_specification
from jineng.registry.acting import actor_of, seats
from jineng.registry.models import Employment, Kinship
from tests.reference.specification import ROOT, offerings, read
from tests.reference_year import reference_year

__all__ = ["reference_year"]

FIGURES = read(ROOT / "tests/oracles/figures-2021.yaml")["figures"]
STEPS = (
    steps.build_returns,
    steps.load_majors_catalogue,
    steps.load_returns,
    steps.load_accounts,
    steps.load_facts,
    steps.file_standards,
    steps.run_assessments,
    steps.run_admissions,
)


def test_the_loaded_year_counts_to_its_figures_and_loads_no_second_time(reference_year, db):
    values = live_desk().measure(tuple((key, Period.year(2021)) for key in FIGURES))
    computed = {key: found.value for (key, _), found in values.items()}
    wrong = {
        key: (row["value"], computed[key])
        for key, row in FIGURES.items()
        if not agrees(computed[key], Fraction(str(row["value"])), row["form"])
    }
    assert wrong == {}

    built = built_returns(2021)
    with acting(accounts.reporting_officer(ROOT_CODE)):
        receipts = list(Receipt.objects.all())
        digests = {receipt.digest for receipt in receipts}
        assert digests > {item.digest for item in built}, "and the workbooks of the admission that ran"
        assert {receipt.state for receipt in receipts} == {Receipt.State.LANDED}
        assert all(receipt.seal for receipt in receipts)
        assert Confirmation.objects.filter(record_table="calls_award").count() > 100
        void = MajorOffering.objects.exclude(voided_at=None).count()
        assert void == sum(offering.voided for offering in offerings())
        assert Kinship.objects.count() == 3
        assert Employment.objects.filter(until=date(2020, 8, 31)).count() == 1
        lines = AuditLine.objects.count()
    check_accounts()

    for step in STEPS[1:]:
        assert not step(2021)
    with acting(accounts.reporting_officer(ROOT_CODE)):
        assert Receipt.objects.count() == len(receipts)
        assert AuditLine.objects.count() == lines > 0

    check_refused_file(built)


def check_accounts():
    """Everybody of the demonstration can sign in with the one password; nobody else has one."""
    demo = Account.objects.filter(is_demo=True)
    assert {account.username for account in demo} == {row.login for row in read_specification(2021).accounts}
    assert all(account.check_password(accounts.demo_password()) for account in demo[:2])
    assert not any(account.has_usable_password() for account in Account.objects.filter(is_demo=False))
    levels = {account.username: (actor_of(account).role, actor_of(account).level) for account in demo}
    assert levels == {
        "demo-province": ("officer", "province"),
        "demo-signer": ("officer", "province"),
        "demo-city": ("officer", "city"),
        "demo-county": ("officer", "county"),
        "demo-school": ("officer", "institution"),
        "demo-college": ("officer", "institution"),
        "demo-auditor": ("auditor", "province"),
        "demo-admin": ("administrator", "province"),
        "demo-reviewer": ("reviewer", "institution"),
        "demo-reviewer2": ("reviewer", "institution"),
        "demo-expert": ("reviewer", "institution"),
    }
    county = Account.objects.get(username="demo-county")
    with clock_at(date(2021, 12, 15)):
        assert [seat.organisation_name for seat in seats(county)] == ["甘谷县教育局", "天水市教育局"]
    assert len(seats(county)) == 1


def check_refused_file(built):
    """A workbook that the importer refuses stops the load and says where."""
    item = built[-1]
    row = {"org_code": "4162000000", "major_code": "410101", "duration": 3, "opened_on": date(2021, 9, 1)}
    bad = write_book(the_book(), {"offerings": [row]})
    path_of(item).write_bytes(bad)
    manifest = returns_folder(2021) / "returns.json"
    manifest.write_text(manifest.read_text("utf-8").replace(item.digest, "0" * 64), "utf-8")
    with pytest.raises(ReturnNotLanded, match=r"共 1 处错误.*\n.*专业点!A3 "):
        steps.load_returns(2021)
    path_of(item).write_bytes(b"not a workbook")
    with pytest.raises(ReturnNotLanded, match="共 1 处错误"):
        steps.load_returns(2021)
