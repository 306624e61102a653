"""The room's sheets of the return: what a season declares, plans, applicants and what became of them, scores, lists of
preferences on paper."""

from jineng.admissions.exchange.admissions import AdmissionLanding
from jineng.admissions.exchange.applicants import ApplicantLanding
from jineng.admissions.exchange.declared import CapLanding, ExemptLanding, RoundLanding, SeasonLanding
from jineng.admissions.exchange.plans import PlanLanding
from jineng.admissions.exchange.preferences import PreferenceLanding
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
        ApplicantLanding(),
        AdmissionLanding(),
        ScoreLanding(),
        PreferenceLanding(),
    )
    for place, landing in enumerate(landings):
        register(ORDER + place, landing)
