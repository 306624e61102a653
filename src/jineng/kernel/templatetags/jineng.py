"""Filters of the page shell: English beside Chinese, grouped digits, the kind of a form field."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeData, SafeString

register = template.Library()
_TWO_LANGUAGES = re.compile(
    r"^(?P<zh>.*[^\x00-\x7f])\s+(?P<en>[\x20-\x7e’‘“”–—…]*[A-Za-z]{2}[\x20-\x7e’‘“”–—…]*)$", re.S
)


@register.filter
def bilingual(text: Any) -> str:
    """``中文 English`` with the English set small beside the Chinese; other text as it is.

    What follows the last Chinese character is English if it holds a word of at least two letters. Markup is
    escaped, unless the text is marked safe already (as attributes of components are, once rendered).
    """
    words = str(text)
    match = _TWO_LANGUAGES.match(words)
    if match is None:
        return format_html("{}", text)
    parts = [SafeString(part) if isinstance(text, SafeData) else part for part in match.group("zh", "en")]
    return format_html('{} <small lang="en">{}</small>', *parts)


@register.filter
def chinese(text: Any) -> str:
    """The Chinese of ``中文 English``; for places where both do not fit."""
    match = _TWO_LANGUAGES.match(str(text))
    return match["zh"] if match else str(text)


GIST = 60
"""So many characters of an error stand in the summary of a form; the field itself says all."""


@register.filter
def gist(text: Any) -> str:
    """An error in short: both languages where they are brief, else the first sentence of the Chinese."""
    zh = chinese(text)
    first, stop, rest = zh.partition("。")
    return format_html("{}", first + stop) if rest and len(zh) > GIST else bilingual(text)


@register.filter
def thousands(value: Any) -> str:
    """A number with its digits in groups of three, as statistics print it (Django's own filter groups
    Chinese numbers by four); anything else as it is, nothing for ``None``."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    return f"{value:,}"


@register.filter
def plainly(value: Any) -> str:
    """A value as a record shows it: a day as 2021-12-31, a moment with its minute in the business time zone, a
    number with grouped digits."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else thousands(value)


DEED_WORDS = {"insert": "录入 Entered", "update": "更改 Changed"}


@register.filter
def deed_word(label: str) -> str:
    """What the database calls a change of a row, in words."""
    return bilingual(DEED_WORDS.get(label, label))


@register.filter
def field_name(record: models.Model, name: str) -> str:
    """The name of a record's field as people know it; the column's own name where the record has no such field."""
    try:
        return str(getattr(record._meta.get_field(name.removesuffix("_id")), "verbose_name", name))
    except FieldDoesNotExist:
        return name


@register.simple_tag
def field_value(record: models.Model, name: str, value: Any) -> str:
    """What a record's field said, as people read it: the word of a choice, the name of another record, a plain day."""
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    field = next((field for field in record._meta.concrete_fields if field.attname == name), None)
    if isinstance(field, models.JSONField):
        return _told(json.loads(value) if isinstance(value, str) else value)
    if field is not None and field.remote_field:
        other = field.remote_field.model._default_manager.filter(pk=value).first()
        return str(other) if other is not None else "（可见范围之外）"
    return str(dict(field.flatchoices).get(value, "")) or plainly(value) if field is not None else plainly(value)


def _told(data: Any) -> str:
    """Structured data in a line: what it holds where that is plain, else how much of it there is."""
    parts = data.items() if isinstance(data, dict) else [("", each) for each in data] if isinstance(data, list) else []
    if not parts or any(isinstance(each, dict | list) for _, each in parts):
        return f"（数据，{len(parts)} 项）" if parts else plainly(data) if data not in ({}, []) else "—"
    return "，".join(f"{name} {plainly(each)}".strip() for name, each in parts)


@register.filter
def field_kind(field: BoundField) -> str:
    """How a form field is laid out: ``check``, ``choices``, ``file``, ``long`` or ``line``."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "long" if isinstance(widget, forms.Textarea) else "line"
