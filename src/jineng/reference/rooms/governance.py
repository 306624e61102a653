"""Policies, groups, tasks and events of the reference year, and the state of each county."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from jineng.reference.books import ROOT, Books, Return
from jineng.reference.parsing import Entry

LEVELS = {"province": "provincial", "city": "city", "county": "county"}
REPORTED = "reported"


def fill(books: Books) -> None:
    """Write what the specification says of the governance."""
    told = books.read("governance")
    if not told:
        return
    _policies(books, told["policies"])
    _groups(books, told["groups"])
    _tasks(books, told["tasks"])
    _publicity(books, told["publicity"])
    _counties(books, told["counties"])


def _void(entry: Entry) -> dict[str, Any]:
    return {"voided": True, "void_reason": entry.text("voided")} if entry.has("voided") else {}


def _year(books: Books, day: date | None) -> int:
    """In which year's workbook something of ``day`` is reported; what is older, or has no day, in the year's own."""
    year = books.specification.year
    return day.year if day is not None and abs(day.year - year) == 1 else year


def _book(books: Books, entry: Entry, day: date | None) -> Iterable[Return]:
    """The workbooks that hold an entry: its reporter's, and that of whoever reports it again."""
    first = entry.one_of("by", books.organisations) if entry.has("by") else ROOT
    yield books.book(first, _year(books, day))
    if entry.has("also_reported_by"):
        yield books.book(entry.one_of("also_reported_by", books.organisations), _year(books, day))


def _policies(books: Books, tree: Entry) -> None:
    codes = books.codes
    for entry in tree.rows("policies"):
        issuers = entry.texts("issuers")
        number, issued = entry.text("number"), entry.maybe_day("issued")
        row = {
            "number": number,
            "title": entry.text("title"),
            "issuers": "、".join(codes[key] for key in issuers),
            "level": entry.maybe_text("level") or "provincial",
            "kind": entry.maybe_text("kind"),
            "topic": entry.maybe_text("topic"),
            "scope": entry.maybe_text("scope"),
            "issued_on": issued,
            "repealed_on": entry.maybe_day("repealed"),
            "replaces": entry.maybe_text("replaces"),
            **_void(entry),
        }
        for book in _book(books, entry, None):
            book.add("policies", row)
        signed = entry.inner("signed")
        for key in signed.values:
            books.book(ROOT).add(
                "policy_signings", {"number": number, "org_code": codes[key], "signed_on": signed.day(key)}
            )


def _groups(books: Books, tree: Entry) -> None:
    for entry in tree.rows("groups"):
        key = {
            "org_code": books.codes[entry.one_of("by", books.organisations)],
            "group_name": entry.text("name"),
            "formed_on": entry.day("formed"),
        }
        book = books.book(ROOT, _year(books, entry.day("formed")))
        book.add(
            "leading_groups",
            {
                **key,
                "level": entry.text("level"),
                "dissolved_on": entry.maybe_day("dissolved"),
                "document": entry.maybe_text("document"),
                **_void(entry),
            },
        )
        for member in entry.rows("members"):
            book.add(
                "group_members",
                {
                    **key,
                    "member_code": books.codes[member.one_of("organisation", books.organisations)],
                    "post_title": member.maybe_text("post"),
                    "role": member.text("role"),
                    "until": member.maybe_day("until"),
                },
            )
    cities = tree.inner("cities")
    for city in cities.values:
        office = books.places.city_offices[city]
        name = books.organisations[office].name.removesuffix("教育局")
        key = {
            "org_code": books.codes[office],
            "group_name": tree.text("city_name").format(city=name),
            "formed_on": cities.day(city),
        }
        book = books.book(office, _year(books, cities.day(city)))
        book.add("leading_groups", {**key, "level": "city"})
        book.add("group_members", {**key, "member_code": books.codes[office], "post_title": "局长", "role": "deputy"})


def _office(place: str) -> str:
    return f"edu-{place}"


def _tasks(books: Books, tree: Entry) -> None:
    for entry in tree.rows("tasks"):
        _task(books, entry, ROOT, entry, {})
        above = {"parent_giver_code": books.codes[ROOT], "parent_number": entry.text("number")}
        for split in entry.rows("splits"):
            _task(books, split, _office(split.text("by")), entry, above)


