"""From a narrative and the figures to a document: what is printed, what is held back and why. Pure.

Everything is computed by the engine that is handed in, so a live page and a release differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from jineng.briefs.narrative import Narrative, Sentence, Slot, Year
from jineng.engines.documents.phrasing import RATIO, PhraseError, phrase
from jineng.engines.documents.tree import (
    Block,
    Definition,
    Definitions,
    Distribution,
    Document,
    Figure,
    Heading,
    Held,
    Inline,
    Paragraph,
    Text,
    numbered,
)
from jineng.engines.measures import Catalogue, Drill, Engine, Measured, Over, Period, Sources, drill, measure_many
from jineng.engines.measures.checks import parse

OVER_LABELS = {Over.STOCK: "年末存量", Over.FLOW: "当年发生", Over.CUMULATIVE: "截至年末累计"}
Link = Callable[[str], str | None]
Lead = Callable[[str, int], str | None]
Values = Mapping[tuple[str, Period], Measured]


@dataclass(frozen=True)
class Said:
    """What became of a sentence: printed, held (its check failed), or not built (an indicator is missing)."""

    sentence: Sentence
    state: str
    reason: str = ""
    shown: str = ""
    words: str = ""
    """The sentence as it is printed, or would be."""


@dataclass(frozen=True)
class Reader:
    """Where figures come from: an engine with the catalogue and the sources it computes from."""

    engine: Engine
    catalogue: Catalogue
    sources: Sources

    def measure(self, wanted: list[tuple[str, Period]]) -> Values:
        """The wanted figures, known indicators only, from one query."""
        return measure_many(
            self.engine, self.catalogue, self.sources, [pair for pair in wanted if pair[0] in self.catalogue]
        )

    def drill(self, key: str, period: Period, by: str) -> Drill:
        """The parts of a figure along a place or a dimension."""
        return drill(self.engine, self.catalogue, self.sources, key, period, by=by)


@dataclass(frozen=True)
class Brief:
    """A composed brief: the document, what was said of each sentence, and every figure that was computed."""

    year: int
    document: Document
    said: tuple[Said, ...]
    values: Values = field(repr=False)

    @property
    def printed(self) -> tuple[Said, ...]:
        """Sentences that stand in the brief."""
        return tuple(item for item in self.said if item.state == "printed")

    @property
    def held(self) -> tuple[Said, ...]:
        """Sentences that were held back."""
        return tuple(item for item in self.said if item.state == "held")

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the figures that are printed, each once, in the order of the text."""
        return tuple(dict.fromkeys(slot.key for item in self.printed for slot in item.sentence.slots))


def years_back(year: int, back: int) -> Period:
    """The calendar year ``back`` years before ``year``."""
    return Period.year(year - back)


def wanted_figures(narrative: Narrative, year: int) -> list[tuple[str, Period]]:
    """Every figure that the sentences' slots and checks ask for."""
    wanted: dict[tuple[str, Period], None] = {}
    for item in narrative.sentences():
        for slot in item.slots:
            wanted[slot.key, years_back(year, slot.back)] = None
        if item.check:
            for key, back in parse(item.check).wanted():
                wanted[key, years_back(year, back)] = None
    return list(wanted)


def compose(
    narrative: Narrative,
    reader: Reader,
    year: int,
    *,
    issue: int = 1,
    dated: date | None = None,
    link: Link = lambda key: None,
    earlier: Callable[[str, int], str | None] | None = None,
    illustrate: Callable[[Any, Reader, int, Link], list[Block]] | None = None,
) -> Brief:
    """Compute every figure of the narrative and put the brief together.

    ``dated`` is the day printed in the masthead (default: the last day of the year); ``link`` gives the page behind
    a figure, ``earlier`` that
    of a figure so many years back (default: the same); ``illustrate`` makes the blocks of an illustration.
    """
    values = reader.measure(wanted_figures(narrative, year))

    def lead(key: str, back: int) -> str | None:
        return earlier(key, back) if earlier and back else link(key)

    said: list[Said] = []
    blocks: list[Block] = []
    for part in narrative.parts:
        inside: list[Block] = []
        for topic in part.topics:
            body = _topic_blocks(topic.paragraphs, reader, values, year, lead, said)
            if body and illustrate:
                for illustration in topic.illustrations:
                    if all(key in reader.catalogue for key in illustration.keys):
                        body += illustrate(illustration, reader, year, link)
            if body and topic.heading:
                inside.append(Heading(2, topic.heading))
            inside += body
        if inside:
            blocks += [Heading(1, part.heading), *inside]
    front = narrative.front
    distribution = front.get("distribution", {})
    keys = tuple(dict.fromkeys(slot.key for item in said if item.state == "printed" for slot in item.sentence.slots))
    document = Document(
        masthead=front["masthead"],
        issue=f"第{issue}期",
        issuer=front["issuer"],
        date=dated or date(year, 12, 31),
        title=front["title"].format(year=year),
        blocks=numbered(blocks),
        annex=(Definitions(tuple(_definition(reader, values, key, year) for key in keys)),),
        annex_title="数字口径",
        distribution=Distribution(
            report_to=_names(distribution.get("report_to", ())),
            send_to=_names(distribution.get("send_to", ())),
            copy_to=_names(distribution.get("copy_to", ())),
            distribute_to=_names(distribution.get("distribute_to", ())),
            printed_by=distribution.get("printed_by", front["issuer"]),
            printed_on=dated or date(year, 12, 31),
        ),
    )
    return Brief(year, document, tuple(said), values)


