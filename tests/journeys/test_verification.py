"""A certificate among people: checked by anybody, shared by its holder, opened by an employer, suspended, revoked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from jineng.credentials.codes import check_code
from jineng.credentials.models import Certificate
from jineng.kernel.actors import acting
from tests.calls.small_world import resident
from tests.credentials.test_credentials_sealing import certified
from tests.journeys.conftest import Visit
from tests.journeys.desks import press, send
from tests.journeys.pictures import picture
from tests.journeys.small_site import school_and_province, site

__all__ = ["site"]


class Paper(NamedTuple):
    """A certificate as its holder has it in hand."""

    number: str
    code: str
    page: str
    name: str


@pytest.fixture(scope="module")
def paper(site: str) -> Paper:
    """The one certificate of the site, sealed."""
    world = school_and_province()
    of = certified(world, 2)
    with acting(world.actor("province_officer")):
        found = Certificate.objects.select_related("person").get(session=of)
        return Paper(found.number, check_code(found.pk), f"/credentials/certificates/{found.pk}/", found.person.name)


def by_number(page: Page, paper: Paper, code: str = "") -> None:
    """Type number and code on the public page."""
    page.goto("/verify/")
    page.locator("[name=number]").fill(paper.number.lower())
    page.locator("#id_code").fill(code or f"{paper.code[:4]} {paper.code[4:]}")
    page.get_by_role("button", name=re.compile("^核验")).first.click()


def by_file(page: Page, file: Path) -> None:
    """Hand a file to the public page."""
    page.goto("/verify/")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile("^核验")).last.click()


def kept(officer: Page, paper: Paper, form: str, folder: Path) -> Path:
    """The certificate as a file, taken from the officer's page."""
    officer.goto(paper.page)
    with officer.expect_download() as download:
        officer.locator(f"button[name=form][value={form}]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_certificate_is_checked_shared_opened_suspended_and_revoked(
    visit: Visit, paper: Paper, tmp_path: Path
) -> None:
    officer, anybody, holder, employer = visit("province"), visit(), visit(), visit()
    found = anybody.locator("#found")
    by_number(anybody, paper)
    expect(found).to_contain_text("有效 Valid")
    expect(found).not_to_contain_text(paper.name)
    picture(anybody, "verify-number")
    by_number(anybody, paper, "2222 2222")
    expect(found).to_contain_text("无法确认")

    by_file(anybody, kept(officer, paper, "pdf", tmp_path))
    expect(found).to_contain_text("有效 Valid")
    expect(found).to_contain_text(paper.number)
    picture(anybody, "verify-file")
    credential = kept(officer, paper, "json", tmp_path)
    told = json.loads(credential.read_text(encoding="utf-8"))
    credential.write_text(json.dumps({**told, "name": "证书X01（高级）"}), encoding="utf-8")
    by_file(anybody, credential)
    expect(found).to_contain_text("已被改动")
    expect(found).not_to_contain_text("高级")
    picture(anybody, "verify-altered")

    holder.goto("/verify/")
    press(holder, "我的证书")
    for name, value in {"number": paper.number, "code": paper.code, "document": resident(1)}.items():
        holder.locator(f"form.form [name={name}]").fill(value)
    send(holder, "进入")
    holder.get_by_label(re.compile("持证人")).check()
    send(holder, "创建")
    link = holder.locator("code").inner_text()
    picture(holder, "holder-link")
    employer.goto("/verify/shared/" + link.rpartition("/shared/")[2])
    expect(employer.locator("#found")).to_contain_text(paper.name)
    expect(employer.locator("#found")).not_to_contain_text(paper.number)
    picture(employer, "shared")

    for step, word in (("暂停", "已暂停"), ("恢复", "有效"), ("撤销", "已撤销")):
        officer.goto(paper.page)
        press(officer, step)
        officer.locator("[name=reason]").fill("成绩复核")
        send(officer, step)
        expect(officer.locator("main")).to_contain_text("历史")
        employer.reload()
        expect(employer.locator("#found")).to_contain_text(word)
    picture(officer, "certificate-revoked")
    by_number(anybody, paper)
    expect(found).to_contain_text("已撤销")
    holder.goto("/verify/mine/certificate/")
    expect(holder.locator("main")).to_contain_text("127.0.0.0/24")
    picture(holder, "holder-log")
