"""Pages of the room. Parks, their phases and investment, shared facilities, relocations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
