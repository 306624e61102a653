"""The year's classified admission ran in the system: what the specification says came of rounds, and a run that was cut
off goes on."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from jineng.admissions import verbs
from jineng.admissions.kinds import Phase, RunState
from jineng.admissions.models import Admission, Applicant, Opening, Plan, PreferenceForm, Round, Run, Score, Ticket
from jineng.admissions.models import Season as AdmissionSeason
from jineng.admissions.verbs import runs
from jineng.admissions.verbs.runs import computed
from jineng.engines.recount import Finding, check_file
from jineng.kernel.actors import acting
from jineng.kernel.models import AuditLine, Receipt
from jineng.kernel.records import STANDS
from jineng.reference import steps
from jineng.reference.admitting.holding import RunFailed
from jineng.reference.admitting.plan import Fate, Planned, RunSeason, read_run
from jineng.reference.admitting.points import drawn, shaped
from jineng.reference.admitting.running import Admitting
from jineng.reference.admitting.writing import Offered, wishes_of
from jineng.reference.season import Season
from jineng.reference.selections import read_selections
from jineng.reference.specification import read_specification
from tests.reference_year import YEAR, ReferenceYear

PUBLISHED = Path(__file__).parents[2].parent / "shared/reference/gansu-score-distribution-2024.csv"
GROUPS = {"physics": "物理类", "history": "历史类"}
END = date(YEAR, 12, 31)
SPECIFICATION = read_specification(YEAR)


def the_run() -> RunSeason:
    """The season of the specification."""
    found = read_run(YEAR)
    assert found is not None
    return found


RUN = the_run()


@pytest.mark.skipif(not PUBLISHED.exists(), reason="no published distribution beside the checkout")
def test_points_follow_the_published_distribution() -> None:
    published: dict[str, dict[int, int]] = defaultdict(dict)
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            published[GROUPS[row["subject_group"]]][int(row["score"])] = int(row["cumulative_count"])
    sitting = sum(one.category == "general_graduate" for one in RUN.applicants)
    given: dict[str, list[int]] = defaultdict(list)
    for place in range(sitting):
        shape, points = shaped(RUN.shapes, place)
        given[shape.name].append(points)
    wholes = {group: max(reached.values()) for group, reached in published.items()}
    for group, reached in published.items():
        share = Fraction(wholes[group], sum(wholes.values()))
        assert abs(Fraction(len(given[group]), sitting) - share) < Fraction(1, 100)
        apart = [
            abs(
                Fraction(number, wholes[group]) - Fraction(sum(own >= score for own in given[group]), len(given[group]))
            )
            for score, number in reached.items()
        ]
        assert max(apart) < Fraction(1, 50), group


def test_no_two_are_drawn_the_same_and_nobody_beyond_the_marks() -> None:
    points = [drawn(place, 100) for place in range(2000)]
    assert len(set(points)) == 2000
    assert min(points) == 100
    assert max(points) < RUN.out_of["skill"]
    for shape in RUN.shapes:
        told = [points for _, points in shape.reached]
        spread = [shape.points(place) for place in range(5000)]
        assert told[-1] <= min(spread) < max(spread) <= told[0]


def test_every_seat_is_somebodys_first_wish() -> None:
    offered = [Offered("a", "1", 3), Offered("b", "2", 2), Offered("c", "3", 1)]
    entering = RUN.applicants[:7]
    wishes = list(wishes_of(entering, offered, 2))
    assert Counter(each[0] for each in wishes) == {offered[0]: 4, offered[1]: 2, offered[2]: 1}
    assert {len(each) for each in wishes} == {2}
    assert list(wishes_of(entering[:1], offered[2:], 3)) == [[offered[2]]]


def test_who_registers_where_is_what_the_offices_tell() -> None:
    told = Counter({(office, key): n for office, by in RUN.registered.items() for key, n in by.items()})
    assert Counter((one.office, one.category) for one in RUN.applicants) == told
    assert [one.serial for one in RUN.applicants] == list(
        range(RUN.people_after + 1, RUN.people_after + 1 + told.total())
    )
    assert read_run(1999) is None


def test_the_season_ran_through_all_its_rounds(reference_year: ReferenceYear, db: None) -> None:
    with acting(reference_year.province):
        of = AdmissionSeason.objects.get(STANDS, code=RUN.code)
        held = Round.objects.filter(STANDS, season=of, cancelled_on=None)
        assert set(held.filter(supplement=0).values_list("ordinal", flat=True)) == {1, 2, 3, 4, 5}
        supplementary = Round.objects.filter(STANDS, season=of, supplement__gt=0)
        assert supplementary.count() == 5
        assert supplementary.filter(cancelled_on=F("opens_on")).count() == 1, "it found no seat left"
        openings = Opening.objects.filter(STANDS, round__season=of)
        assert set(openings.values_list("round", "phase")) == {
            (pk, Phase.CLOSED) for pk in held.values_list("pk", flat=True)
        }
        assert not openings.exclude(answers_until__gt=F("closes_at")).exists()
        held_runs = list(Run.objects.filter(STANDS, opening__round__season=of, state=RunState.PUBLISHED))
        assert len(held_runs) == held.count()
        dropped = Run.objects.filter(STANDS, opening__round__season=of, state=RunState.DROPPED)
        assert dropped.count() == 1, "run again after files were sent back"

        applicants = Applicant.objects.filter(STANDS, season=of)
        assert applicants.count() == len(RUN.applicants)
        assert Ticket.objects.filter(STANDS, applicant__season=of).count() == len(RUN.applicants)
        forms = PreferenceForm.objects.filter(STANDS, opening__round__season=of)
        window = {"submitted_at__gte": F("opening__opens_at"), "submitted_at__lt": F("opening__closes_at")}
        assert forms.filter(**window).count() == forms.count() > len(RUN.applicants)
        assert Score.objects.filter(STANDS, applicant__season=of, component="culture").count() > 400

        plans = Plan.objects.filter(STANDS, season=of, accepted_on__isnull=False, withdrawn_on=None)
        seats = Counter(dict(plans.values_list("pk", "seats")))
        confirmed = Admission.objects.filter(STANDS, plan__season=of, confirmed_on__lte=END)
        taken = Counter(confirmed.exclude(ended_on__lte=END).values_list("plan", flat=True))
        assert taken == seats, "every seat is filled, in whichever round"
        assert plans.exclude(seats=F("seats")).count() == 0
        assert seats.total() == sum(each.seats for each in RUN.plans if each.withdrawn is None)

        ends = Counter(Admission.objects.filter(plan__season=of).values_list("ending", flat=True))
        assert {"declined", "lapsed", "withdrawn", ""} == set(ends)
        later = Admission.objects.filter(STANDS, plan__season=of, ended_on__gt=END)
        assert {each.on for each in RUN.fates if each.on} == set(later.values_list("ended_on", flat=True))
        assert Admission.objects.filter(plan__season=of).exclude(voided_at=None).exists()
        moved = confirmed.values("applicant").filter(ended_on__isnull=False)
        assert Admission.objects.filter(STANDS, ended_on=None, applicant__in=moved).exists(), "taken in a later round"
        for run in held_runs[:2]:
            published, _ = computed(run)
            assert all(finding.ok for finding in check_file(published.document()))
            assert published.certificate["root"] == run.certificate["root"]


def test_done_is_done(reference_year: ReferenceYear, db: None) -> None:
    with acting(reference_year.province):
        before = (AuditLine.objects.count(), Receipt.objects.count())
    assert steps.run_admissions(YEAR) == 0
    with acting(reference_year.province):
        assert (AuditLine.objects.count(), Receipt.objects.count()) == before


COLLEGES = ("4162012511", "4162012836")
OFFICE = "edu-620100"
FATES = ("refused", "declined", "silent", "left", "cancelled", "mistaken", "later")


def small(year: ReferenceYear) -> RunSeason:
    """A season of two rounds and a supplementary one, in which everything happens to somebody."""
    of = verbs.open_season(
        actor=year.province, code="2021-trial", kind="classified", name="示例", opens_on=date(2021, 2, 20)
    )
    days = {(1, 0): date(2021, 3, 23), (1, 1): date(2021, 4, 6), (4, 0): date(2021, 8, 5)}
    for (ordinal, supplement), day in days.items():
        verbs.add_round(
            actor=year.province,
            season_id=of.pk,
            ordinal=ordinal,
            supplement=supplement,
            name=f"第{ordinal}轮{supplement}",
            channel="comprehensive" if ordinal == 1 else "general",
            opens_on=day,
        )
    kept = [each for each in RUN.law["rounds"] if each["round"] in (1, 4)]
    plans = [
        Planned(where, programme, channel, "ordinary", seats, None)
        for where, programme in zip(COLLEGES, ("440201", "460114"), strict=True)
        for channel, seats in (("comprehensive", 12), ("general", 2))
    ]
    return replace(
        RUN,
        code="2021-trial",
        people_after=400_000,
        law={**RUN.law, "rounds": kept},
        plans=(*plans, replace(plans[0], pool="reserve", withdrawn=date(2021, 3, 10))),
        registered={OFFICE: {"general_graduate": 56}},
        entering={"1.1": 50},
        fates=tuple(
            Fate(name, 9, at, frozenset({"1"}), f"示例{name}", date(2022, 1, 15)) for at, name in enumerate(FATES)
        ),
    )


def admitting(run: RunSeason) -> Admitting:
    """The season as somebody finds it who begins anew."""
    return Admitting(Season(SPECIFICATION, read_selections(YEAR)), run)


def go_on(run: RunSeason) -> None:
    """Whatever is left of the season."""
    for _, step in admitting(run).steps():
        step()


def check_small(year: ReferenceYear) -> None:
    """Every seat is filled at the end of the year, and everything happened to somebody."""
    with acting(year.province):
        of = AdmissionSeason.objects.get(STANDS, code="2021-trial")
        plans = Plan.objects.filter(STANDS, season=of, accepted_on__isnull=False, withdrawn_on=None)
        held = Admission.objects.filter(STANDS, plan__season=of, confirmed_on__lte=END).exclude(ended_on__lte=END)
        assert Counter(held.values_list("plan", flat=True)) == Counter(dict(plans.values_list("pk", "seats")))
        assert sum(plans.values_list("seats", flat=True)) == 28
        assert plans.filter(channel="general", seats__gt=2).exists(), "rolled over from the supplementary round"
        ended = Admission.objects.filter(plan__season=of, round__ordinal=1)
        assert {"declined", "lapsed", "withdrawn", ""} == set(ended.values_list("ending", flat=True))
        assert ended.exclude(voided_at=None).exists()
        assert ended.filter(ended_on__gt=END).exists()
        runs = Run.objects.filter(STANDS, opening__round__season=of).order_by("opening__round__ordinal", "number")
        assert list(runs.values_list("state", flat=True)) == ["dropped", "published", "published", "published"]
        assert Ticket.objects.filter(STANDS, applicant__season=of).count() == 56


@pytest.mark.parametrize("cut", [4, 8])
def test_a_season_that_was_cut_off_goes_on(reference_year: ReferenceYear, db: None, cut: int) -> None:
    run = small(reference_year)
    for _, (_, step) in zip(range(cut), admitting(run).steps(), strict=False):
        step()
    assert not admitting(run).is_done()
    go_on(run)
    assert admitting(run).is_done()
    check_small(reference_year)
    with acting(reference_year.province):
        lines = AuditLine.objects.count()
    go_on(run)
    with acting(reference_year.province):
        assert AuditLine.objects.count() == lines


DEEDS = (
    *("accept_plan", "withdraw_plan", "issue_tickets", "start_run", "send_files", "propose_refusal", "propose_all"),
    *("decide_refusal", "publish_run", "end_admission", "void_admission", "close_round"),
)


def test_a_season_that_was_cut_off_at_each_deed_goes_on(
    reference_year: ReferenceYear, db: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """As on a site, where jobs wait for a worker; none is there yet."""
    settings.JOBS_INLINE = False
    run = small(reference_year)
    for name in DEEDS:

        def stop(**told: object) -> None:
            raise InterruptedError

        with monkeypatch.context() as patch:
            patch.setattr(verbs, name, stop)
            with pytest.raises(InterruptedError):
                go_on(run)
    go_on(run)
    check_small(reference_year)


def test_a_round_that_cannot_be_run_says_why(
    reference_year: ReferenceYear, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = small(reference_year)
    wrong = Finding("计票", False, "结果不符")
    monkeypatch.setattr(runs, "check_file", lambda document: [wrong])
    with pytest.raises(RunFailed, match="计票：结果不符"):
        go_on(run)


def test_a_season_that_came_by_returns_is_left_as_it_stands(reference_year: ReferenceYear, db: None) -> None:
    """A register that was filled when the specification did not yet tell how the season is run."""
    run = small(reference_year)
    assert not admitting(run).is_done()
    with acting(reference_year.province):
        of = AdmissionSeason.objects.get(STANDS, code=run.code)
    college = admitting(run).desk.season.ids[COLLEGES[0]]
    verbs.file_plan(
        actor=reference_year.province,
        season_id=of.pk,
        organisation_id=college,
        programme="440201",
        seats=2,
        filed_on=date(2021, 2, 22),
    )
    assert admitting(run).is_done()
