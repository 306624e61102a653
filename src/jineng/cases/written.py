"""Procedures as people write them: YAML read strictly, and the line on which a part of it stands."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

DEEPEST = 40
_STEP = re.compile(r"[^.\[\]]+")


class _Strict(yaml.SafeLoader):
    """YAML without what hides something from its reader: repeated keys, references, endless nesting."""

    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """A node; references are refused, because a few lines of them may stand for millions."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        mark: Any = event.start_mark
        if isinstance(event, AliasEvent):
            raise ConstructorError(None, None, "references (*) are not taken", mark)
        if self._depth >= DEEPEST:
            raise ConstructorError(None, None, "nested too deeply", mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; of a key that stands there twice, YAML itself would silently drop the first."""
        seen = set()
        for key in (key for key, _ in node.value if isinstance(key, ScalarNode)):
            if key.value in seen:
                raise ConstructorError(None, None, f"“{key.value}” stands here twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> tuple[Any, Node | None]:
    """The data that the text writes, and the tree of its nodes.

    Raises:
        yaml.YAMLError: it is no YAML, or uses what is not taken here; ``problem_mark`` tells the place.
        ValueError: a value cannot be read, such as a day that does not exist.
    """
    loader = _Strict(text)
    try:
        node = loader.get_single_node()
        return (loader.construct_document(node) if node is not None else None), node
    finally:
        loader.dispose()


def line_of(node: Node | None, path: str) -> int:
    """The line (from 1) of the part to which a path such as ``flow.stages[3].to`` leads, as far as it goes."""
    line = node.start_mark.line if node is not None else 0
    for step in _STEP.findall(path):
        found = _inside(node, step)
        if found is None:
            break
        line, node = found
    return line + 1


def _inside(node: Node | None, step: str) -> tuple[int, Node] | None:
    """The line of a part and its node."""
    if isinstance(node, MappingNode):
        return next(((key.start_mark.line, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        part: Node = node.value[int(step)]
        return part.start_mark.line, part
    return None
