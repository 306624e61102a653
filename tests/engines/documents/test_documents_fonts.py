"""Faces are found in the order official, Fandol, Noto, bundled; without any, the message says what to install."""

from __future__ import annotations

from importlib import util

import pytest

from jineng.engines.documents import fonts
from jineng.engines.documents.fonts import Face, FontError, choose, find_fonts

SANS = {"Noto Sans CJK SC": {400}}
SERIF = SANS | {"Noto Serif CJK SC": {400, 700}}
FANDOL = SERIF | {"FandolSong": {400, 700}, "FandolHei": {400}, "FandolFang R": {400}, "FandolKai": {400}}
OFFICIAL = FANDOL | {"方正小标宋简体": {400}, "SimHei": {400}, "仿宋_GB2312": {400}, "楷体_GB2312": {400}}


@pytest.mark.parametrize(
    ("available", "families"),
    [
        (SANS, ["Noto Sans CJK SC"] * 4),
        (SERIF, ["Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Serif CJK SC", "Noto Serif CJK SC"]),
        (FANDOL, ["FandolSong", "FandolHei", "FandolFang R", "FandolKai"]),
        (OFFICIAL, ["方正小标宋简体", "SimHei", "仿宋_GB2312", "楷体_GB2312"]),
    ],
)
def test_the_best_face_is_taken(available: dict[str, set[int]], families: list[str]) -> None:
    found = choose(available, paths=(), system=True)
    assert [found.song.family, found.hei.family, found.fang.family, found.kai.family] == families


def test_a_family_without_a_bold_cut_is_known() -> None:
    assert choose(SANS, paths=(), system=False).hei == Face("Noto Sans CJK SC", 700, bold=False)
    assert choose(SERIF, paths=(), system=False).song == Face("Noto Serif CJK SC", 700, bold=True)


def test_without_any_chinese_face_the_message_says_what_to_install() -> None:
    with pytest.raises(FontError, match="noto-cjk-sans-otc"):
        choose({"DejaVu Sans": {400}}, paths=(), system=True)


def test_the_bundled_face_is_enough() -> None:
    found = find_fonts(system=False)
    assert found.fang.family == "Noto Sans CJK SC"
    assert found.paths == (fonts.bundled_directory(),)
    assert not found.system


def test_folders_of_an_office_come_first(tmp_path) -> None:
    assert find_fonts(system=False, extra=(tmp_path,)).paths[0] == tmp_path


def test_fandol_is_found_where_tex_live_keeps_it(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path, tmp_path / "absent"))
    find_fonts.cache_clear()
    assert find_fonts().paths == (tmp_path, fonts.bundled_directory())
    assert find_fonts(system=False).paths == (fonts.bundled_directory(),)
    find_fonts.cache_clear()


def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    with pytest.raises(FontError, match="pip install noto-cjk-sans-otc"):
        fonts.bundled_directory()
