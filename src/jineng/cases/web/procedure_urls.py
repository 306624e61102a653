"""Addresses of the procedures."""

from django.urls import path

from jineng.cases.web import procedures

procedure_urls = [
    path("procedures/", procedures.procedure_list, name="procedures"),
    path("procedures/draft/", procedures.draft, name="draft_procedure"),
    path("procedures/<uuid:pk>/", procedures.procedure, name="procedure"),
    path("procedures/<uuid:pk>/publish/", procedures.publish, name="publish_procedure"),
    path("procedures/<uuid:pk>/intake/", procedures.hold_intake, name="hold_intake"),
    path("procedures/<uuid:pk>/retire/", procedures.retire, name="retire_procedure"),
]
