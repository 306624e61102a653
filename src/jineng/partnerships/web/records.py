"""What the room's record pages share: origin, history, and the deeds that may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from jineng.kernel.records import Recorded
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.web.tables import STATES
from jineng.registry.queries import told_of
from jineng.registry.scope import in_reach
from jineng.registry.web.records import origin_facts

R = TypeVar("R", bound=Recorded)


@dataclass(frozen=True)
class Deed:
    """A button of a record page."""

    label: str
    url: str
    kind: str = "plain"


def find(rows: QuerySet[R], pk: Any) -> R:
    """The record with that key.

    Raises:
        Http404: there is none in sight.
    """
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def may_keep(request: ActorRequest, record: Any) -> bool:
    """Whether the actor may change a standing record that its reach keeps."""
    return (
        request.actor.may(Right.EDIT_PARTNERSHIPS)
        and not record.is_void
        and in_reach(request.actor, record.organisation_id)
    )


def state_fact(state: str, note: str = "") -> Fact:
    """The state of a record as a line."""
    words, mark = STATES[state]
    return Fact("状态 State", words, kind=mark, note=note)


def record_page(
    request: ActorRequest,
    record: Recorded,
    facts: Sequence[Fact],
    *,
    title: str,
    title_en: str,
    crumbs: Sequence[Crumb],
    deeds: Sequence[Deed] = (),
    template: str = "partnerships/record.html",
    **more: Any,
) -> HttpResponse:
    """A page of one record: its facts, where it came from, what it said before, what may be done."""
    context = {
        "title": title,
        "title_en": title_en,
        "crumbs": [*crumbs, Crumb(title)],
        "record": record,
        "facts": [*facts, *origin_facts(request.actor, record)],
        "told": told_of(record),
        "deeds": deeds,
        **more,
    }
    return render(request, template, context)
