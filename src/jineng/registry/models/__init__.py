"""State of the registry, as the database enforces it."""

from jineng.registry.models.divisions import Division
from jineng.registry.models.organisations import Organisation, OrganisationState, Reach
from jineng.registry.models.people import Employment, Kinship, Person, PersonDocument, PersonMerge, PersonParty
from jineng.registry.models.posts import Delegation, Post

__all__ = [
    "Delegation",
    "Division",
    "Employment",
    "Kinship",
    "Organisation",
    "OrganisationState",
    "Person",
    "PersonDocument",
    "PersonMerge",
    "PersonParty",
    "Post",
    "Reach",
]
