"""A case on its pages: begun, filled in, handed in, ranked, sent back, decided; and what each reader is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from jineng.cases.models import Case, CaseFile, Intake
from jineng.cases.situations import answers_of
from jineng.cases.verbs import act_on_case, recommend_case
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.registry.kinds import Role
from jineng.registry.verbs import give_post, open_account
from tests.cases.small_call import PDF, TEXT, handed_in, intake
from tests.factories import LONG_AGO, World

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def september(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.VAR = tmp_path
    with clock_at(date(2021, 9, 6)):
        yield


@pytest.fixture
def opened(world: World) -> Intake:
    return intake(world)


def client(world: World, who: str) -> Client:
    found = Client()
    found.force_login(world.accounts[who], backend=BACKEND)
    return found


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()[-800:]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_school_applies_on_pages(world: World, opened: Intake) -> None:
    school = client(world, "school_officer")
    assert "申报" in text(school.get(reverse("intake", args=[opened.pk])))
    begun = school.post(reverse("begin_case", args=[opened.pk]), {"title": "化工安全工作室"})
    page = begun["Location"]
    half = school.post(page, {"leader": "王示例", "students": "很多", "budget-0-year": "2022", "budget-0-amount": "10"})
    assert half.status_code == 302
    shown = text(school.get(page))
    assert "很多" in shown
    assert "提交前还需补正" in shown
    assert 'value="10.00"' in shown
    school.post(page, {"leader": "王示例", "students": "120", "plan": SimpleUploadedFile("方案.pdf", PDF)})
    case_page = page.replace("fill/", "")
    shown = text(school.get(case_page))
    assert "王**" in shown
    assert "王示例" not in shown
    assert "方案.pdf" in shown
    act = f"{case_page}act/submit/"
    form = school.get(act)
    done = school.post(act, {"seen": form.context["form"].initial["seen"]})
    assert done.status_code == 302
    assert "推荐" in text(school.get(case_page))
    assert school.post(act, {"seen": 1}).status_code == 404


def test_a_file_that_lies_is_refused_and_nothing_typed_is_lost(world: World, opened: Intake) -> None:
    school = client(world, "school_officer")
    page = school.post(reverse("begin_case", args=[opened.pk]), {"title": "工作室"})["Location"]
    wrong = school.post(page, {"leader": "王示例", "students": "120", "plan": SimpleUploadedFile("方案.pdf", b"MZ")})
    assert wrong.status_code == 422
    assert "王示例" in wrong.content.decode()


def test_reading_a_file_is_noted(world: World, opened: Intake) -> None:
    school = client(world, "school_officer")
    page = school.post(reverse("begin_case", args=[opened.pk]), {"title": "工作室"})["Location"]
    school.post(page, {"leader": "王示例", "plan": SimpleUploadedFile("方案.pdf", PDF)})
    with acting(world.actor("province_officer")):
        file = CaseFile.objects.get()
    answer = client(world, "city_officer").post(reverse("case_file", args=[file.pk]))
    assert answer.content == PDF
    assert "attachment" in answer["Content-Disposition"]
    assert client(world, "other_city_officer").post(reverse("case_file", args=[file.pk])).status_code == 404
    with acting(world.actor("province_officer")):
        assert AuditLine.objects.filter(verb="open_file", subject_id=str(file.pk)).count() == 1


def test_a_city_ranks_and_sends_back_on_pages(world: World, opened: Intake) -> None:
    case, city = handed_in(world, opened), client(world, "city_officer")
    page = reverse("case", args=[case.pk])
    assert "请先排定名次" in text(city.get(reverse("act_on_case", args=[case.pk, "recommend"])))
    assert city.post(reverse("recommend_case", args=[case.pk]), {"rank": "1"}).status_code == 302
    back = reverse("act_on_case", args=[case.pk, "return"])
    assert city.post(back, {"seen": 2, "reason": ""}).status_code == 422
    assert city.post(back, {"seen": 2, "reason": "请补充经费"}).status_code == 302
    assert "请补充经费" in text(client(world, "school_officer").get(page))
    assert "退回修改" in text(city.get(page))


def test_an_applicant_reads_less_than_staff(world: World, opened: Intake) -> None:
    case = handed_in(world, opened)
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
    act_on_case(actor=world.actor("city_officer"), case_id=case.pk, action="recommend")
    act_on_case(actor=world.actor("province_officer"), case_id=case.pk, action="pass")
    page = reverse("case", args=[case.pk])
    assert "审核中" in text(client(world, "school_officer").get(page))
    assert "推荐名次" not in text(client(world, "school_officer").get(page))
    staff = text(client(world, "province_officer").get(page))
    assert "审定" in staff
    assert "推荐名次" in staff


def test_several_departments_sign_one_decision_and_the_notice_bears_all_names(world: World) -> None:
    chief = world.actor("administrator")
    world.accounts["finance_officer"] = open_account(actor=chief, username="finance_officer", display_name="财政经办")
    give_post(
        actor=chief,
        account=world.accounts["finance_officer"],
        organisation_id=world["finance"].pk,
        role=Role.OFFICER,
        title="经办",
        since=LONG_AGO,
    )
    case = handed_in(world, intake(world, "finance", "province"))
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
    page, names = reverse("case", args=[case.pk]), "甘肃省财政厅、甘肃省教育厅"
    for who, action in (("city_officer", "recommend"), ("province_officer", "pass"), ("finance_officer", "approve")):
        act_on_case(actor=world.actor(who), case_id=case.pk, action=action)
    with acting(world.actor("province_officer")):
        case.refresh_from_db()
    assert case.stage == "decide", "one of two has signed"
    assert names not in text(client(world, "school_officer").get(page))
    act_on_case(actor=world.actor("province_officer"), case_id=case.pk, action="approve")
    for who in ("school_officer", "finance_officer", "city_officer"):
        assert names in text(client(world, who).get(page))


def test_objections_are_entered_and_answered_on_pages(world: World, opened: Intake) -> None:
    case = handed_in(world, opened)
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
    act_on_case(actor=world.actor("city_officer"), case_id=case.pk, action="recommend")
    for action in ("pass", "approve"):
        act_on_case(actor=world.actor("province_officer"), case_id=case.pk, action=action)
    city, office = client(world, "city_officer"), client(world, "province_officer")
    sent = city.post(reverse("raise_objection", args=[case.pk]), {"raised_by": "甲", "text": "成果不属实"})
    assert sent.status_code == 302
    with acting(world.actor("province_officer")):
        found = case.objections.get()
    answer = reverse("answer_objection", args=[found.pk])
    assert city.get(answer).status_code == 403
    assert "成果不属实" in text(office.get(answer))
    assert office.post(answer, {"is_upheld": "no", "answer": "经核查不成立"}).status_code == 302
    assert "经核查不成立" in text(office.get(reverse("case", args=[case.pk])))
    later = office.post(reverse("extend_case", args=[case.pk]), {"until": "2021-09-30", "reason": "补充核查"})
    assert later.status_code == 302


def test_what_waits_stands_on_the_home_page_and_in_the_list(world: World, opened: Intake) -> None:
    case = handed_in(world, opened)
    assert case.title in text(client(world, "city_officer").get(reverse("home")))
    assert case.title not in text(client(world, "school_officer").get(reverse("home")))
    mine = reverse("cases") + "?which=waiting"
    assert case.title in text(client(world, "city_officer").get(mine))
    assert case.title not in text(client(world, "province_officer").get(mine))
    assert case.title in text(client(world, "province_officer").get(reverse("cases") + "?q=化工&state=open"))
    assert case.title in text(client(world, "school_officer").get(reverse("cases") + "?which=own"))
    assert case.title not in text(client(world, "other_city_officer").get(reverse("cases")))


def test_the_office_allots_quotas_on_a_page(world: World, opened: Intake) -> None:
    office = client(world, "province_officer")
    page = reverse("allot_quotas", args=[opened.pk])
    given = {"organisation": world["lanzhou"].code, "number": "2", "basis": "办学质量"}
    assert office.post(page, given).status_code == 302
    assert "办学质量" in text(office.get(reverse("intake", args=[opened.pk])))
    assert client(world, "city_officer").post(page, {**given, "organisation": "LZ-JY"}).status_code == 403
    assert opened.name in text(office.get(reverse("intakes") + "?time=open"))
    assert opened.name not in text(office.get(reverse("intakes") + "?time=before"))


def test_a_closed_intake_offers_no_application(world: World, opened: Intake) -> None:
    with clock_at(date(2021, 10, 8)):
        school = client(world, "school_officer")
        assert reverse("begin_case", args=[opened.pk]) not in text(school.get(reverse("intake", args=[opened.pk])))
        assert school.post(reverse("begin_case", args=[opened.pk]), {"title": "工作室"}).status_code == 422


def test_lists_are_exported(world: World, opened: Intake) -> None:
    raise_later = handed_in(world, opened)
    answer = client(world, "province_officer").get(reverse("cases") + "?export=xlsx")
    assert answer["Content-Type"].endswith("sheet")
    with acting(world.actor("province_officer")):
        assert Case.objects.get(pk=raise_later.pk).number.startswith("2021-")


def test_nobody_objects_before_the_notice(world: World, opened: Intake) -> None:
    case = handed_in(world, opened)
    page = reverse("raise_objection", args=[case.pk])
    assert client(world, "city_officer").post(page, {"raised_by": "甲", "text": "不实"}).status_code == 422


def conditional(text: str) -> str:
    """The small procedure, asking more by facts and for organisations."""
    return text.replace(
        "        - {key: plan, label: 建设方案",
        "        - {key: late, label: 名额说明, kind: text, visible_when: facts.exempt}\n"
        "        - {key: host, label: 依托单位, kind: organisation}\n"
        "        - {key: others, label: 合作单位, kind: organisation, many: true}\n"
        "        - {key: plan, label: 建设方案",
    ).replace(
        "            - {key: year, label: 年度",
        "            - {key: payer, label: 出资单位, kind: organisation}\n            - {key: year, label: 年度",
    )


def test_a_form_may_ask_by_facts_and_name_organisations_by_code(world: World) -> None:
    with acting(world.actor("province_officer")):
        found = intake(world, text=conditional(TEXT))
    school = client(world, "school_officer")
    page = school.post(reverse("begin_case", args=[found.pk]), {"title": "化工安全工作室"})["Location"]
    own = world["county_school"]
    typed = {"leader": "王示例", "students": "120", "host": own.code, "others": f"{own.code}\r\nLZ-JY\r\n",
             "budget-0-payer": own.code, "budget-0-year": "2022", "budget-0-amount": "10"}  # fmt: skip
    assert school.post(page, typed).status_code == 302
    shown = school.get(page)
    assert "名额说明" not in text(shown)
    form: Any = shown.context["form"]
    # What the page shows, sent again, keeps every reference.
    again = {name: field.initial or "" for name, field in form.fields.items() if name != "plan"}
    assert again["host"] == again["budget-0-payer"] == own.code
    assert again["others"] == f"{own.code}\nLZ-JY"
    school.post(page, again)
    with acting(world.actor("school_officer")):
        case = Case.objects.get()
        kept = answers_of(case)
    reference = {"id": str(own.pk), "label": own.name, "code": own.code}
    assert kept["host"] == reference
    assert [each["code"] for each in kept["others"]] == [own.code, "LZ-JY"]
    assert kept["budget"] == [{"payer": reference, "year": "2022", "amount": "10.00"}]
    assert own.name in text(school.get(page.replace("fill/", "")))
    act_on_case(actor=world.actor("school_officer"), case_id=case.pk, action="submit")
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1, is_exempt=True)
    assert "名额说明" in text(client(world, "city_officer").get(page.replace("fill/", "")))


def test_a_code_that_leads_nowhere_is_kept_and_told(world: World) -> None:
    with acting(world.actor("province_officer")):
        found = intake(world, text=conditional(TEXT))
    school = client(world, "school_officer")
    page = school.post(reverse("begin_case", args=[found.pk]), {"title": "化工安全工作室"})["Location"]
    school.post(page, {"leader": "王示例", "students": "120", "host": "没有这个代码"})
    shown = text(school.get(page))
    assert 'value="没有这个代码"' in shown
    assert "提交前还需补正" in shown


def test_many_are_previewed_and_moved_on_a_page(world: World, opened: Intake) -> None:
    cases = [handed_in(world, opened, title) for title in ("甲工作室", "乙工作室")]
    recommend_case(actor=world.actor("city_officer"), case_id=cases[0].pk, rank=1)
    city, page = client(world, "city_officer"), reverse("act_on_cases", args=[opened.pk])
    assert page in text(city.get(reverse("intake", args=[opened.pk])))
    preview = text(city.get(page + "?action=recommend"))
    assert re.search(r"checked>.*?甲工作室.*?可以办理", preview)
    assert re.search(r"乙工作室.*?请先排定名次", preview)
    refused = city.post(page, {"action": "recommend", "case": [f"{case.pk}:2" for case in cases]})
    assert refused.status_code == 422
    assert "1 件不能办理，全部未办" in refused.content.decode()
    done = city.post(page, {"action": "recommend", "case": [f"{cases[0].pk}:2", "nonsense", "x:1"]}, follow=True)
    assert "已办理 1 件" in text(done)
    assert "没有等待本单位办理的事项" in text(client(world, "other_city_officer").get(page))


def test_the_application_is_printed_with_what_is_personal_masked(world: World, opened: Intake) -> None:
    school = client(world, "school_officer")
    case = handed_in(world, opened)
    page = text(school.get(reverse("case", args=[case.pk])))
    books = {kind: reverse("case_book", args=[case.pk, kind]) for kind in ("pdf", "docx")}
    assert all(address in page for address in books.values())
    assert school.get(books["pdf"]).content.startswith(b"%PDF-")
    word = school.get(books["docx"])
    assert f"{case.number}.docx" in word["Content-Disposition"]
    printed = Document(BytesIO(word.content))
    said = "\n".join([p.text for p in printed.paragraphs] + [c.text for t in printed.tables for c in t._cells])
    assert case.title in said
    assert "王**" in said
    assert "王示例" not in said
    assert school.get(books["pdf"].replace(".pdf", ".exe")).status_code == 404
    assert client(world, "other_city_officer").get(books["docx"]).status_code == 404
