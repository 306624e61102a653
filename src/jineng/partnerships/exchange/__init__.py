"""The room's sheets of the yearly return."""

from jineng.kernel.returns import Landing, register
from jineng.partnerships.exchange.agreements import AgreementsLanding, PartiesLanding, TermsLanding
from jineng.partnerships.exchange.bodies import BodiesLanding, BodyMembersLanding
from jineng.partnerships.exchange.projects import ClusterMembersLanding, ClustersLanding, ProjectsLanding

ORDER = 310
LANDINGS: tuple[Landing, ...] = (
    AgreementsLanding(),
    PartiesLanding(),
    TermsLanding(),
    BodiesLanding(),
    BodyMembersLanding(),
    ProjectsLanding(),
    ClustersLanding(),
    ClusterMembersLanding(),
)


def register_sheets() -> None:
    """Add the room's sheets to the return, in the order in which they land."""
    for position, landing in enumerate(LANDINGS):
        register(ORDER + position, landing)
