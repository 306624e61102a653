"""Addresses of reviews."""

from django.urls import path

from jineng.cases.web import decisions, experts, panels, reviews

review_urls = [
    path("experts/", experts.expert_list, name="experts"),
    path("experts/enter/", experts.expert, name="enter_expert"),
    path("experts/<uuid:pk>/dismiss/", experts.dismiss, name="dismiss_expert"),
    path("intakes/<uuid:pk>/panel/", panels.form, name="form_panel"),
    path("panels/<uuid:pk>/", panels.panel, name="panel"),
    path("panels/<uuid:pk>/experts/", panels.seat, name="seat_experts"),
    path("panels/<uuid:pk>/assign/", panels.assign, name="assign_reviewers"),
    path("panels/<uuid:pk>/close/", panels.close, name="close_panel"),
    path("panels/<uuid:pk>/decide/", panels.decide, name="decide_panel"),
    path("panels/<uuid:pk>/publish/", panels.publish, name="publish_panel"),
    path("panels/<uuid:pk>/decision/", decisions.decision, name="decision"),
    path("panels/<uuid:pk>/decision/replay/", decisions.replay, name="replay_decision"),
    path("panels/<uuid:pk>/decision/document/", decisions.document, name="decision_document"),
    path("panels/<uuid:pk>/decision/rows/<int:place>/", decisions.row, name="decision_row"),
    path("panels/<uuid:pk>/proof/", panels.proof, name="assignment_proof"),
    path("panels/entries/<uuid:pk>/agree/", panels.agree, name="agree_marks"),
    path("reviews/", reviews.my_reviews, name="my_reviews"),
    path("reviews/<uuid:pk>/", reviews.review, name="review"),
    path("reviews/<uuid:pk>/recuse/", reviews.step_back, name="recuse"),
    path("reviews/<uuid:pk>/files/<uuid:file>/", reviews.file, name="review_file"),
]
