"""What record pages of rooms are made of: buttons, tables of what hangs on a record, where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from jineng.kernel.actors import Actor
from jineng.kernel.records import Recorded
from jineng.kernel.rights import Right
from jineng.kernel.templatetags.jineng import chinese, plainly
from jineng.kernel.web.components import Crumb, Event, Fact, mark_of
from jineng.kernel.web.paging import PageLinks
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.identities import Identity
from jineng.registry.models import Person
from jineng.registry.queries import provenance_of, told_of

VOID, VOID_MARK = "已作废", "red"
AS_SUCH = ("num", "date")
"""Kinds of cells that are no marks."""
OUT_OF_SIGHT = "（可见范围之外的单位）"


@dataclass(frozen=True)
class Button:
    """A door to something that may be done."""

    label: str
    label_en: str
    url: str
    kind: str = "plain"


@dataclass(frozen=True)
class Cell:
    """A cell of a section's table; ``kind`` shows it as a mark, or with ``num`` and ``date`` as such."""

    value: Any
    url: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Section:
    """What hangs on a record, as a table; ``headings`` are ``中文 English``."""

    title: str
    title_en: str
    id: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    empty: str = "没有登记。 None recorded."
    pages: PageLinks | None = None
    """Of more rows than one page shows, the way to the others."""

    @property
    def headed(self) -> list[tuple[str, str]]:
        """The headings, each with the kind of its column: numbers stand under a heading on their side."""
        kinds = [cell.kind if cell.kind == "num" else "" for cell in self.rows[0]] if self.rows else []
        return list(zip(self.headings, kinds, strict=False))

    @cached_property
    def body(self) -> SafeString:
        """The rows as HTML; each cell has the Chinese of its heading, which stands beside it on a phone. Written here,
        since a template takes as long for each cell as the rest of the page for all, and once for a section that is
        remembered."""
        labels = [f'<td data-label="{conditional_escape(chinese(heading))}"' for heading in self.headings]
        starts, ends = ['<th scope="row"', *labels[1:]], ["</th>", *["</td>"] * (len(labels) - 1)]
        written = (
            "".join(start + _filled(cell) + end for start, cell, end in zip(starts, row, ends, strict=True))
            for row in self.rows
        )
        return SafeString("".join(f"<tr>{row}</tr>" for row in written))


def _filled(cell: Cell) -> str:
    """What stands between the beginning of a cell's tag and its end."""
    kind = f' class="{cell.kind}">' if cell.kind in AS_SUCH else ">"
    if cell.url:
        return f'{kind}<a href="{conditional_escape(cell.url)}">{conditional_escape(plainly(cell.value))}</a>'
    if cell.kind and cell.kind not in AS_SUCH:
        return f"{kind}{mark_of(cell.kind, cell.value)}"
    return f"{kind}{conditional_escape(plainly(cell.value))}"


@dataclass(frozen=True)
class Progress:
    """How far something is."""

    label: str
    done: Any
    whole: Any
    note: str = ""


@dataclass
class Shown:
    """A record's page."""

    title: str
    title_en: str
    crumbs: Sequence[Crumb]
    facts: Sequence[Fact]
    record: Recorded | None = None
    buttons: Sequence[Button] = ()
    sections: Sequence[Section] = ()
    events: Sequence[Event] = ()
    progress: Sequence[Progress] = field(default_factory=tuple)
    lead: str = ""
    template: str = "registry/record.html"
    """Extends ``registry/record.html``."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What the template shows beyond that."""


def show(request: ActorRequest, page: Shown) -> HttpResponse:
    """The page, with where the record came from and what the database noted of it."""
    facts = list(page.facts)
    if page.record is not None:
        facts += origin_facts(request.actor, page.record)
    return render(
        request,
        page.template,
        {
            "title": page.title,
            "title_en": page.title_en,
            "lead": page.lead,
            "crumbs": list(page.crumbs),
            "page": page,
            "facts": facts,
            "told": told_of(page.record) if page.record is not None else [],
            **page.more,
        },
    )


def origin_facts(actor: Actor, record: Recorded) -> list[Fact]:
    """By which door a record came in, a link where the actor may go there, and who else reported it."""
    source = provenance_of(actor, record)
    told, url = source.receipt.file_name if source.receipt else source.door, ""
    if source.receipt is not None and actor.may(Right.VIEW_RETURNS):
        url = reverse("receipt", args=[source.receipt.pk])
    elif source.case_id is not None and actor.may(Right.VIEW_CASES):
        url = reverse("case", args=[source.case_id])
    facts = [Fact("来源 Origin", told, url=url, note=source.deed.actor_label if source.deed else "")]
    if source.confirmed_by:
        facts.append(Fact("另有填报 Also reported by", "、".join(source.confirmed_by)))
    return facts


def organisation_cell(pk: Any, name: str) -> Cell:
    """An organisation's name as a door, where it is in sight."""
    return Cell(name, reverse("organisation", args=[pk])) if name else Cell(OUT_OF_SIGHT)


def organisation_fact(label: str, pk: Any, name: str) -> Fact:
    """An organisation as a fact, a door where it is in sight."""
    return Fact(label, name or OUT_OF_SIGHT, url=reverse("organisation", args=[pk]) if name else "")


def person_fact(label: str, person: Person, shown: Identity | None = None) -> Fact:
    """Who a record is about: in full where that was asked for, else masked; whoever is invented is marked so."""
    name = shown.name if shown else person.masked_name
    return Fact(label, name, note="示例数据 Synthetic" if person.is_synthetic else "")


def lifelong_fact(person_id: Any) -> Fact:
    """The way from a record to the whole way of the person whom it is about."""
    return Fact("终身学习档案 Lifelong record", "查看 Open", url=reverse("lifelong", args=[person_id]))


def posted(request: ActorRequest) -> Any:
    """The data of a form that was sent; ``None`` while it is only looked at."""
    return request.POST if request.method == "POST" else None
