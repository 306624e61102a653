"""Definitions as text: YAML (and so JSON) read with care, and what a text may hold as a JSON Schema."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import yaml

from jineng.engines.casework.faults import DefinitionError, Fault
from jineng.engines.casework.flow import FLOW
from jineng.engines.casework.form import FORM
from jineng.engines.casework.labels import ATTRIBUTES

MAX_TEXT = 300_000
MAX_DEPTH = 30
_SYNTAX = "写法有误，请检查缩进、冒号后的空格、括号和引号"
_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class Written:
    """What a text writes, and where: `data` as plain data, and the tree that knows the lines."""

    data: Any
    root: yaml.Node | None = None

    def line_of(self, path: str) -> int:
        """The line (from 1) of what a fault's path such as `stages[3].to` leads to, as far as it leads."""
        node = self.root
        line = node.start_mark.line if node is not None else 0
        for step in _STEP.findall(path):
            found = _inside(node, step)
            if found is None:
                break
            line, node = found
        return line + 1


def read_text(text: str) -> Any:
    """The plain data that a text writes in YAML or JSON, for `load_form`, `load_flow` and their like.

    Raises as `read_written` does.
    """
    return read_written(text).data


def read_written(text: str) -> Written:
    """The same with the lines on which its parts stand.

    Raises DefinitionError, whose one fault tells line and column, for bad syntax, a name given twice (of which YAML
    would keep the last without a word), and references to other parts of the text (by which a short text could
    become a huge one).
    """
    if len(text) > MAX_TEXT:
        raise DefinitionError([Fault("", "too_long", f"超过 {MAX_TEXT} 个字符", f"more than {MAX_TEXT} characters")])
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            return Written(loader.construct_document(root) if root is not None else None, root)
        finally:
            loader.dispose()
    except _NotTaken as error:
        raise DefinitionError([_fault(error.mark, error.zh, error.en)]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DefinitionError([_fault(mark, _SYNTAX, f"bad syntax: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise DefinitionError([_fault(None, "含有不能用的字符", "a character that cannot be used")]) from error


def form_schema() -> dict[str, Any]:
    """What the data of a form (`to_data`) may hold, as JSON Schema with the Chinese names of attributes as titles."""
    return _titled(FORM.json_schema())


def flow_schema() -> dict[str, Any]:
    """What the data of a flow may hold, likewise."""
    return _titled(FLOW.json_schema())


class _NotTaken(Exception):
    """Sound YAML that definitions do without."""

    def __init__(self, mark: yaml.Mark, zh: str, en: str) -> None:
        super().__init__(en)
        self.mark = mark
        self.zh = zh
        self.en = en


class _Loader(yaml.SafeLoader):
    """Refuses what would be lost or blown up silently."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise _NotTaken(mark, "不能引用别处的内容（*），请直接写出", "references (*) are not taken; write it out")
        if self.depth > MAX_DEPTH:
            raise _NotTaken(self.peek_event().start_mark, "嵌套过深", "nested too deeply")  # type: ignore[no-untyped-call]
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            # PyYAML raises these where a value is not what its tag says.
            raise _NotTaken(node.start_mark, _SYNTAX, f"cannot be read as {node.tag}") from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                raise _NotTaken(key.start_mark, "名称应是一段文字，不能是列表或对象", "a name must be plain text")
            if key.tag == "tag:yaml.org,2002:merge":
                raise _NotTaken(key.start_mark, "不能并入别处的内容（<<），请直接写出", "<< is not taken; write it out")
            if key.value in seen:
                raise _NotTaken(key.start_mark, f"{key.value} 写了两次，请删去一个", f"{key.value} is given twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_day(self, node: yaml.ScalarNode) -> dt.date | str:
        """A date, or the text itself where there is no such day, so that its place can be told."""
        try:
            found: dt.date = self.construct_yaml_timestamp(node)
        except ValueError:
            return str(node.value)
        return found


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


def _inside(node: yaml.Node | None, step: str) -> tuple[int, yaml.Node] | None:
    """The line of a part and its node."""
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark.line, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        part: yaml.Node = node.value[int(step)]
        return part.start_mark.line, part
    return None


def _fault(mark: yaml.Mark | None, zh: str, en: str) -> Fault:
    if mark is None:
        return Fault("", "syntax", zh, en)
    line, column = mark.line + 1, mark.column + 1
    return Fault("", "syntax", f"第 {line} 行第 {column} 列：{zh}", f"line {line}, column {column}: {en}")


def _titled(schema: dict[str, Any]) -> dict[str, Any]:
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, inner in part.get("properties", {}).items():
            if name in ATTRIBUTES:
                inner["title"] = ATTRIBUTES[name].zh
    return schema
