"""Pages of the majors: catalogue, offerings, one college's offerings."""

from django.urls import path

from jineng.majors.web import deeds, pages

urlpatterns = [
    path("catalogue/", pages.major_list, name="majors"),
    path("offerings/", pages.offering_list, name="offerings"),
    path("offerings/open/", deeds.open_, name="open_offering"),
    path("offerings/<uuid:pk>/", pages.offering, name="offering"),
    path("offerings/<uuid:pk>/revoke/", deeds.revoke, name="revoke_offering"),
    path("offerings/<uuid:pk>/correct/", deeds.correct, name="correct_offering"),
    path("offerings/<uuid:pk>/void/", deeds.void, name="void_offering"),
    path("colleges/<uuid:pk>/", pages.college, name="college_offerings"),
]
