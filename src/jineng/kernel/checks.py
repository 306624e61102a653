"""What ``manage.py check`` asks of every room: walls around its tables, doors before its views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.urls import URLPattern, URLResolver, get_resolver

from jineng.engines.seals import can_sign_twice
from jineng.kernel import policies, tokens, walls

LOCAL = frozenset({"127.0.0.1", "localhost", "::1", "[::1]", "testserver", ""})
"""Names by which a machine serves itself alone."""
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


def public_address_is_told(**_: Any) -> list[CheckMessage]:
    """What is wrong with ``JINENG_URL``, which is signed into certificates and stands in mails."""
    return [
        kind(f"JINENG_URL={settings.SITE_URL!r}：{zh}。 {en}.", hint=HINT, id=name)
        for kind, name, zh, en in problems_of_address(settings.SITE_URL, settings.ALLOWED_HOSTS)
    ]


def what_signs_is_there(**_: Any) -> list[Error]:
    """A signing token that is not there or does not take the PIN; a second signature without its library."""
    found = []
    try:
        token = tokens.configured()
        if token is not None:
            token.answer()
    except tokens.SigningFailure as error:
        hint = "见 docs/how-to/sign-on-a-token.md。 See docs/how-to/sign-on-a-token.md."
        found.append(Error(error.messages[0], hint=hint, id="jineng.E005"))
    if settings.SECOND_SIGNATURE and not can_sign_twice():
        words = "JINENG_SM2=1，但没有安装 gmssl-pyx。 JINENG_SM2 is 1, but gmssl-pyx is not installed."
        hint = "pip install -r requirements-sm2.lock"
        found.append(Error(words, hint=hint, id="jineng.E006"))
    return found


HINT = "签发第一张证书之前请设置 JINENG_URL。 Set it before the first certificate is sealed: what is signed names it."


def problems_of_address(address: str, served: Iterable[str]) -> Iterator[tuple[type[Error | Warning], str, str, str]]:
    """What is wrong with the public address of a site served by these names: kind, id, and words in both languages."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        yield (
            Error,
            "jineng.E004",
            "须为 https://主机[:端口]，不带路径",
            "It must be https://HOST[:PORT] without a path, since signers are named by it",
        )
    elif parts.hostname not in LOCAL:
        if parts.scheme == "http":
            yield (
                Warning,
                "jineng.W002",
                "核验方按 did:web 只以 https 读取签发者的公钥",
                "Verifiers read the keys of a did:web by https only",
            )
    elif set(served) - LOCAL:
        yield (
            Warning,
            "jineng.W001",
            "网站对外服务，但公开网址指向本机，签发的证书在别处无法核验",
            "The site serves others, but its public address is this machine: nobody else can verify what it signs",
        )
