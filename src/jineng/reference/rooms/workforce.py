"""Teachers, standards of recognition and autonomies of the reference year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jineng.reference.books import ROOT, Books, Return
from jineng.reference.parsing import Entry

SPREAD = 28
"""How many days, at most, the dates of one profile lie apart."""
HIGHER = ("higher_vocational", "junior_college", "vocational_university")
VALID_YEARS = 5


def fill(books: Books) -> None:
    """Write what the specification says of the workforce."""
    told = books.read("workforce")
    if not told:
        return
    _standards(books, told["standards"])
    _Teachers(books, told["teachers"]).write()
    _autonomies(books, told["autonomies"])


def _book(books: Books, organisation: str, day: date) -> Return:
    """The workbook that reports what began on ``day``: a neighbour year's own, what is older the year's."""
    year = books.specification.year
    return books.book(organisation, day.year if abs(day.year - year) == 1 else year)


def _standards(books: Books, tree: Entry) -> None:
    book = books.book(ROOT)
    for code, version in tree.entries("standards"):
        for level, asked in version.entries("levels"):
            book.add(
                "dual_standards",
                {
                    "code": code,
                    "name": version.text("name"),
                    "document": version.text("document"),
                    "in_force_from": version.day("from"),
                    "in_force_until": version.maybe_day("until"),
                    "level": level,
                    "recogniser": asked.text("recogniser"),
                    "valid_years": asked.number("years") if asked.has("years") else None,
                },
            )
            for item, alternatives in enumerate(asked.values["items"], 1):
                for place, condition in enumerate(alternatives, 1):
                    book.add(
                        "dual_conditions",
                        {
                            "code": code,
                            "level": level,
                            "item": item,
                            "alternative": place,
                            "kind": condition["kind"],
                            "option": condition.get("option"),
                            "amount": condition.get("amount"),
                            "window_years": condition.get("window"),
                            "bridged": condition.get("bridged"),
                        },
                    )
    for entry in tree.rows("bridges"):
        book.add(
            "career_bridges",
            {
                "grade": entry.text("grade"),
                "series": entry.text("series"),
                "level": entry.text("level"),
                "years": entry.number("years"),
                "since": entry.day("from"),
                "until": entry.maybe_day("until"),
                "document": entry.text("document"),
            },
        )


def _autonomies(books: Books, tree: Entry) -> None:
    for entry in tree.rows("grants"):
        granter, since = entry.one_of("by", books.organisations), entry.day("from")
        for institution in _institutions(books, entry):
            row = {
                "org_code": books.codes[institution],
                "autonomy": entry.text("autonomy"),
                "granter_code": books.codes[granter],
                "granted_on": since,
                "revoked_on": entry.maybe_day("until"),
                "document": entry.text("document"),
            }
            if entry.has("voided"):
                row |= {"voided": True, "void_reason": entry.text("voided")}
            _book(books, granter, since).add("autonomies", row)
            if entry.has("again"):
                _book(books, institution, since).add("autonomies", row)


def _institutions(books: Books, entry: Entry) -> Iterator[str]:
    """The institutions of a grant; ``undergraduate`` stands for the first undergraduate university."""
    for name in entry.texts("to"):
        if name == "undergraduate":
            yield next(key for key, value in books.organisations.items() if value.kind == "undergraduate")
        elif name in books.organisations:
            yield name
        else:
            raise entry.fault("to", f"没有机构“{name}”", f"no organisation {name!r}")


@dataclass(frozen=True)
class _One:
    """A teacher of a school: the serial of the person, the profile, where in the school's list it stands."""

    serial: int
    profile: Entry
    school: str
    nth: int

    def back(self, day: date) -> date:
        """``day``, moved back by what sets this teacher apart from others of the profile."""
        return day - timedelta(days=self.serial % SPREAD)


