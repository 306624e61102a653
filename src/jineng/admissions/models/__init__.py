"""State of the room: seasons, plans under caps, applicants, and what became of each."""

from jineng.admissions.models.admissions import Admission
from jineng.admissions.models.applicants import Applicant, Preference, Score
from jineng.admissions.models.plans import Cap, Plan
from jineng.admissions.models.seasons import ExemptCategory, Round, ScoreRule, Season

__all__ = [
    "Admission",
    "Applicant",
    "Cap",
    "ExemptCategory",
    "Plan",
    "Preference",
    "Round",
    "Score",
    "ScoreRule",
    "Season",
]
