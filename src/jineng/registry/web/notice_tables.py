"""Tables and filters of notices and of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django_tables2 import A, Table

from jineng.kernel.crypto import mask_address
from jineng.kernel.models import Mail, Notice
from jineng.kernel.notices import kind_label, kinds
from jineng.kernel.templatetags.jineng import bilingual
from jineng.kernel.web.addresses import way_to_one
from jineng.kernel.web.columns import DateColumn, ListColumn, MarkColumn
from jineng.kernel.web.components import mark_of

MAIL_KINDS = {
    Mail.State.WAITING: "plain",
    Mail.State.SENDING: "plain",
    Mail.State.SENT: "ok",
    Mail.State.FAILED: "red",
    Mail.State.UNKNOWN: "warn",
}


class NoticeTable(Table):
    """Notices, each a button that reads it and goes where it leads."""

    subject = ListColumn(verbose_name="事项 What", orderable=False, attrs={"td": {"class": "notice-cell"}})
    is_read = MarkColumn(verbose_name="状态 State", kinds={False: "warn"})
    kind = ListColumn(verbose_name="类别 Kind")
    name_of = ListColumn(verbose_name="来自 From")
    created_at = DateColumn(verbose_name="时间 At")
    read_by = ListColumn(verbose_name="阅件人 Read by", accessor="read_by__display_name")

    @cached_property
    def token(self) -> str:
        """Against forgery, one for all forms of the page: each is masked anew, which costs more than its row."""
        return get_token(self.request)

    @cached_property
    def way(self) -> Callable[[object], str]:
        """Where a notice is opened."""
        return way_to_one("open_notice", "pk")

    def render_subject(self, record: Notice) -> str:
        """A form of one button, so that opening needs no script and a mere look at the page reads nothing."""
        return format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="button link" type="submit">{}</button></form>',
            mark_safe(self.way(record.pk)),  # noqa: S308 escaped there
            self.token,
            bilingual(record.subject),
        )

    def value_subject(self, record: Notice) -> str:
        """The subject itself."""
        return record.subject

    def render_is_read(self, value: bool) -> str:
        """In words."""
        return mark_of("plain" if value else "warn", "已读" if value else "未读")

    def value_is_read(self, value: bool) -> str:
        """In words."""
        return "已读" if value else "未读"

    def render_kind(self, value: str) -> str:
        """The label of the kind."""
        return bilingual(kind_label(value))

    def value_kind(self, value: str) -> str:
        """The label of the kind."""
        return kind_label(value)

    class Meta:
        """Unread first, then the latest."""

        model = Notice
        fields: tuple[str, ...] = ()
        order_by = ("is_read", "-created_at")


class NoticeFilters(django_filters.FilterSet):
    """By text, kind, and whether read."""

    q = django_filters.CharFilter(method="by_text", label="事项或来自 What or from")
    kind = django_filters.ChoiceFilter(choices=kinds, label="类别 Kind")
    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", label="未读 Unread")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the subject or of who tells."""
        return rows.filter(Q(subject__icontains=value) | Q(name_of__icontains=value))

    class Meta:
        """Only what stands above."""

        model = Notice
        fields: tuple[str, ...] = ()


class MailTable(Table):
    """Mails of the outbox, each a door."""

    subject = ListColumn(verbose_name="主题 Subject", linkify=("mail", {"pk": A("pk")}))
    state = MarkColumn(verbose_name="状态 State", kinds=MAIL_KINDS)
    account = ListColumn(verbose_name="收件人 To", accessor="account__display_name")
    address = ListColumn(verbose_name="邮箱 Address", orderable=False)
    name_of = ListColumn(verbose_name="来自 In the name of")
    attempts = ListColumn(verbose_name="次数 Attempts")
    created_at = DateColumn(verbose_name="写成 Written")
    last_error = ListColumn(verbose_name="原因 Why")

    def render_address(self, value: str) -> str:
        """Enough to recognise it."""
        return mask_address(value)

    def value_address(self, value: str) -> str:
        """Enough to recognise it."""
        return mask_address(value)

    class Meta:
        """The latest first."""

        model = Mail
        fields: tuple[str, ...] = ()
        order_by = ("-created_at",)


class MailFilters(django_filters.FilterSet):
    """By text and state."""

    q = django_filters.CharFilter(method="by_text", label="主题、收件人或来自 Subject, to or from")
    state = django_filters.ChoiceFilter(choices=Mail.State.choices, label="状态 State")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the subject, the reader's name or who tells."""
        return rows.filter(
            Q(subject__icontains=value) | Q(account__display_name__icontains=value) | Q(name_of__icontains=value)
        )

    class Meta:
        """Only what stands above."""

        model = Mail
        fields: tuple[str, ...] = ()
