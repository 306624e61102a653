"""Pages of the room: agreements and their renewal, bodies, international projects, clusters."""

from django.urls import path

from jineng.partnerships.web import projects

urlpatterns = [
    path("projects/<uuid:pk>/", projects.project, name="project"),
]
