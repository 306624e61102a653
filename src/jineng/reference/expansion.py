"""Numbers per institution become titled items, by the README's rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count

from jineng.reference.year import (
    RECOGNISED,
    Award,
    AwardList,
    Call,
    Event,
    Expansion,
    Holder,
    ItemRule,
    Numbers,
    Specification,
)

NO_MAJOR = "综合"
AFTER_RECOGNISED = ("refused", "under_construction", "candidate")


def all_awards(
    specification: Specification, major_names: Mapping[str, str], city_office: Callable[[str, date], str]
) -> Iterator[Award]:
    """Every award of the year, call by call: those given item by item, then those given by numbers.

    ``major_names`` has names by code (as offerings write them); ``city_office`` gives, for an organisation and a day,
    the education department of the city in which it lies.
    """
    majors = _Majors(specification, major_names)
    for slug, awards in specification.awards.items():
        yield from awards.awards
        if awards.items is not None:
            yield from _items(specification, specification.calls[slug], awards, awards.items, majors, city_office)


def _items(
    specification: Specification,
    call: Call,
    awards: AwardList,
    rule: ItemRule,
    majors: _Majors,
    city_office: Callable[[str, date], str],
) -> Iterator[Award]:
    serials = count(rule.people_after + 1)
    titles: Counter[tuple[str, str]] = Counter()
    for expansion in awards.expansions:
        day = call.batches[expansion.batch].day
        for organisation, numbers in expansion.organisations.items():
            name = specification.organisations[organisation].on(day).name
            names = majors.on(organisation, day) if "{major}" in rule.title else (NO_MAJOR,)
            office = city_office(organisation, day) if numbers.double else None
            for place, (events, voided) in enumerate(_fates(numbers, expansion, day)):
                title = _title(rule, name, names, place)
                titles[organisation, title] += 1
                again = titles[organisation, title]
                yield Award(
                    call=call.slug,
                    batch=expansion.batch,
                    title=title if again == 1 else f"{title}（{again}）",
                    by=organisation,
                    holders=(Holder(organisation=organisation), Holder(people=(next(serials),))),
                    events=events,
                    also_reported_by=office if place < numbers.double else None,
                    void_reason=expansion.void_reason if voided else None,
                )


def _fates(numbers: Numbers, expansion: Expansion, day: date) -> Iterator[tuple[tuple[Event, ...], bool]]:
    """What became of each item, and whether it is void: recognised ones first, of them the last withdrawn later."""
    recognised = (Event(day, RECOGNISED),)
    withdrawn = (*recognised, Event(expansion.withdrawn_on, "withdrawn"))
    for place in range(numbers.recognised):
        yield (withdrawn if place >= numbers.recognised - numbers.withdrawn_later else recognised), False
    for state in AFTER_RECOGNISED:
        for _ in range(getattr(numbers, state)):
            yield (Event(day, state),), False
    for _ in range(numbers.voided):
        yield recognised, True


def _title(rule: ItemRule, organisation: str, majors: Sequence[str], place: int) -> str:
    topic = rule.topics[place // len(majors) % len(rule.topics)]
    return rule.title.format(organisation=organisation, major=majors[place % len(majors)], topic=topic)


class _Majors:
    """Names of the distinct majors that an institution runs on a day, by code; remembered."""

    def __init__(self, specification: Specification, names: Mapping[str, str]) -> None:
        self._names = names
        self._offerings: dict[str, list[tuple[str, Callable[[date], bool]]]] = {}
        for offering in specification.offerings:
            self._offerings.setdefault(offering.organisation, []).append((offering.major, offering.stands))
        self._known: dict[tuple[str, date], tuple[str, ...]] = {}

    def on(self, organisation: str, day: date) -> tuple[str, ...]:
        key = (organisation, day)
        if key not in self._known:
            codes = {major for major, stands in self._offerings.get(organisation, ()) if stands(day)}
            self._known[key] = tuple(self._names[code] for code in sorted(codes)) or (NO_MAJOR,)
        return self._known[key]
