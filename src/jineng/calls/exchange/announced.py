"""遴选 and 批次: how calls and their batches come in and go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch

from jineng.calls.exchange import sheets
from jineng.calls.kinds import HolderForm
from jineng.calls.models import Batch, Call, CallDecider
from jineng.calls.models.calls import SLUG_PATTERN
from jineng.calls.scope import decided_calls
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import Known, resolve_organisations

SEPARATORS = re.compile(r"[、,，;；\s]+")


class CallLanding(Landing):
    """遴选: one row per call, with the departments that decide it."""

    room: ClassVar[str] = "calls"
    right: ClassVar[Right] = Right.EDIT_CALLS
    sheet: ClassVar[Sheet] = sheets.CALLS
    spec = Merge(
        Call,
        (Field("code", key=True), Field("name"), Field("level"), Field("holder_form"), Field("description")),
        ("code", "name", "level", "holder_form", "description"),
    )
    deciders = Merge(
        CallDecider,
        (Field("call_id", key=True), Field("organisation_id", key=True), Field("order")),
        ("code", "deciders", "deciders"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """A call lands where one of the departments that decide it lies in the importer's scope."""
        column = table.columns
        named = [self._codes(text) for text in column["deciders"]]
        known = resolve_organisations(hall.actor, {code for codes in named for code in codes})
        for index, codes in enumerate(named):
            self._check(table, hall, index, codes, known)
        good = hall.good(table)
        forms = [form or HolderForm.ORGANISATION for form in column["holder_form"]]
        hall.merge(
            table,
            self.spec,
            good,
            [
                (
                    column["code"][index],
                    column["name"][index],
                    column["level"][index],
                    forms[index],
                    column["description"][index] or "",
                )
                for index in good
            ],
        )
        ids = dict(Call.objects.filter(STANDS, code__in=column["code"]).values_list("code", "id"))
        rows = [
            (index, (ids[column["code"][index]], known[code].id, order))
            for index in hall.good(table)
            for order, code in enumerate(named[index], 1)
        ]
        hall.merge(table, self.deciders, [index for index, _ in rows], [row for _, row in rows])

    @staticmethod
    def _codes(text: str | None) -> list[str]:
        return list(dict.fromkeys(code for code in SEPARATORS.split(text or "") if code))

    @staticmethod
    def _check(table: Table, hall: Hall, index: int, codes: Sequence[str], known: dict[str, Known]) -> None:
        if not re.match(SLUG_PATTERN, table.columns["code"][index]):
            hall.refuse(
                table,
                index,
                "code",
                ErrorCode.BAD_CODE,
                "遴选代码只能用小写字母、数字和连字符，以字母开头。",
                "A call's code has lower-case letters, digits and hyphens, a letter first.",
                "请改成如 master-teacher-studio 的样子。",
                "Write it like master-teacher-studio.",
            )
        if any(code not in known for code in codes):
            hall.unknown(table, index, "deciders", "机构", "organisation")
        elif not any(known[code].in_scope for code in codes):
            hall.out_of_scope(table, index, "deciders")

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Calls that have a batch by ``year``, as far as somebody in the actor's scope decides them."""
        signing = CallDecider.objects.filter(STANDS).select_related("organisation").order_by("order")
        calls = Call.objects.filter(STANDS, batches__year__lte=year, batches__voided_at__isnull=True).distinct()
        if not actor.sees_all:
            calls = calls.filter(pk__in=decided_calls(actor))
        for call in calls.order_by("code").prefetch_related(Prefetch("deciders", signing, to_attr="signing")):
            codes = "、".join(decider.organisation.code for decider in call.signing)
            yield call.code, call.name, call.level, codes, call.holder_form, call.description


class BatchLanding(Landing):
    """批次: one row per batch of a call."""

    room: ClassVar[str] = "calls"
    right: ClassVar[Right] = Right.EDIT_CALLS
    sheet: ClassVar[Sheet] = sheets.BATCHES
    spec = Merge(
        Batch,
        (Field("call_id", key=True), Field("number", key=True), Field("year"), Field("decided_on"), Field("document")),
        ("call_code", "batch_number", "year", "decided_on", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """A batch lands where a department that decides its call lies in the importer's scope."""
        column = table.columns
        ids = dict(Call.objects.filter(STANDS, code__in=set(column["call_code"])).values_list("code", "id"))
        decided = None if hall.actor.sees_all else set(decided_calls(hall.actor))
        for index, code in enumerate(column["call_code"]):
            if code not in ids:
                hall.unknown(table, index, "call_code", "遴选", "call")
            elif decided is not None and ids[code] not in decided:
                hall.out_of_scope(table, index, "call_code")
        good = hall.good(table)
        hall.merge(
            table,
            self.spec,
            good,
            [
                (
                    ids[column["call_code"][index]],
                    column["batch_number"][index],
                    column["year"][index],
                    column["decided_on"][index],
                    column["document"][index] or "",
                )
                for index in good
            ],
        )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Batches up to ``year`` of calls that somebody in the actor's scope decides."""
        batches = Batch.objects.filter(STANDS, call__voided_at__isnull=True, year__lte=year)
        if not actor.sees_all:
            batches = batches.filter(call__in=decided_calls(actor))
        return (
            batches.order_by("call__code", "number")
            .values_list("call__code", "number", "year", "decided_on", "document")
            .iterator(5000)
        )
