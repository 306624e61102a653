"""持有者: one row per holder of an award: an organisation, a person or a team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from jineng.calls.exchange import sheets
from jineng.calls.exchange.exporting import holder_rows
from jineng.calls.exchange.keys import KnownAward, Round, resolve_awards
from jineng.calls.kinds import HolderKind, HolderRole
from jineng.calls.models import AwardHolder
from jineng.calls.rules import HOLDER_KINDS, TEAM_ROLES
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column, resolve_people

CELLS = {
    HolderKind.ORGANISATION: ("holder_org_code",),
    HolderKind.PERSON: ("person_name", "resident_id"),
    HolderKind.TEAM: ("team_name",),
}
"""The cells that each kind of holder fills; the others stay blank."""


def _merge(identity: str, cell: str) -> Merge:
    return Merge(
        AwardHolder,
        (
            Field("award_id", key=True),
            Field("kind", key=True),
            Field(identity, key=True),
            Field("role"),
            *(Field(name, first=True) for name in ("team_name",) if name != identity),
        ),
        ("title", "holder_kind", cell, "role", "team_name"),
    )


class HolderLanding(Landing):
    """Brings the sheet 持有者 into the register; people not known yet are recorded with their employment."""

    room: ClassVar[str] = "calls"
    right: ClassVar[Right] = Right.SUBMIT_RETURNS
    sheet: ClassVar[Sheet] = sheets.HOLDERS
    bodies = _merge("organisation_id", "holder_org_code")
    people = _merge("person_id", "resident_id")
    teams = _merge("team_name", "team_name")

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve awards and holders; one merge for each kind of holder."""
        awards, keys, batches = resolve_awards(hall, table)
        organisations = resolve_column(hall, table, "holder_org_code", must_be_in_scope=False)
        self._check_cells(table, hall)
        self._check_rules(table, hall, awards, batches)
        column = table.columns
        roles = [role or HolderRole.HOLDER for role in column["role"]]
        by_kind: dict[str, list[tuple[int, UUID]]] = {kind: [] for kind in HolderKind.values}
        for index in hall.good(table):
            award = awards[index]
            if award is not None:
                by_kind[column["holder_kind"][index]].append((index, award.id))
        rows: list[tuple[int, tuple[Any, ...]]] = [
            (index, (award, HolderKind.ORGANISATION.value, body.id, roles[index], ""))
            for index, award in by_kind[HolderKind.ORGANISATION]
            if (body := organisations[index]) is not None
        ]
        self._land(hall, table, self.bodies, rows)
        named = by_kind[HolderKind.PERSON]
        people = resolve_people(
            hall,
            table,
            [key[1] if key else None for key in keys],
            since=[batch.day if batch else None for batch in batches],
            indices=[index for index, _ in named],
        )
        rows = [
            (index, (award, HolderKind.PERSON.value, person, roles[index], ""))
            for index, award in named
            if (person := people[index]) is not None
        ]
        self._land(hall, table, self.people, rows)
        rows = [
            (index, (award, HolderKind.TEAM.value, column["team_name"][index], roles[index]))
            for index, award in by_kind[HolderKind.TEAM]
        ]
        self._land(hall, table, self.teams, rows)

    @staticmethod
    def _land(hall: Hall, table: Table, spec: Merge, rows: Sequence[tuple[int, tuple[Any, ...]]]) -> None:
        if rows:
            hall.merge(table, spec, [index for index, _ in rows], [row for _, row in rows])

    @staticmethod
    def _check_cells(table: Table, hall: Hall) -> None:
        """The cells of the row's kind are filled, those of other kinds are not."""
        kinds = table.columns["holder_kind"]
        for owner, cells in CELLS.items():
            for cell in cells:
                for index, (kind, value) in enumerate(zip(kinds, table.columns[cell], strict=True)):
                    if kind == owner and value is None:
                        _refuse(hall, table, index, cell, ErrorCode.REQUIRED, *MISSING)
                    elif kind != owner and value is not None:
                        _refuse(hall, table, index, cell, ErrorCode.CONFLICT, *SURPLUS)

    @staticmethod
    def _check_rules(
        table: Table, hall: Hall, awards: Sequence[KnownAward | None], batches: Sequence[Round | None]
    ) -> None:
        kinds, roles = table.columns["holder_kind"], table.columns["role"]
        leaders: Counter[UUID] = Counter()
        for index, (award, batch, kind, role) in enumerate(zip(awards, batches, kinds, roles, strict=True)):
            if award is None or batch is None:
                continue
            if kind not in HOLDER_KINDS[batch.holder_form]:
                _refuse(hall, table, index, "holder_kind", ErrorCode.CONFLICT, *WRONG_KIND)
            if role in TEAM_ROLES and kind != HolderKind.PERSON:
                _refuse(hall, table, index, "role", ErrorCode.CONFLICT, *WRONG_ROLE)
            leaders[award.id] += role == HolderRole.LEADER
            if role == HolderRole.LEADER and leaders[award.id] > 1:
                _refuse(hall, table, index, "role", ErrorCode.CONFLICT, *SECOND_LEADER)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Holders of awards in the actor's scope; people only where the actor may read their names."""
        return holder_rows(actor, year)


Text = tuple[str, str, str, str]
MISSING: Text = ("这类持有者须填此栏。", "This kind of holder needs this cell.", "请填写。", "Fill it in.")
SURPLUS: Text = (
    "这类持有者不填此栏。",
    "This kind of holder leaves this cell blank.",
    "请清空此格，或改正持有者类别。",
    "Clear the cell or correct the kind of holder.",
)
WRONG_KIND: Text = (
    "该遴选的立项不能由这类持有者持有。",
    "Awards of this call are not held by this kind of holder.",
    "请核对持有者类别。",
    "Check the kind of holder.",
)
WRONG_ROLE: Text = (
    "只有个人可以是主持人或成员。",
    "Only a person is a leader or a member.",
    "单位、团队的角色请留空。",
    "Leave the role of organisations and teams blank.",
)
SECOND_LEADER: Text = (
    "一项只能有一名主持人。",
    "An award has one leader only.",
    "其余人员的角色请填“成员”。",
    "Enter the others as members.",
)


def _refuse(hall: Hall, table: Table, index: int, column: str, code: ErrorCode, *text: str) -> None:
    message, message_en, remedy, remedy_en = text
    hall.refuse(table, index, column, code, message, message_en, remedy, remedy_en)
