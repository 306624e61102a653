"""Conflicts of interest: the database tells what the engine tells, and nobody is told anything past it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.cases.models import Case, CaseConcern, Decision, DecisionDocument, Expert, Intake, Recusal
from jineng.cases.verbs import act_on_case, decide_panel, publish_panel
from jineng.engines.casework.conflicts import (
    Application,
    ConflictRule,
    PastPost,
    Reviewer,
    conflicts_between,
    with_own_batches,
)
from jineng.kernel.actors import Actor, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import Account, AuditLine, Mail, Notice
from jineng.kernel.notices.inbox import tray
from jineng.kernel.notices.verbs import choose_telling
from jineng.registry.kinds import Role
from jineng.registry.models import Delegation, Employment, Kinship, Person, Post
from jineng.registry.scope import visible
from tests.cases.small_panel import Reviewing, marked, reviewing
from tests.cases.test_reviews import MARKS, counted
from tests.factories import LONG_AGO, World
from tests.rights.stage import as_owner

RULE = ConflictRule(co_work=False, asked_by_applicants=False)
"""The reasons that the database knows facts of."""
PLACES = ("firm", "city_school", "university", "petrochemical")
BEGAN = (date(2021, 9, 6), date(2024, 2, 29))
VOID = datetime.fromisoformat("2021-09-06T00:00:00Z")
ENDS = (
    None,
    *(begun + timedelta(days=day) for begun in (*BEGAN, date(2018, 9, 6), date(2021, 2, 28)) for day in (-1, 0, 1)),
)


@pytest.fixture(autouse=True)
def september() -> Iterator[None]:
    with clock_at(date(2021, 9, 6)):
        yield


@pytest.fixture
def made(world: World) -> Reviewing:
    return reviewing(world)


@dataclass
class Facts:
    """What is known of four people, three accounts and four cases, by their places."""

    experts: list[tuple[int | None, int]]
    merges: dict[int, int]
    posts: list[tuple[int, int, date | None, bool]]
    delegations: list[tuple[int, int, date]]
    employments: list[tuple[int, int, date | None, bool]]
    kin: list[tuple[int, int, bool]]
    places: set[tuple[int, int]]
    people: set[tuple[int, int]]
    recusals: set[tuple[int, int]]
    applicants: list[int]
    voided: set[int] = field(default_factory=set)


PEOPLE, ACCOUNTS, CASES = range(4), range(3), range(4)


def some(*parts: Any, most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(st.tuples(*(st.sampled_from(part) for part in parts)), max_size=most)


FLAG = (True, False, False)
FACTS = st.builds(
    Facts,
    experts=st.lists(st.tuples(st.sampled_from((None, *PEOPLE)), st.sampled_from(range(4))), min_size=3, max_size=3),
    merges=st.dictionaries(st.sampled_from((2, 3)), st.sampled_from((0, 1)), max_size=2),
    posts=some(ACCOUNTS, range(4), ENDS, FLAG),
    delegations=some(ACCOUNTS, range(4), ENDS[1:], most=1),
    employments=some(PEOPLE, range(4), ENDS, FLAG),
    kin=st.lists(st.sampled_from([(a, b, v) for a in PEOPLE for b in PEOPLE if a < b for v in FLAG]), max_size=2,
                 unique_by=lambda pair: pair[:2]),
    places=some(CASES, range(4), most=2).map(set),
    people=some(CASES, PEOPLE, most=3).map(set),
    recusals=some(ACCOUNTS, CASES, most=2).map(set),
    applicants=st.tuples(*(st.sampled_from(range(4)) for _ in CASES)).map(list),
    voided=st.sets(st.sampled_from(CASES), max_size=1),
)  # fmt: skip


class Ground:
    """The rows that facts are about, and their writing."""

    def __init__(self, world: World, made: Reviewing) -> None:
        self.world = world
        self.places = [world[name].pk for name in PLACES]
        self.people = Person.objects.bulk_create(Person(name=f"某{number}") for number in PEOPLE)
        self.accounts = Account.objects.bulk_create(Account(username=f"judge-{number}") for number in ACCOUNTS)
        keeper = Account.objects.create(username="keeper-of-posts")
        # The post of somebody else, of each place, which is delegated.
        self.lent = Post.objects.bulk_create(
            Post(account=keeper, organisation_id=place, role=Role.REVIEWER, title="", since=LONG_AGO)
            for place in self.places
        )
        model = made.cases["化工团队"]
        other = Intake.objects.get(pk=made.intake.pk)
        other.pk, other.subject_id = uuid.uuid4(), uuid.uuid4()
        other.save(force_insert=True)
        self.cases = [
            Case.objects.create(
                intake_id=(made.intake.pk, other.pk)[number % 2], procedure_id=model.procedure_id,
                applicant_id=self.places[0], title=f"某事项{number}", parties=model.parties, answers="{}",
                state=model.state, stage=model.stage, steps=2, started_on=BEGAN[number // 2], entered_on=BEGAN[0],
            )
            for number in CASES
        ]  # fmt: skip

    def write(self, facts: Facts) -> None:
        for number, case in enumerate(self.cases):
            void = VOID if number in facts.voided else None
            applicant = self.places[facts.applicants[number]]
            parties = {**case.parties, "school": [str(applicant)]}
            Case.objects.filter(pk=case.pk).update(applicant_id=applicant, parties=parties, voided_at=void)
        for absorbed, kept in facts.merges.items():
            Person.objects.filter(pk=self.people[absorbed].pk).update(merged_into=self.people[kept])
        Expert.objects.bulk_create(
            Expert(account=account, person=None if one is None else self.people[one],
                   organisation_id=self.places[place], office=self.world.root)
            for account, (one, place) in zip(self.accounts, facts.experts, strict=True)
        )  # fmt: skip
        Post.objects.bulk_create(
            Post(account=self.accounts[who], organisation_id=self.places[place], role=Role.REVIEWER, title="",
                 since=LONG_AGO, until=until, voided_at=VOID if void else None)
            for who, place, until, void in facts.posts
        )  # fmt: skip
        Delegation.objects.bulk_create(
            Delegation(post=self.lent[place], to=self.accounts[who], since=LONG_AGO, until=until, reason="出差")
            for who, place, until in facts.delegations
        )
        Employment.objects.bulk_create(
            Employment(person=self.people[one], organisation_id=self.places[place], since=LONG_AGO - timedelta(days=at),
                       until=until, voided_at=VOID if void else None)
            for at, (one, place, until, void) in enumerate(facts.employments)
        )  # fmt: skip
        Kinship.objects.bulk_create(
            Kinship(one_id=min(pair), other_id=max(pair), relation="亲属", voided_at=VOID if void else None)
            for one, other, void in facts.kin
            for pair in [(self.people[one].pk, self.people[other].pk)]
        )
        CaseConcern.objects.bulk_create(
            [CaseConcern(case=self.cases[at], organisation_id=self.places[place]) for at, place in facts.places]
            + [CaseConcern(case=self.cases[at], person=self.people[one]) for at, one in facts.people]
        )
        Recusal.objects.bulk_create(
            Recusal(account=self.accounts[who], case=self.cases[at], reason="") for who, at in facts.recusals
        )

    def told(self) -> dict[tuple[int, int], set[str]]:
        """What the database tells: reasons by account and case."""
        numbers = {case.pk: at for at, case in enumerate(self.cases)}
        found: dict[tuple[int, int], set[str]] = {}
        for who, account in enumerate(self.accounts):
            with connection.cursor() as cursor:
                cursor.execute("SELECT case_id, reason FROM cases_conflicts(%s)", [account.pk])
                for case, reason in cursor.fetchall():
                    if case in numbers:
                        found.setdefault((who, numbers[case]), set()).add(reason)
        return found


def as_engine(facts: Facts, intakes: list[str]) -> dict[tuple[int, int], set[str]]:
    """What the engine's own comparison gives of the same facts."""

    def canon(one: int) -> str:
        return f"p{facts.merges.get(one, one)}"

    applications = [
        Application(
            f"c{at}",
            organisations=frozenset(
                {f"o{facts.applicants[at]}"} | {f"o{place}" for case, place in facts.places if case == at}
            ),
            people=frozenset(canon(one) for case, one in facts.people if case == at),
            batch=intakes[at],
        )
        for at in CASES
    ]  # fmt: skip
    own = [each for at, each in enumerate(applications) if at not in facts.voided]
    found: dict[tuple[int, int], set[str]] = {}
    for who in ACCOUNTS:
        one, place = facts.experts[who]
        person = f"nobody{who}" if one is None else canon(one)
        jobs = [(where, until) for account, where, until, void in facts.posts if account == who and not void]
        jobs += [(where, until) for account, where, until in facts.delegations if account == who]
        jobs += [(where, until) for each, where, until, void in facts.employments if canon(each) == person and not void]
        kin = {
            canon(relative)
            for pair in facts.kin
            for self_, relative in (pair[:2], pair[1::-1])
            if canon(self_) == person and not pair[2]
        }
        for at in CASES:
            day = BEGAN[at // 2]
            reviewer = Reviewer(
                f"a{who}",
                person,
                organisations=frozenset({f"o{place}"} | {f"o{w}" for w, until in jobs if until is None or until > day}),
                past=tuple(PastPost(f"o{w}", until - timedelta(days=1)) for w, until in jobs if until and until <= day),
                kin=frozenset(kin),
                declared=frozenset(f"c{case}" for account, case in facts.recusals if account == who),
            )
            (knowing,) = with_own_batches([reviewer], own)
            reasons = conflicts_between(knowing, applications[at], RULE, day)
            if reasons:
                found[who, at] = {str(reason) for reason in reasons}
    return found


def test_the_database_and_the_engine_find_the_same_conflicts(world: World, made: Reviewing) -> None:
    """And both walls hide the same cases, from whoever does not act for the applicant."""
    with as_owner():
        ground = Ground(world, made)
        intakes = [str(case.intake_id) for case in ground.cases]
    keys = [case.pk for case in ground.cases]
    seen_reasons: set[str] = set()

    @settings(max_examples=40, deadline=None)
    @given(FACTS, st.sampled_from(range(4)))
    def agree(facts: Facts, place: int) -> None:
        with transaction.atomic():
            with as_owner():
                ground.write(facts)
                told = ground.told()
            expected = as_engine(facts, intakes)
            assert told == expected
            seen_reasons.update(*expected.values())
            for who, account in enumerate(ground.accounts):
                actor = Actor(account.pk, None, world.root.pk, Role.OFFICER, frozenset(), "", sees_all=True)
                free = {keys[at] for at in CASES if (who, at) not in expected}
                with acting(actor), connection.cursor() as cursor:
                    assert set(visible(actor, Case).filter(pk__in=keys).values_list("pk", flat=True)) == free
                    cursor.execute("SELECT id FROM cases_case WHERE id = ANY(%s)", [keys])
                    assert {row[0] for row in cursor.fetchall()} == free
                own = Actor(account.pk, None, ground.places[place], Role.OFFICER, frozenset(), "")
                mine = {keys[at] for at in CASES if facts.applicants[at] == place}
                with acting(own):
                    assert mine <= set(visible(own, Case).filter(pk__in=keys).values_list("pk", flat=True))
            transaction.set_rollback(True)

    agree()
    assert seen_reasons == {str(reason) for reason in RULE.reasons - {"same_authority"}}


def test_a_colleague_in_conflict_is_not_told_of_the_case(made: Reviewing) -> None:
    """Not in the office's tray, not by e-mail, not by the outbox or the audit trail; the others are."""
    world, case = made.world, made.cases["化工团队"]
    for name in ("province_officer", "province_signer", "college_officer"):
        choose_telling(actor=world.actor(name), telling=Account.Telling.AT_ONCE, email=f"{name}@example.org")
    with acting(made.actor("province_signer")):
        Recusal.objects.create(account=world.accounts["province_signer"], case=case, reason="亲属")
    with as_owner():
        Case.objects.filter(pk=case.pk).update(stage="apply", state={**case.state, "stage": "apply"})
        Notice.objects.filter(about_id=case.pk).update(read_at=VOID)
    act_on_case(actor=world.actor("college_officer"), case_id=case.pk, action="submit")
    with as_owner():
        told = Notice.objects.get(about_id=case.pk, kind="cases.turn", read_at=None)
        mails = set(Mail.objects.filter(notice=told).values_list("account__username", flat=True))
    assert mails == {"province_officer"}
    for model, found in (
        (Notice, {"pk": told.pk}),
        (Mail, {"notice": told}),
        (AuditLine, {"subject_id": str(case.pk)}),
    ):
        free, barred = made.actor("province_officer"), made.actor("province_signer")
        with acting(free):
            assert visible(free, model).filter(**found).exists()
            assert model._default_manager.filter(**found).exists()
        with acting(barred):
            assert not visible(barred, model).filter(**found).exists()
            assert not model._default_manager.filter(**found).exists()
            assert told not in tray(barred)
    chief = world.actor("administrator")
    with acting(chief):
        assert Mail.objects.filter(notice=told).exists()
    act_on_case(actor=made.office, case_id=case.pk, action="decline")
    with acting(world.actor("college_officer")):
        assert tray(world.actor("college_officer")).filter(kind="cases.ended", about_id=case.pk).exists()
    with as_owner():
        ended = Mail.objects.filter(notice__kind="cases.ended", notice__about_id=case.pk)
        assert set(ended.values_list("account__username", flat=True)) == {"college_officer"}, "a party is told"


def test_what_is_not_published_of_a_decision_is_sealed(made: Reviewing) -> None:
    panel = marked(made, MARKS)
    decide_panel(actor=made.office, panel_id=panel.pk)
    assert counted(made, "school_officer", Decision) == (0, 0)
    publish_panel(actor=made.office, panel_id=panel.pk)
    school = made.world.actor("school_officer")
    with acting(school), connection.cursor() as cursor:
        cursor.execute("SELECT statement::text, digest FROM cases_decision WHERE panel_id = %s", [panel.pk])
        text, digest = cursor.fetchone()
        assert made.cases["化工团队"].number in text, "the selected one is published"
        for other in ("农牧团队", "示教团队"):
            assert made.cases[other].number not in text
        cursor.execute("SELECT count(*) FROM cases_decisiondocument")
        assert cursor.fetchone()[0] == 0
    with acting(made.office):
        document = DecisionDocument.objects.get(pk=panel.pk)
        assert digest in bytes(document.content).decode()
        assert made.cases["示教团队"].number in bytes(document.content).decode()


def test_whoever_has_an_interest_in_one_case_reads_no_decision_that_weighs_it(made: Reviewing) -> None:
    panel = marked(made, MARKS)
    decide_panel(actor=made.office, panel_id=panel.pk)
    assert counted(made, "province_signer", DecisionDocument) == counted(made, "province_signer", Decision) == (1, 1)
    with acting(made.actor("province_signer")):
        Recusal.objects.create(
            account=made.world.accounts["province_signer"], case=made.cases["示教团队"], reason="师生"
        )
    for model in (DecisionDocument, Decision):
        assert counted(made, "province_signer", model) == (0, 0)
    publish_panel(actor=made.office, panel_id=panel.pk)
    assert counted(made, "province_signer", Decision) == (1, 1), "what is published is everybody's"
    assert counted(made, "province_signer", DecisionDocument) == (0, 0)
