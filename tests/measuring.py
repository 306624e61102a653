"""What the coverage of the program is measured by: tests that repeat others at length are left out, and run faster."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module

from coverage import Coverage

import jineng


@contextmanager
def uncounted() -> Iterator[None]:
    """What runs within the block does not count as covered."""
    measuring = Coverage.current()
    if measuring is None or not measuring._started:
        yield
        return
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()


def load_program() -> None:
    """Import every module of the program, so that what stands at its top is counted, whoever imports it later."""
    if Coverage.current() is None:
        return
    for module in pkgutil.walk_packages(jineng.__path__, "jineng."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            with suppress(ImportError):  # what needs a package that only some installations have
                import_module(module.name)
