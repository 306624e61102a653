"""Addresses that pages are full of, found once: of a page without arguments, and of the page of one thing."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

_NOBODY = UUID("00000000-0000-4000-8000-00000000abcd")


def address_of(name: str) -> str:
    """The address of a page that takes no arguments."""
    return _plain(name, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=1024)
def _plain(name: str, urlconf: str | None, prefix: str) -> str:
    del prefix
    return reverse(name, urlconf=urlconf)


def address_of_one(name: str, argument: str, value: object) -> str:
    """The address of the page that takes one named argument; of ids the address is found once for all of them."""
    if type(value) is not UUID:
        return _of_one(name, argument, value, get_urlconf(), get_script_prefix())
    before, after = _around(name, argument, get_urlconf(), get_script_prefix())
    return f"{before}{value}{after}"


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
