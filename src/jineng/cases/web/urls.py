"""Pages of the cases: procedures, intakes, cases."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
