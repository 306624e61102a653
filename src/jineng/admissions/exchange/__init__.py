"""The room's sheets of the return: what a season declares, plans, what became of applicants, and scores."""

from jineng.admissions.exchange.admissions import AdmissionLanding
from jineng.admissions.exchange.declared import CapLanding, ExemptLanding, RoundLanding, SeasonLanding
from jineng.admissions.exchange.plans import PlanLanding
from jineng.admissions.exchange.scores import ScoreLanding
from jineng.kernel.returns import register

ORDER = 360


def register_sheets() -> None:
    """Add the room's sheets to the return, in the order in which they land."""
    landings = (
        SeasonLanding(),
        RoundLanding(),
        CapLanding(),
        ExemptLanding(),
        PlanLanding(),
        AdmissionLanding(),
        ScoreLanding(),
    )
    for place, landing in enumerate(landings):
        register(ORDER + place, landing)
