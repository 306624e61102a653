"""Which return says what: the specification laid out as the sheets that each office and college hands in.

- The province's return: all organisations and their changes (school codes are given from above), all calls and
  batches, and offerings and awards of organisations that neither a city nor a college reports for.
- A city's return: offerings and awards of what answers to it, and items of its own calls.
- A return of each institution of higher education that has offerings or awards and still is at the end of the year.

What came as an application on the platform (``selections``) stands in no return.

An item that a city reports again stands in two returns word for word: in the institution's own, or else in the
province's, and in the city's. Nobody reports an item that names an organisation outside their reach, since the
importer would refuse it: such an item of a city's call comes from the province, and where the specification lets a
city report one again, that second report is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jineng.reference.books import ROOT, Books, Return
from jineng.reference.expansion import all_awards
from jineng.reference.rooms import fill_rooms
from jineng.reference.selections import is_applied_for, read_selections
from jineng.reference.year import Award, Call, Holder, Offering, Organisation, Specification

HIGHER_EDUCATION = frozenset(
    {
        "undergraduate",
        "vocational_university",
        "higher_vocational",
        "junior_college",
        "adult_higher",
        "open_university",
    }
)
PERSONAL_ITEMS = frozenset({"person", "team", "studio"})
APPROVAL = "教职成函〔{year}〕9990号"
"""Synthetic document that approved a state-controlled major in the year in which it was opened."""
Fields = dict[str, Any]


def plan_returns(specification: Specification, major_names: Mapping[str, str]) -> list[Return]:
    """All returns of the year, in the order in which they come in; ``major_names`` has names of majors by code."""
    return _Plan(specification, major_names).returns()


class _Plan:
    def __init__(self, specification: Specification, major_names: Mapping[str, str]) -> None:
        self.specification = specification
        self.books = Books(specification)
        self.places = self.books.places
        self.organisations = specification.organisations
        self.codes = self.books.codes
        selections = read_selections(specification.year, specification.folder)
        awards = list(all_awards(specification, major_names, self.places.city_office))
        self.awards = [award for award in awards if not is_applied_for(selections, specification, award)]
        active = {offering.organisation for offering in specification.offerings} | {award.by for award in awards}
        end = specification.end
        self.colleges = {
            key
            for key, organisation in self.organisations.items()
            if key in active
            and organisation.on(end).kind in HIGHER_EDUCATION
            and not organisation.on(end).ended
            and (organisation.founded is None or organisation.founded <= end)
        }
        self.by_office: dict[str, Return] = {}

    def returns(self) -> list[Return]:
        """Fill every return, row by row."""
        self._open(ROOT)
        for _, office in sorted(self.places.city_offices.items()):
            self._open(office)
        for college in sorted(self.colleges, key=lambda key: self.codes[key]):
            self._open(college)
        self._organisations()
        for call in self.specification.calls.values():
            self._call(call)
        for offering in self.specification.offerings:
            self.by_office[self._reporter(offering.organisation)].add("offerings", self._offering(offering))
        for award in self.awards:
            for office in self._reporters(award):
                self._award(self.by_office[office], award)
        fill_rooms(self.books)
        return self.books.all()

    def _open(self, organisation: str) -> None:
        self.by_office[organisation] = self.books.book(organisation)

    def _offering(self, offering: Offering) -> Fields:
        controlled = offering.major.endswith("K")
        return {
            "org_code": self.codes[offering.organisation],
            "major_code": offering.major,
            "duration": offering.years,
            "opened_on": offering.opened,
            "revoked_on": offering.revoked,
            "document": APPROVAL.format(year=offering.opened.year) if controlled else None,
            **_voided(offering.void_reason),
        }

    def _reporter(self, organisation: str) -> str:
        if organisation in self.colleges:
            return organisation
        return self.places.city_over(organisation) or ROOT

    def _reporters(self, award: Award) -> Iterator[str]:
        decider = self.specification.calls[award.call].departments[0]
        again = award.also_reported_by
        first = decider if decider in self.by_office and decider != ROOT else self._reporter(award.by)
        yield first if first != again and self._reaches(first, award) else ROOT
        if again is not None and self._reaches(again, award):
            yield again

    def _reaches(self, office: str, award: Award) -> bool:
        named = {award.by, *(holder.organisation for holder in award.holders if holder.organisation)}
        return all(self.places.answers_to(organisation, office) for organisation in named)

    def _organisations(self) -> None:
        book = self.by_office[ROOT]
        for organisation in self.organisations.values():
            if organisation.id != ROOT:
                book.add("organisations", self._organisation(organisation))
        for organisation in self.organisations.values():
            for row in self._changes(organisation):
                book.add("organisation_changes", row)

    def _organisation(self, organisation: Organisation) -> Fields:
        code = self.codes[organisation.id]
        schemes = {organisation.on(self.specification.end).code: "school", organisation.credit_code: "credit"}
        return {
            "code": code,
            "code_scheme": schemes.get(code, "office"),
            "credit_code": organisation.credit_code,
            "name": organisation.name,
            "kind": organisation.kind,
            "division_code": self.places.division(organisation, organisation.located),
            "authority_code": self.codes[organisation.authority] if organisation.authority else None,
            "nature": organisation.nature,
            "since": organisation.founded,
            "is_synthetic": organisation.synthetic,
        }

    def _changes(self, organisation: Organisation) -> Iterator[Fields]:
        for change in organisation.changes:
            yield {
                "code": self.codes[organisation.id],
                "change": change.type,
                "since": change.day,
                "name": change.name,
                "kind": change.kind,
                "division_code": self.places.division(organisation, change.located) if change.located else None,
                "related_code": self.codes[change.into] if change.into else None,
                "document": change.document,
            }

    def _call(self, call: Call) -> None:
        book = self.by_office[ROOT]
        book.add(
            "calls",
            {
                "code": call.slug,
                "name": call.name,
                "level": call.level,
                "deciders": "、".join(self.codes[department] for department in call.departments),
                "holder_form": call.item if call.item in PERSONAL_ITEMS else "organisation",
            },
        )
        for batch in call.batches.values():
            book.add(
                "batches",
                {
                    "call_code": call.slug,
                    "batch_number": batch.number,
                    "year": batch.year,
                    "decided_on": batch.day,
                    "document": batch.document,
                },
            )

    def _award(self, book: Return, award: Award) -> None:
        call = self.specification.calls[award.call]
        batch = call.batches[award.batch]
        key = {
            "call_code": award.call,
            "batch_number": award.batch,
            "title": award.title,
            "org_code": self.codes[award.by],
        }
        first, *later = (
            {"status": event.state, "day": event.day, "document": batch.document if event.day == batch.day else None}
            for event in award.events
        )
        book.add(
            "awards",
            {
                **key,
                "level": call.level,
                "status": first["status"],
                "status_date": first["day"],
                "document": first["document"],
                **_voided(award.void_reason),
            },
        )
        for event in later:
            row = {"status": event["status"], "since": event["day"], "document": event["document"]}
            book.add("award_statuses", {**key, **row})
        if award.void_reason is None:
            for row in self._holders(award, call):
                book.add("award_holders", {**key, **row})

    def _holders(self, award: Award, call: Call) -> Iterable[Fields]:
        for holder in award.holders:
            if holder.organisation is not None:
                yield {"holder_kind": "organisation", "holder_org_code": self.codes[holder.organisation]}
            if holder.is_team:
                yield {"holder_kind": "team", "team_name": award.title}
            for place, serial in enumerate(holder.people):
                somebody = self.books.person(serial)
                yield {
                    "holder_kind": "person",
                    "person_name": somebody.name,
                    "resident_id": somebody.number,
                    "role": _role(holder, call, place),
                    "is_synthetic": True,
                }


def _role(holder: Holder, call: Call, place: int) -> str:
    if call.item == "person" and not holder.is_team:
        return "holder"
    return "leader" if place == 0 else "member"


def _voided(reason: str | None) -> Fields:
    return {"voided": True, "void_reason": reason} if reason else {}
