"""Pages of the credentials: standards, pilots, sessions, certificates."""

from django.urls import path

from jineng.credentials.web import deeds, pages, published, sealed, sessions

urlpatterns = [
    path("standards/", pages.standard_list, name="skill_standards"),
    path("standards/add/", deeds.add_standard, name="add_skill_standard"),
    path("standards/<uuid:pk>/", pages.standard, name="skill_standard"),
    path("standards/<uuid:pk>/withdraw/", deeds.end_standard, name="withdraw_skill_standard"),
    path("standards/<uuid:pk>/void/", deeds.strike_standard, name="void_skill_standard"),
    path("pilots/", pages.pilot_list, name="certificate_pilots"),
    path("pilots/apply/", deeds.apply, name="apply_for_pilot"),
    path("pilots/<uuid:pk>/", pages.pilot, name="certificate_pilot"),
    path("pilots/<uuid:pk>/decide/", deeds.decide, name="decide_pilot"),
    path("pilots/<uuid:pk>/withdraw/", deeds.end_pilot, name="withdraw_pilot"),
    path("pilots/<uuid:pk>/void/", deeds.strike_pilot, name="void_pilot"),
    path("batches/<uuid:pk>/", pages.batch, name="pilot_batch"),
    path("sessions/", sessions.session_list, name="assessment_sessions"),
    path("sessions/schedule/", deeds.schedule, name="schedule_session"),
    path("sessions/<uuid:pk>/", sessions.session, name="assessment_session"),
    path("sessions/<uuid:pk>/register/", deeds.register, name="register_candidate"),
    path("sessions/<uuid:pk>/enter/", sessions.enter, name="enter_results"),
    path("sessions/<uuid:pk>/settle/", sessions.settle, name="settle_results"),
    path("sessions/<uuid:pk>/issue/", deeds.issue, name="issue_certificates"),
    path("sessions/<uuid:pk>/seal/", sealed.seal, name="seal_certificates"),
    path("candidates/<uuid:pk>/", sessions.candidate, name="candidate"),
    path("candidates/<uuid:pk>/person/", sessions.candidate_person, name="candidate_person"),
    path("candidates/<uuid:pk>/void/", deeds.strike_candidate, name="void_candidate"),
    path("certificates/", pages.certificate_list, name="certificates"),
    path("certificates/<uuid:pk>/", pages.certificate, name="certificate"),
    path("certificates/<uuid:pk>/holder/", pages.certificate_holder, name="certificate_holder"),
    path("certificates/<uuid:pk>/file/", sealed.certificate_file, name="certificate_file"),
    path("certificates/<uuid:pk>/revoke/", deeds.revoke, name="revoke_certificate"),
    path("certificates/<uuid:pk>/reissue/", deeds.reissue, name="reissue_certificate"),
    path("certificates/<uuid:pk>/void/", deeds.strike_certificate, name="void_certificate"),
    path("issuers/<uuid:pk>/did.json", published.issuer, name="credential_issuer"),
    path("status/<uuid:pk>", published.status_list, name="status_list"),
]
