"""Pages of the room. Seasons, plans, applicants and what became of them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
