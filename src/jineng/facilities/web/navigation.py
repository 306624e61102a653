"""The room's lines in the page shell, and the doors to its records."""

from jineng.facilities.indicators import RECORD_TYPE
from jineng.kernel.measures import RecordDoor, open_records

open_records(RECORD_TYPE, RecordDoor("facilities.InvestmentBooking", "booking", "投资入账"))
