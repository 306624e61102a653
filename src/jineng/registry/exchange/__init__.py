"""The registry's sheets of the return, and how rows of every room find the organisations and people they name.

Posts are not returned: they are appointed.
"""

from jineng.kernel.returns import register
from jineng.registry.exchange.changes import ChangeLanding
from jineng.registry.exchange.organisations import OrganisationLanding
from jineng.registry.exchange.people import person_columns, resolve_people
from jineng.registry.exchange.resolving import Known, resolve_column, resolve_organisations

__all__ = [
    "ChangeLanding",
    "Known",
    "OrganisationLanding",
    "person_columns",
    "resolve_column",
    "resolve_organisations",
    "resolve_people",
]

register(100, OrganisationLanding())
register(110, ChangeLanding())
