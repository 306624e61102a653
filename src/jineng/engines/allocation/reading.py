"""From plain data (YAML, JSON, rows of a register) to declarations, with every fault of shape placed and worded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, PlainSerializer, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from jineng.engines.allocation.faults import AllocationError, Fault

T = TypeVar("T")

STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)
Key = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Seats = Annotated[int, Field(ge=0, le=20_000_000)]
Number = Annotated[Decimal, Field(ge=0, le=1_000_000), PlainSerializer(lambda number: plain_number(number))]
Share = Annotated[Decimal, Field(ge=0, le=100), PlainSerializer(lambda number: plain_number(number))]

_WANTED = {
    "string_type": ("文字", "text"),
    "string_too_short": ("非空文字", "text that is not empty"),
    "string_too_long": ("较短的文字", "a shorter text"),
    "tuple_type": ("列表", "a list"),
    "frozen_set_type": ("列表", "a list"),
    "dict_type": ("一组“名称: 值”", "a set of names with values"),
    "dataclass_type": ("一组“属性: 值”", "a set of attributes"),
    "int_type": ("整数", "a whole number"),
    "int_parsing": ("整数", "a whole number"),
    "int_from_float": ("整数", "a whole number"),
    "bool_type": ("true 或 false", "true or false"),
    "decimal_type": ("数", "a number"),
    "decimal_parsing": ("数", "a number"),
    "finite_number": ("数", "a number"),
    "greater_than_equal": ("更大的数", "a larger number"),
    "less_than_equal": ("更小的数", "a smaller number"),
}


def plain_number(number: Decimal) -> str:
    """A number as text, always the same for the same value: 412.5, 100, 0."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def load(adapter: TypeAdapter[T], data: Any) -> T:
    """What `data` writes. Raises AllocationError with all faults of shape."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        raise AllocationError(_worded(found) for found in error.errors(include_url=False)) from error


def dump(adapter: TypeAdapter[T], declared: T) -> Any:
    """A declaration as plain JSON data without what is left at its default; `load` gives it back."""
    return adapter.dump_python(declared, mode="json", exclude_defaults=True)


def path_text(path: Iterable[str | int]) -> str:
    """("caps", 3, "limit") as "caps[3].limit"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def repeated(path: str, name_zh: str, name_en: str, keys: Iterable[str]) -> Iterator[Fault]:
    """A fault for every key that stands twice."""
    seen: set[str] = set()
    for at, key in enumerate(keys):
        if key in seen:
            yield Fault(
                f"{path}[{at}]", "duplicate", f"{name_zh}“{key}”重复，请只保留一个", f"the {name_en} {key} stands twice"
            )
        seen.add(key)


def unknown(path: str, name_zh: str, name_en: str, key: str) -> Fault:
    """Something is named that is not declared."""
    return Fault(
        path, "unknown", f"没有{name_zh}“{key}”，请改正或先声明它", f"there is no {name_en} {key}; declare it first"
    )


def _worded(found: ErrorDetails) -> Fault:
    path, kind = path_text(found["loc"]), found["type"]
    last, given = found["loc"][-1] if found["loc"] else "", f"{found['input']!r:.60}"
    if kind == "missing":
        return Fault(path, kind, f"缺少 {last}，请补上", f"{last} is missing; add it")
    if kind == "unexpected_keyword_argument":
        return Fault(path, kind, f"不认识 {last}，请删去或改正拼写", f"{last} is not known; remove it or correct it")
    if kind == "enum":
        expected = str(found["ctx"]["expected"])
        return Fault(
            path, kind, f"{last} 应是 {expected} 之一，却是 {given}", f"{last} is one of {expected}, found {given}"
        )
    zh, en = _WANTED.get(kind, (f"别的值（{found['msg']}）", f"another value ({found['msg']})"))
    return Fault(path, kind, f"{last} 应是{zh}，却是 {given}", f"{last} should be {en}, found {given}")
