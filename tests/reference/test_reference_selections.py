"""The year's selections ran as cases: what the specification says came of applications, and a run that was cut off goes
on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jineng.calls.models import Award, AwardHolder, AwardStatus
from jineng.cases.models import Case, CaseEntry, Decision, DecisionDocument, Intake, Quota
from jineng.engines.casework.replaying import Finding, check
from jineng.kernel.actors import acting
from jineng.reference import steps, year
from jineng.reference.building import catalogue_names
from jineng.reference.expansion import all_awards
from jineng.reference.places import Places
from jineng.reference.selecting import Running, Season
from jineng.reference.selections import (
    Selections,
    answered,
    applied_for,
    is_applied_for,
    is_recognised,
    read_selections,
)
from jineng.reference.specification import read_specification
from tests.reference_year import YEAR, ReferenceYear

DAY = date(2021, 10, 22)
SPECIFICATION = read_specification(YEAR)
SELECTIONS = read_selections(YEAR)


def award(**more: object) -> year.Award:
    given = {
        "call": "form-teacher-studio",
        "batch": 2,
        "title": "示例名班主任工作室",
        "by": "4162012836",
        "holders": (year.Holder(people=(1,)), year.Holder(organisation="4162012836")),
        "events": (year.Event(DAY, "recognised"),),
    }
    return year.Award(**{**given, **more})


def test_only_what_has_an_applications_story_is_applied_for() -> None:
    assert is_applied_for(SELECTIONS, SPECIFICATION, award())
    assert is_applied_for(SELECTIONS, SPECIFICATION, award(events=(year.Event(DAY, "refused"),)))
    for other in (
        award(call="ideology-backbone"),
        award(batch=1),
        award(void_reason="误录"),
        award(also_reported_by="edu-620100"),
        award(events=(year.Event(date(2021, 4, 1), "candidate"), year.Event(DAY, "recognised"))),
        award(events=(year.Event(DAY, "under_construction"),)),
        award(holders=(year.Holder(organisation="4162012511"),)),
        award(holders=(year.Holder(people=(1, 2)),)),
        award(holders=(year.Holder(people=(1,), is_team=True),)),
    ):
        assert not is_applied_for(SELECTIONS, SPECIFICATION, other)


def test_answers_take_turns_and_name_the_items_own() -> None:
    form = {"field": ["a", "b"], "who": "{leader}（{serial}）", "rows": [{"x": "1"}, {"x": "2"}], "asks": False}
    told = [answered(form, serial, {"leader": "王示例", "serial": f"{serial}"}) for serial in range(3)]
    assert [each["field"] for each in told] == ["a", "b", "a"]
    assert told[1] == {"field": "b", "who": "王示例（1）", "rows": [{"x": "1"}, {"x": "2"}], "asks": False}


def test_what_was_applied_for_was_decided_as_the_specification_says(reference_year: ReferenceYear, db: None) -> None:
    awards = all_awards(SPECIFICATION, catalogue_names(YEAR), Places(SPECIFICATION).city_office)
    wanted = applied_for(SELECTIONS, SPECIFICATION, awards)
    with acting(reference_year.province):
        season = Season(SPECIFICATION, SELECTIONS)
        for call, items in wanted.items():
            selection = SELECTIONS.by_call[call]
            running = Running(season, selection, items)
            cases = Case.objects.filter(intake=running.intake)
            ends = {(case.applicant_id, case.title): case.outcome for case in cases}
            assert ends == {
                (season.ids[item.by], item.title): "granted" if is_recognised(item) else "refused" for item in items
            }
            made = Award.objects.filter(batch=running.batch, origin_kind="case")
            assert set(made.values_list("origin_id", flat=True)) == set(
                cases.filter(outcome="granted").values_list("pk", flat=True)
            )
            last = AwardStatus.objects.filter(award__in=made, status="recognised")
            wins = any(map(is_recognised, items))
            assert set(last.values_list("since", flat=True)) == ({running.batch.decided_on} if wins else set())
        signed = Intake.objects.get(subject_id=Running(season, SELECTIONS.by_call["red-culture-base"], []).batch.pk)
        hands = CaseEntry.objects.filter(case__intake=signed, data__action="approve").values("organisation_id")
        assert hands.distinct().count() == 3, "three departments signed"


def test_its_rankings_replay_and_its_quotas_hold(reference_year: ReferenceYear, db: None) -> None:
    panels = [call for call in SELECTIONS.by_call if SELECTIONS.by_call[call].procedure != "provincial-selection"]
    with acting(reference_year.province):
        assert Decision.objects.count() == len(panels) - 1, "all but the pilot enterprises have a panel"
        for document in DecisionDocument.objects.order_by("pk")[:3]:
            assert check(bytes(document.content)).finding is Finding.SAME
        assert not Quota.objects.exclude(used__lte=0).filter(number__lt=1).exists()
        studios = AwardHolder.objects.filter(award__origin_kind="case", award__batch__call__code="folk-artist-studio")
        assert set(studios.values_list("kind", "role")) == {("organisation", "holder"), ("person", "leader")}
        assert all(each.person.is_synthetic for each in studios.filter(kind="person").select_related("person"))


def test_done_is_done(reference_year: ReferenceYear, db: None) -> None:
    assert steps.run_selections(YEAR) == 0


def small() -> tuple[Selections, list[year.Award]]:
    """A batch of another year, two of whose three applications win."""
    call = SPECIFICATION.calls["virtual-simulation-system"]
    day = call.batches[4].day
    of = SELECTIONS.by_call[call.slug]
    selections = replace(SELECTIONS, by_call={call.slug: replace(of, batch=4)})
    return selections, [
        award(
            call=call.slug, batch=4, title=f"示例系统{place}", by=by, holders=(year.Holder(organisation=by),),
            events=(year.Event(day, state),),
        )
        for place, (by, state) in enumerate(
            [("4162012836", "recognised"), ("3662900020", "recognised"), ("3662900021", "refused")]
        )
    ]  # fmt: skip


@pytest.mark.parametrize("cut", range(8))
def test_a_run_that_was_cut_off_goes_on(reference_year: ReferenceYear, db: None, cut: int) -> None:
    selections, awards = small()
    selection = selections.by_call["virtual-simulation-system"]
    first = Running(Season(SPECIFICATION, selections), selection, awards)
    for _, step in zip(range(cut), first.steps(), strict=False):
        step()
    again = Running(Season(SPECIFICATION, selections), selection, awards)
    again.run()
    with acting(reference_year.province):
        ends = dict(Case.objects.filter(intake=again.intake).values_list("title", "outcome"))
        assert ends == {"示例系统0": "granted", "示例系统1": "granted", "示例系统2": "refused"}
        lines = CaseEntry.objects.filter(case__intake=again.intake).count()
    again.run()
    with acting(reference_year.province):
        assert CaseEntry.objects.filter(case__intake=again.intake).count() == lines
