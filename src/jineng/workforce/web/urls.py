"""Pages of the room: teachers, who could be recognised, standards, autonomies."""

from django.urls import path

from jineng.workforce.web import autonomies, deeds, pages

urlpatterns = [
    path("teachers/", pages.teacher_list, name="teachers"),
    path("teachers/enter/", deeds.enter, name="enter_teacher"),
    path("teachers/<uuid:pk>/", pages.teacher, name="teacher"),
    path("teachers/<uuid:pk>/names/", pages.teacher_names, name="teacher_names"),
    path("teachers/<uuid:pk>/end/", deeds.end, name="end_teacher"),
    path("teachers/<uuid:pk>/void/", deeds.void_teacher, name="void_teacher"),
    path("teachers/<uuid:pk>/qualification/", deeds.qualification, name="record_qualification"),
    path("teachers/<uuid:pk>/title/", deeds.title, name="record_title"),
    path("teachers/<uuid:pk>/practice/", deeds.practice, name="record_practice"),
    path("teachers/<uuid:pk>/recognise/", deeds.recognise, name="recognise_teacher"),
    path("qualifications/<uuid:pk>/void/", deeds.void_qualification, name="void_qualification"),
    path("titles/<uuid:pk>/void/", deeds.void_title, name="void_title"),
    path("practice/<uuid:pk>/void/", deeds.void_practice, name="void_practice"),
    path("dual/", pages.school_list, name="dual_schools"),
    path("dual/schools/<uuid:pk>/", pages.candidates, name="dual_candidates"),
    path("dual/recognitions/", pages.recognition_list, name="recognitions"),
    path("dual/recognitions/<uuid:pk>/", pages.recognition, name="recognition"),
    path("dual/recognitions/<uuid:pk>/withdraw/", deeds.withdraw, name="withdraw_recognition"),
    path("dual/recognitions/<uuid:pk>/void/", deeds.void_recognition, name="void_recognition"),
    path("dual/standards/", pages.standard_list, name="dual_standards"),
    path("dual/standards/<uuid:pk>/", pages.standard, name="dual_standard"),
    path("autonomies/", autonomies.autonomy_list, name="autonomies"),
    path("autonomies/grant/", autonomies.grant, name="grant_autonomy"),
    path("autonomies/<uuid:pk>/", autonomies.autonomy, name="autonomy"),
    path("autonomies/<uuid:pk>/revoke/", autonomies.revoke, name="revoke_autonomy"),
    path("autonomies/<uuid:pk>/void/", autonomies.void, name="void_autonomy"),
]
