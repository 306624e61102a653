"""纸质志愿: lists of preferences that were handed in on paper, entered by the office that registered the applicant.

A round takes them where its law says so, of days within its window, until its places are given out. What a second
office enters must agree with the first. An applicant who has begun a list by the ticket has that one and no other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from jineng.admissions.exchange import sheets
from jineng.admissions.exchange.breaking import broken
from jineng.admissions.exchange.keys import resolve_rounds, resolve_seasons
from jineng.admissions.exchange.refusing import refuse_text
from jineng.admissions.exchange.registering import named, registered
from jineng.admissions.kinds import Phase
from jineng.admissions.models import Admission, Applicant, Offer, Opening, PreferenceForm
from jineng.admissions.naming import group_key, major_key, parts_of
from jineng.admissions.programmes import bare_programme
from jineng.admissions.schemes import RoundLaw, read_law
from jineng.admissions.wishes import may_enter, plain_wishes, wish_faults
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.clock import CHINA
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_people
from jineng.registry.identities import identities_of
from jineng.registry.scope import reach, visible

NOT_REGISTERED = (
    "该考生没有在本招生季报名，或不由本单位报名。",
    "The person is no applicant of the season, or another office registered them.",
    "请由报名单位录入。",
    "Have the office enter it that registered the applicant.",
)
NOT_OPEN = (
    "该轮次没有在填报志愿，或已开始投档。",
    "The round takes no preferences: it is not open, or its places are being given out.",
    "请核对轮次。",
    "Check the round.",
)
NO_PAPER = (
    "按招生办法，该轮次不接受纸质志愿。",
    "By the scheme the round takes no lists on paper.",
    "请考生凭报名号和查询码在网上填报。",
    "Have the applicant submit by the ticket.",
)
NOT_IN_TIME = (
    "收表日期不在该轮填报时间内。",
    "The list was not handed in within the round's window.",
    "请核对收表日期。",
    "Check the day.",
)
BY_TICKET = (
    "考生已凭报名号在网上填报。",
    "The applicant has a list by the ticket.",
    "以网上填报的为准，请删除此表。",
    "That one counts: remove this one.",
)
NO_ENTRY = (
    "该考生不符合本轮报考条件。",
    "The applicant does not meet the conditions of the round.",
    "请核对考生类别和招生办法。",
    "Check the category against the scheme.",
)
HOLDS_A_SEAT = (
    "该考生已被录取。",
    "The applicant holds a seat.",
    "请先登记放弃前一录取，或删除此表。",
    "End the other admission first, or remove the list.",
)
NOT_OFFERED = (
    "本轮计划中没有此志愿。",
    "The round offers no such place.",
    "请核对机构、专业组、专业。",
    "Check institution, group and programme.",
)
TWO_GROUPS = (
    "同一志愿序号下填了不同的学校或专业组。",
    "One preference names two groups.",
    "不同的学校、专业组请分别填为不同志愿。",
    "Write each group as a preference of its own.",
)
TWO_DAYS = (
    "同一考生同一轮的收表日期不一致。",
    "The days of one list differ.",
    "请填同一收表日期。",
    "Write the same day on all of its rows.",
)
REMEDY = ("请对照纸质志愿表核对。", "Check it against the paper.")


@dataclass
class _Form:
    """One list: its rows of the table, who hands it in where, and the wishes by their number."""

    applicant: UUID
    opening: UUID
    rows: list[int] = field(default_factory=list)
    wishes: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Round:
    """A round that is open: its window, its law, and the majors that it offers by group."""

    opening: Opening
    law: RoundLaw | None
    majors: Mapping[str, Sequence[str]]


class PreferenceLanding(Landing):
    """纸质志愿, by the applicant's document."""

    room: ClassVar[str] = "admissions"
    right: ClassVar[Right] = Right.EDIT_ADMISSIONS
    sheet: ClassVar[Sheet] = sheets.PREFERENCES
    spec = Merge(
        PreferenceForm,
        (
            *(Field(name, key=True) for name in ("applicant_id", "opening_id")),
            *map(Field, ("draft", "wishes", "submitted_at")),
        ),
        ("resident_id", "round", "wish", "wish", "taken_on"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Find applicants and rounds, put the rows of each list together, judge it as a submitted one, merge."""
        seasons = resolve_seasons(hall, table)
        rounds = resolve_rounds(hall, table, seasons)
        people = resolve_people(hall, table, [hall.actor.organisation_id] * len(table))
        pairs = named(seasons, people)
        found = registered(pairs)
        applicants = self._mine(hall, set(found.values()))
        opened = {pk: _opened(pk) for pk in {place for place in rounds if place is not None}}
        forms: dict[tuple[UUID, UUID], _Form] = {}
        for index in pairs:
            place, who = rounds[index], found.get(index)
            at = opened.get(place) if place is not None else None
            if who not in applicants:
                refuse_text(hall, table, index, "resident_id", ErrorCode.UNKNOWN_REFERENCE, NOT_REGISTERED)
            elif at is None:
                refuse_text(hall, table, index, "round", ErrorCode.CONFLICT, NOT_OPEN)
            elif at.law is None or not at.law.paper:
                refuse_text(hall, table, index, "round", ErrorCode.CONFLICT, NO_PAPER)
            elif self._add(hall, table, index, at, forms.setdefault((who, at.opening.pk), _Form(who, at.opening.pk))):
                continue
        known = {at.opening.pk: at for at in opened.values() if at is not None}
        self._judge(hall, table, list(forms.values()), known, applicants)
        self._merge(hall, table, forms.values(), known)

    @staticmethod
    def _mine(hall: Hall, ids: set[UUID]) -> dict[UUID, Applicant]:
        """Applicants whom the actor's office, or one below it, registered."""
        rows = visible(hall.actor, Applicant).filter(STANDS, pk__in=ids)
        if not hall.actor.sees_all:
            rows = rows.filter(registered_at__in=reach(hall.actor))
        return {one.pk: one for one in rows}

    @staticmethod
    def _add(hall: Hall, table: Table, index: int, at: _Round, form: _Form) -> bool:
        """Put a row into its list; False where the round does not offer what it names."""
        column = table.columns
        programme, grouped = bare_programme(column["programme_code"][index] or ""), column["group_code"][index] or ""
        major = major_key(programme, column["joint_college"][index] or "")
        group = group_key(column["org_code"][index] or "", grouped, major)
        if ((major or not grouped) and major not in at.majors.get(group, ())) or group not in at.majors:
            refuse_text(hall, table, index, "org_code", ErrorCode.UNKNOWN_REFERENCE, NOT_OFFERED)
            return False
        if form.rows and column["taken_on"][form.rows[0]] != column["taken_on"][index]:
            refuse_text(hall, table, index, "taken_on", ErrorCode.CONFLICT, TWO_DAYS)
            return False
        wish = form.wishes.setdefault(
            column["wish"][index], {"group": group, "majors": [], "any_major": bool(column["any_major"][index])}
        )
        if wish["group"] != group:
            refuse_text(hall, table, index, "wish", ErrorCode.CONFLICT, TWO_GROUPS)
            return False
        if major:
            wish["majors"].append(major)
        form.rows.append(index)
        return True

    def _judge(
        self,
        hall: Hall,
        table: Table,
        forms: Sequence[_Form],
        opened: Mapping[UUID, _Round],
        applicants: Mapping[UUID, Applicant],
    ) -> None:
        """Refuse at its first row a list that the applicant could not submit, and one that they have by the ticket."""
        holding = set(
            Admission.objects.filter(
                STANDS, applicant__in=[form.applicant for form in forms], ended_on__isnull=True
            ).values_list("applicant_id", flat=True)
        )
        own = set(
            PreferenceForm.objects.filter(
                STANDS, opening__in=opened, applicant__in=[form.applicant for form in forms], reporter_id=None
            ).values_list("applicant_id", "opening_id")
        )
        for form in forms:
            if not form.rows:
                continue
            at, one, first = opened[form.opening], applicants[form.applicant], form.rows[0]
            assert at.law is not None
            if not may_enter(at.law, one.category, exempt=one.exempt_category_id is not None):
                refuse_text(hall, table, first, "resident_id", ErrorCode.CONFLICT, NO_ENTRY)
            elif form.applicant in holding:
                refuse_text(hall, table, first, "resident_id", ErrorCode.CONFLICT, HOLDS_A_SEAT)
            elif (form.applicant, form.opening) in own:
                refuse_text(hall, table, first, "resident_id", ErrorCode.CONFLICT, BY_TICKET)
            elif _moment(at.opening, table.columns["taken_on"][first]) is None:
                refuse_text(hall, table, first, "taken_on", ErrorCode.OUT_OF_RANGE, NOT_IN_TIME)
            for fault in wish_faults(at.law, _written(form), at.majors):
                hall.refuse(table, first, "wish", ErrorCode.CONFLICT, fault.zh, fault.en, *REMEDY)

    def _merge(self, hall: Hall, table: Table, forms: Any, opened: Mapping[UUID, _Round]) -> None:
        good = set(hall.good(table))
        sound = [form for form in forms if form.rows and good.issuperset(form.rows)]
        rows = []
        for form in sound:
            written = json.dumps(plain_wishes(_written(form)), ensure_ascii=False)
            moment = _moment(opened[form.opening].opening, table.columns["taken_on"][form.rows[0]])
            rows.append((form.applicant, form.opening, written, written, moment))
        try:
            with transaction.atomic():
                hall.merge(table, self.spec, [form.rows[0] for form in sound], rows)
        except IntegrityError as error:
            if broken(error)[0] != "form_in_time":
                raise
            for form in sound:
                refuse_text(hall, table, form.rows[0], "round", ErrorCode.CONFLICT, NOT_OPEN)

    def export(self, actor: Actor, year: int) -> Iterator[Sequence[Any]]:
        """Lists that offices entered for the seasons of ``year`` in the actor's scope."""
        rows = visible(actor, PreferenceForm).filter(
            STANDS, opening__round__season__year=year, wishes__isnull=False, reporter_id__isnull=False
        )
        found = list(rows.select_related("opening__round__season", "applicant").order_by("opening", "applicant"))
        people = identities_of(actor, {form.applicant.person_id for form in found})
        for form in found:
            who, of = people.get(form.applicant.person_id), form.opening.round
            if who is None or form.submitted_at is None:
                continue
            for at, wish in enumerate(form.wishes or (), 1):
                for major in wish["majors"] or [""]:
                    yield (
                        of.season.code,
                        who.name,
                        who.number,
                        who.is_synthetic or None,
                        of.ordinal,
                        of.supplement or None,
                        at,
                        *(cell or None for cell in parts_of(wish["group"], major)),
                        wish["any_major"] or None,
                        form.submitted_at.astimezone(CHINA).date(),
                    )


def _opened(round_id: UUID) -> _Round | None:
    """The round as it is open for preferences; None where it is not."""
    opening = Opening.objects.filter(STANDS, round=round_id, phase=Phase.OPEN).select_related("round", "scheme").first()
    if opening is None:
        return None
    majors: dict[str, list[str]] = defaultdict(list)
    rows = Offer.objects.filter(STANDS, opening=opening).order_by("key").values_list("group", "major")
    for group, major in dict.fromkeys(rows):
        majors[group].append(major)
    law = read_law(opening.scheme.data).of(opening.round.ordinal, opening.round.supplement)
    return _Round(opening, law, majors)


def _written(form: _Form) -> list[dict[str, Any]]:
    return [form.wishes[number] for number in sorted(form.wishes)]


def _moment(opening: Opening, day: date) -> datetime | None:
    """When a list of this day counts as handed in: noon, or what of the window lies next to it; None outside of it."""
    first, last = opening.opens_at.astimezone(CHINA), opening.closes_at.astimezone(CHINA) - timedelta(seconds=1)
    if not first.date() <= day <= last.date() or day > datetime.now(CHINA).date():
        return None
    return min(max(datetime.combine(day, time(12), CHINA), first), last).astimezone(UTC)
