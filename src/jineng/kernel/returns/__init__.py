"""Returns: how a workbook's rows become records, through one importer for all rooms."""

from jineng.kernel.returns.entering import enter_row
from jineng.kernel.returns.landing import Hall, Landing, register, the_book
from jineng.kernel.returns.merging import Field, Merge, Outcome

__all__ = ["Field", "Hall", "Landing", "Merge", "Outcome", "enter_row", "register", "the_book"]
