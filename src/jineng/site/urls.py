"""The one URLconf: each room brings its own pages; the API stands under ``/api/``."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import include, path

from jineng.site import pages
from jineng.site.api import api

ROOMS = ("registry", "majors", "calls", "briefs")
urlpatterns = [
    path("", pages.home, name="home"),
    path("post/", pages.choose_post, name="choose_post"),
    path("health/", pages.health, name="health"),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("api/v1/", api.urls),
    *(
        path("" if room == "registry" else f"{room}/", include(f"jineng.{room}.web.urls"))
        for room in ROOMS
        if apps.is_installed(f"jineng.{room}")
        and find_spec(f"jineng.{room}.web") and find_spec(f"jineng.{room}.web.urls")
    ),
]
handler403 = "jineng.site.pages.refused"
handler404 = "jineng.site.pages.not_found"
handler500 = "jineng.site.pages.broken"
