"""Pages of the room. Skill-level standards, certificate pilots, assessments and certificates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
