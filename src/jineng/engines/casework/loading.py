"""From plain data (YAML, JSON, a page's form) to a definition, with every fault placed and worded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from jineng.engines.casework.condition import Condition
from jineng.engines.casework.faults import DefinitionError, Fault, Words
from jineng.engines.casework.grammar import WORDS, ConditionError

Path = tuple[str | int, ...]
T = TypeVar("T")

STRICT_KEYS = ConfigDict(extra="forbid", str_strip_whitespace=True)
"""How definitions are read: an unknown attribute is a fault, never ignored."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PLACES: Mapping[str, Words] = {
    "parties": Words("参与方", "party"), "stages": Words("环节", "stage"), "actions": Words("操作", "action"),
    "routes": Words("去向条件", "route"), "ends": Words("结局", "end"), "sections": Words("部分", "section"),
    "fields": Words("填写项", "field"), "columns": Words("列", "column"), "choices": Words("选项", "choice"),
    "rules": Words("核对规则", "rule"), "criteria": Words("指标", "criterion"),
    "deadline": Words("期限", "deadline"), "within": Words("期限", "deadline"),
}  # fmt: skip
_NAMES = ("name", "label", "key", "value")


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise PydanticCustomError(
            "key",
            "{zh} / {en}",
            {
                "zh": f"“{text}”不能作标识：请用小写英文字母、数字和下划线，以字母开头",
                "en": f"'{text}' cannot be a key: use lower-case letters, digits and _, beginning with a letter",
            },
        )
    if text in WORDS:
        zh, en = f"“{text}”是条件里的保留词，请换一个标识", f"'{text}' is a word of the conditions; choose another key"
        raise PydanticCustomError("key", "{zh} / {en}", {"zh": zh, "en": en})
    return text


def _condition(value: Any) -> Condition:
    if not isinstance(value, str):
        zh, en = "条件应是一段文字，如 a == 1", "a condition is a text such as a == 1"
        raise PydanticCustomError("condition", "{zh} / {en}", {"zh": zh, "en": en})
    try:
        return Condition.read(value)
    except ConditionError as error:
        raise PydanticCustomError("condition", "{zh} / {en}", {"zh": error.zh, "en": error.en}) from error


def _listed(value: Any) -> Any:
    """One thing may be written without the brackets of a list."""
    return (value,) if isinstance(value, str | int) else value


def _some(value: Any) -> Any:
    if isinstance(value, list | tuple) and not value:
        raise PydanticCustomError("empty", "{zh} / {en}", {"zh": "至少要有一个", "en": "at least one is needed"})
    return value


