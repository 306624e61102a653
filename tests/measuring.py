"""What the coverage of the program is measured by: tests that repeat others at length are left out, and run faster."""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module

from coverage import Coverage

import jineng

_FOR_PROGRAMS = "COVERAGE_PROCESS_CONFIG"
"""By this variable of the environment, programs that a test starts are measured too."""


@contextmanager
def uncounted() -> Iterator[None]:
    """What runs within the block does not count as covered, nor do the programs that are started in it."""
    measuring = Coverage.current()
    if measuring is None or not measuring._started:
        yield
        return
    measuring.stop()
    for_programs = os.environ.pop(_FOR_PROGRAMS, None)
    try:
        yield
    finally:
        if for_programs is not None:
            os.environ[_FOR_PROGRAMS] = for_programs
        measuring.start()


def load_program() -> None:
    """Import every module of the program, so that what stands at its top is counted, whoever imports it later."""
    if Coverage.current() is None:
        return
    for module in pkgutil.walk_packages(jineng.__path__, "jineng."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            with suppress(ImportError):  # what needs a package that only some installations have
                import_module(module.name)
