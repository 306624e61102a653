"""The calls' sheets of the return: calls, batches, awards, their statuses and holders."""

from jineng.calls.exchange.announced import BatchLanding, CallLanding
from jineng.calls.exchange.awards import AwardLanding
from jineng.calls.exchange.holders import HolderLanding
from jineng.calls.exchange.statuses import StatusLanding
from jineng.kernel.returns import register

ORDER = 300


def register_sheets() -> None:
    """Add the room's sheets to the return, in the order in which they land."""
    for place, landing in enumerate((CallLanding(), BatchLanding(), AwardLanding(), StatusLanding(), HolderLanding())):
        register(ORDER + place, landing)
