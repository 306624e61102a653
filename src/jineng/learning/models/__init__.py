"""State of the room, as the database enforces it."""

from jineng.learning.models.attending import Attendance, ClassSession
from jineng.learning.models.courses import Course, FieldState
from jineng.learning.models.enrolments import Enrolment
from jineng.learning.models.offerings import CourseOffering

__all__ = ["Attendance", "ClassSession", "Course", "CourseOffering", "Enrolment", "FieldState"]
