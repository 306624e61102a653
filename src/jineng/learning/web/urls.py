"""Pages of the learning: classes and what happens in them, courses, fields, the open university."""

from django.urls import path

from jineng.learning.web import deeds, pages, running

urlpatterns = [
    path("classes/", pages.class_list, name="classes"),
    path("classes/open/", deeds.open_, name="open_class"),
    path("classes/<uuid:pk>/", pages.one_class, name="class"),
    path("classes/<uuid:pk>/correct/", deeds.correct, name="correct_class"),
    path("classes/<uuid:pk>/cancel/", deeds.cancel, name="cancel_class"),
    path("classes/<uuid:pk>/void/", deeds.void, name="void_class"),
    path("classes/<uuid:pk>/enrol/", running.sign_up, name="enrol"),
    path("classes/<uuid:pk>/sessions/", running.plan_sessions, name="add_sessions"),
    path("classes/<uuid:pk>/complete/", running.complete, name="complete_class"),
    path("classes/<uuid:pk>/list/", pages.completion_list, name="completion_list"),
    path("classes/<uuid:pk>/list/names/", pages.completion_names, name="completion_names"),
    path("sessions/<uuid:pk>/attendance/", running.attendance, name="mark_attendance"),
    path("sessions/<uuid:pk>/void/", running.drop_session, name="void_session"),
    path("enrolments/<uuid:pk>/", pages.enrolment, name="enrolment"),
    path("enrolments/<uuid:pk>/leave/", running.leave, name="leave_class"),
    path("enrolments/<uuid:pk>/correct/", running.amend, name="correct_enrolment"),
    path("enrolments/<uuid:pk>/void/", running.void, name="void_enrolment"),
    path("organisers/<uuid:pk>/", pages.organiser, name="organiser_classes"),
    path("courses/", pages.course_list, name="courses"),
    path("courses/add/", deeds.add, name="add_course"),
    path("courses/<uuid:pk>/", pages.course, name="course"),
    path("courses/<uuid:pk>/correct/", deeds.amend, name="correct_course"),
    path("courses/<uuid:pk>/void/", deeds.drop, name="void_course"),
    path("fields/", pages.field_list, name="learning_fields"),
    path("fields/declare/", deeds.declare, name="declare_field"),
    path("open-university/", pages.open_university, name="open_university"),
]
