"""Pages of the registry: organisations, posts, returns, audit, search, notices and their mail."""

from django.urls import path

from jineng.registry.web import audit, exporting, lifelong, notices, organisations, outbox, posts, returns

urlpatterns = [
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/tree/", organisations.tree, name="organisation_tree"),
    path("organisations/enter/", organisations.enter, name="enter_organisation"),
    path("organisations/<uuid:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:pk>/change/", organisations.change, name="change_organisation"),
    path("organisations/states/<uuid:pk>/", organisations.state, name="organisation_state"),
    path("organisations/states/<uuid:pk>/void/", organisations.void_state, name="void_organisation_state"),
    path("search/", organisations.search, name="search"),
    path("people/<uuid:pk>/", lifelong.lifelong, name="lifelong"),
    path("people/<uuid:pk>/person/", lifelong.lifelong_person, name="lifelong_person"),
    path("posts/", posts.post_list, name="posts"),
    path("posts/give/", posts.give, name="give_post"),
    path("posts/<uuid:pk>/end/", posts.end, name="end_post"),
    path("posts/<uuid:pk>/delegate/", posts.delegate, name="delegate_post"),
    path("audit/", audit.line_list, name="audit"),
    path("returns/", returns.receipt_list, name="returns"),
    path("returns/submit/", returns.submit, name="submit_return"),
    path("returns/template.xlsx", returns.template, name="return_template"),
    path("returns/export/<int:year>/", exporting.export, name="export_return"),
    path("returns/<uuid:pk>/", returns.receipt, name="receipt"),
    path("returns/<uuid:pk>/errors.xlsx", returns.errors, name="return_errors"),
    path("returns/<uuid:pk>/seal.json", returns.sealed, name="receipt_seal"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.mark_all_read, name="read_all_notices"),
    path("notices/settings/", notices.settings, name="notice_settings"),
    path("notices/reply-address/", notices.reply_address, name="reply_address"),
    path("notices/<uuid:pk>/", notices.notice, name="notice"),
    path("notices/<uuid:pk>/open/", notices.open_notice, name="open_notice"),
    path("notices/<uuid:pk>/read/", notices.mark_read, name="read_notice"),
    path("outbox/", outbox.mail_list, name="outbox"),
    path("outbox/<uuid:pk>/", outbox.mail, name="mail"),
    path("outbox/<uuid:pk>/send-again/", outbox.send_again, name="send_mail_again"),
    path("outbox/<uuid:pk>/count-as-sent/", outbox.count_as_sent, name="count_mail_as_sent"),
]
