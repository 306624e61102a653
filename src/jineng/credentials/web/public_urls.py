"""Pages of the credentials that are open to everybody."""

from django.urls import path

from jineng.credentials.web import verifying

urlpatterns = [
    path("", verifying.verify, name="verify"),
    path("<str:number>/<str:code>/", verifying.verify_number, name="verify_number"),
]
