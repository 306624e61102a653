"""State of the credentials, as the database enforces it."""

from jineng.credentials.models.assessment import AssessmentComponent, AssessmentSession, Candidate, SessionParty
from jineng.credentials.models.certificates import Certificate, NumberSeries
from jineng.credentials.models.credits import (
    Achievement,
    ConversionRule,
    CreditAccount,
    CreditPosting,
    CreditScheme,
    CreditUse,
)
from jineng.credentials.models.pilots import CertificatePilot, PilotBatch
from jineng.credentials.models.results import ComponentResult, EntrySheet, Mark
from jineng.credentials.models.sealed import Issuer, SealedCertificate, StatusList
from jineng.credentials.models.shares import ShareLink, ShareView
from jineng.credentials.models.sites import AssessmentRoom, AssessmentSite
from jineng.credentials.models.standards import CertificateType, SkillStandard, StandardDeveloper

__all__ = [
    "Achievement",
    "AssessmentComponent",
    "AssessmentRoom",
    "AssessmentSession",
    "AssessmentSite",
    "Candidate",
    "Certificate",
    "CertificatePilot",
    "CertificateType",
    "ComponentResult",
    "ConversionRule",
    "CreditAccount",
    "CreditPosting",
    "CreditScheme",
    "CreditUse",
    "EntrySheet",
    "Issuer",
    "Mark",
    "NumberSeries",
    "PilotBatch",
    "SealedCertificate",
    "SessionParty",
    "ShareLink",
    "ShareView",
    "SkillStandard",
    "StandardDeveloper",
    "StatusList",
]
