"""The room by machine. Courses and their offerings, enrolments, attendance and completion."""

from ninja import Router

router = Router()
