"""Pages of the briefs. A figure's page is the same for the live draft and for a release."""

from django.urls import path

from jineng.briefs.web import figures, views

app_name = "briefs"
urlpatterns = [
    path("", views.index, name="index"),
    path("indicators/", views.indicator_list, name="indicators"),
    path("<int:year>/", views.draft, name="draft"),
    path("<int:year>/release/", views.release, name="release"),
    path("<int:year>/figures/<str:key>/", figures.figure, name="figure"),
    path("<int:year>/figures/<str:key>/records/", figures.records, name="records"),
    path("releases/<uuid:release_id>/", views.released, name="released"),
    path("releases/<uuid:release_id>/files/<str:name>", views.released_file, name="file"),
    path("releases/<uuid:release_id>/figures/<str:key>/", figures.figure, name="released_figure"),
    path("releases/<uuid:release_id>/figures/<str:key>/records/", figures.records, name="released_records"),
]