def _names(lines: Iterable[str | Mapping[str, str]]) -> tuple[str, ...]:
    """The names of a distribution's lines; a line that stands for a group has one, too."""
    return tuple(line if isinstance(line, str) else line["label"] for line in lines)


def _topic_blocks(
    paragraphs: tuple[tuple[Sentence, ...], ...],
    reader: Reader,
    values: Values,
    year: int,
    lead: Lead,
    said: list[Said],
) -> list[Block]:
    blocks: list[Block] = []
    for paragraph in paragraphs:
        inlines: list[Inline] = []
        for item in paragraph:
            outcome, pieces = _say(item, reader, values, year, lead)
            said.append(outcome)
            inlines += pieces
        if inlines:
            blocks.append(Paragraph(tuple(inlines)))
    return blocks


def _say(item: Sentence, reader: Reader, values: Values, year: int, lead: Lead) -> tuple[Said, list[Inline]]:
    check = parse(item.check) if item.check else None
    names = [(slot.key, slot.back) for slot in item.slots]
    names += check.wanted() if check else ()
    missing = sorted({key for key, _ in names if key not in reader.catalogue})
    if missing:
        return Said(item, "not_built", f"尚无指标：{'、'.join(missing)}"), []
    shown = ""
    if check:
        verdict = check.check(lambda key, back: values[key, years_back(year, back)].value)
        shown = verdict.shown
        if not verdict.ok:
            reason, words = f"校验未通过：{shown}", _plain(item, reader, values, year)
            return Said(item, "held", reason, shown, words), [Held(words, reason)]
    try:
        pieces = [_piece(piece, reader, values, year, lead) for piece in item.pieces]
    except PhraseError as error:
        reason, words = str(error), _plain(item, reader, values, year)
        return Said(item, "held", reason, words=words), [Held(words, reason)]
    words = "".join(piece.phrase if isinstance(piece, Figure) else piece.text for piece in pieces)
    return Said(item, "printed", shown=shown, words=words), pieces


def _piece(piece: str | Slot | Year, reader: Reader, values: Values, year: int, lead: Lead) -> Inline:
    if isinstance(piece, str):
        return Text(piece)
    if isinstance(piece, Year):
        return Text(str(year - piece.back))
    indicator = reader.catalogue.get(piece.key)
    value = values[piece.key, years_back(year, piece.back)].value
    if value is None:
        raise PhraseError("分母为零，无从表述。 The denominator is zero.")
    unit = indicator.unit if piece.unit is None else piece.unit
    worded = phrase(value, unit, piece.form, digits=piece.digits)
    return Figure(piece.key, worded.text, lead(piece.key, piece.back), worded.exact, indicator.label)


def _plain(item: Sentence, reader: Reader, values: Values, year: int) -> str:
    """The sentence with exact figures, for those who look into why it was held back."""
    words = []
    for piece in item.pieces:
        if isinstance(piece, Slot):
            value = values[piece.key, years_back(year, piece.back)].value
            unit = reader.catalogue.get(piece.key).unit
            words.append(f"{number_text(value, unit)}{unit_text(unit)}")
        else:
            words.append(str(year - piece.back) if isinstance(piece, Year) else piece)
    return "".join(words)


def number_text(value: int | Fraction | None, unit: str = "") -> str:
    """A figure with its digits grouped by thousands, as it stands before its :func:`unit_text`."""
    if value is None:
        return "—"
    value = in_unit(value, unit)
    if isinstance(value, Fraction):
        return f"{float(value):,.{2 if unit == RATIO else 4}f}".rstrip("0").rstrip(".")
    return f"{value:,}"


def in_unit(value: int | Fraction, unit: str) -> int | Fraction:
    """The number that stands before :func:`unit_text`: of a ratio its hundredths."""
    shown = value * 100 if unit == RATIO else value
    return shown.numerator if isinstance(shown, Fraction) and shown.denominator == 1 else shown


def unit_text(unit: str) -> str:
    """The unit beside a figure's digits: a ratio is told in percent."""
    return "%" if unit == RATIO else unit


def _definition(reader: Reader, values: Values, key: str, year: int) -> Definition:
    indicator = reader.catalogue.get(key)
    return Definition(
        key,
        indicator.label,
        number_text(values[key, Period.year(year)].value, indicator.unit),
        indicator.definition,
        unit_text(indicator.unit),
        OVER_LABELS[indicator.over],
    )
