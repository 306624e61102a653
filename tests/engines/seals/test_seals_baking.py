"""Credentials in pictures and papers: what is broken, or holds more than one, is refused."""

from __future__ import annotations

import zlib

import pytest

from jineng.engines.seals import baking
from jineng.engines.seals.baking import KEYWORD, PAPER, SIGNATURE, BakingError, attached, bake, baked, carried

PICTURE = SIGNATURE + baking._chunk(b"IHDR", b"\0" * 13) + baking._chunk(b"IEND", b"")
FILE = b"<</Type /EmbeddedFile%s>>stream\n%s\nendstream\n"


def with_text(data: bytes) -> bytes:
    """The picture with a chunk of the credential's keyword and these bytes."""
    return PICTURE[:-12] + baking._chunk(b"iTXt", KEYWORD + b"\0" + data) + PICTURE[-12:]


def test_what_is_baked_is_found_and_replaced() -> None:
    assert baked(bake(bake(PICTURE, "{1}"), "{2}")) == b"{2}"


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"GIF89a", "not a PNG"),
        (PICTURE, "holds 0"),
        (PICTURE[:-4], "a broken PNG"),
        (PICTURE[:-12] + b"\0\0\1\0IEND\0\0\0\0", "a broken PNG"),
        (with_text(b"\2\0\0\0x"), "broken"),
        (with_text(b"\0\0\0x"), "broken"),
        (with_text(b"\1\0\0\0no stream"), "unpacked"),
    ],
)
def test_broken_pictures_are_refused(picture: bytes, why: str) -> None:
    with pytest.raises(BakingError, match=why):
        baked(picture)


def test_only_what_is_attached_plainly_or_deflated_is_looked_through() -> None:
    other = FILE % (b" /Filter /LZWDecode", b"{0}")
    assert attached(PAPER + other + FILE % (b"", b"{1}")) == b"{1}"
    assert attached(PAPER + FILE % (b" /Filter /FlateDecode", zlib.compress(b"{1}"))) == b"{1}"
    for paper, why in (
        (b"{1}", "not a PDF"),
        (PAPER + other, "holds 0"),
        (PAPER + FILE % (b"", b"{1}") * 2, "holds 2"),
        (PAPER + FILE % (b"", b"x") * 9, "more files"),
    ):
        with pytest.raises(BakingError, match=why):
            attached(paper)


def test_a_credential_has_its_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baking, "MOST_BYTES", 10)
    with pytest.raises(BakingError, match="too large"):
        baked(bake(PICTURE, "{%s}" % ("x" * 20)))


def test_whatever_carries_a_credential_is_read_by_one_call() -> None:
    for content in (bake(PICTURE, "{1}"), PAPER + FILE % (b"", b"{1}"), b"{1}"):
        assert carried(content) == b"{1}"
