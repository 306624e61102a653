"""The briefs in the matrix of rights: issues of five years, each a step further, with passages of five offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jineng.briefs.verbs import check_issue, entrust_passage, open_issue
from jineng.kernel.actors import acting
from tests.briefs.issuing import signed_issue

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Stage

PAGES = """
"""
API = """
"""
PAGE_FORMS: dict[str, Make] = {}
API_FORMS: dict[str, Make] = {}
LISTS: dict[str, str] = {}
ASKED: dict[str, str] = {}
UNOPENED, OPEN, CHECKED, SIGNED, TO_RELEASE = 2016, 2017, 2018, 2019, 2020
OFFICES = ("province", "lanzhou", "yongdeng", "tianshui", "chengguan")


def furnish(stage: Stage) -> None:
    """Issues that are open, checked, signed; the open one's passages are worded by an office each."""
    officer, signer = stage.world.actor("province_officer"), stage.world.actor("province_signer")
    with acting(officer):
        issue = open_issue(actor=officer, year=OPEN)
        passages = dict(zip(OFFICES, issue.passages.all(), strict=False))
        for name, passage in passages.items():
            entrust_passage(actor=officer, passage_id=passage.pk, organisation_id=stage.world[name].pk)
        check_issue(actor=signer, issue_id=open_issue(actor=officer, year=CHECKED).pk, explanation="试验")
        for year in (SIGNED, TO_RELEASE):
            signed_issue(officer, signer, year)
        stage.objects |= {
            "year_unopened": {"province": UNOPENED},
            "year_open": {"province": OPEN},
            "year_checked": {"province": CHECKED},
            "year_signed": {"province": SIGNED},
            "year_released": {"province": TO_RELEASE},
            "recipient": {"province": issue.recipients.all()[0].pk},
            "passage": {name: passage.pk for name, passage in passages.items()},
            "sentence": {name: passage.wordings.all()[0].pk for name, passage in passages.items()},
        }


def fill(stage: Stage) -> None:
    """The briefs list nothing that grows with the registers."""
