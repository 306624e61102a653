"""What perturbs the reference year: each deed is done by a verb or a return, as an officer would do it.

A deed is named as its entry in ``perturbations/<room>.yaml``, which says what comes of it; it stands in the module
of that name here.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.oracles.deeds.entering import DEEDS

for _path in sorted((Path(__file__).parents[1] / "perturbations").glob("*.yaml")):
    import_module(f"tests.oracles.deeds.{_path.stem}")

__all__ = ["DEEDS"]
