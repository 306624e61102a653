"""Pages of the admissions: seasons, plans, completion, admissions."""

from django.urls import path

from jineng.admissions.web import declaring, deeds, pages

urlpatterns = [
    path("seasons/", pages.season_list, name="seasons"),
    path("seasons/open/", declaring.open_, name="open_season"),
    path("seasons/<uuid:pk>/", pages.season, name="season"),
    path("seasons/<uuid:pk>/round/", declaring.round_, name="add_round"),
    path("seasons/<uuid:pk>/exempt/", declaring.exempt, name="declare_exempt"),
    path("seasons/<uuid:pk>/cap/", declaring.cap, name="set_cap"),
    path("rounds/<uuid:pk>/", pages.round_of_season, name="admission_round"),
    path("rounds/<uuid:pk>/cancel/", declaring.cancel, name="cancel_round"),
    path("caps/<uuid:pk>/lift/", declaring.lift, name="lift_cap"),
    path("plans/", pages.plan_list, name="admission_plans"),
    path("plans/file/", deeds.file, name="file_plan"),
    path("plans/<uuid:pk>/", pages.plan, name="admission_plan"),
    path("plans/<uuid:pk>/correct/", deeds.correct, name="correct_plan"),
    path("plans/<uuid:pk>/accept/", deeds.accept, name="accept_plan"),
    path("plans/<uuid:pk>/withdraw/", deeds.withdraw, name="withdraw_plan"),
    path("plans/<uuid:pk>/void/", deeds.void, name="void_plan"),
    path("completion/", pages.completion_page, name="plan_completion"),
    path("outcomes/", pages.admission_list, name="admissions"),
    path("outcomes/<uuid:pk>/", pages.admission, name="admission"),
    path("outcomes/<uuid:pk>/names/", pages.names, name="admission_names"),
    path("outcomes/<uuid:pk>/confirm/", deeds.confirm, name="confirm_admission"),
    path("outcomes/<uuid:pk>/end/", deeds.end, name="end_admission"),
    path("outcomes/<uuid:pk>/void/", deeds.void_one, name="void_admission"),
]
