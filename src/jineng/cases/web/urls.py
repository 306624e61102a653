"""Pages of the cases: procedures, intakes, cases and what is done with them."""

from django.urls import path

from jineng.cases.web import books, bulk, cases, deeds, intakes, rounds
from jineng.cases.web.procedure_urls import procedure_urls
from jineng.cases.web.review_urls import review_urls

urlpatterns = [
    path("", cases.case_list, name="cases"),
    path("<uuid:pk>/", cases.case, name="case"),
    path("<uuid:pk>/fill/", cases.fill, name="fill_case"),
    path("<uuid:pk>/book.<slug:kind>", books.book, name="case_book"),
    path("<uuid:pk>/act/<slug:action>/", deeds.act, name="act_on_case"),
    path("<uuid:pk>/rank/", deeds.recommend, name="recommend_case"),
    path("<uuid:pk>/extend/", deeds.extend, name="extend_case"),
    path("<uuid:pk>/object/", deeds.objection, name="raise_objection"),
    path("objections/<uuid:pk>/answer/", deeds.answer, name="answer_objection"),
    path("files/<uuid:pk>/", cases.file, name="case_file"),
    path("intakes/", intakes.intake_list, name="intakes"),
    path("intakes/<uuid:pk>/", intakes.intake, name="intake"),
    path("intakes/<uuid:pk>/bulk/", bulk.bulk, name="act_on_cases"),
    path("intakes/<uuid:pk>/begin/", intakes.begin, name="begin_case"),
    path("intakes/<uuid:pk>/quotas/", intakes.allot, name="allot_quotas"),
    path("intakes/<uuid:pk>/urge/", rounds.urge, name="urge_round"),
    path("rounds/open/", rounds.begin, name="open_reporting_round"),
    *procedure_urls,
    *review_urls,
]
