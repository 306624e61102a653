"""A review on its pages: the office forms the panel and runs it, experts mark, whoever may runs the decision again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jineng.cases.models import CaseConcern, Expert, Panel, PanelEntry, ReviewTask
from jineng.cases.panelling import conflicts_in
from jineng.cases.verbs import enter_expert, save_review
from jineng.engines.seals.merkle import Proof, row_leaf, verify_inclusion
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from tests.cases.small_panel import Reviewing, reviewing
from tests.factories import World

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def september(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.VAR = tmp_path
    with clock_at(date(2021, 9, 6)):
        yield


@pytest.fixture
def made(world: World) -> Reviewing:
    return reviewing(world)


def client(made: Reviewing, who: str) -> Client:
    found = Client()
    found.force_login(made.world.accounts[who], backend=BACKEND)
    return found


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()[-800:]
    return re.sub(r"\s+", " ", answer.content.decode())


def formed(made: Reviewing, office: Client) -> Panel:
    sent = office.post(reverse("form_panel", args=[made.intake.pk]), {"due_on": "2021-09-30", "number": "1"})
    assert sent.status_code == 302
    with acting(made.office):
        panel = Panel.objects.get()
    chosen = {"experts": [str(each.pk) for each in made.experts.values()]}
    assert office.post(reverse("seat_experts", args=[panel.pk]), chosen).status_code == 302
    assert office.post(reverse("assign_reviewers", args=[panel.pk])).status_code == 302
    return panel


def test_a_panel_reviews_on_pages(made: Reviewing) -> None:
    office, school = client(made, "province_officer"), client(made, "school_officer")
    assert reverse("form_panel", args=[made.intake.pk]) in text(office.get(reverse("intake", args=[made.intake.pk])))
    panel = formed(made, office)
    page = text(office.get(reverse("panel", args=[panel.pk])))
    assert "已证明最优" in page
    assert office.get(reverse("assignment_proof", args=[panel.pk])).json()["rounds"][0]["is_optimal"]
    assert "prices" not in page
    assert "化工团队" in page
    applicants = {made.world[name].name for name in ("petrochemical", "county_school")}
    leaks = applicants | {*made.cases, "的学校"} | {f"{name}某" for name in made.experts}
    for name in made.experts:
        expert = client(made, name)
        mine = text(expert.get(reverse("my_reviews")))
        home = text(expert.get(reverse("home")))
        assert ("待评审" in home) == bool(made.tasks(name))
        for task in made.tasks(name):
            shown = text(expert.get(reverse("review", args=[task.pk])))
            for leak in leaks - {f"{name}某"}:
                assert leak not in shown + mine, leak
            half = expert.post(reverse("review", args=[task.pk]), {"plan": "99", "words_": "好", "do": "save"})
            assert half.status_code == 422
            assert "0 到 60" in half.content.decode()
            marks = {"plan": "50", "team": "30", "words_": "好", "do": "hand_in"}
            assert expert.post(reverse("review", args=[task.pk]), marks).status_code == 302
            assert "已提交" in text(expert.get(reverse("review", args=[task.pk])))
        assert expert.get(reverse("cases")).status_code == 403
        assert expert.get(reverse("panel", args=[panel.pk])).status_code == 403
    sealed = text(office.get(reverse("panel", args=[panel.pk])))
    assert "80.00" not in sealed
    assert office.post(reverse("close_panel", args=[panel.pk])).status_code == 302
    with acting(made.office):
        entry = PanelEntry.objects.get(case=made.cases["化工团队"])
    agreed = {"plan": "60", "team": "40", "why": "合议一致"}
    assert office.post(reverse("agree_marks", args=[entry.pk]), agreed).status_code == 302
    assert office.post(reverse("decide_panel", args=[panel.pk])).status_code == 302
    decision = reverse("decision", args=[panel.pk])
    assert school.get(decision).status_code == 404
    again = office.post(reverse("replay_decision", args=[panel.pk]), follow=True)
    assert "重算结果一致" in text(again)
    document = office.get(reverse("decision_document", args=[panel.pk]))
    assert document.content == office.get(reverse("decision_document", args=[panel.pk])).content
    assert office.post(reverse("publish_panel", args=[panel.pk])).status_code == 302
    published = text(school.get(decision))
    told = school.get(reverse("decision_row", args=[panel.pk, 1])).json()
    assert told["row"]["application"] == made.cases["化工团队"].number
    assert told["root"] in published
    leaf, proof = row_leaf(told["row"]), Proof.from_json(told["proof"])
    assert verify_inclusion(leaf, proof, bytes.fromhex(told["root"]))
    assert not verify_inclusion(row_leaf({**told["row"], "rank": 2}), proof, bytes.fromhex(told["root"]))
    assert school.get(reverse("decision_row", args=[panel.pk, 2])).status_code == 404
    assert made.cases["化工团队"].number in published
    assert made.cases["农牧团队"].number not in published
    assert "重算" not in published
    assert school.get(reverse("decision_document", args=[panel.pk])).status_code == 403
    for name in made.experts:
        assert f"{name}某" not in published + text(school.get(reverse("case", args=[made.cases["农牧团队"].pk])))


def test_a_reviewer_steps_back_on_a_page(made: Reviewing) -> None:
    office = client(made, "province_officer")
    formed(made, office)
    name = next(name for name in made.experts if made.tasks(name))
    task, expert = made.tasks(name)[0], client(made, name)
    assert expert.post(reverse("recuse", args=[task.pk]), {"reason": ""}).status_code == 422
    assert expert.post(reverse("recuse", args=[task.pk]), {"reason": "曾共同申报"}).status_code == 302
    assert expert.get(reverse("review", args=[task.pk])).status_code == 404
    assert "申请回避" in text(office.get(reverse("notices")))


def test_experts_are_entered_on_a_page(made: Reviewing) -> None:
    office = client(made, "province_officer")
    page = reverse("enter_expert")
    typed = {"username": "city_officer", "organisation": "LZ-JY", "expertise": "化工:8，林业：3", "most": "5"}
    assert office.post(page, {**typed, "username": "没有此人"}).status_code == 422
    assert office.post(page, {**typed, "expertise": "化工"}).status_code == 422
    assert office.post(page, {**typed, "expertise": "化工:11"}).status_code == 422
    assert office.post(page, typed).status_code == 302
    assert office.post(page, typed).status_code == 422
    assert "化工 8，林业 3" in text(office.get(reverse("experts")))
    assert client(made, "school_officer").get(page).status_code == 403


def test_an_expert_is_dismissed_on_a_page_and_others_review_in_their_place(made: Reviewing) -> None:
    office = client(made, "province_officer")
    panel = formed(made, office)
    name = next(name for name in ("professor", "teacher", "forester") if made.tasks(name))
    kept, left = made.tasks(name)[0], made.experts[name]
    page = reverse("dismiss_expert", args=[left.pk])
    assert page in text(office.get(reverse("experts")))
    assert office.post(page, {"reason": " "}).status_code == 422
    assert office.post(page, {"reason": "任期届满"}).status_code == 302
    assert office.post(page, {"reason": "任期届满"}).status_code == 422
    assert page not in text(office.get(reverse("experts")))
    assert client(made, name).get(reverse("review", args=[kept.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        save_review(actor=made.actor(name), task_id=kept.pk, marks={"plan": "1", "team": "1"}, words="")
    assert office.post(reverse("assign_reviewers", args=[panel.pk])).status_code == 302
    with acting(made.office):
        live = ReviewTask.objects.filter(panel=panel, voided_at__isnull=True)
        assert live.count() == 6
        assert not live.filter(account=left.account_id).exists()
        CaseConcern.objects.create(case=made.cases["农牧团队"], person_id=left.person_id)
        assert (left.account_id, made.cases["农牧团队"].pk) in conflicts_in(made.intake.pk, [left.account_id])
    assert str(left.pk) not in text(office.get(reverse("seat_experts", args=[panel.pk])))
    enter_expert(actor=made.office, username=name, organisation_id=left.organisation_id, expertise={})
    assert page in text(office.get(reverse("experts"))), "called again"
    with acting(made.office):
        assert Expert.objects.get(pk=left.pk).person_id == left.person_id
