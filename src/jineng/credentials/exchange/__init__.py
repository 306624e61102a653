"""The credentials' sheets of the return: standards, certificates, pilots, sessions, candidates."""

from jineng.credentials.exchange.announced import (
    BatchLanding,
    CertificateTypeLanding,
    DeveloperLanding,
    StandardLanding,
)
from jineng.credentials.exchange.candidates import CandidateLanding
from jineng.credentials.exchange.pilots import PilotLanding
from jineng.credentials.exchange.sessions import SessionLanding
from jineng.kernel.returns import register

ORDER = 350


def register_sheets() -> None:
    """Add the room's sheets to the return, in the order in which they land."""
    landings = (
        StandardLanding(),
        DeveloperLanding(),
        CertificateTypeLanding(),
        BatchLanding(),
        PilotLanding(),
        SessionLanding(),
        CandidateLanding(),
    )
    for place, landing in enumerate(landings):
        register(ORDER + place, landing)
