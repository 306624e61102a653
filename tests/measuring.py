"""How much of the program the tests reach: SlipCover in every process that runs tests, one report of them all.

``python -m pytest -p tests.measuring --floor 95`` counts lines and branches and fails below 95 % of both together;
what is counted, and what is left out, says ``[tool.slipcover]`` in ``pyproject.toml``. Programs that a test starts are
not measured.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Generator, Iterator
from functools import update_wrapper
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage, print_coverage
from slipcover.config import read_config

NEVER = -1
"""After how many passes a probe is taken out: code is not exchanged while it runs, which would take longer."""

counted = pytest.StashKey[Slipcover]()
found = pytest.StashKey[dict[str, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the report."""
    group = parser.getgroup("measuring")
    group.addoption("--floor", type=float, default=0, help="least per cent of lines and branches that tests reach")
    group.addoption("--whole", action="append", default=[], help="folder of which tests reach every line and branch")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Measure this process, if it is one that runs tests, before anything of the program is imported."""
    gc.disable()  # until the tests are found: hardly anything of what is made until then goes again
    if "PYTEST_XDIST_WORKER" in os.environ or not early_config.known_args_namespace.numprocesses:
        assert "jineng" not in sys.modules
        early_config.stash[counted] = start()
        kernels_without_probes()
    return (yield)


def start() -> Slipcover:
    """Count every line and branch that is imported from now on."""
    told = read_config()
    sources, omit = told["source"], told["omit"]
    counter = Slipcover(
        branch=True, source=sources, omit=omit, exclude_also=told["exclude-also"], d_miss_threshold=NEVER
    )
    ImportManager(counter, FileMatcher(sources, omit)).__enter__()
    return counter


def kernels_without_probes() -> None:
    """Compilers are given functions as they are written; tests that run them as Python run them with probes."""
    compiling = import_module("jineng.engines.compiling")
    for name in ("kernel", "inner"):
        setattr(compiling, name, _without_probes(getattr(compiling, name)))


def _without_probes(compiler: Callable[..., Any]) -> Callable[..., Any]:
    def compiled_as_written(function: FunctionType) -> Callable[..., Any]:
        compiled: Any = compiler(as_written(function))
        compiled.py_func = function
        return compiled

    return compiled_as_written


def as_written(function: FunctionType) -> FunctionType:
    """The function without probes: itself where it has none."""
    probed = function.__code__
    if "__slipcover__" not in probed.co_consts:
        return function
    module = compile(Path(probed.co_filename).read_bytes(), probed.co_filename, "exec", dont_inherit=True)
    place = (probed.co_qualname, probed.co_firstlineno)
    code = next(code for code in _codes_in(module) if (code.co_qualname, code.co_firstlineno) == place)
    plain = FunctionType(code, function.__globals__, closure=function.__closure__)
    plain.__defaults__, plain.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return update_wrapper(plain, function)


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes_in(constant)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take in what a worker found."""
    if "measured" in getattr(node, "workeroutput", {}):
        take(node.config, json.loads(node.workeroutput["measured"]))


def take(config: pytest.Config, measured: dict[str, Any]) -> None:
    """Add what one process found to what others did."""
    if found in config.stash:
        merge_coverage(config.stash[found], measured)
    else:
        config.stash[found] = measured


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells what it found; whoever reports fails where too little was reached."""
    config = session.config
    measured = config.stash[counted].get_coverage() if counted in config.stash else None
    if hasattr(config, "workeroutput"):
        config.workeroutput["measured"] = json.dumps(measured)
        return
    if measured is not None:
        take(config, measured)
    if session.exitstatus == pytest.ExitCode.OK and any(shortcomings(config)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def shortcomings(config: pytest.Config) -> Iterator[str]:
    """What the tests do not reach though they should, a sentence each."""
    if found not in config.stash:
        yield "nothing was measured"
        return
    files, floor = config.stash[found]["files"], config.option.floor
    reached = config.stash[found]["summary"]["percent_covered"]
    if reached < floor:
        yield f"{reached:.2f} % of lines and branches are reached, less than {floor:g} %"
    for name in sorted(files):
        if name.startswith(tuple(config.option.whole)) and files[name]["summary"]["percent_covered"] < 100:
            yield f"not all of {name} is reached"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The files that are not reached as a whole, with the lines and branches that are not, and the sum."""
    terminalreporter.section("measured")
    if found in config.stash:
        print_coverage(config.stash[found], outfile=terminalreporter, skip_covered=True, missing_width=60)
    for sentence in shortcomings(config):
        terminalreporter.line(f"FAIL {sentence}", red=True)
