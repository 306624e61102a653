"""Pages of the room. Courses and their offerings, enrolments, attendance and completion."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
