"""Pages of the calls: series of selections, their batches, awards."""

from django.urls import path

from jineng.calls.web import deeds, pages

urlpatterns = [
    path("", pages.call_list, name="calls"),
    path("announce/", deeds.announce, name="announce_call"),
    path("awards/", pages.award_list, name="awards"),
    path("awards/record/", deeds.record, name="record_award"),
    path("awards/<uuid:pk>/", pages.award, name="award"),
    path("awards/<uuid:pk>/status/", deeds.status, name="set_award_status"),
    path("awards/<uuid:pk>/correct/", deeds.correct, name="correct_award"),
    path("awards/<uuid:pk>/void/", deeds.void, name="void_award"),
    path("awards/<uuid:pk>/names/", pages.names, name="award_names"),
    path("statuses/<uuid:pk>/void/", deeds.void_one_status, name="void_award_status"),
    path("<slug:code>/", pages.call, name="call"),
    path("<slug:code>/batches/add/", deeds.add_one_batch, name="add_batch"),
    path("<slug:code>/applications/", deeds.applications, name="take_applications"),
]
