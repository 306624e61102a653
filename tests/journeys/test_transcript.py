"""A transcript on a phone: taken by its holder alone, checked by anybody; the learner's page at the school."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from jineng.credentials.codes import check_code
from jineng.credentials.models import Certificate
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from tests.calls.small_world import resident
from tests.credentials.conftest import TODAY, with_scheme
from tests.credentials.test_credentials_credits import convert
from tests.credentials.test_credentials_taking_back import certificate_of, converted
from tests.credentials.test_credentials_transcripts import account, course_of
from tests.journeys.conftest import Visit
from tests.journeys.desks import press, send
from tests.journeys.pictures import picture
from tests.journeys.small_site import school_and_province, site

__all__ = ["site"]
PHONE = {"width": 375, "height": 667}


class Learner(NamedTuple):
    """A learner's one certificate as it lies in hand, and the learner's account at the school."""

    number: str
    code: str
    name: str
    account: str


@pytest.fixture(scope="module")
def learner(site: str) -> Learner:
    """Who has a certificate and a course converted to credits."""
    world = with_scheme(school_and_province())
    (line,) = converted(world)
    with clock_at(TODAY):
        convert(world, course_of(world), "K1")
    with acting(world.actor("province_officer")):
        found = Certificate.objects.select_related("person").get(pk=certificate_of(line))
        name = str(found.person.name)
    return Learner(found.number, check_code(found.pk), name, f"/credentials/credits/{account(world).pk}/")


def fits(page: Page) -> None:
    """Nothing is wider than the phone, and no word is cut off."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    inner = (
        "[...document.querySelectorAll('main *')].filter(it => it.scrollWidth > it.clientWidth + 1 && it.clientWidth)"
    )
    assert page.evaluate(f"{inner}.map(it => it.outerHTML.slice(0, 120))") == []


def taken(page: Page, form: str, folder: Path) -> Path:
    """The transcript as a file."""
    with page.expect_download() as download:
        page.locator(f"button[name=form][value={form}]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_holder_takes_a_transcript_on_a_phone_and_anybody_checks_it(
    visit: Visit, learner: Learner, tmp_path: Path
) -> None:
    holder, anybody = visit(viewport=PHONE), visit(viewport=PHONE)
    holder.goto("/verify/")
    picture(holder, "transcript-verify")
    fits(holder)
    press(holder, "我的证书")
    fits(holder)
    picture(holder, "transcript-enter")
    for name, value in {"number": learner.number, "code": learner.code, "document": resident(40)}.items():
        holder.locator(f"form.form [name={name}]").fill(value)
    send(holder, "进入")
    expect(holder.locator("main")).to_contain_text("课程Z1")
    expect(holder.locator("main")).not_to_contain_text("课程K1")
    fits(holder)
    picture(holder, "transcript-own")
    for form in ("pdf", "json"):
        path = taken(holder, form, tmp_path)
        anybody.goto("/verify/")
        anybody.locator("[name=file]").set_input_files(path)
        anybody.get_by_role("button", name=re.compile("^核验")).last.click()
        expect(anybody.locator("#found")).to_contain_text("有效 Valid")
        fits(anybody)
        picture(anybody, f"transcript-found-{form}")


def test_the_learners_page_on_a_phone(visit: Visit, learner: Learner) -> None:
    school = visit("school", viewport=PHONE)
    school.goto(learner.account)
    main = school.locator("main")
    expect(main).to_contain_text("课程Z1")
    expect(main).to_contain_text("机械制图")
    expect(main).not_to_contain_text(learner.name)
    total = sum(Decimal(cell.inner_text()) for cell in school.locator("td[data-label=学分]").all())
    expect(main).to_contain_text(f"{total:f}")
    fits(school)
    picture(school, "learner")
    school.set_viewport_size({"width": 1440, "height": 900})
    picture(school, "learner-wide")
