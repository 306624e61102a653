"""The narrative of a brief, as data: parts, topics, sentences with figure slots, checks, charts. Pure.

A sentence is Chinese prose with slots: ``{major_offerings}`` prints the figure exactly, ``{holders|over}`` as
1万余, ``{candidates|rounded:2}`` as 2.6万, ``{added@-1}`` the year before; ``{year}`` is the brief's year. The measure
word comes from the indicator; ``{figure|exact|项}`` overrides it. ``check`` is a claim in the language of
:mod:`jineng.engines.measures.checks`; a sentence whose check fails is not printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from jineng.engines.documents.phrasing import FORMS, Form

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(?:@-(\d))?(?:\|([a-z_]*)(?::(\d))?)?(?:\|([^}|]*))?\}")


class NarrativeError(ValueError):
    """A narrative that cannot be read; the message says which sentence and what is wrong."""


@dataclass(frozen=True)
class Year:
    """The brief's year, or one before it."""

    back: int


@dataclass(frozen=True)
class Slot:
    """A figure in a sentence: which indicator, how many years back, worded how, with which measure word."""

    key: str
    back: int
    form: Form
    digits: int | None
    unit: str | None


@dataclass(frozen=True)
class Sentence:
    """One claim: pieces of text and slots in order, and the check under which it may be printed."""

    source: str
    pieces: tuple[str | Slot | Year, ...]
    check: str
    ref: str = ""
    """The id of the wording that the sentence comes from, where it stands in an issue."""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The figures of the sentence."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Slot))


@dataclass(frozen=True)
class Illustration:
    """A chart, map or table under a topic: ``kind`` bar, years, map or table; ``keys`` the indicators shown."""

    kind: str
    caption: str
    keys: tuple[str, ...]
    by: str
    years: int
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Topic:
    """A heading with paragraphs of sentences and, perhaps, illustrations."""

    heading: str
    paragraphs: tuple[tuple[Sentence, ...], ...]
    illustrations: tuple[Illustration, ...]


@dataclass(frozen=True)
class Part:
    """One of the brief's parts."""

    heading: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Narrative:
    """A whole brief before any figure is filled in; ``front`` holds masthead, issuer, distribution, claims."""

    front: Mapping[str, Any]
    parts: tuple[Part, ...]

    def sentences(self) -> Iterator[Sentence]:
        """All sentences in order."""
        for part in self.parts:
            for topic in part.topics:
                for paragraph in topic.paragraphs:
                    yield from paragraph

    def illustrations(self) -> Iterator[Illustration]:
        """All illustrations in order."""
        for part in self.parts:
            for topic in part.topics:
                yield from topic.illustrations


def read_narrative(path: Path) -> Narrative:
    """The narrative of a YAML (or JSON) file.

    Raises:
        NarrativeError: a slot names no form of wording, a sentence has no text, or a part no heading.
    """
    return narrative_of(read_tree(path), path.name)


def read_tree(path: Path) -> dict[str, Any]:
    """What a narrative's file says, as plain values."""
    tree: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tree


def narrative_of(tree: Mapping[str, Any], name: str) -> Narrative:
    """The narrative that plain values say; ``name`` is what errors call it.

    Raises:
        NarrativeError: as :func:`read_narrative`.
    """
    try:
        parts = tuple(_part(entry) for entry in tree["parts"])
    except (KeyError, TypeError, AttributeError) as error:
        raise NarrativeError(f"{name}：缺少栏目 {error}。 A field is missing: {error}.") from error
    return Narrative({key: value for key, value in tree.items() if key != "parts"}, parts)


def _part(entry: Mapping[str, Any]) -> Part:
    return Part(entry["heading"], tuple(_topic(topic) for topic in entry["topics"]))


def _topic(entry: Mapping[str, Any]) -> Topic:
    return Topic(
        entry.get("heading", ""),
        tuple(tuple(sentence(item) for item in paragraph) for paragraph in entry.get("paragraphs", ())),
        tuple(_illustration(item) for item in entry.get("illustrations", ())),
    )


def _illustration(entry: Mapping[str, Any]) -> Illustration:
    keys = entry["keys"] if isinstance(entry["keys"], list) else [entry["keys"]]
    return Illustration(
        entry["kind"],
        entry["caption"],
        tuple(keys),
        entry.get("by", "city"),
        int(entry.get("years", 3)),
        entry.get("labels", {}),
    )


def sentence(entry: str | Mapping[str, str]) -> Sentence:
    """One sentence from its text, or from its text and check.

    Raises:
        NarrativeError: the text holds a slot that cannot be read.
    """
    given = {"text": entry} if isinstance(entry, str) else entry
    text, check, ref = given["text"], given.get("check", ""), given.get("ref", "")
    pieces: list[str | Slot | Year] = []
    position = 0
    for found in SLOT.finditer(text):
        if found.start() > position:
            pieces.append(text[position : found.start()])
        position = found.end()
        pieces.append(_slot(text, found))
    if position < len(text):
        pieces.append(text[position:])
    for piece in pieces:
        if isinstance(piece, str) and ("{" in piece or "}" in piece):
            raise NarrativeError(f"句中有不能识别的数字位：“{text}”。 A slot of this sentence cannot be read.")
    return Sentence(text, tuple(pieces), check, ref)


def _slot(text: str, found: re.Match[str]) -> Slot | Year:
    key, back, form, digits, unit = found.groups()
    if key == "year":
        return Year(int(back or 0))
    wanted = form or "exact"
    if wanted not in FORMS:
        raise NarrativeError(f"“{text}”：没有“{wanted}”这种表述。 There is no form of wording {wanted!r}.")
    return Slot(key, int(back or 0), wanted, int(digits) if digits else None, unit)
