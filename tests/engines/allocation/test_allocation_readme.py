from __future__ import annotations

import re
from pathlib import Path

import pytest

import jineng.engines.allocation as allocation


def test_the_example_of_the_readme_runs_and_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(allocation.__file__).parent / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    said = re.findall(r"^ *print\(.*\)  # (.+)$", code, flags=re.MULTILINE)
    assert [printed[0], *printed[5:]] == said
    assert printed[1:5] == [
        "张 admitted a-nurse 425",
        "李 admitted a-nurse 445",
        "王 unplaced None None",
        "赵 unplaced None None",
    ]


def test_everything_that_is_exported_exists() -> None:
    assert [name for name in allocation.__all__ if not hasattr(allocation, name)] == []
