"""The only writers of this room."""

from jineng.workforce.verbs.autonomies import grant_autonomy, revoke_autonomy, void_autonomy
from jineng.workforce.verbs.evidence import (
    record_practice,
    record_qualification,
    record_title,
    void_practice,
    void_qualification,
    void_title,
)
from jineng.workforce.verbs.recognition import recognise_teacher, void_recognition, withdraw_recognition
from jineng.workforce.verbs.teachers import end_teaching, enter_teacher, void_teacher

__all__ = [
    "end_teaching",
    "enter_teacher",
    "grant_autonomy",
    "recognise_teacher",
    "record_practice",
    "record_qualification",
    "record_title",
    "revoke_autonomy",
    "void_autonomy",
    "void_practice",
    "void_qualification",
    "void_recognition",
    "void_teacher",
    "void_title",
    "withdraw_recognition",
]
