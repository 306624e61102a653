"""The only writers of this room."""

from jineng.learning.verbs.attending import add_sessions, mark_attendance, void_session
from jineng.learning.verbs.classes import cancel_class, correct_class, open_class, void_class
from jineng.learning.verbs.completing import complete_class, correct_enrolment
from jineng.learning.verbs.courses import add_course, correct_course, declare_field, void_course
from jineng.learning.verbs.enrolling import enrol, void_enrolment, withdraw

__all__ = [
    "add_course",
    "add_sessions",
    "cancel_class",
    "complete_class",
    "correct_class",
    "correct_course",
    "correct_enrolment",
    "declare_field",
    "enrol",
    "mark_attendance",
    "open_class",
    "void_class",
    "void_course",
    "void_enrolment",
    "void_session",
    "withdraw",
]
