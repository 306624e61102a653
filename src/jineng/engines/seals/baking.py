"""Credentials in pictures and papers: baked into a PNG as Open Badges 3.0 say (section 5.3.1), attached to a PDF."""

from __future__ import annotations

import re
import struct
import zlib

KEYWORD = b"openbadgecredential"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PAPER = b"%PDF-"
MOST_BYTES = 1 << 20
"""How large a credential may be that is looked for in a file."""
_MOST_ATTACHED = 8
_EMBEDDED = re.compile(rb"<<(?:[^<>]|<<[^<>]*>>)*/Type\s*/EmbeddedFile(?:[^<>]|<<[^<>]*>>)*>>\s*stream\r?\n")


class BakingError(ValueError):
    """The file is not of the kind that it should be, or holds no credential, or more than one."""


def bake(picture: bytes, credential: str) -> bytes:
    """The PNG with the credential in an iTXt chunk behind its header. Raises BakingError."""
    chunks = _chunks(picture)
    text = KEYWORD + b"\0\0\0\0\0" + credential.encode()
    kept = [chunk for chunk in chunks if not _is_baked(*chunk)]
    return SIGNATURE + b"".join(_chunk(*chunk) for chunk in (kept[0], (b"iTXt", text), *kept[1:]))


def baked(picture: bytes) -> bytes:
    """The credential in a PNG. Raises BakingError where there is not exactly one."""
    found = [_text_of(data) for kind, data in _chunks(picture) if _is_baked(kind, data)]
    return _only(found)


def attached(paper: bytes) -> bytes:
    """The credential attached to a PDF (the one attached file that is JSON). Raises BakingError."""
    if not paper.startswith(PAPER):
        raise BakingError("not a PDF")
    found = []
    for place, match in enumerate(_EMBEDDED.finditer(paper)):
        if place >= _MOST_ATTACHED:
            raise BakingError("more files are attached than are looked through")
        start, told = match.end(), match.group()
        if b"/Filter" not in told:
            end = paper.find(b"endstream", start)
            data = paper[start : max(end, start)].strip()
        elif b"/FlateDecode" in told:
            data = _unpacked(paper[start : start + MOST_BYTES])
        else:
            continue
        if data.lstrip()[:1] == b"{":
            found.append(data)
    return _only(found)


def carried(content: bytes) -> bytes:
    """The credential in a PNG or PDF; any other content as it is. Raises BakingError."""
    if content.startswith(SIGNATURE):
        return baked(content)
    return attached(content) if content.startswith(PAPER) else content


def _only(found: list[bytes]) -> bytes:
    if len(found) != 1:
        raise BakingError(f"the file holds {len(found)} credentials, not one")
    if len(found[0]) > MOST_BYTES:
        raise BakingError("the credential is too large")
    return found[0]


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MOST_BYTES + 1)
    except zlib.error as error:
        raise BakingError(f"an attached file cannot be unpacked: {error}") from error


def _is_baked(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _text_of(data: bytes) -> bytes:
    """The text of an iTXt chunk: keyword, compression flag and method, language, translated keyword, text."""
    rest = data[len(KEYWORD) + 1 :]
    if len(rest) < 4 or rest[0] not in (0, 1):
        raise BakingError("the credential's chunk is broken")
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise BakingError("the credential's chunk is broken")
    return _unpacked(parts[2]) if rest[0] else parts[2]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(picture: bytes) -> list[tuple[bytes, bytes]]:
    if not picture.startswith(SIGNATURE):
        raise BakingError("not a PNG")
    found, place = [], len(SIGNATURE)
    while place + 12 <= len(picture):
        (length,) = struct.unpack_from(">I", picture, place)
        kind, data = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        if len(data) != length:
            break
        found.append((kind, data))
        place += length + 12
    if not found or found[0][0] != b"IHDR" or found[-1][0] != b"IEND":
        raise BakingError("a broken PNG")
    return found
