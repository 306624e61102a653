from __future__ import annotations

import re
from pathlib import Path

import pytest

import jineng.engines.casework as casework


def test_the_example_of_the_readme_runs_and_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(casework.__file__).parent / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    said = re.findall(r"^ *print\(.*\)  # (.+)$", code, flags=re.MULTILINE)
    assert said == printed[1:]
    assert printed == [
        "stages[2].actions[0].to 环节“公示”操作“立项”：没有名为 granted 的环节或结局；是不是 grantd？",
        "30.50 别丢了我",
        "“超过20万元的理由”是必填项，请填写",
        "审核中",
        "2026-03-09",
        "False 须“本环节已逾期”为是。",
        "granted ('award',)",
        "ended",
    ]


def test_everything_that_is_exported_exists() -> None:
    assert [name for name in casework.__all__ if not hasattr(casework, name)] == []


def test_the_example_of_the_review_runs_and_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(casework.__file__).parent / "REVIEW.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(compile(code, "REVIEW.md", "exec"), {})
    said = re.findall(r"^(?:print\(.*\)  |    )# (.+)$", code, flags=re.MULTILINE)
    assert len(said) > 10
    assert capsys.readouterr().out.splitlines() == said
