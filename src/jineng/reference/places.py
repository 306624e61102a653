"""Where organisations of a reference year lie, and who answers to whom."""

from __future__ import annotations

from datetime import date

import yaml

from jineng.reference.year import Organisation, Specification
from jineng.registry.installation import DATA

PROVINCE = "620000"
EDUCATION_DEPARTMENT = "education_department"


class Places:
    """The divisions that the specification's places stand for, and the city education departments over them."""

    def __init__(self, specification: Specification) -> None:
        self._organisations = specification.organisations
        tree = yaml.load((DATA / "divisions-gansu.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        areas = tree["special_areas"]
        self._codes = {area["id"]: area["statistical_code"] for area in areas}
        self._cities = {area["id"]: area["lies_in"] for area in areas}
        self.city_offices = {
            organisation.governs: organisation.id
            for organisation in specification.organisations.values()
            if organisation.level == "city" and organisation.kind == EDUCATION_DEPARTMENT and organisation.governs
        }

    def division(self, organisation: Organisation, located: str | None) -> str:
        """Code of the division of ``organisation``: what a department governs, else where it lies.

        Bodies of the nation and the province, which govern no single part of it, stand for the province.
        """
        place = organisation.governs or (None if organisation.level == "province" else located) or PROVINCE
        return str(self._codes.get(place, place))

    def city_office(self, organisation: str, day: date) -> str:
        """The education department of the city in which an organisation lies on ``day``.

        Raises:
            LookupError: the organisation lies in no city.
        """
        located = self._organisations[organisation].on(day).located or ""
        city = self._cities.get(located, f"{located[:4]}00")
        if city not in self.city_offices:
            raise LookupError(f"{organisation} 不在任何市州。 {organisation} lies in no city.")
        return self.city_offices[city]

    def answers_to(self, organisation: str, office: str) -> bool:
        """Whether ``office`` is the organisation itself or an authority above it."""
        above: str | None = organisation
        while above is not None:
            if above == office:
                return True
            above = self._organisations[above].authority
        return False

    def city_over(self, organisation: str) -> str | None:
        """The city education department to which an organisation answers, if any."""
        return next((office for office in self.city_offices.values() if self.answers_to(organisation, office)), None)
