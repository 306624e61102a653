"""The README's example is a program that runs and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jineng.engines import seals


def test_the_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(seals.__file__).parent / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.split() == re.findall(r"^print\(.*\)  # (\w+)$", code, re.MULTILINE)
