"""Pages of the briefs. A figure's page is the same for the live draft and for a release."""

from django.urls import path

from jineng.briefs.web import differing, figures, issue, receipts, views, wording

app_name = "briefs"
urlpatterns = [
    path("", views.index, name="index"),
    path("indicators/", views.indicator_list, name="indicators"),
    path("<int:year>/", views.draft, name="draft"),
    path("<int:year>/release/", views.release, name="release"),
    path("<int:year>/issue/", issue.issue, name="issue"),
    path("<int:year>/issue/open/", issue.open_, name="open_issue"),
    path("<int:year>/issue/front/", issue.front, name="front"),
    path("<int:year>/issue/check/", issue.check, name="check"),
    path("<int:year>/issue/sign/", issue.sign, name="sign"),
    path("<int:year>/issue/recipients/add/", issue.recipient, name="add_recipient"),
    path("<int:year>/issue/recipients/<uuid:pk>/remove/", issue.drop_recipient, name="remove_recipient"),
    path("sentences/<uuid:pk>/", wording.reword, name="reword"),
    path("sentences/<uuid:pk>/strike/", wording.strike, name="strike"),
    path("passages/<uuid:pk>/add/", wording.add, name="add_sentence"),
    path("passages/<uuid:pk>/office/", wording.entrust, name="entrust"),
    path("<int:year>/figures/<str:key>/", figures.figure, name="figure"),
    path("<int:year>/figures/<str:key>/records/", figures.records, name="records"),
    path("<int:year>/figures/<str:key>/why/", differing.why, name="why"),
    path("releases/<uuid:release_id>/", views.released, name="released"),
    path("releases/<uuid:release_id>/acknowledge/", receipts.acknowledge, name="acknowledge"),
    path("releases/<uuid:release_id>/receipts/", receipts.receipts, name="receipts"),
    path("releases/<uuid:release_id>/errata/add/", receipts.erratum, name="add_erratum"),
    path("releases/<uuid:release_id>/files/<str:name>", views.released_file, name="file"),
    path("releases/<uuid:release_id>/figures/<str:key>/", figures.figure, name="released_figure"),
    path("releases/<uuid:release_id>/figures/<str:key>/records/", figures.records, name="released_records"),
]
