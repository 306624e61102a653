"""Form controls written without templates: a select of sixty choices is one template, not a hundred and twenty.

What is written is what Django's own templates write; anything else goes to them.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_WIDGETS = "django/forms/widgets/"
_INPUTS = frozenset(
    f"{_WIDGETS}{kind}.html" for kind in ("input", "text", "number", "email", "date", "datetime", "search", "hidden")
)
_SELECT, _OPTION = f"{_WIDGETS}select.html", f"{_WIDGETS}select_option.html"


class QuickRenderer(DjangoTemplates):
    """Django's renderer of forms, with plain inputs and selects written directly."""

    def render(self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> SafeString:
        """The control as HTML."""
        if template_name in _INPUTS:
            return mark_safe(_input(context["widget"]))  # noqa: S308 every value is escaped
        if template_name == _SELECT:
            written = _select(context["widget"])
            if written is not None:
                return mark_safe(written)  # noqa: S308 every value is escaped
        return SafeString(super().render(template_name, dict(context), request))


def _escaped(value: Any) -> str:
    return html.escape(value) if type(value) is str else conditional_escape(value)


def _attributes(given: Mapping[str, Any]) -> str:
    told = []
    for name, value in given.items():
        if value is True:
            told.append(f" {_escaped(name)}")
        elif value is not False:
            told.append(f' {_escaped(name)}="{_escaped(str(value))}"')
    return "".join(told)


def _value(value: Any) -> str:
    return "" if value is None else f' value="{_escaped(str(value))}"'


def _input(widget: Mapping[str, Any]) -> str:
    kind, name = _escaped(widget["type"]), _escaped(widget["name"])
    return f'<input type="{kind}" name="{name}"{_value(widget["value"])}{_attributes(widget["attrs"])}>'


def _select(widget: Mapping[str, Any]) -> str | None:
    """The select, or nothing where an option wants a template of its own."""
    told = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            told.append(f'\n  <optgroup label="{_escaped(group)}">')
        for option in options:
            if option["template_name"] != _OPTION:
                return None
            value, attributes = _escaped(str(option["value"])), _attributes(option["attrs"])
            told.append(f'\n  <option value="{value}"{attributes}>{_escaped(option["label"])}</option>')
        if group:
            told.append("\n  </optgroup>")
    return "".join((*told, "\n</select>"))
