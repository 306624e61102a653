"""Pages of the room. Teachers, their qualifications and titles, autonomies over pay."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
