"""State of the room: seasons, plans under caps, applicants, and what became of each."""

from jineng.admissions.models.admissions import Admission
from jineng.admissions.models.applicants import Applicant, Score
from jineng.admissions.models.entering import PreferenceForm, Ticket, Told
from jineng.admissions.models.openings import Offer, Opening
from jineng.admissions.models.plans import Cap, Plan
from jineng.admissions.models.runs import Result, Run
from jineng.admissions.models.schemes import Scheme
from jineng.admissions.models.seasons import ExemptCategory, Round, ScoreRule, Season

__all__ = [
    "Admission",
    "Applicant",
    "Cap",
    "ExemptCategory",
    "Offer",
    "Opening",
    "Plan",
    "PreferenceForm",
    "Result",
    "Round",
    "Run",
    "Scheme",
    "Score",
    "ScoreRule",
    "Season",
    "Ticket",
    "Told",
]
