from __future__ import annotations

import re
from pathlib import Path

import pytest

import jineng.engines.measures as measures


def test_the_example_of_the_readme_runs_and_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(measures.__file__).parent / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    counted, parts, label, claim = capsys.readouterr().out.splitlines()
    assert (counted, label, claim) == ("1", "甲", "0 + 1 = 1")
    assert "未定位" in parts
