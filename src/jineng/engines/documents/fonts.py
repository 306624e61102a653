"""Faces for the PDF: the official ones where they are installed, free ones that take their place otherwise.

GB/T 9704-2012 sets the masthead and title in 小标宋, first headings in 黑体, second headings in 楷体, the
rest in 仿宋. The official faces may not be passed on, so `find_fonts` looks, per role, for the official
face, then Fandol (LaTeX distributions), then Noto CJK, and at last for the face of the wheel
`noto-cjk-sans-otc`, which is always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import util
from pathlib import Path

import typst

SANS = "Noto Sans CJK SC"
SERIF = "Noto Serif CJK SC"
OFFICIAL_SONG = ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05")
OFFICIAL_HEI = ("黑体", "SimHei")
OFFICIAL_FANG = ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong")
OFFICIAL_KAI = ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti")

# (family, weight wanted) per role, best first. A face that is light by nature is asked for in bold.
ROLES: Mapping[str, tuple[tuple[str, int], ...]] = {
    "song": (
        *((name, 400) for name in OFFICIAL_SONG),
        ("FandolSong", 700),
        (SERIF, 700),
        ("Source Han Serif SC", 700),
        (SANS, 700),
    ),
    "hei": (*((name, 400) for name in OFFICIAL_HEI), ("FandolHei", 400), (SANS, 700)),
    "fang": (
        *((name, 400) for name in OFFICIAL_FANG),
        ("FandolFang R", 400),
        ("FandolFang", 400),
        (SERIF, 400),
        ("Source Han Serif SC", 400),
        (SANS, 400),
    ),
    "kai": (
        *((name, 400) for name in OFFICIAL_KAI),
        ("FandolKai", 400),
        ("AR PL KaitiM GB", 400),
        (SERIF, 600),
        ("Source Han Serif SC", 600),
        (SANS, 400),
    ),
}

# Debian's and TeX Live's own folders for Fandol, which the system's list of fonts leaves out.
FANDOL = "fonts/opentype/public/fandol"
FOLDERS = (Path("/usr/share/texlive/texmf-dist", FANDOL), Path("/usr/share/texmf", FANDOL))


class FontError(RuntimeError):
    """No face that holds Chinese characters was found; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font family and the weight (100 to 900) in which a role uses it.

    `bold` says whether the family has a bold cut; where it has none, the PDF thickens the outline instead.
    """

    family: str
    weight: int = 400
    bold: bool = True


@dataclass(frozen=True, slots=True)
class FontSet:
    """The four faces of a document, and where the program that sets the type looks for font files.

    `paths` are folders; `system` says whether the machine's installed fonts are used as well.
    """

    song: Face
    hei: Face
    fang: Face
    kai: Face
    paths: tuple[Path, ...] = ()
    system: bool = True


def bundled_directory() -> Path:
    """The folder of the wheel `noto-cjk-sans-otc`, which holds Noto Sans CJK (SIL Open Font License).

    Raises:
        FontError: the wheel is not installed.
    """
    spec = util.find_spec("noto_cjk_sans_otc")
    if spec is None or not spec.submodule_search_locations:
        raise FontError(
            "找不到中文字体：请安装 noto-cjk-sans-otc（pip install noto-cjk-sans-otc）。 "
            "No Chinese font: install noto-cjk-sans-otc."
        )
    return Path(spec.submodule_search_locations[0])


def choose(available: Mapping[str, Iterable[int]], *, paths: tuple[Path, ...], system: bool) -> FontSet:
    """The best face for each role out of `available`, which maps families to the weights they come in.

    Raises:
        FontError: a role finds none of its faces.
    """
    weights = {family: frozenset(cuts) for family, cuts in available.items()}
    chosen: dict[str, Face] = {}
    for role, candidates in ROLES.items():
        for family, weight in candidates:
            if family in weights:
                chosen[role] = Face(family, weight, bold=any(cut >= 600 for cut in weights[family]))
                break
        else:
            raise FontError(
                "找不到可用的中文字体：请安装 noto-cjk-sans-otc 或系统字体 fonts-noto-cjk。 "
                f"No face for the role {role!r}: install noto-cjk-sans-otc, or fonts-noto-cjk of the system."
            )
    return FontSet(chosen["song"], chosen["hei"], chosen["fang"], chosen["kai"], paths, system)


def available_faces(paths: tuple[Path, ...], *, system: bool) -> dict[str, set[int]]:
    """Families and their weights in the folders `paths` and, if `system`, among the installed fonts."""
    found: dict[str, set[int]] = {}
    fonts = typst.Fonts(
        include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(path) for path in paths]
    )
    for font in fonts.fonts():
        found.setdefault(font.family, set()).add(font.weight)
    return found


@cache
def find_fonts(*, system: bool = True, extra: tuple[Path, ...] = ()) -> FontSet:
    """The faces of this machine: official, Fandol, Noto, or the wheel's.

    `extra` are folders with more font files (an office's own licence of the official faces, say).

    Raises:
        FontError: there is none.
    """
    known = tuple(folder for folder in FOLDERS if system and folder.is_dir())
    paths = (*extra, *known, bundled_directory())
    return choose(available_faces(paths, system=system), paths=paths, system=system)
