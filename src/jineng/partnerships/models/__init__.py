"""State of the room: agreements, what comes of them, international projects, industry clusters."""

from jineng.partnerships.models.agreements import (
    Agreement,
    AgreementParty,
    AgreementSight,
    AgreementTerm,
    RenewalAnswer,
)
from jineng.partnerships.models.bodies import Body, BodyMember, BodySight, Cluster, ClusterMember
from jineng.partnerships.models.projects import InternationalProject

__all__ = [
    "Agreement",
    "AgreementParty",
    "AgreementSight",
    "AgreementTerm",
    "Body",
    "BodyMember",
    "BodySight",
    "Cluster",
    "ClusterMember",
    "InternationalProject",
    "RenewalAnswer",
]
