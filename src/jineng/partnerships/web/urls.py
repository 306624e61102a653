"""Pages of the room. Agreements, the bodies that come of them, international projects, industry clusters."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