def _task(books: Books, entry: Entry, giver: str, told: Entry, above: dict[str, Any]) -> None:
    """One task with its shares and their steps, all in the giver's workbook; a split says what its task says."""
    key = {"giver_code": books.codes[giver], "number": entry.text("number")}
    book = books.book(giver, _year(books, entry.day("given")))
    book.add(
        "tasks",
        {
            **key,
            "title": told.text("title"),
            "description": told.maybe_text("description"),
            "unit": told.text("unit"),
            "given_on": entry.day("given"),
            "due_on": entry.day("due"),
            "withdrawn_on": entry.maybe_day("withdrawn"),
            "policy_number": told.maybe_text("policy"),
            **above,
        },
    )
    for place, share in entry.entries("receivers"):
        part = {**key, "receiver_code": books.codes[_office(place)]}
        book.add("task_assignments", {**part, "share": share.number("share")})
        for sequence, step in enumerate(share.values.get("steps", []), 1):
            happened_on, kind, *rest = step
            more = {("value" if kind == REPORTED else "text"): rest[0]} if rest else {}
            book.add("task_steps", {**part, "sequence": sequence, "kind": kind, "happened_on": happened_on, **more})


def _publicity(books: Books, tree: Entry) -> None:
    weeks = tree.inner("weeks")
    for year in weeks.values:
        for host, week in weeks.entries(year):
            name = tree.text("week_name").format(year=year, host=_place_of(books, host))
            _occasion(books, week, host, name, "activity_week", _level(books, host))
    for entry in tree.rows("occasions"):
        host = entry.one_of("host", books.organisations)
        _occasion(books, entry, host, entry.text("name"), entry.text("kind"), entry.text("level"))
    for entry in tree.rows("press"):
        row = {
            "outlet": entry.text("outlet"),
            "published_on": entry.day("published"),
            "title": entry.text("title"),
            "org_code": books.codes[entry.one_of("about", books.organisations)],
            "level": entry.text("level"),
            "topic": entry.maybe_text("topic"),
            **_void(entry),
        }
        for book in _book(books, entry, entry.day("published")):
            book.add("press_items", row)


def _place_of(books: Books, host: str) -> str:
    return "甘肃省" if host == ROOT else books.organisations[host].name.removesuffix("教育局")


def _level(books: Books, host: str) -> str:
    return LEVELS[books.organisations[host].level or "county"]


def _occasion(books: Books, entry: Entry, host: str, name: str, kind: str, level: str) -> None:
    key = {"host_code": books.codes[host], "name": name, "begins_on": entry.day("begins")}
    book = books.book(host, _year(books, entry.day("begins")))
    book.add(
        "occasions",
        {
            **key,
            "ends_on": entry.day("ends"),
            "kind": kind,
            "level": level,
            "place": entry.maybe_text("place"),
            "attendance": entry.number("attendance") if entry.has("attendance") else None,
            **_void(entry),
        },
    )
    for row in entry.rows("participants"):
        book.add(
            "occasion_participants",
            {
                **key,
                "org_code": books.codes[row.one_of("organisation", books.organisations)],
                "role": row.maybe_text("role"),
                "people": row.number("people"),
            },
        )
    for row in entry.rows("exhibits"):
        book.add(
            "exhibition_items",
            {
                **key,
                "org_code": books.codes[row.one_of("organisation", books.organisations)],
                "title": row.text("title"),
                "kind": row.text("kind"),
            },
        )


def _counties(books: Books, tree: Entry) -> None:
    root = books.book(ROOT)
    for entry in tree.rows("required"):
        root.add(
            "pooled_departments",
            {"department": entry.text("department"), "since": entry.day("since"), "document": entry.text("document")},
        )
    for place, county in tree.entries("counties"):
        office = _office(place)
        for fact in _facts(books, place, county):
            book = books.book(books.places.city_over(office) or ROOT, _year(books, fact["since"]))
            book.add("county_facts", {"office_code": books.codes[office], **fact})
    for entry in tree.rows("voided"):
        office = _office(entry.text("county"))
        books.book(books.places.city_over(office) or ROOT).add(
            "county_facts",
            {
                "office_code": books.codes[office],
                "item": entry.text("item"),
                "post_title": entry.text("post"),
                "since": entry.day("since"),
                "voided": True,
                "void_reason": entry.text("reason"),
            },
        )


def _facts(books: Books, place: str, county: Entry) -> Iterable[dict[str, Any]]:
    if county.has("school"):
        school = books.codes[county.one_of("school_id", books.organisations)]
        yield {"item": "school", "since": county.day("school"), "org_code": school}
    if county.has("centre"):
        yield {"item": "centre", "since": county.day("centre"), "org_code": books.codes[f"centre-{place}"]}
    if county.has("director"):
        post, *days = county.values["director"]
        yield {"item": "director", "post_title": post, **_span(days)}
    for department, days in county.inner("pooled").values.items():
        yield {"item": "department", "department": department, **_span(days if isinstance(days, list) else [days])}


def _span(days: list[date]) -> dict[str, date | None]:
    return {"since": days[0], "until": days[1] if len(days) > 1 else None}