Key = Annotated[str, AfterValidator(_key)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Read = Annotated[
    Condition,
    PlainValidator(_condition),
    PlainSerializer(lambda condition: condition.text),
    WithJsonSchema({"type": "string", "format": "condition"}),
]
Listed = BeforeValidator(_listed)
Some = BeforeValidator(_some)
"""A list that may not be empty. (A bound on its length would be said to be broken by any fault of a member, too.)"""
Number = Annotated[Decimal, PlainSerializer(lambda number: f"{number:f}")]


def load(adapter: TypeAdapter[T], data: Any) -> T:
    """The definition that `data` writes. Raises DefinitionError with all faults of shape."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        raise DefinitionError(
            fault_at(data, tuple(found["loc"]), found["type"], *_worded(found))
            for found in error.errors(include_url=False)
        ) from error


def dump(adapter: TypeAdapter[T], definition: T) -> dict[str, Any]:
    """A definition as plain JSON data, without what is left at its default; `load` gives it back."""
    plain: dict[str, Any] = adapter.dump_python(definition, mode="json", exclude_defaults=True)
    return plain


def fault_at(data: Any, path: Path, code: str, zh: str, en: str) -> Fault:
    """A fault with its place in words."""
    where = place_words(data, path)
    return Fault(
        path_text(path), code, f"{where.zh}：{zh}" if where.zh else zh, f"{where.en}: {en}" if where.en else en
    )


def place_words(data: Any, path: Path) -> Words:
    """Where a path leads, by the names of the stage, action, field … on its way; empty at the top."""
    named = list(_named(data, path))
    return Words("".join(words.zh for words in named), ", ".join(words.en for words in named))


def path_text(path: Path) -> str:
    """("stages", 3, "to") as "stages[3].to"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _named(data: Any, path: Path) -> Iterator[Words]:
    """What the path leads through, each thing with its kind and name; as far as the data goes."""
    kind: Words | None = None
    for part in path:
        if isinstance(data, Mapping) and part in data:
            data, kind = data[part], _PLACES.get(str(part))
            if kind and isinstance(data, Mapping):
                yield kind
        elif isinstance(data, Sequence) and not isinstance(data, str) and isinstance(part, int) and part < len(data):
            data = data[part]
            if kind:
                texts = [data[name] for name in _NAMES if name in data] if isinstance(data, Mapping) else []
                name = next((text for text in texts if isinstance(text, str) and text), part + 1)
                yield Words(f"{kind.zh}“{name}”", f"{kind.en} “{name}”")
        else:
            return


def _worded(found: ErrorDetails) -> Words:
    kind, last = found["type"], found["loc"][-1] if found["loc"] else ""
    context: Mapping[str, Any] = found.get("ctx") or {}
    given = f"{found['input']!r:.60}"
    if "zh" in context:
        return Words(context["zh"], context["en"])
    if kind == "missing":
        return Words(f"缺少 {last}，请补上", f"{last} is missing; add it")
    if kind == "unexpected_keyword_argument":
        return Words(f"不认识 {last}，请删去或改正拼写", f"{last} is not known; remove it or correct its spelling")
    if kind in ("enum", "literal_error"):
        return _not_among(found["input"], str(context["expected"]))
    for types, zh, en in _WANTED:
        if kind in types:
            return Words(f"{last} 应是{zh}，却是 {given}", f"{last} should be {en}, found {given}")
    return Words(f"{last} 的值 {given} 不合要求（{found['msg']}）", f"{last}: {found['msg']}, found {given}")


def _not_among(given: Any, expected: str) -> Words:
    allowed = re.findall(r"'([^']*)'", expected)
    near = get_close_matches(str(given), allowed, 1, 0.6)
    hint, hint_en = (f"是不是 {near[0]}？", f"did you mean {near[0]}? ") if near else ("", "")
    return Words(
        f"不认识 {given!r:.60}，{hint}可用：{'、'.join(allowed)}",
        f"{given!r:.60} is not known; {hint_en}use one of {', '.join(allowed)}",
    )


_WANTED: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"string_type"}), "文字（数字和日期请加引号）", "text (put numbers and dates in quotes)"),
    (frozenset({"string_too_short"}), "非空文字", "text that is not empty"),
    (frozenset({"string_too_long"}), "较短的文字", "a shorter text"),
    (frozenset({"string_pattern_mismatch"}), "小写英文字母、数字和连字符", "lower-case letters, digits and hyphens"),
    (frozenset({"tuple_type", "list_type"}), "列表", "a list"),
    (frozenset({"dict_type", "mapping_type", "dataclass_type", "dataclass_exact_type"}), "一组“属性: 值”",
     "a set of attributes"),
    (frozenset({"int_type", "int_parsing", "int_from_float"}), "整数", "a whole number"),
    (frozenset({"date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"}),
     "日期，如 2026-05-01", "a date such as 2026-05-01"),
    (frozenset({"bool_type", "bool_parsing"}), "true 或 false", "true or false"),
    (frozenset({"decimal_type", "decimal_parsing", "finite_number"}), "数", "a number"),
    (frozenset({"greater_than_equal", "greater_than"}), "更大的数", "a larger number"),
    (frozenset({"less_than_equal"}), "更小的数", "a smaller number"),
)  # fmt: skip
