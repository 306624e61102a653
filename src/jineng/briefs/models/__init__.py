"""Briefs: issues in the making, and what was released of them."""

from jineng.briefs.models.issues import Issue, Passage, Picture, Recipient, Wording
from jineng.briefs.models.releases import Delivery, Erratum, Release

__all__ = ["Delivery", "Erratum", "Issue", "Passage", "Picture", "Recipient", "Release", "Wording"]
