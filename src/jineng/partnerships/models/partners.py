"""Whoever stands in an agreement or belongs to a body: an organisation of the registry, or somebody outside."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from jineng.kernel.records import Recorded
from jineng.partnerships.countries import HOME, country_name
from jineng.registry.models import Organisation


def partner_key(organisation_id: UUID | None, name: str, country: str) -> str:
    """What tells a partner from another: the organisation's id, or country and name of somebody outside."""
    return str(organisation_id) if organisation_id is not None else f"{country}:{name}"


class Partner(Recorded):
    """An organisation of the registry, or somebody outside it by name, country (ISO 3166) and province.

    ``name`` is the label as it was when the row was recorded, for an organisation of the registry too, so that a
    partner reads it who does not see the other organisation. ``province`` is the first two digits of a code of
    GB/T 2260; it stays empty abroad.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构"
    )
    name = models.CharField("名称", max_length=100)
    country = models.CharField("国别代码", max_length=2, default=HOME)
    province = models.CharField("省份代码", max_length=2, blank=True, default="")
    partner_key = models.CharField(max_length=110, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The country where it is not our own."""
        return "" if self.country == HOME else country_name(self.country)
