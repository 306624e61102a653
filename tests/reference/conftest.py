"""The reference room's tests may ask for the loaded year."""

from tests.reference_year import reference_year

__all__ = ["reference_year"]
