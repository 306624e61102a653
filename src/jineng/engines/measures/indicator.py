"""Indicators: one declaration of what a figure counts, from which everything else about it follows."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import ibis

from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.period import Period
from jineng.engines.measures.shelf import Shelf
from jineng.engines.measures.source import Sources

Records = Callable[[Sources, Period], ibis.Table]
"""Gives the records that count: the columns of `RECORD_COLUMNS` and one column per declared dimension."""

KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
BREAK = re.compile(r"\s*\n\s*")
RESERVED = frozenset({"and", "or", "not"})
TAKEN = frozenset(
    [
        "record_type",
        "record_id",
        "counted_id",
        "organisation_id",
        "on",
        "measure",
        "label",
        "code",
        "counted",
        "amount",
        "side",
        "slot",
        "city",
        "county",
        "organisation",
        "organisation_name",
        "province_code",
        "city_place",
        "city_label",
        "county_place",
        "county_label",
    ]
)
"""Names that no dimension may have, because records, parts or places use them."""


class Over(enum.Enum):
    """What a figure is over time."""

    STOCK = "stock"
    """What stands on the last day of the period."""
    FLOW = "flow"
    """What happened within the period."""
    CUMULATIVE = "cumulative"
    """What has happened up to the last day of the period."""


class Disclosure(enum.Enum):
    """Who may see the figure and its parts."""

    PUBLIC = "public"
    SUPPRESSED_SMALL_CELLS = "suppressed_small_cells"
    """Public, once small parts have been hidden (`suppress`)."""
    INTERNAL = "internal"


@dataclass(frozen=True)
class Count:
    """The number of records."""


@dataclass(frozen=True)
class Distinct:
    """The number of different `counted_id` among the records; a record without one counts as itself."""


@dataclass(frozen=True)
class Sum:
    """The sum of `measure`, exact to six decimals; a record without a measure adds nothing."""


@dataclass(frozen=True)
class Ratio:
    """The value of one indicator divided by that of another; both are counts, distinct counts or sums."""

    numerator: str
    denominator: str


Aggregate = Count | Distinct | Sum | Ratio


@dataclass(frozen=True)
class Dimension:
    """A way to drill down that belongs to one room: `name` is the column of the records, read as text.

    `labels` maps a value to what is printed; a value that it lacks is printed as it is.
    """

    name: str
    label: str
    label_en: str
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One figure. Texts without suffix are Chinese; `unit` is the measure word; `definition` is printed.

    `additive` says that the parts of a drill-down must sum to the whole; where they need not, `reason` (and
    `reason_en`) say why. `records` is None for a ratio only.
    """

    key: str
    label: str
    label_en: str
    unit: str
    over: Over
    aggregate: Aggregate
    definition: str
    room: str
    record_type: str
    records: Records | None = field(compare=False)
    version: int = 1
    disclosure: Disclosure = Disclosure.PUBLIC
    dimensions: tuple[Dimension, ...] = ()
    additive: bool = True
    reason: str = ""
    reason_en: str = ""

    def dimension(self, name: str) -> Dimension | None:
        """The declared dimension of that name, if there is one."""
        return next((dimension for dimension in self.dimensions if dimension.name == name), None)


def _running(text: str) -> str:
    """The lines of a docstring as one running text: a space where a line ended in Latin, none after Chinese."""
    return BREAK.sub(lambda found: " " if text[found.start() - 1].isascii() else "", text)


