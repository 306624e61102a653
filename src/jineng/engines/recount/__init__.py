"""A second opinion on a run of admissions: the published file read, judged and solved anew.

Nothing here is shared with the engine that gave out the places: another reading of the data, exact fractions instead
of packed keys, other ways to find the result. What both agree on is not one programmer's slip.
"""

from jineng.engines.recount.checking import Finding, check_file

__all__ = ["Finding", "check_file"]
