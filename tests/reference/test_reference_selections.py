"""The year's selections ran as cases: what the specification says came of applications, and a run that was cut off goes
on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from jineng.calls.models import Award, AwardHolder, AwardStatus
from jineng.calls.rules import normal_title
from jineng.calls.verbs import record_award
from jineng.cases.models import Case, CaseEntry, Decision, DecisionDocument, Intake, Quota
from jineng.credentials.models import CertificatePilot
from jineng.engines.casework.replaying import Finding, check
from jineng.kernel.actors import acting
from jineng.kernel.records import STANDS
from jineng.reference import steps, year
from jineng.reference.building import catalogue_names
from jineng.reference.expansion import all_awards
from jineng.reference.matters import OfCall, OfPilot, all_matters
from jineng.reference.places import Places
from jineng.reference.season import Season
from jineng.reference.selecting import Running
from jineng.reference.selections import (
    Application,
    Selections,
    answered,
    application_of,
    is_applied_for,
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
        award(call="ideology-course-national", batch=1),
        award(holders=(year.Holder(organisation="4162012836"),)),
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


def test_what_teams_or_persons_hold_names_them() -> None:
    day, school = date(2021, 8, 30), year.Holder(organisation="4162012836")
    team = award(
        call="innovation-team",
        holders=(year.Holder(people=(3, 4, 5), is_team=True), school),
        events=(year.Event(day, "recognised"),),
    )
    assert is_applied_for(SELECTIONS, SPECIFICATION, team)
    assert application_of(team) == Application("4162012836", "示例名班主任工作室", True, (3, 4, 5))
    assert not is_applied_for(SELECTIONS, SPECIFICATION, replace(team, holders=(year.Holder(people=(3,)), school)))
    alone = {"call": "ideology-backbone", "events": (year.Event(date(2021, 11, 12), "refused"),)}
    assert is_applied_for(SELECTIONS, SPECIFICATION, award(**alone, holders=(year.Holder(people=(3,)),)))
    assert not is_applied_for(SELECTIONS, SPECIFICATION, award(**alone, holders=(school,)))


def test_answers_take_turns_and_name_the_items_own() -> None:
    form = {"field": ["a", "b"], "who": "{leader}（{serial}）", "rows": [{"x": "1"}, {"x": "2"}], "asks": False}
    told = [answered(form, serial, {"leader": "王示例", "serial": f"{serial}"}) for serial in range(3)]
    assert [each["field"] for each in told] == ["a", "b", "a"]
    assert told[1] == {"field": "b", "who": "王示例（1）", "rows": [{"x": "1"}, {"x": "2"}], "asks": False}
    team = {"people": {"each_member": {"who": "{member}", "duty": ["a", "b"]}}}
    rows = [{"who": "甲", "duty": "a"}, {"who": "乙", "duty": "b"}]
    assert answered(team, 5, {}, [{"member": "甲"}, {"member": "乙"}]) == {"people": rows}


def test_what_was_applied_for_was_decided_as_the_specification_says(reference_year: ReferenceYear, db: None) -> None:
    awards = list(all_awards(SPECIFICATION, catalogue_names(YEAR), Places(SPECIFICATION).city_office))
    with acting(reference_year.province):
        season = Season(SPECIFICATION, SELECTIONS)
        for matter, applications in all_matters(season, awards):
            cases = Case.objects.filter(intake__subject_id=matter.subject_id)
            ends = {(case.applicant_id, case.title): case.outcome for case in cases}
            assert ends == {
                (season.ids[each.by], each.title): "granted" if each.wins else "refused" for each in applications
            }
            granted = set(cases.filter(outcome="granted").values_list("pk", flat=True))
            if isinstance(matter, OfPilot):
                pilots = CertificatePilot.objects.filter(batch=matter.subject_id, origin_kind="case")
                assert set(pilots.values_list("origin_id", flat=True)) == granted
                days = (matter.day("apply"), matter.day("ended"), None, None)
                assert set(pilots.values_list("applied_on", "approved_on", "refused_on", "withdrawn_on")) == {days}
                continue
            made = Award.objects.filter(batch=matter.subject_id, origin_kind="case")
            assert set(made.values_list("origin_id", flat=True)) == granted
            last = AwardStatus.objects.filter(award__in=made, status="recognised")
            wins = any(each.wins for each in applications)
            assert set(last.values_list("since", flat=True)) == ({matter.batch.decided_on} if wins else set())
        signed = Intake.objects.get(subject_id=OfCall(season, SELECTIONS.by_call["red-culture-base"]).subject_id)
        hands = CaseEntry.objects.filter(case__intake=signed, data__action="approve").values("organisation_id")
        assert hands.distinct().count() == 3, "three departments signed"


def test_a_team_is_held_by_all_whom_it_named(reference_year: ReferenceYear, db: None) -> None:
    listed = SPECIFICATION.awards["innovation-team"].awards
    with acting(reference_year.province):
        holders = AwardHolder.objects.filter(award__origin_kind="case", award__batch__call__code="innovation-team")
        found: dict[str, Counter[tuple[str, str]]] = {}
        for title, *holder in holders.values_list("award__title", "kind", "role"):
            found.setdefault(title, Counter())[tuple(holder)] += 1
    assert found
    for item in listed:
        if item.title in found:
            told = {("team", "holder"): 1, ("organisation", "holder"): 1, ("person", "leader"): 1}
            people = sum(len(holder.people) for holder in item.holders)
            assert found[item.title] == {**told, ("person", "member"): people - 1}


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
    applications = [application_of(each) for each in awards]

    def running() -> Running:
        season = Season(SPECIFICATION, selections)
        return Running(season, OfCall(season, selection), applications)

    for _, step in zip(range(cut), running().steps(), strict=False):
        step()
    again = running()
    again.run()
    with acting(reference_year.province):
        ends = dict(Case.objects.filter(intake=again.intake).values_list("title", "outcome"))
        assert ends == {"示例系统0": "granted", "示例系统1": "granted", "示例系统2": "refused"}
        lines = CaseEntry.objects.filter(case__intake=again.intake).count()
    again.run()
    with acting(reference_year.province):
        assert CaseEntry.objects.filter(case__intake=again.intake).count() == lines


def test_what_came_by_returns_before_is_left_as_it_stands(reference_year: ReferenceYear, db: None) -> None:
    """A register that was filled when the selection was not yet told of as one."""
    selections, awards = small()
    season = Season(SPECIFICATION, selections)
    matter = OfCall(season, selections.by_call["virtual-simulation-system"])
    applications = [application_of(each) for each in awards]
    assert not matter.came_by_returns(applications)
    for refused, title in ((True, "示例系统2"), (False, "示例系统１")):
        by = next(each.by for each in applications if normal_title(each.title) == normal_title(title))
        record_award(
            actor=reference_year.province,
            batch_id=matter.batch.pk,
            organisation_id=season.ids[by],
            title=title,
            status="recognised",
        )
        assert matter.came_by_returns(applications) is not refused


def test_pilots_that_came_by_returns_are_left_as_they_stand(reference_year: ReferenceYear, db: None) -> None:
    season = Season(SPECIFICATION, SELECTIONS)
    matters = dict(all_matters(season, ()))
    matter = next(each for each in matters if isinstance(each, OfPilot))
    assert not matter.came_by_returns(matters[matter])
    with acting(reference_year.province):
        told = CertificatePilot.objects.filter(STANDS, batch=matter.subject_id, origin_kind="return")
        institution, code, level = told.order_by("pk").values_list("institution", "certificate_type__code", "level")[0]
    by = next(key for key, pk in season.ids.items() if pk == institution)
    granted = Application(by, "", True, words={"certificate": code, "level": level})
    assert matter.came_by_returns([granted])
    assert not matter.came_by_returns([replace(granted, wins=False)])
