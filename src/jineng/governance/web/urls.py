"""Pages of the room. Leading groups, policies, cascaded tasks, press, events, county centres."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
