"""Pages of the credentials that are open to everybody."""

from django.urls import path

from jineng.credentials.web import holding, slips, verifying

urlpatterns = [
    path("", verifying.verify, name="verify"),
    path("mine/", holding.enter, name="enter_as_holder"),
    path("mine/certificate/", holding.certificate, name="own_certificate"),
    path("mine/transcript/", holding.own_transcript, name="own_transcript"),
    path("mine/links/<uuid:pk>/take-back/", holding.take_back, name="take_back_share"),
    path("mine/leave/", holding.leave, name="leave_holder"),
    path("shared/<str:token>/", holding.shared, name="shared_certificate"),
    path("slip/<uuid:pk>/<str:code>/", slips.check, name="check_slip"),
    path("<str:number>/<str:code>/", verifying.verify_number, name="verify_number"),
]
