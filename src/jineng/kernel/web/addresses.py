"""Addresses that pages are full of, found once: of a page without arguments, and of the page of one thing."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

_NOBODY = UUID("00000000-0000-4000-8000-00000000abcd")


def address_of(name: str) -> str:
    """The address of a page that takes no arguments."""
    return _plain(name, get_urlconf(), get_script_prefix())


def addresses_of(names: tuple[str, ...]) -> Mapping[str, str]:
    """The addresses of pages that take no arguments, by name."""
    return _all_plain(names, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=64)
def _all_plain(names: tuple[str, ...], urlconf: str | None, prefix: str) -> Mapping[str, str]:
    return {name: _plain(name, urlconf, prefix) for name in names}


@lru_cache(maxsize=1024)
def _plain(name: str, urlconf: str | None, prefix: str) -> str:
    del prefix
    return reverse(name, urlconf=urlconf)


def way_to_one(name: str, argument: str) -> Callable[[object], str]:
    """What gives the address, escaped, of the page that takes one named argument; of ids it is found once for all."""
    urlconf, prefix = get_urlconf(), get_script_prefix()
    around: list[str] = []

    def way(value: object) -> str:
        if type(value) is not UUID:
            return html.escape(_of_one(name, argument, value, urlconf, prefix))
        if not around:
            around.extend(map(html.escape, _around(name, argument, urlconf, prefix)))
        return f"{around[0]}{value}{around[1]}"

    return way


@lru_cache(maxsize=1024)
def _around(name: str, argument: str, urlconf: str | None, prefix: str) -> tuple[str, str]:
    """What stands before and after the id in an address."""
    del prefix
    before, _, after = reverse(name, urlconf=urlconf, kwargs={argument: _NOBODY}).partition(str(_NOBODY))
    return before, after


@lru_cache(maxsize=8192)
def _of_one(name: str, argument: str, value: object, urlconf: str | None, prefix: str) -> str:
    del prefix
    return reverse(name, urlconf=urlconf, kwargs={argument: value})
