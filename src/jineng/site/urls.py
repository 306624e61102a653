"""The one URLconf: each room brings its own pages; the API stands under ``/api/``."""

from django.urls import include, path

from jineng.site import pages
from jineng.site.api import api

urlpatterns = [
    path("", pages.home, name="home"),
    path("post/", pages.choose_post, name="choose_post"),
    path("health/", pages.health, name="health"),
    path("account/email/", pages.addresses, name="account_email"),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("api/v1/", api.urls),
    path("verify/", include("jineng.credentials.web.public_urls")),
    path("", include("jineng.registry.web.urls")),
    path("cases/", include("jineng.cases.web.urls")),
    path("majors/", include("jineng.majors.web.urls")),
    path("calls/", include("jineng.calls.web.urls")),
    path("admissions/", include("jineng.admissions.web.urls")),
    path("learning/", include("jineng.learning.web.urls")),
    path("credentials/", include("jineng.credentials.web.urls")),
    path("partnerships/", include("jineng.partnerships.web.urls")),
    path("facilities/", include("jineng.facilities.web.urls")),
    path("workforce/", include("jineng.workforce.web.urls")),
    path("governance/", include("jineng.governance.web.urls")),
    path("briefs/", include("jineng.briefs.web.urls")),
]
handler403 = "jineng.site.pages.refused"
handler404 = "jineng.site.pages.not_found"
handler500 = "jineng.site.pages.broken"
