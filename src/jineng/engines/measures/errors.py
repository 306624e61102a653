"""The one error of this engine: it says where, what is wrong and what to do, Chinese first."""

from __future__ import annotations


class MeasureError(ValueError):
    """A declaration or a request that cannot be computed.

    `zh` and `en` carry the same message in both languages; `str(error)` shows both.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
