"""Transcripts: one record that anybody can check, and that stands no longer than what it holds."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.credentials.checking import Checked, check_file
from jineng.credentials.codes import check_code
from jineng.credentials.models import Certificate, CreditAccount
from jineng.credentials.transcripts import GOOD_DAYS
from jineng.credentials.verbs import (
    export_transcript,
    fetch_own_transcript,
    reverse_posting,
    revoke_certificate,
    state_achievement,
)
from jineng.credentials.verbs import transcripts as transcripts_verb
from jineng.credentials.verbs.sharing import holder_of
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.kernel.tokens import TokenPlace
from jineng.registry.verbs.people import PersonRow
from tests.calls.small_world import resident
from tests.credentials.conftest import TODAY
from tests.credentials.test_credentials_credits import convert
from tests.credentials.test_credentials_taking_back import certificate_of, converted
from tests.factories import World


def course_of(world: World, code: str = "KC-1") -> Any:
    """A course of the learner whose certificate was converted."""
    with acting(world.actor("county_officer")):
        person = CreditAccount.objects.get().person
    row = PersonRow(str(person.name), resident(40))
    return state_achievement(
        actor=world.actor("county_officer"),
        institution_id=world["county_school"].pk,
        person=row,
        kind="course",  # type: ignore[arg-type]
        code=code,
        title="机械制图",
        on=date(2021, 5, 1),
    )


def account(world: World) -> CreditAccount:
    with acting(world.actor("county_officer")):
        return CreditAccount.objects.select_related("person").get()


def taken(world: World, form: str) -> Any:
    browser = Client()
    browser.force_login(world.accounts["county_officer"], "django.contrib.auth.backends.ModelBackend")
    with clock_at(TODAY):
        return browser.post(reverse("transcript_file", args=[account(world).pk]), {"form": form})


def checked(content: bytes, on: date = TODAY, *more: str) -> Checked:
    with clock_at(on):
        return check_file(content, *more)


def test_a_transcript_is_one_record_that_anybody_can_check(bank: World) -> None:
    (line,) = converted(bank)
    with clock_at(TODAY):
        convert(bank, course_of(bank), "K1")
        course_of(bank, "KC-7")
    answer = taken(bank, "json")
    told = json.loads(answer.content)
    subject, own = told["credentialSubject"], account(bank)
    names = [one["name"] for one in subject["verifiableCredential"]]
    assert names[1:] == ["机械制图", "机械制图", "课程Z1", "课程K1"]
    assert [one["credentialSubject"].get("creditsEarned") for one in subject["verifiableCredential"]][-2:] == [4, 3]
    assert len(subject["association"]) == 2
    assert "partial" not in told
    assert str(own.person.name) not in answer.content.decode()
    paper = taken(bank, "pdf")
    assert paper["Cache-Control"] == "no-store"
    for content in (answer.content, paper.content):
        found = checked(content, TODAY, str(own.person.name), check_code(own.pk))
        assert (found.verdict, found.is_holders, len(found.says)) == ("valid", True, 7), found
        assert found.says[1] == ("出具 As of", "2021-09-01 09:00"), "as clocks show it here"
        assert [text[-10:] for _, text in found.says[2:]] == ["2021-07-20", *["2021-05-01"] * 2, *["2021-09-01"] * 2]
    assert checked(answer.content, TODAY + timedelta(GOOD_DAYS + 1)).verdict == "expired"
    subject["verifiableCredential"].pop()
    assert checked(json.dumps(told).encode()).verdict == "altered"
    with acting(bank.actor("province_officer")):
        assert AuditLine.objects.filter(verb="export_transcript").count() == 2
    with clock_at(TODAY):
        revoke_certificate(
            actor=bank.actor("province_officer"), certificate_id=certificate_of(line), on=TODAY, reason="舞弊"
        )
    found = checked(answer.content)
    assert found.verdict == "revoked"
    assert found.finding.reason.startswith("学习记录中第 1 张凭证")


def test_a_reversed_line_and_what_lies_out_of_scope_are_not_told(bank: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = converted(bank)
    county = bank.actor("county_officer")
    with clock_at(TODAY):
        reverse_posting(actor=county, posting_id=line.pk, reason="有误")
        told = export_transcript(actor=county, account_id=line.account_id, form="json")
        assert len(told.record["credentialSubject"]["verifiableCredential"]) == 1
        assert told.paper.recognised == ()
        for actor, which in ((bank.actor("other_county_officer"), line.account_id), (county, uuid4())):
            with pytest.raises(NotAllowed):
                export_transcript(actor=actor, account_id=which, form="json")
        monkeypatch.setattr(transcripts_verb, "MOST_HELD", 0)
        with pytest.raises(ValidationError, match="无法列入"):
            export_transcript(actor=county, account_id=line.account_id, form="json")
    assert taken(bank, "x").status_code == 302


def test_an_account_without_anything_has_no_transcript(bank: World) -> None:
    (line,) = converted(bank)
    county = bank.actor("county_officer")
    with clock_at(TODAY):
        revoke_certificate(
            actor=bank.actor("province_officer"), certificate_id=certificate_of(line), on=TODAY, reason="舞弊"
        )
        with pytest.raises(ValidationError, match="没有可列入"):
            export_transcript(actor=county, account_id=line.account_id, form="pdf")


def holding(world: World, line: Any) -> tuple[Client, Certificate]:
    """A browser whose visitor entered as the holder of the certificate that was converted."""
    with acting(world.actor("province_officer")):
        own = Certificate.objects.select_related("person").get(pk=certificate_of(line))
    browser = Client()
    told = {"number": own.number, "code": check_code(own.pk), "document": resident(40)}
    with clock_at(TODAY):
        assert browser.post("/verify/mine/", told)["Location"] == "/verify/mine/certificate/"
    return browser, own


def test_a_holder_takes_the_certificate_and_its_credits_signed_anew(bank: World) -> None:
    (line,) = converted(bank)
    with clock_at(TODAY):
        convert(bank, course_of(bank), "K1")
    browser, own = holding(bank, line)
    with clock_at(TODAY):
        assert "成绩单" in browser.get("/verify/mine/certificate/").content.decode()
        answers = [browser.post("/verify/mine/transcript/", {"form": form}) for form in ("json", "pdf", "x")]
    told = json.loads(answers[0].content)
    subject = told["credentialSubject"]
    earned = [each["credentialSubject"].get("creditsEarned") for each in subject["verifiableCredential"]]
    assert earned == [None, 4], "the course is not the certificate's"
    assert told["partial"] is True
    assert len(subject["association"]) == 1
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        found = checked(answer.content, TODAY, str(own.person.name), check_code(own.pk))
        assert (found.verdict, found.is_holders) == ("valid", True), found
        assert found.issuer == bank["province"].name
    assert checked(answers[0].content, TODAY + timedelta(GOOD_DAYS + 1)).verdict == "expired"
    with acting(bank.actor("province_officer")):
        lines = AuditLine.objects.filter(verb="fetch_own_transcript")
        assert {(each.organisation_id, each.account_id) for each in lines} == {(own.pk, None)}


def test_who_is_not_the_holder_or_holds_nothing_gets_no_transcript(bank: World) -> None:
    (line,) = converted(bank)
    browser, own = holding(bank, line)
    stranger = bank.actor("province_officer")
    for actor in (stranger, holder_of(bank["province"].pk)):
        with pytest.raises(NotAllowed), clock_at(TODAY):
            fetch_own_transcript(actor=actor, certificate_id=own.pk, form="json")
    assert Client().post("/verify/mine/transcript/")["Location"] == "/verify/mine/"
    with clock_at(TODAY):
        revoke_certificate(actor=stranger, certificate_id=own.pk, on=TODAY, reason="舞弊")
        answer = browser.post("/verify/mine/transcript/", {"form": "pdf"}, follow=True)
        assert "没有可列入" in answer.content.decode()
        answers = [browser.post("/verify/mine/transcript/", {"form": "pdf"}, follow=True) for _ in range(10)]
    assert "尝试过于频繁" in answers[-1].content.decode()


def test_a_token_that_does_not_answer_is_told_to_the_holder(bank: World, settings: Any) -> None:
    (line,) = converted(bank)
    browser, _ = holding(bank, line)
    settings.HSM = TokenPlace("/nowhere.so", "jineng", "1234")
    with clock_at(TODAY):
        answer = browser.post("/verify/mine/transcript/", {"form": "pdf"}, follow=True)
    assert "签名设备（HSM）" in answer.content.decode()
    assert not AuditLine.objects.filter(verb="fetch_own_transcript").exists()
