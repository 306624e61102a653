"""The page shell: rooms fill its slots (navigation, tasks, search), pages extend ``kernel/page.html``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right


@dataclass(frozen=True)
class NavItem:
    """One line of the navigation: where it leads, who sees it, and how many things wait there."""

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


SECTIONS = {"today": ("今天", "Today"), "registers": ("登记", "Registers"), "results": ("结果", "Results")}
_items: list[NavItem] = []
_task_givers: list[Callable[[Actor], list[Task]]] = []


def add_nav(*items: NavItem) -> None:
    """Fill a slot of the navigation; called by rooms when their app is ready."""
    _items.extend(items)
    _items.sort(key=lambda item: (list(SECTIONS).index(item.section), item.order))


def add_tasks(giver: Callable[[Actor], list[Task]]) -> None:
    """Register a source of tasks for the home page."""
    _task_givers.append(giver)


def tasks_of(actor: Actor) -> list[Task]:
    """What needs the actor now, the most urgent first."""
    return sorted((task for giver in _task_givers for task in giver(actor)), key=lambda task: -task.urgency)


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Sections with the items that the actor may open; the item of the current page is marked."""
    sections = []
    for key, (label, label_en) in SECTIONS.items():
        items = [
            {
                "label": item.label,
                "label_en": item.label_en,
                "url": reverse(item.url_name),
                "current": path.startswith(reverse(item.url_name)) and (reverse(item.url_name) != "/" or path == "/"),
                "waiting": item.waiting(actor) if item.waiting else 0,
            }
            for item in _items
            if item.section == key and actor.may(item.right)
        ]
        if items:
            sections.append({"label": label, "label_en": label_en, "items": items})
    return sections


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the actor and the navigation, computed only when a page shows them."""
    actor = getattr(request, "actor", None)
    return {"actor": actor, "navigation": (lambda: navigation(actor, request.path)) if actor else (list)}
