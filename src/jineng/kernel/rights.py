"""Every right that the program knows, in one place. Who holds which is the registry's to say."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What somebody may do; scope (on which records) is a separate question."""

    USE_WORKSPACE = "use_workspace"
    VIEW_REGISTRY = "view_registry"
    EDIT_REGISTRY = "edit_registry"
    VIEW_PERSONAL_DATA = "view_personal_data"
    VIEW_MAJORS = "view_majors"
    EDIT_MAJORS = "edit_majors"
    EDIT_CATALOGUE = "edit_catalogue"
    VIEW_CALLS = "view_calls"
    EDIT_CALLS = "edit_calls"
    DECIDE_CALLS = "decide_calls"
    VIEW_RETURNS = "view_returns"
    SUBMIT_RETURNS = "submit_returns"
    VIEW_BRIEFS = "view_briefs"
    RELEASE_BRIEFS = "release_briefs"
    VIEW_AUDIT = "view_audit"
    MANAGE_POSTS = "manage_posts"
