from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest


def interpret(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Puts the Python functions of the engines' kernels in their stead, in all these modules at once."""
    # One module imports another's kernels, so all are loaded before the first is changed.
    for module in [import_module(f"jineng.engines.{name}") for name in names]:
        for key, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, key, value.py_func)


@pytest.fixture(autouse=True, scope="module")
def interpreted(request: pytest.FixtureRequest) -> Iterator[None]:
    """Kernels run as Python, so that their branches are counted and nothing waits for a compiler."""
    if "compiled" in request.module.__name__:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        interpret(patch, "allocation.windows", "allocation.kernels")
        yield


@pytest.fixture
def load_error() -> Callable[[Callable[[], Any]], list[str]]:
    """The paths and codes of the faults that a call raises, in order."""
    from jineng.engines.allocation import AllocationError

    def faults(call: Callable[[], Any]) -> list[str]:
        with pytest.raises(AllocationError) as caught:
            call()
        assert all(fault.zh and fault.en for fault in caught.value.faults)
        return [f"{fault.path} {fault.code}" for fault in caught.value.faults]

    return faults
