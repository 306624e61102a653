"""The source as the architecture tests read it: files of ``src``, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "jineng"
DOMAIN = {
    "calls", "admissions", "learning", "credentials", "partnerships", "facilities", "workforce", "governance",
}  # fmt: skip
"""Rooms that never know each other."""


@cache
def modules() -> dict[Path, ast.Module]:
    """Every Python file of the program, by its path below ``src/jineng``, as a syntax tree."""
    return {
        path.relative_to(SRC): ast.parse(path.read_text(encoding="utf-8"), str(path))
        for path in sorted(SRC.rglob("*.py"))
    }


def files(*suffixes: str) -> list[Path]:
    """Files of the program with one of the suffixes."""
    return [path for path in sorted(SRC.rglob("*")) if path.suffix in suffixes]


def imports(tree: ast.Module) -> Iterator[str]:
    """Dotted names of the modules that a file imports, at whatever depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def decorator_name(node: ast.expr) -> str:
    """The bare name of a decorator: ``verb`` for ``@verb(...)`` and for ``@verbs.verb(...)``."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def decorated(tree: ast.Module, name: str) -> Iterator[ast.FunctionDef]:
    """Functions of a file under the decorator ``name``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and name in {decorator_name(item) for item in node.decorator_list}:
            yield node
