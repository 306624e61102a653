"""An issue from its opening to its erratum: who may word, check, sign, release it, and who signs for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from jineng.briefs.editing import claims_of, live_brief, standing_of
from jineng.briefs.kinds import State
from jineng.briefs.models import Delivery, Issue, Wording
from jineng.briefs.queries import brief_of, desk_of
from jineng.briefs.verbs import (
    acknowledge_release,
    add_erratum,
    add_recipient,
    add_sentence,
    check_issue,
    entrust_passage,
    open_issue,
    release_brief,
    remove_recipient,
    reword_sentence,
    set_front,
    sign_issue,
    strike_sentence,
)
from jineng.briefs.verifying import known_keys
from jineng.briefs.wording import seed, tree_of
from jineng.calls.models import Award
from jineng.calls.verbs import void_award
from jineng.engines.seals import verify
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import Notice
from jineng.kernel.notices.inbox import tray
from tests.briefs.issuing import release_issue, signed_issue
from tests.factories import World

SignIn = Callable[[str], Client]
WORDS = "全年认定微课{micro_courses}。"


@pytest.fixture
def issue(world: World, courses: dict[str, Award]) -> Issue:
    """The first issue of 2021, just opened."""
    return open_issue(actor=world.actor("province_officer"), year=2021)


def wording_of(issue: Issue, key: str) -> Wording:
    return next(
        wording for passage in issue.passages.all() for wording in passage.wordings.all() if f"{{{key}" in wording.text
    )


def test_an_issue_opens_worded_as_the_seed_and_once_only(world: World, issue: Issue) -> None:
    officer = world.actor("province_officer")
    with acting(officer):
        worded = [wording.text for passage in issue.passages.all() for wording in passage.wordings.all()]
        assert worded == [sentence.source for sentence in seed().sentences()]
        assert {recipient.manner for recipient in issue.recipients.all()} == {
            *("report_to", "send_to", "copy_to", "distribute_to")
        }
        assert standing_of(issue).state is State.DRAFT
    with pytest.raises(ValidationError, match="已有一期在编"):
        open_issue(actor=officer, year=2021)
    with pytest.raises(ValidationError, match="没有9999年度"):
        open_issue(actor=officer, year=9999)
    with pytest.raises(NotAllowed):
        open_issue(actor=world.actor("city_officer"), year=2020)


def test_a_sentence_is_reworded_struck_and_added_and_the_draft_follows(world: World, issue: Issue) -> None:
    officer = world.actor("province_officer")
    with acting(officer):
        wording = wording_of(issue, "micro_courses")
        reword_sentence(actor=officer, wording_id=wording.pk, text=WORDS, check="micro_courses > 1")
        told = {said.sentence.ref: said for said in live_brief(issue).said}
        assert told[str(wording.pk)].words == "全年认定微课4门。"
        strike_sentence(actor=officer, wording_id=wording.pk, struck=True)
        assert str(wording.pk) not in {said.sentence.ref for said in live_brief(issue).said}
        strike_sentence(actor=officer, wording_id=wording.pk, struck=False)
        added = add_sentence(
            actor=officer,
            passage_id=wording.passage_id,
            paragraph=2,
            text="{year}年又有进展。",
            check="micro_courses > 9",
        )
        said = {item.sentence.ref: item for item in live_brief(issue).said}[str(added.pk)]
        assert (said.state, said.words) == ("held", "2021年又有进展。")


@pytest.mark.parametrize(
    ("text", "check", "field"),
    [
        ("认定微课4门。", "", "text"),
        ("认定{unicorns}。", "", "text"),
        ("认定{micro_courses。", "", "text"),
        (WORDS, "micro_courses >", "check"),
        (WORDS, "unicorns > 1", "check"),
    ],
)
def test_a_faulty_sentence_is_refused_where_it_is_faulty(
    world: World, issue: Issue, text: str, check: str, field: str
) -> None:
    officer = world.actor("province_officer")
    with acting(officer), pytest.raises(ValidationError) as refused:
        reword_sentence(actor=officer, wording_id=wording_of(issue, "micro_courses").pk, text=text, check=check)
    assert set(refused.value.message_dict) == {field}


def test_an_office_words_its_own_passage_and_no_other(world: World, issue: Issue, signed_in: SignIn) -> None:
    officer, city = world.actor("province_officer"), world.actor("city_officer")
    with acting(officer):
        wording = wording_of(issue, "micro_courses")
        other = wording_of(issue, "major_offerings")
        entrust_passage(actor=officer, passage_id=wording.passage_id, organisation_id=world["lanzhou"].pk)
    reword_sentence(actor=city, wording_id=wording.pk, text=WORDS)
    with pytest.raises(NotAllowed):
        reword_sentence(actor=city, wording_id=other.pk, text=WORDS)
    with pytest.raises(ValidationError, match="应为 1 至"):
        add_sentence(actor=city, passage_id=wording.passage_id, paragraph=9, text="又有进展。")
    with acting(city), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE briefs_wording SET struck = true WHERE id = %s", [other.pk])
        assert cursor.rowcount == 0
    page = signed_in("city_officer").get("/briefs/2021/issue/").content.decode()
    assert f"/briefs/sentences/{wording.pk}/" in page
    assert f"/briefs/sentences/{other.pk}/" not in page
    answer = signed_in("city_officer").post(
        f"/briefs/sentences/{wording.pk}/", {"text": "微课{micro_courses}。", "check": ""}
    )
    assert answer.status_code == 302
    refused = signed_in("city_officer").post(f"/briefs/sentences/{wording.pk}/", {"text": "微课4门。", "check": ""})
    assert refused.status_code == 422
    assert "微课4门。" in refused.content.decode()


def test_checked_by_one_signed_by_another_and_anew_after_every_change(
    world: World, courses: dict[str, Award], issue: Issue
) -> None:
    officer, signer = world.actor("province_officer"), world.actor("province_signer")

    def state() -> State:
        with acting(officer):
            return standing_of(Issue.objects.get(pk=issue.pk)).state

    check_issue(actor=officer, issue_id=issue.pk, explanation="初次核对")
    assert state() is State.CHECKED
    with pytest.raises(ValidationError, match="同一人"):
        sign_issue(actor=officer, issue_id=issue.pk)
    void_award(actor=officer, award_id=courses["甲课"].pk, reason="误录")
    with pytest.raises(ValidationError, match="数字与核对时不同"):
        sign_issue(actor=signer, issue_id=issue.pk)
    check_issue(actor=officer, issue_id=issue.pk, explanation="再次核对")
    sign_issue(actor=signer, issue_id=issue.pk)
    assert state() is State.SIGNED
    set_front(
        actor=officer, issue_id=issue.pk, masthead="简报", title="{year}年情况", issuer="省厅", printed_by="办公室"
    )
    assert state() is State.DRAFT
    with pytest.raises(ValidationError, match="核对并签发"):
        release_brief(actor=officer, year=2021)
    with transaction.atomic(), acting(officer), pytest.raises(DatabaseError, match="issue_signed_by_another"):
        Issue.objects.filter(pk=issue.pk).update(
            checked_by=officer.account_id, signed_by=officer.account_id, checked_edition=9, signed_edition=9
        )


def test_figures_that_move_after_signing_stop_the_release(
    world: World, courses: dict[str, Award], plain_documents: None, tmp_path: object
) -> None:
    officer = world.actor("province_officer")
    signed_issue(officer, world.actor("province_signer"), 2021)
    void_award(actor=officer, award_id=courses["甲课"].pk, reason="误录")
    with pytest.raises(ValidationError, match="重新核对"):
        release_brief(actor=officer, year=2021)
    with acting(officer):
        assert not Delivery.objects.exists()


def test_claims_that_fail_ask_for_an_explanation(world: World, issue: Issue) -> None:
    officer = world.actor("province_officer")
    with acting(officer):
        Issue.objects.filter(pk=issue.pk).update(claims=[{"label": "微课", "check": "micro_courses == 5"}])
        outcomes = claims_of(Issue.objects.get(pk=issue.pk))
    assert [(item.label, item.ok) for item in outcomes] == [("微课", False)]
    with pytest.raises(ValidationError, match="核对未通过：微课"):
        check_issue(actor=officer, issue_id=issue.pk)
    checked = check_issue(actor=officer, issue_id=issue.pk, explanation="一门课正在复核")
    assert checked.explanation == "一门课正在复核"


def test_a_release_goes_to_whom_it_names_and_they_sign_for_it_once(
    world: World, courses: dict[str, Award], plain_documents: None, signed_in: SignIn
) -> None:
    officer, city = world.actor("province_officer"), world.actor("city_officer")
    issue = open_issue(actor=officer, year=2021)
    add_recipient(
        actor=officer, issue_id=issue.pk, manner="copy_to", label="示例化工集团", organisation_id=world["firm"].pk
    )
    line = add_recipient(
        actor=officer, issue_id=issue.pk, manner="report_to", label="天水市教育局", organisation_id=world["tianshui"].pk
    )
    with pytest.raises(ValidationError, match="只能选一项"):
        add_recipient(
            actor=officer,
            issue_id=issue.pk,
            manner="send_to",
            label="某局",
            organisation_id=world["firm"].pk,
            group="county_centres",
        )
    with pytest.raises(ValidationError, match="已在其中"):
        add_recipient(actor=officer, issue_id=issue.pk, manner="copy_to", label="示例化工集团")
    release = release_issue(officer, world.actor("province_signer"), 2021)
    with acting(officer):
        sent = dict(Delivery.objects.values_list("organisation__name", "manner"))
    assert sent["示例化工集团"] == "copy_to"
    assert sent["天水市教育局"] == "report_to"
    assert sent["兰州市教育局"] == "distribute_to"
    assert "示例大学" not in sent
    with pytest.raises(ValidationError, match="已发布"):
        remove_recipient(actor=officer, recipient_id=line.pk)
    with acting(city):
        (notice,) = tray(city)
    assert (notice.subject, notice.name_of) == ("2021年度简报 第1版 待签收", "甘肃省教育厅")
    assert notice.link == f"/briefs/releases/{release.pk}/"
    with acting(officer):
        told = set(Notice.objects.filter(about_id=release.pk).values_list("organisation_id", flat=True))
        assert told == set(Delivery.objects.values_list("organisation_id", flat=True))

    client = signed_in("city_officer")
    assert "待签收" in client.get("/").content.decode()
    page = f"/briefs/releases/{release.pk}/"
    assert "签收" in client.get(page).content.decode()
    client.post(f"{page}acknowledge/")
    with acting(city):
        first = Delivery.objects.get(organisation=world["lanzhou"])
        acknowledge_release(actor=city, release_id=release.pk)
        again = Delivery.objects.get(organisation=world["lanzhou"])
        assert first.read_at == again.read_at is not None
        within = set(Delivery.objects.values_list("organisation__name", flat=True))
    assert "天水市教育局" not in within
    assert "待签收" not in client.get("/").content.decode()
    assert "1 个已签收" in signed_in("province_officer").get(f"{page}receipts/").content.decode()
    with pytest.raises(ValidationError, match="没有发给本单位"):
        acknowledge_release(actor=world.actor("province_officer"), release_id=release.pk)


def test_a_release_keeps_its_words_and_the_next_issue_starts_from_them(
    world: World, courses: dict[str, Award], plain_documents: None, issue: Issue
) -> None:
    officer, signer = world.actor("province_officer"), world.actor("province_signer")
    with acting(officer):
        wording = wording_of(issue, "micro_courses")
        reword_sentence(actor=officer, wording_id=wording.pk, text=WORDS)
        release = release_issue(officer, signer, 2021)
        with pytest.raises(ValidationError, match="已发布"):
            reword_sentence(actor=officer, wording_id=wording.pk, text=WORDS)
        following = open_issue(actor=officer, year=2021)
        assert following.number == 2
        assert any(item["text"] == WORDS for part in tree_of(following)["parts"] for topic in part["topics"]
                   for paragraph in topic["paragraphs"] for item in paragraph)  # fmt: skip
        anew = wording_of(following, "micro_courses")
        reword_sentence(actor=officer, wording_id=anew.pk, text="微课{micro_courses}。")
        said = brief_of(desk_of(release), 2021, "/x/", release=release).said
        assert "全年认定微课4门。" in {item.words for item in said}


def test_an_erratum_names_both_values_and_is_sealed(
    world: World, courses: dict[str, Award], plain_documents: None, signed_in: SignIn
) -> None:
    officer = world.actor("province_officer")
    release = release_issue(officer, world.actor("province_signer"), 2021)
    for keys, told in ((["unicorns"], "没有刊出"), (["micro_courses"], "与刊出时相同")):
        with pytest.raises(ValidationError, match=told):
            add_erratum(actor=officer, release_id=release.pk, text="微课数有误。", keys=keys)
    void_award(actor=officer, award_id=courses["甲课"].pk, reason="误录")
    erratum = add_erratum(actor=officer, release_id=release.pk, text="微课数有误。", keys=["micro_courses"])
    assert erratum.figures == [
        {"key": "micro_courses", "label": erratum.figures[0]["label"], "published": "4", "correct": "3"}
    ]
    assert erratum.dated == clock.today()
    assert erratum.seal["statement"]["figures"] == erratum.figures
    assert verify(erratum.seal, known_keys()).ok
    page = signed_in("county_officer").get(f"/briefs/releases/{release.pk}/").content.decode()
    assert "微课数有误。" in page
    assert "<s>4</s>" in page
    with transaction.atomic(), acting(officer), pytest.raises(DatabaseError):
        erratum.delete()
