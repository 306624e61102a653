"""Pages of the room: agreements and their renewal, what came of them, international projects, clusters."""

from django.urls import path

from jineng.partnerships.web import agreement_deeds, agreements, bodies, body_deeds, projects

urlpatterns = [
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/record/", agreement_deeds.record, name="record_agreement"),
    path("agreements/<uuid:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<uuid:pk>/answer/", agreement_deeds.answer, name="answer_renewal"),
    path("agreements/<uuid:pk>/term/", agreement_deeds.term, name="record_term"),
    path("agreements/<uuid:pk>/party/", agreement_deeds.party, name="add_party"),
    path("agreements/<uuid:pk>/end/", agreement_deeds.end, name="end_agreement"),
    path("agreements/<uuid:pk>/void/", agreement_deeds.void, name="void_agreement"),
    path("bodies/", bodies.body_list, name="bodies"),
    path("bodies/found/", body_deeds.found, name="found_body"),
    path("bodies/<uuid:pk>/", bodies.body, name="body"),
    path("bodies/<uuid:pk>/members/", body_deeds.member, name="add_member"),
    path("bodies/<uuid:pk>/end/", body_deeds.end, name="end_body"),
    path("bodies/<uuid:pk>/void/", body_deeds.void, name="void_body"),
    path("members/<uuid:pk>/", bodies.body_member, name="body_member"),
    path("members/<uuid:pk>/leave/", body_deeds.leave, name="leave_body"),
    path("members/<uuid:pk>/void/", body_deeds.void_membership, name="void_member"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/record/", projects.record, name="record_project"),
    path("projects/<uuid:pk>/", projects.project, name="project"),
    path("projects/<uuid:pk>/end/", projects.end, name="end_project"),
    path("projects/<uuid:pk>/void/", projects.void, name="void_project"),
    path("clusters/", bodies.cluster_list, name="clusters"),
    path("clusters/<uuid:pk>/", bodies.cluster, name="cluster"),
]
