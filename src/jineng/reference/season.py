"""What all that is done in a reference year shares: who acts for which organisation, who reviews, who is named."""

from __future__ import annotations

from uuid import UUID

from jineng.cases.models import Expert
from jineng.cases.verbs import enter_expert
from jineng.kernel.actors import Actor, acting
from jineng.kernel.notices.verbs import read_all_notices
from jineng.kernel.records import STANDS
from jineng.reference import accounts
from jineng.reference.books import ROOT_CODE, code_of
from jineng.reference.people import Person, person
from jineng.reference.selections import Selections
from jineng.reference.year import Specification
from jineng.registry.models import Organisation
from jineng.registry.verbs import ensure_people
from jineng.registry.verbs.people import PersonRow

UNKNOWN = Person(0, "示例负责人", "")


class Season:
    """What all selections of a year share: the specification, who acts for which organisation, who reviews (by the ids
    of the experts)."""

    def __init__(self, specification: Specification, selections: Selections) -> None:
        self.specification, self.selections = specification, selections
        self.province = accounts.reporting_officer(ROOT_CODE)
        with acting(self.province):
            rows = Organisation.objects.filter(STANDS).values_list("code", "pk", "credit_code")
            self._codes = {pk: code for code, pk, _ in rows}
            self._credit_codes = {pk: credit for _, pk, credit in rows}
        ids = {code: pk for pk, code in self._codes.items()}
        known = specification.organisations
        self.ids = {key: ids[code] for key, one in known.items() if (code := code_of(one, specification)) in ids}
        self._officers: dict[UUID, Actor] = {}
        self.experts: dict[UUID, Actor] = {}
        self.offices: set[UUID] = set()

    def officer(self, organisation: UUID) -> Actor:
        """Who acts for an organisation; appointed on first use, as of today whatever the business clock says."""
        if organisation not in self._officers:
            self._officers[organisation] = accounts.reporting_officer(self._codes[organisation])
        return self._officers[organisation]

    def read_notices(self) -> None:
        """The offices and experts that worked on cases have read whose turn it was; how their applications ended,
        schools and enterprises still find in their trays."""
        for actor in (*map(self.officer, sorted(self.offices)), *self.experts.values()):
            read_all_notices(actor=actor)

    def credit_code(self, organisation: UUID) -> str:
        """Its credit code."""
        return self._credit_codes[organisation] or self._codes[organisation]

    def person(self, serial: int | None) -> Person:
        """The synthetic person with this serial."""
        return person(serial, self.specification.people) if serial else UNKNOWN

    def enter_experts(self) -> None:
        """Enter the experts, where they are missing."""
        wanted = self.selections.experts
        if self.experts:
            return
        for place, organisation in enumerate(wanted.organisations):
            actor = accounts.reviewer(self._codes[self.ids[organisation]])
            with acting(self.province):
                expert = Expert.objects.filter(STANDS, account=actor.account_id).first()
            if expert is None:
                somebody = self.person(wanted.first_person + place)
                row = PersonRow(somebody.name, somebody.number, self.ids[organisation], synthetic=True)
                ensure_people(actor=self.province, rows=[row])
                expert = enter_expert(
                    actor=self.province,
                    username=accounts.reviewer_name(self._codes[self.ids[organisation]]),
                    organisation_id=self.ids[organisation],
                    expertise={},
                    most=wanted.most,
                    name=somebody.name,
                    number=somebody.number,
                )
            self.experts[expert.pk] = actor
