"""What ``manage.py check`` asks of every room: walls around its tables, doors before its views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error
from django.urls import URLPattern, URLResolver, get_resolver

from jineng.kernel import policies, walls

FOREIGN = ("allauth.", "ninja.", "functools")
"""Views that are not the program's: sign-in asks by itself, and the API's operations carry doors of their own."""


def every_table_has_a_wall(**_: Any) -> list[Error]:
    """Tables of rooms that neither have a wall nor are declared open, and walls around no table."""
    tables, walled = walls.room_tables(), set(walls.declared())
    bare = sorted(tables - walled - policies.OPEN_TABLES)
    idle = sorted(walled - tables)
    return [
        *(
            Error(
                f"表 {table} 没有行级安全策略。 The table {table} has no wall.",
                hint="在其模块的 policies.py 中声明 Wall。 Declare a Wall in its room's policies.py.",
                id="jineng.E001",
            )
            for table in bare
        ),
        *(
            Error(
                f"策略所指的表 {table} 不存在。 There is no table {table} for this wall.",
                hint="删除此声明，或更正表名。 Drop the declaration or correct the name.",
                id="jineng.E002",
            )
            for table in idle
        ),
    ]


def every_view_has_a_door(**_: Any) -> list[Error]:
    """Views that do not say who may pass."""
    return [
        Error(
            f"页面 {name} 未声明访问权限。 The view {name} has no door.",
            hint="加上 @door(Right.…) 或 @open_door。 Add @door(Right.…) or @open_door.",
            id="jineng.E003",
        )
        for name, pattern in _walk(get_resolver())
        if not pattern.callback.__module__.startswith(FOREIGN) and not hasattr(pattern.callback, "jineng_door")
    ]


def _walk(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry)
        else:
            yield entry.name or str(entry.pattern), entry
