"""Who sees what of the room; the database says the same a second time in ``policies.py``."""

from __future__ import annotations

from django.db.models import Q

from jineng.kernel.actors import Actor
from jineng.learning.models import Attendance, ClassSession, Course, CourseOffering, Enrolment, FieldState
from jineng.registry.scope import reach, sees


@sees(FieldState)
@sees(Course)
def _everybody(actor: Actor) -> Q:
    return Q()


@sees(CourseOffering)
@sees(Enrolment)
def _organised(actor: Actor) -> Q:
    return Q(organiser__in=reach(actor))


@sees(ClassSession)
def _of_offering(actor: Actor) -> Q:
    return Q(offering__in=CourseOffering.objects.filter(organiser__in=reach(actor)).values("pk"))


@sees(Attendance)
def _of_enrolment(actor: Actor) -> Q:
    return Q(enrolment__in=Enrolment.objects.filter(organiser__in=reach(actor)).values("pk"))
