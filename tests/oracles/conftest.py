"""The oracles hold the loaded reference year against tables of what must come of it."""

from tests.reference_year import reference_year

__all__ = ["reference_year"]
