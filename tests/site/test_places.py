"""The address that certificates name: the one at which the site is served, unless another is told."""

from __future__ import annotations

import os

import pytest

from jineng.site.places import public_url, serve_at


@pytest.mark.parametrize(
    ("told", "host", "port", "address"),
    [
        ("", "127.0.0.1", 8602, "http://127.0.0.1:8602"),
        ("", "localhost", 8001, "http://127.0.0.1:8001"),
        ("", "0.0.0.0", 8602, "http://127.0.0.1:8000"),
        ("https://jineng.example", "127.0.0.1", 8602, "https://jineng.example"),
    ],
)
def test_the_public_address(told: str, host: str, port: int, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"JINENG_URL": told})
    serve_at(host, port)
    assert public_url() == address
