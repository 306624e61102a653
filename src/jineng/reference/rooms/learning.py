"""Courses, classes and learners of the reference year. The README beside the specification tells how they follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from jineng.reference.books import ROOT, Books, Return
from jineng.reference.parsing import Entry

PART, ABROAD, CATALOGUE, AGAIN = "职业培训", "国际合作", "学习目录", "培训班次"
FIRST_LEARNER, FIRST_SPARE, FIRST_ABROAD = 280_000, 429_000, 430_000
SHARED_BETWEEN = 8
LASTS = 11
OPEN_UNIVERSITY = "gs-open-university"
OWN_RETURN = frozenset({"undergraduate", "higher_vocational", "vocational_university", "junior_college"})
FUNDING = ("human_resources", "education")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class CourseSpec:
    """A course of the catalogue, by whom it is owned and who pays for its classes in turn."""

    owner: str
    code: str
    kind: str
    hours: int
    departments: tuple[str, ...]


@dataclass(frozen=True)
class ClassSpec:
    """A class and its learners by serial, in the order: completed, not completed, studying, withdrawn, never let in."""

    organiser: str
    code: str
    course: str
    number: int
    starts: date
    ends: date
    done: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    studying: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    struck: tuple[int, ...] = ()
    project: str | None = None
    void_reason: str | None = None
    cancelled: date | None = None
    reason: str | None = None


def fill(books: Books) -> None:
    """Write what the specification says of the learning."""
    files = books.read("learning")
    if files:
        _Learning(books, files).fill()


class _Learning:
    def __init__(self, books: Books, files: dict[str, Entry]) -> None:
        self.books, self.year = books, books.specification.year
        self.catalogue, self.classes = files["catalogue"], files["classes"]
        self.abroad, self.special = files["abroad"], files["special"]
        self.courses = dict(self._courses())
        self.reason = self.special.text("void_reason")
        self.spare = FIRST_SPARE

    def fill(self) -> None:
        """The catalogue first, since all classes name it; then classes city by city; those abroad last."""
        self._fill_catalogue()
        held = self._shared(list(self._held_at_home()))
        self._write(PART, held)
        self._report_again(held)
        self._meet(self._firsts(held))
        self._write(ABROAD, list(self._held_abroad()))

    # The catalogue

    def _courses(self) -> Iterator[tuple[str, CourseSpec]]:
        pays = {name: tuple(names) for name, names in self.catalogue.inner("departments").values.items()}
        for owner, rows in self.catalogue.lists("courses"):
            for row in rows:
                funding = pays.get(row.text("field"), FUNDING)
                yield (
                    row.text("key"),
                    CourseSpec(owner, row.text("code"), row.text("kind"), row.number("hours"), funding),
                )

    def _fill_catalogue(self) -> None:
        province = self.books.book(ROOT, part=CATALOGUE)
        for code, states in self.catalogue.lists("fields"):
            for state in states:
                province.add(
                    "learning_fields",
                    {
                        "code": code,
                        "since": state.day("since"),
                        "name": state.text("name"),
                        "is_rural": state.flag("rural"),
                        "theme": state.maybe_text("theme"),
                    },
                )
        for owner, rows in self.catalogue.lists("courses"):
            for row in rows:
                province.add(
                    "courses",
                    {
                        "owner_code": self.books.codes[owner],
                        "course_code": row.text("code"),
                        "name": row.text("name"),
                        "kind": row.text("kind"),
                        "field_code": row.text("field"),
                        "hours": row.number("hours"),
                    },
                )

    # Classes at home

    def _held_at_home(self) -> Iterator[ClassSpec]:
        serial = FIRST_LEARNER
        late = self.classes.inner("over_new_year")
        for organiser, years in self.classes.entries("classes"):
            following = late.values.get(organiser, {})
            numbers = [
                list(cells) for rows in (years.values, following) for of in rows.values() for cells in of.values()
            ]
            most = max(sum(cells[1:]) for cells in numbers)
            size = max(most, sum(cells[0] * sum(cells[1:]) for cells in numbers) * 10 // 16)
            pool = _Pool(serial, size)
            serial += size - SHARED_BETWEEN
            for year, of_year in years.values.items():
                yield from self._of_year(organiser, int(year), of_year, pool)
            for year, of_year in following.items():
                for key, cells in of_year.items():
                    for place in range(cells[0]):
                        made = self._made(organiser, f"{year}-{key}-K{place + 1}", key, place, pool, cells)
                        yield replace(made, starts=date(year, 12, 20), ends=date(year + 1, 1, 8))

    def _of_year(self, organiser: str, year: int, of_year: dict[str, list[int]], pool: _Pool) -> Iterator[ClassSpec]:
        place = 0
        for key, cells in of_year.items():
            for serial in range(1, cells[0] + 1):
                made = self._made(organiser, f"{year}-{key}-{serial:02}", key, place, pool, cells)
                starts, ends = self._days(year, place, key)
                made = replace(made, starts=starts, ends=ends)
                yield self._special(made) if year == self.year and place == 0 else made
                place += 1
        if year == self.year:
            yield from self._beside(organiser, pool)

    def _made(self, organiser: str, code: str, key: str, place: int, pool: _Pool, cells: list[int]) -> ClassSpec:
        _, done, failed, left = cells
        return ClassSpec(
            organiser,
            code,
            key,
            place,
            date(self.year, 1, 1),
            date(self.year, 1, 1),
            pool.take(done),
            pool.take(failed),
            left=pool.take(left),
        )

    def _days(self, year: int, place: int, key: str) -> tuple[date, date]:
        if self.courses[key].kind == "open_university":
            return date(year, 3, 1), date(year, 7, 9)
        starts = date(year, 3 + place % 8, 1 + place * 5 % 18)
        return starts, starts + timedelta(days=LASTS)

    def _special(self, made: ClassSpec) -> ClassSpec:
        """The first class of an organiser in the year, with what the specification says besides."""
        struck = self.special.inner("void_learners").values.get(made.organiser, 0)
        waiting = self.special.inner("waiting").values.get(made.organiser, 0)
        spare = tuple(range(self.spare, self.spare + struck + waiting))
        self.spare += len(spare)
        return replace(made, struck=spare[:struck], waiting=spare[struck:])

    def _beside(self, organiser: str, pool: _Pool) -> Iterator[ClassSpec]:
        """Classes of the year that were struck out or cancelled."""
        for key in self.special.inner("void_classes").values.get(organiser, ()):
            starts, ends = self._days(self.year, 3, key)
            yield ClassSpec(organiser, f"{self.year}-{key}-Z", key, 0, starts, ends, void_reason=self.reason)
        if self.special.inner("cancelled").has(organiser):
            row = self.special.inner("cancelled").inner(organiser)
            key = row.text("course")
            made = self._made(organiser, f"{self.year}-{key}-Q", key, 0, pool, [1, 0, 0, row.number("learners")])
            yield replace(
                made,
                starts=row.day("from"),
                ends=row.day("to"),
                cancelled=row.day("since"),
                reason=row.text("reason"),
            )

    # Classes abroad

    def _held_abroad(self) -> Iterator[ClassSpec]:
        serial = FIRST_ABROAD
        counts: dict[tuple[str, date], int] = {}
        earlier: dict[tuple[str, int], list[int]] = {}
        for row in self.abroad.rows("classes"):
            key, starts, ends = row.text("course"), row.day("from"), row.day("to")
            organiser = self.courses[key].owner
            before = earlier.setdefault((organiser, ends.year), [])
            known = len(before)
            for place in range(row.number("n")):
                numbers = [row.values.get(name, 0) for name in ("done", "not", "studying", "left")]
                again = row.values.get("again", 0)
                come_again = tuple(before[(place * again + step) % known] for step in range(again))
                fresh = _Pool(serial, sum(numbers))
                serial += sum(numbers) - again
                done = (*come_again, *fresh.take(numbers[0] - again))
                before.extend(done[again:])
                counts[key, starts] = counts.get((key, starts), 0) + 1
                yield ClassSpec(
                    organiser,
                    f"{starts:%Y%m}-{key}-{counts[key, starts]:02}",
                    key,
                    place,
                    starts,
                    ends,
                    done,
                    fresh.take(numbers[1]),
                    fresh.take(numbers[2]),
                    fresh.take(numbers[3]),
                    project=row.text("project"),
                )

    # Writing

    def _write(self, part: str, held: Iterable[ClassSpec]) -> None:
        shelves: dict[tuple[str, int], list[ClassSpec]] = {}
        for made in held:
            shelves.setdefault((self._reporter(made), self._told_in(made)), []).append(made)
        for (reporter, year), classes in sorted(shelves.items()):
            book = self.books.book(reporter, year, part)
            for made in classes:
                book.add("classes", self._class(made))
            self._supply(book, classes)

    def _supply(self, book: Return, classes: list[ClassSpec]) -> None:
        book.supply("enrolments", lambda: (row for made in classes for row in self._learners(made)))

    def _reporter(self, made: ClassSpec) -> str:
        if made.project is not None:
            return made.organiser
        city = self.books.places.city_over(made.organiser)
        if city is not None:
            return city
        if self.books.places.answers_to(made.organiser, OPEN_UNIVERSITY):
            return OPEN_UNIVERSITY
        return made.organiser if self.books.organisations[made.organiser].kind in OWN_RETURN else ROOT

    def _told_in(self, made: ClassSpec) -> int:
        """The year of the return: in which the class ended, or at the end of which somebody still studied."""
        return made.starts.year if made.studying else max(min(made.ends.year, self.year + 1), self.year - 1)

    def _shared(self, held: list[ClassSpec]) -> list[ClassSpec]:
        """Let first classes have learners of other first classes in the place of their own last ones."""
        first = self._firsts(held)
        for row in self.special.rows("shared"):
            made, lender, number = first[row.text("in")], first[row.text("of")], row.number("learners")
            held[held.index(made)] = replace(made, done=(*made.done[:-number], *lender.done[:number]))
        return held

    def _firsts(self, held: list[ClassSpec]) -> dict[str, ClassSpec]:
        found: dict[str, ClassSpec] = {}
        for made in held:
            if made.starts.year == self.year and made.void_reason is None:
                found.setdefault(made.organiser, made)
        return found

    def _report_again(self, held: list[ClassSpec]) -> None:
        """Some organisers hand in their first classes themselves, as their city does."""
        for organiser, number in self.special.inner("also_reported").values.items():
            own = [made for made in held if made.organiser == organiser and self._told_in(made) == self.year]
            book = self.books.book(organiser, self.year, AGAIN)
            for made in own[:number]:
                book.add("classes", self._class(made))
            self._supply(book, own[:number])

    def _meet(self, first: dict[str, ClassSpec]) -> None:
        """Sessions of first classes; where attendance was kept, every ninth mark is an absence."""
        for organiser, row in self.special.entries("sessions"):
            made = first[organiser]
            book = self.books.book(organiser, self.year, AGAIN)
            key = {"org_code": self.books.codes[organiser], "class_code": made.code}
            for step in range(row.number("days")):
                day = made.starts + timedelta(days=step)
                meeting = {**key, "held_on": day, "starts": row.text("starts")}
                book.add("class_sessions", {**meeting, "ends": row.text("ends")})
                if row.flag("attendance"):
                    for place, serial in enumerate((*made.done, *made.failed)):
                        presence = "absent" if (place + step) % 9 == 8 else "present"
                        number = self.books.person(serial).number
                        book.add("attendance", {**meeting, "resident_id": number, "presence": presence})

    def _class(self, made: ClassSpec) -> dict[str, Any]:
        course = self.courses[made.course]
        limited = course.kind == "training" and made.project is None
        seats = len(made.done) + len(made.failed)
        going = made.studying or made.cancelled
        return {
            "org_code": self.books.codes[made.organiser],
            "class_code": made.code,
            "course_owner": self.books.codes[course.owner] if course.owner != made.organiser else None,
            "course_code": course.code,
            "department": "other" if made.project else course.departments[made.number % len(course.departments)],
            "mode": "online" if course.kind == "micro_course" or made.project else "place",
            "hours": course.hours,
            "capacity": (seats + (0 if made.waiting else made.number % 3 * 2)) or None if limited else None,
            "signup_from": made.starts - timedelta(days=20),
            "starts_on": made.starts,
            "ends_on": made.ends,
            "completed_on": None if going else made.ends,
            "cancelled_on": made.cancelled,
            "cancel_reason": made.reason,
            "project_code": made.project,
            "voided": True if made.void_reason else None,
            "void_reason": made.void_reason,
        }

    def _learners(self, made: ClassSpec) -> Iterator[Row]:
        """Rows of the sheet 学员 in the order of its columns."""
        org, person, abroad = self.books.codes[made.organiser], self.books.person, made.project is not None
        applied, enrolled = made.starts - timedelta(days=12), made.starts - timedelta(days=3)
        number = f"{made.code}-1"
        gone = made.cancelled or made.starts + timedelta(days=2)
        for serials, state, since, until, listed, reason in (
            (made.done, "completed", enrolled, made.ends, number, None),
            (made.failed, "not_completed", enrolled, made.ends, None, None),
            (made.studying, "enrolled", enrolled, None, None, None),
            (made.left, "withdrawn", min(enrolled, gone), gone, None, None),
            (made.waiting, "withdrawn", None, made.ends, None, None),
            (made.struck, "completed", enrolled, made.ends, None, self.reason),
        ):
            void = True if reason else None
            for serial in serials:
                who = person(serial)
                papers = (None, True, f"JN{serial:07}") if abroad else (who.number, True, None)
                yield (org, made.code, who.name, *papers, state, applied, since, until, listed, void, reason)


@dataclass
class _Pool:
    """People of one organiser, taken in turn: whoever was taken comes again when all the others were."""

    first: int
    size: int
    taken: int = 0

    def take(self, number: int) -> tuple[int, ...]:
        """The next so many."""
        start, self.taken = self.taken, self.taken + number
        return tuple(self.first + place % self.size for place in range(start, self.taken))
