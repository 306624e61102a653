"""Returns: how a workbook's rows become records, through one importer for all rooms."""

from jineng.kernel.returns.landing import Field, Hall, Landing, Merge, Outcome, register, the_book

__all__ = ["Field", "Hall", "Landing", "Merge", "Outcome", "register", "the_book"]
