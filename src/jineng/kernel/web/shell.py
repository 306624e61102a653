"""The page shell: rooms fill its slots (navigation, tasks, search), pages extend ``kernel/page.html``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.notices.inbox import unread_count
from jineng.kernel.remembering import as_they_stand, remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.addresses import addresses_of


@dataclass(frozen=True)
class Section:
    """A part of the navigation: what belongs to one room, or to the day's work."""

    key: str
    order: int
    label: str
    label_en: str


@dataclass(frozen=True)
class NavItem:
    """One line of the navigation: the section it stands in, where it leads, who sees it, how many things wait there."""

    section: str
    order: int
    label: str
    label_en: str
    url_name: str
    right: Right
    waiting: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class Task:
    """Something that needs the actor: shown on the home page, the most urgent first."""

    urgency: int
    title: str
    detail: str
    url: str
    due: str = ""


@dataclass(frozen=True)
class DemoAccount:
    """A demonstration account as the sign-in page lists it: its login and the posts it acts in. Never a password."""

    login: str
    posts: tuple[str, ...]


_sections: dict[str, Section] = {}
_items: list[NavItem] = []
_task_givers: list[Callable[[Actor], list[Task]]] = []
_guides: list[Callable[[], list[DemoAccount]]] = []


def add_section(key: str, order: int, label: str, label_en: str) -> None:
    """Open a section of the navigation; a room opens its own when its app is ready."""
    _sections[key] = Section(key, order, label, label_en)


def add_nav(*items: NavItem) -> None:
    """Fill sections of the navigation; called by rooms when their app is ready."""
    _items.extend(items)
    _items.sort(key=lambda item: item.order)


add_section("today", 10, "今天", "Today")
add_section("results", 20, "结果", "Results")
add_section("registers", 30, "基础", "Base")


def guide_sign_in(giver: Callable[[], list[DemoAccount]]) -> None:
    """Say who can be met on the sign-in page of an installation with demonstration accounts."""
    _guides[:] = [giver]


def demo_accounts() -> list[DemoAccount]:
    """The demonstration accounts of this installation; none where it has none."""
    return [account for giver in _guides for account in giver()]


def add_tasks(giver: Callable[[Actor], list[Task]]) -> None:
    """Register a source of tasks for the home page."""
    _task_givers.append(giver)


def tasks_of(actor: Actor) -> list[Task]:
    """What needs the actor now, the most urgent first; remembered by those who give it."""
    with as_they_stand():
        given = [
            remembered(("tasks", giver, actor, clock.today()), lambda giver=giver: giver(actor), len)  # type: ignore[misc]
            for giver in _task_givers
        ]
    return sorted((task for tasks in given for task in tasks), key=lambda task: -task.urgency)


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Sections with the items that the actor may open; the item of the current page is marked."""
    known = addresses_of(tuple(item.url_name for item in _items))
    here = _current(path, known)
    sections = []
    for section in sorted(_sections.values(), key=lambda section: section.order):
        items = [
            {
                "label": item.label,
                "label_en": item.label_en,
                "url": known[item.url_name],
                "current": item.url_name == here,
                "waiting": item.waiting(actor) if item.waiting else 0,
            }
            for item in _items
            if item.section == section.key and actor.may(item.right)
        ]
        if items:
            sections.append({"label": section.label, "label_en": section.label_en, "items": items})
    return sections


def written(sections: list[dict[str, Any]]) -> SafeString:
    """The navigation as HTML. What it looks like follows from few things, so the same one is seldom written twice."""
    if not sections:
        return SafeString("")
    return _written(
        tuple(
            (each["label"], each["label_en"], tuple(tuple(item.items()) for item in each["items"])) for each in sections
        )
    )


@lru_cache(maxsize=512)
def _written(sections: tuple[tuple[str, str, tuple[tuple[tuple[str, Any], ...], ...]], ...]) -> SafeString:
    told = [
        {"label": label, "label_en": label_en, "items": [dict(item) for item in items]}
        for label, label_en, items in sections
    ]
    return render_to_string("kernel/navigation.html", {"sections": told})


def _current(path: str, known: Mapping[str, str]) -> str:
    """The item whose address the path lies under, the most exact one; home only for itself."""
    above = [name for name, url in known.items() if path == url or (url != "/" and path.startswith(url))]
    return max(above, key=lambda name: len(known[name]), default="")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the actor, the navigation, how many notices are unread and the guide to sign-in, computed only
    when a page shows them."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "unread_notices": cache(partial(unread_count, actor)) if actor else 0,
        "navigation": (lambda: navigation(actor, request.path)) if actor else (list),
        "demo_accounts": demo_accounts,
    }
