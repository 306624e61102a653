"""The only writers of the registry."""

from jineng.registry.verbs.exporting import export_return
from jineng.registry.verbs.keys import renew_key, renew_second_key
from jineng.registry.verbs.organisations import change_organisation, enter_organisation, void_organisation_state
from jineng.registry.verbs.people import (
    correct_name,
    ensure_people,
    merge_people,
    record_employment,
    record_kinship,
    split_people,
)
from jineng.registry.verbs.posts import delegate_post, end_post, give_post, open_account
from jineng.registry.verbs.reading import read_people

__all__ = [
    "change_organisation",
    "correct_name",
    "delegate_post",
    "end_post",
    "ensure_people",
    "enter_organisation",
    "export_return",
    "give_post",
    "merge_people",
    "open_account",
    "read_people",
    "record_employment",
    "record_kinship",
    "renew_key",
    "renew_second_key",
    "split_people",
    "void_organisation_state",
]
