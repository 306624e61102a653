"""Typed reading of YAML entries, with errors that say which file, which entry, which key."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml


class SpecificationError(ValueError):
    """The specification of a reference year says something that cannot be built; ``where`` names file and entry."""

    def __init__(self, where: str, message: str, message_en: str) -> None:
        super().__init__(f"{where}：{message}。 {where}: {message_en}.")
        self.where = where


@dataclass(frozen=True)
class Entry:
    """A mapping of a file; each method reads one key as one type.

    Raises:
        SpecificationError: the key is missing or of another type.
    """

    where: str
    values: dict[str, Any]

    def fault(self, key: str, message: str, message_en: str) -> SpecificationError:
        """An error at ``key`` of this entry."""
        return SpecificationError(f"{self.where} {key}", message, message_en)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.values

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._typed(key, str, "文字", "text")
        if not value:
            raise self.fault(key, "不能为空", "must not be empty")
        return str(value)

    def maybe_text(self, key: str) -> str | None:
        """A text, or ``None`` without the key."""
        return self.text(key) if self.has(key) else None

    def number(self, key: str) -> int:
        """A whole number."""
        return int(self._typed(key, int, "整数", "a whole number"))

    def flag(self, key: str) -> bool:
        """True or false."""
        return bool(self._typed(key, bool, "true 或 false", "true or false"))

    def day(self, key: str) -> date:
        """A date."""
        value: date = self._typed(key, date, "日期", "a date")
        return value

    def maybe_day(self, key: str) -> date | None:
        """A date, or ``None`` without the key or for null."""
        return self.day(key) if self.values.get(key) is not None else None

    def one_of(self, key: str, known: Collection[str]) -> str:
        """A text that is one of ``known``."""
        value = self.text(key)
        if value not in known:
            raise self.fault(key, f"未知的“{value}”", f"unknown {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return self._list(key, str)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        return self._list(key, int)

    def pairs(self, key: str) -> list[tuple[date, str]]:
        """A list of pairs of a date and a text; empty without the key."""
        found = self.values.get(key, [])
        if any(len(pair) != 2 or type(pair[0]) is not date or not isinstance(pair[1], str) for pair in found):
            raise self.fault(key, "应为“日期、状态”的列表", "must list pairs of date and state")
        return [(day, state) for day, state in found]

    def all_numbers(self, known: Collection[str]) -> dict[str, int]:
        """All values of the entry as whole numbers, their keys among ``known``."""
        for key in self.values:
            if key not in known:
                raise self.fault(key, "未知的键", "unknown key")
        return {key: self.number(key) for key in self.values}

    def inner(self, key: str) -> Entry:
        """The mapping under ``key``; an empty one without the key."""
        return self._entry(key, self.values.get(key, {}))

    def entries(self, key: str) -> Iterator[tuple[str, Entry]]:
        """The mappings under ``key`` by their names, in the order of the file."""
        for name, value in self.inner(key).values.items():
            yield name, self._entry(f"{key} {name}", value)

    def rows(self, key: str) -> list[Entry]:
        """The list of mappings under ``key``; empty without the key."""
        return self._rows(key, self.values.get(key, []))

    def lists(self, key: str) -> Iterator[tuple[str, list[Entry]]]:
        """Lists of mappings under ``key`` by their names, in the order of the file."""
        for name, value in self.inner(key).values.items():
            yield name, self._rows(f"{key} {name}", value)

    def _rows(self, key: str, value: Any) -> list[Entry]:
        if not isinstance(value, list):
            raise self.fault(key, "应为列表", "must be a list")
        return [self._entry(f"{key} {place}", row) for place, row in enumerate(value, 1)]

    def _entry(self, key: str, value: Any) -> Entry:
        if not isinstance(value, dict):
            raise self.fault(key, "应为键值", "must be a mapping")
        return Entry(f"{self.where} {key}", value)

    def _typed(self, key: str, kind: type, name: str, name_en: str) -> Any:
        value = self.values.get(key)
        if type(value) is not kind:
            raise self.fault(key, f"应为{name}", f"must be {name_en}")
        return value

    def _list(self, key: str, kind: type) -> tuple[Any, ...]:
        value = self.values.get(key)
        if not isinstance(value, list) or any(type(item) is not kind for item in value):
            raise self.fault(key, "应为同类值的列表", f"must be a list of {kind.__name__}")
        return tuple(value)


def read_entry(path: Path) -> Entry:
    """The mapping that a YAML file holds.

    Raises:
        SpecificationError: no such file, not YAML, or not a mapping.
    """
    try:
        tree = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise SpecificationError(str(path), "没有此文件", "no such file") from error
    except yaml.YAMLError as error:
        raise SpecificationError(str(path), f"不是有效的 YAML（{error}）", "not valid YAML") from error
    if not isinstance(tree, dict):
        raise SpecificationError(path.name, "应为键值", "must be a mapping")
    return Entry(path.name, tree)
