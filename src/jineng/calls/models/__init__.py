"""State of the calls, as the database enforces it."""

from jineng.calls.models.awards import Award, AwardHolder, AwardParty, AwardStatus
from jineng.calls.models.calls import Batch, Call, CallDecider

__all__ = ["Award", "AwardHolder", "AwardParty", "AwardStatus", "Batch", "Call", "CallDecider"]
