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
    VIEW_ADMISSIONS = "view_admissions"
    EDIT_ADMISSIONS = "edit_admissions"
    DECIDE_ADMISSIONS = "decide_admissions"
    VIEW_LEARNING = "view_learning"
    EDIT_LEARNING = "edit_learning"
    VIEW_CREDENTIALS = "view_credentials"
    EDIT_CREDENTIALS = "edit_credentials"
    VIEW_PARTNERSHIPS = "view_partnerships"
    EDIT_PARTNERSHIPS = "edit_partnerships"
    VIEW_FACILITIES = "view_facilities"
    EDIT_FACILITIES = "edit_facilities"
    VIEW_WORKFORCE = "view_workforce"
    EDIT_WORKFORCE = "edit_workforce"
    VIEW_GOVERNANCE = "view_governance"
    EDIT_GOVERNANCE = "edit_governance"
    VIEW_RETURNS = "view_returns"
    SUBMIT_RETURNS = "submit_returns"
    VIEW_BRIEFS = "view_briefs"
    WORD_BRIEFS = "word_briefs"
    RELEASE_BRIEFS = "release_briefs"
    VIEW_AUDIT = "view_audit"
    MANAGE_POSTS = "manage_posts"
