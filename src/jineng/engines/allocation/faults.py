"""What is wrong with a scheme, its data or an act, where, and what to do: Chinese first, English beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong.

    `path` leads to it in the data ("caps[3].limit", counted from 0; empty: the whole), `code` is for programs.
    """

    path: str
    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.path}: {self.zh} / {self.en}" if self.path else f"{self.zh} / {self.en}"


class AllocationError(ValueError):
    """Something that cannot be used or done, with everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
