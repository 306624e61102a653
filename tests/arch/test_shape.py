"""The shape of the source: verbs, views, file sizes, names, no figure of the year written down."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import yaml

from tests.arch.source import ROOT, SRC, decorated, files, modules

LONGEST = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
COUNTED_FROM = 100
"""Smaller totals are ordinary numbers (a page size, a year's months) and would only give false alarms."""


def verbs() -> dict[str, Callable[..., Any]]:
    """Every verb of the program, by module and name."""
    found = {}
    for path, tree in modules().items():
        names = [node.name for node in decorated(tree, "verb")]
        if names:
            module = import_module("jineng." + ".".join(path.with_suffix("").parts))
            found.update({f"{module.__name__}.{name}": getattr(module, name) for name in names})
    return found


def test_there_are_verbs() -> None:
    assert {name.split(".")[1] for name in verbs()} >= {"kernel", "registry", "majors", "calls", "briefs"}


def test_verbs_take_keywords_only_and_an_actor() -> None:
    for name, verb in verbs().items():
        parameters = inspect.signature(verb).parameters
        assert next(iter(parameters)) == "actor", name
        allowed = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
        assert {parameter.kind for parameter in parameters.values()} <= allowed, name


def test_verbs_say_what_they_do_and_which_right_they_need() -> None:
    for name, verb in verbs().items():
        assert verb.__doc__, name
        assert verb.jineng_right, name


def test_verbs_live_among_verbs() -> None:
    """Rooms write in ``verbs.py`` or ``verbs/``; the kernel's returns are the one exception by design."""
    places = {str(path) for path, tree in modules().items() if next(decorated(tree, "verb"), None) is not None}
    outside = {place for place in places if "verbs" not in place.replace(".py", "").split("/")}
    assert outside <= {"kernel/returns/receiving.py", *_rooms_verb_modules()}


def _rooms_verb_modules() -> set[str]:
    """Files that a room's ``verbs`` module gathers."""
    found = set()
    for path, tree in modules().items():
        if path.name == "verbs.py" or path.parts[1:] == ("verbs", "__init__.py"):
            found |= {
                str(path.parents[len(path.parts) - 2] / f"{node.module.split('.')[-1]}.py")
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("jineng.")
            }
    return found


def test_public_functions_of_the_program_are_explained() -> None:
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        if "migrations" not in path.parts
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_file_is_two_files() -> None:
    long = {
        str(path.relative_to(SRC)): count
        for path in files(".py", ".html", ".css", ".js", ".typ")
        if "migrations" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_file_is_named_for_nothing() -> None:
    assert [str(path) for path in modules() if FORBIDDEN_NAMES & set(path.with_suffix("").parts)] == []


def test_no_expected_total_stands_in_the_source() -> None:
    """Totals of the reference year come out by counting. Numbers that mean something else are told apart below."""
    oracle = yaml.safe_load((ROOT / "tests" / "oracles" / "figures-2021.yaml").read_text(encoding="utf-8"))
    totals = {
        number
        for figure in oracle["figures"].values()
        if isinstance(number := figure["value"], int) and number >= COUNTED_FROM and not _is_round(number)
    }
    assert len(totals) > 10
    found = [
        f"{path}:{node.lineno} {node.value}"
        for path, tree in modules().items()
        if path.parts[0] != "reference" and "migrations" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value in totals
    ]
    found += [
        f"{path.relative_to(SRC)} {number}"
        for path in files(".yaml", ".html", ".json", ".typ")
        for number in totals
        if re.search(rf"(?<![\d.#]){number}(?![\d.])", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def _is_round(number: int) -> bool:
    """100, 400, 20000: as a total they prove nothing, and as a limit they stand everywhere."""
    return len(str(number).rstrip("0")) == 1


def test_nothing_is_left_undone() -> None:
    """Words that say so are not found, in source and tests alike."""
    word = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "pragma: no " + "cover")))
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*files(".py", ".html", ".css", ".js"), *sorted((ROOT / "tests").rglob("*.py"))]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if word.search(line)
    ]
    assert found == []