def indicator(
    *,
    key: str,
    label: str,
    label_en: str,
    unit: str,
    over: Over,
    room: str,
    record_type: str,
    aggregate: Aggregate | None = None,
    version: int = 1,
    disclosure: Disclosure = Disclosure.PUBLIC,
    dimensions: tuple[Dimension, ...] = (),
    additive: bool | None = None,
    reason: str = "",
    reason_en: str = "",
) -> Callable[[Callable[[Sources, Period], ibis.Table | None]], Indicator]:
    """Turn a documented function `(sources, period) -> records` into an Indicator.

    The docstring is the printed definition. `aggregate` is Count() unless said; the function of a Ratio is
    never called, only its docstring is used. `additive` is by default true for counts and sums, false for
    distinct counts and ratios. Raises MeasureError for a missing docstring, a key that is not snake_case, a
    dimension whose name is taken.
    """
    if not KEY.match(key) or key in RESERVED:
        raise MeasureError(
            f"指标键“{key}”不合规：用小写字母、数字和下划线，以字母开头，且不能是 and、or、not",
            f"indicator key '{key}': use lower-case letters, digits and underscores, a letter first, "
            "and none of and, or, not",
        )
    clash = [dimension.name for dimension in dimensions if dimension.name in TAKEN]
    if clash:
        raise MeasureError(
            f"指标“{key}”的维度名“{clash[0]}”已被占用，请换一个",
            f"dimension '{clash[0]}' of indicator '{key}' has a name that is taken; choose another",
        )
    how = aggregate if aggregate is not None else Count()

    def declare(function: Callable[[Sources, Period], ibis.Table | None]) -> Indicator:
        definition = inspect.getdoc(function)
        if not definition:
            raise MeasureError(
                f"指标“{key}”没有定义：请在函数的文档字符串里写明口径",
                f"indicator '{key}' has no definition: write it as the docstring of its function",
            )
        return Indicator(
            key=key,
            label=label,
            label_en=label_en,
            unit=unit,
            over=over,
            aggregate=how,
            definition=_running(definition),
            room=room,
            record_type=record_type,
            records=None if isinstance(how, Ratio) else function,
            version=version,
            disclosure=disclosure,
            dimensions=dimensions,
            additive=isinstance(how, Count | Sum) if additive is None else additive,
            reason=reason,
            reason_en=reason_en,
        )

    return declare


class Catalogue:
    """All indicators of an installation, in the order in which rooms added them. Nothing is ever replaced."""

    def __init__(self, *indicators: Indicator) -> None:
        self._indicators: dict[str, Indicator] = {}
        self._shelf: tuple[Shelf, Sources] | None = None
        for each in indicators:
            self.add(each)

    def add(self, indicator: Indicator) -> Indicator:
        """Add and return `indicator`. Raises MeasureError where the key is taken."""
        if indicator.key in self._indicators:
            raise MeasureError(
                f"指标键“{indicator.key}”重复：同一数字只能有一种算法",
                f"indicator key '{indicator.key}' is taken: one figure has one definition",
            )
        self._indicators[indicator.key] = indicator
        return indicator

    def keep_on(self, shelf: Shelf, sources: Sources) -> None:
        """Keep on `shelf` what is compiled of figures over `sources`; over other sources nothing is kept."""
        self._shelf = (shelf, sources)

    def shelf(self, sources: Sources) -> Shelf | None:
        """Where what is compiled of figures over `sources` is kept, if anywhere."""
        return self._shelf[0] if self._shelf is not None and self._shelf[1] is sources else None

    def get(self, key: str) -> Indicator:
        """The indicator of that key. Raises MeasureError where there is none."""
        try:
            return self._indicators[key]
        except KeyError:
            raise MeasureError(f"没有指标“{key}”", f"there is no indicator '{key}'") from None

    def sides(self, key: str) -> tuple[Indicator, ...]:
        """The indicators whose records stand behind `key`: itself, or numerator and denominator of a ratio.

        Raises MeasureError where a side is missing or is a ratio itself.
        """
        found = self.get(key)
        if not isinstance(found.aggregate, Ratio):
            return (found,)
        sides = (self.get(found.aggregate.numerator), self.get(found.aggregate.denominator))
        for side in sides:
            if isinstance(side.aggregate, Ratio):
                raise MeasureError(
                    f"比率“{key}”的一边“{side.key}”又是比率；请直接用计数或合计",
                    f"a side of the ratio '{key}', '{side.key}', is a ratio itself; use counts or sums",
                )
        return sides

    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of adding."""
        return tuple(self._indicators)

    def of_room(self, room: str) -> tuple[Indicator, ...]:
        """The indicators that one room answers for."""
        return tuple(each for each in self if each.room == room)

    def __iter__(self) -> Iterator[Indicator]:
        return iter(tuple(self._indicators.values()))

    def __len__(self) -> int:
        return len(self._indicators)

    def __contains__(self, key: object) -> bool:
        return key in self._indicators