class _Teachers:
    """The teachers of all schools, expanded from profiles and numbers."""

    def __init__(self, books: Books, tree: Entry) -> None:
        self.books, self.tree = books, tree
        self.fields, self.places = tree.texts("fields"), tree.texts("places")
        self.skills = tree.inner("skills")
        self.mistakes = {(row.text("school"), row.number("nth")): row for row in tree.rows("mistaken")}
        self.everybody = list(self._expanded())

    def _expanded(self) -> Iterator[_One]:
        profiles = dict(self.tree.entries("profiles"))
        serial = self.tree.number("people_after")
        for school, numbers in self.tree.entries("schools"):
            if school not in self.books.organisations:
                raise numbers.fault(school, "没有此机构", "no such organisation")
            nth = 0
            for name, count in numbers.all_numbers(profiles).items():
                for _ in range(count):
                    serial, nth = serial + 1, nth + 1
                    yield _One(serial, profiles[name], school, nth)

    def write(self) -> None:
        """Rows of every teacher into the school's workbooks."""
        for one in self.everybody:
            self._teacher(one)
            self._certificates(one)
            self._titles(one)
            self._stays(one)
            self._recognitions(one)
        by_place = {(one.school, one.nth): one for one in self.everybody}
        for row in self.tree.rows("shared"):
            one = by_place[row.text("school"), row.number("nth")]
            second = self._row(one) | {
                "org_code": self.books.codes[row.one_of("also", self.books.organisations)],
                "since": row.day("since"),
            }
            self.books.book(row.text("also")).add("teachers", second)
        for row in self.tree.rows("also_reported_by"):
            school = row.text("school")
            office = row.text("by")
            if office == "city":
                office = self.books.places.city_office(school, self.books.specification.end)
            for nth in range(1, row.number("first") + 1):
                one = by_place[school, nth]
                self._book(one, one.back(one.profile.day("since")), office).add("teachers", self._row(one))

    def _book(self, one: _One, day: date, organisation: str = "") -> Return:
        """Who begins to teach in the year after is reported in it altogether."""
        began = one.profile.day("since")
        year = self.books.specification.year
        of_day = max(day, began) if began.year > year else day
        if abs(of_day.year - year) == 1 and of_day >= one.back(began) and of_day != one.back(began):
            return self.books.book(organisation or one.school, of_day.year)
        return self.books.book(organisation or one.school, year if began.year <= year else began.year)

    def _who(self, one: _One) -> dict[str, Any]:
        return {"resident_id": self.books.person(one.serial).number}

    def _row(self, one: _One) -> dict[str, Any]:
        somebody, until = self.books.person(one.serial), one.profile.maybe_day("until")
        return {
            "org_code": self.books.codes[one.school],
            "person_name": somebody.name,
            "resident_id": somebody.number,
            "is_synthetic": True,
            "kind": one.profile.text("kind"),
            "field": self._field(one),
            "since": one.back(one.profile.day("since")),
            "until": until,
            **self._void(one, "teacher"),
        }

    def _field(self, one: _One) -> str:
        return self.fields[one.serial % len(self.fields)]

    def _void(self, one: _One, what: str) -> dict[str, Any]:
        mistake = self.mistakes.get((one.school, one.nth))
        if mistake is None or mistake.text("what") != what:
            return {}
        return {"voided": True, "void_reason": mistake.text("reason")}

    def _never_taught(self, one: _One) -> bool:
        return bool(self._void(one, "teacher"))

    def _teacher(self, one: _One) -> None:
        self._book(one, one.back(one.profile.day("since"))).add("teachers", self._row(one))

    def _certificates(self, one: _One) -> None:
        if self._never_taught(one):
            return
        kind = self.books.organisations[one.school].on(self.books.specification.end).kind
        names = self.tree.inner("certificates")
        issued = one.back(one.profile.day("certificate"))
        rows = [
            {
                "kind": "teacher",
                "name": names.text("higher" if kind in HIGHER else "secondary"),
                "issuer": "甘肃省教育厅",
                "issued_on": issued,
                **self._void(one, "certificate"),
            }
        ]
        if one.profile.has("skill"):
            skill = one.profile.inner("skill")
            rows.append(
                {
                    "kind": "skill",
                    "name": self.skills.text(self._field(one)),
                    "grade": skill.text("grade"),
                    "issued_on": one.back(skill.day("day")),
                    "until": skill.maybe_day("until"),
                }
            )
        if one.profile.has("licence"):
            licence = one.profile.inner("licence")
            rows.append(
                {"kind": "professional", "name": licence.text("name"), "issued_on": one.back(licence.day("day"))}
            )
        for row in rows:
            self._book(one, row["issued_on"]).add("teacher_qualifications", self._who(one) | row)

    def _titles(self, one: _One) -> None:
        if not one.profile.has("title") or self._never_taught(one):
            return
        title = one.profile.inner("title")
        kind = self.books.organisations[one.school].on(self.books.specification.end).kind
        series = title.maybe_text("series") or ("higher_teacher" if kind in HIGHER else "secondary_teacher")
        day = one.back(title.day("day"))
        row = {"series": series, "level": title.text("level"), "awarded_on": day}
        self._book(one, day).add("teacher_titles", self._who(one) | row)

    def _stays(self, one: _One) -> None:
        if self._never_taught(one):
            return
        for place, stay in enumerate(one.profile.rows("stays")):
            first = one.back(stay.day("from"))
            row = {
                "kind": "enterprise",
                "place": self.places[(one.serial + place) % len(self.places)],
                "first_day": first,
                "last_day": one.back(stay.day("to")),
                "days": stay.number("days"),
            }
            self._book(one, first).add("practice_stays", self._who(one) | row)

    def _recognitions(self, one: _One) -> None:
        bodies = {
            "elementary": one.school,
            "intermediate": self.books.places.city_over(one.school) or ROOT,
            "senior": ROOT,
        }
        for recognised in one.profile.rows("recognised"):
            level, day = recognised.text("level"), one.back(recognised.day("day"))
            row = {
                "org_code": self.books.codes[one.school],
                "standard": recognised.text("standard"),
                "level": level,
                "recogniser_code": self.books.codes[bodies[level]],
                "recognised_on": day,
                "until": day.replace(year=day.year + VALID_YEARS),
                "document": f"双师认〔{day.year}〕9901号",
                **self._void(one, "recognition"),
            }
            self._book(one, day).add("dual_recognitions", self._who(one) | row)
