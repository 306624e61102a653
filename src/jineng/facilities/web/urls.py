"""Pages of the room: parks, phases and their money, shared facilities and their hours."""

from django.urls import path

from jineng.facilities.web import deeds, pages

urlpatterns = [
    path("parks/", pages.park_list, name="parks"),
    path("parks/<uuid:pk>/", pages.park, name="park"),
    path("parks/<uuid:pk>/facilities/open/", deeds.open_, name="open_facility"),
    path("phases/", pages.phase_list, name="phases"),
    path("phases/<uuid:pk>/", pages.phase, name="phase"),
    path("phases/<uuid:pk>/report/", deeds.report, name="report_phase"),
    path("phases/<uuid:pk>/book/", deeds.book, name="book_investment"),
    path("bookings/<uuid:pk>/", pages.booking, name="booking"),
    path("bookings/<uuid:pk>/void/", deeds.void, name="void_booking"),
    path("shared/", pages.facility_list, name="facilities"),
    path("shared/<uuid:pk>/", pages.facility, name="facility"),
    path("shared/<uuid:pk>/members/", deeds.share, name="share_facility"),
    path("shared/<uuid:pk>/hours/", deeds.hours, name="report_hours"),
    path("members/<uuid:pk>/stop/", deeds.stop, name="stop_sharing"),
]
