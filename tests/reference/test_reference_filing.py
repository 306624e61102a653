"""The year's skill standards were filed as cases; what was cut off goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from jineng.cases.models import Case
from jineng.credentials.models import CertificateType, SkillStandard, StandardDeveloper
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine, Receipt
from jineng.kernel.records import STANDS, Origin
from jineng.reference import steps
from jineng.reference.deeds import Deed
from jineng.reference.filing import Filing, Standard
from jineng.reference.season import Season
from jineng.reference.selections import read_selections
from jineng.reference.specification import read_specification
from tests.reference_year import YEAR, ReferenceYear

SPECIFICATION = read_specification(YEAR)
LEADS = ("ent-lanshi", "ent-jinchuan")


def filing(standards: Sequence[Standard] | None = None) -> Filing:
    """The filings as somebody finds them who begins anew; of ``standards``, or of the specification's."""
    assert SPECIFICATION.folder is not None
    found = Filing(Season(SPECIFICATION, read_selections(YEAR)), SPECIFICATION.folder / "credentials")
    if standards is not None:
        found.standards = list(standards)
    return found


def do(deeds: Sequence[Deed]) -> None:
    for deed in deeds:
        with clock_at(deed.day):
            deed.do()


def test_all_standards_of_the_year_were_filed(reference_year: ReferenceYear, db: None) -> None:
    told = {each.code: each for each in filing().standards}
    with acting(reference_year.province):
        rows = {each.code: each for each in SkillStandard.objects.filter(STANDS, published_on__lte=SPECIFICATION.end)}
        assert rows.keys() == told.keys()
        assert {each.origin_kind for each in rows.values()} == {Origin.CASE}
        cases = {each.pk: each for each in Case.objects.filter(pk__in=[each.origin_id for each in rows.values()])}
        assert len(cases) == len(rows)
        for code, row in rows.items():
            case, standard = cases[row.origin_id], told[code]
            assert case.outcome == "granted"
            assert case.started_on < row.published_on == standard.published
            assert row.developers.filter(STANDS).count() == len(standard.developers)
        later = SkillStandard.objects.filter(STANDS, published_on__gt=SPECIFICATION.end)
        assert set(later.values_list("origin_kind", flat=True)) == {Origin.RETURN}
        assert CertificateType.objects.filter(STANDS, standard__isnull=False).count() > 5
        revised = SkillStandard.objects.get(code="BZ-2021-006")
        assert (revised.edition, revised.revises) == (2, rows["BZ-2019-001"])
        assert rows["BZ-2019-001"].withdrawn_on == revised.published_on


def test_done_is_done(reference_year: ReferenceYear, db: None) -> None:
    with acting(reference_year.province):
        before = (AuditLine.objects.count(), Receipt.objects.count())
    assert steps.file_standards(YEAR) == 0
    with acting(reference_year.province):
        assert (AuditLine.objects.count(), Receipt.objects.count()) == before


def standard(number: int, published: date, lead: str, revises: str | None = None, ends: date | None = None) -> Standard:
    """A standard of one developer."""
    row = {
        "standard_code": f"BZ-TRIAL-{number}",
        "name": f"示例标准{number}",
        "levels": "初级",
        "published_on": published,
        "withdrawn_on": ends,
        "document": None,
    }
    return Standard(row, ("elementary",), ((lead, "lead"),), revises, None)


SMALL = (
    standard(1, date(2021, 2, 1), LEADS[0], ends=date(2021, 11, 1)),
    standard(2, date(2021, 3, 1), LEADS[1]),
    standard(3, date(2021, 9, 1), LEADS[1], revises="BZ-TRIAL-2"),
)


@pytest.mark.parametrize("cut", range(7))
def test_what_was_cut_off_goes_on(reference_year: ReferenceYear, db: None, cut: int) -> None:
    deeds = filing(SMALL).deeds()
    assert len(deeds) == 7
    do(deeds[:cut])
    do(filing(SMALL).deeds())
    assert filing(SMALL).deeds() == []
    with acting(reference_year.province):
        found = SkillStandard.objects.filter(code__startswith="BZ-TRIAL").order_by("code")
        assert list(found.values_list("edition", "withdrawn_on")) == [
            (1, date(2021, 11, 1)),
            (1, date(2021, 9, 1)),
            (2, None),
        ]
        assert StandardDeveloper.objects.filter(standard__in=found).count() == 3
        assert Case.objects.filter(title__startswith="BZ-TRIAL").count() == 3
