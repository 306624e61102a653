"""What is written without templates is what templates would write: form controls, addresses, cells, headings."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django_tables2 import A, Column, Table

from jineng.kernel.models import Account, AuditLine, Receipt
from jineng.kernel.web.addresses import address_of, way_to_one
from jineng.kernel.web.cells import heading_of, rows_of
from jineng.kernel.web.columns import DateColumn, NumberColumn
from jineng.kernel.web.rendering import QuickRenderer

CHOICES = [("", "全部 <All>"), ("a&b", "甲"), (3, "丙"), ("市州", [("620100", '兰州 "市"'), ("620200", "嘉峪关")])]


class Controls(forms.Form):
    """One of each control that lists and deeds ask with."""

    name = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"placeholder": "a<b", "autofocus": True}))
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date", "data-x": False}), required=False)
    number = forms.DecimalField(required=False)
    mail = forms.EmailField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    one = forms.ChoiceField(choices=CHOICES, required=False)
    several = forms.MultipleChoiceField(choices=CHOICES[1:3], required=False)
    yes = forms.NullBooleanField()
    radio = forms.ChoiceField(choices=CHOICES[1:3], widget=forms.RadioSelect)
    note = forms.CharField(widget=forms.Textarea)
    book = forms.FileField(required=False)


GIVEN = {"name": "x\"y'<z>", "day": "2021-05-01", "number": "1.50", "one": "620100", "several": ["a&b"], "yes": "true"}


@pytest.mark.parametrize("data", [None, GIVEN, {"one": "3", "radio": "3", "note": "a\nb"}])
@pytest.mark.parametrize("name", Controls.base_fields)
def test_controls_are_what_templates_write(name: str, data: dict[str, Any] | None) -> None:
    quick, plain = (Controls(data, renderer=renderer)[name] for renderer in (QuickRenderer(), DjangoTemplates()))
    assert re.sub(r"\s+", " ", str(quick)) == re.sub(r"\s+", " ", str(plain))


def test_an_option_with_a_template_of_its_own_gets_it() -> None:
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/input_option.html"

    class OwnForm(forms.Form):
        one = forms.ChoiceField(choices=CHOICES[1:3], widget=Own)

    quick, plain = (str(OwnForm(renderer=renderer)["one"]) for renderer in (QuickRenderer(), DjangoTemplates()))
    assert quick == plain


def test_addresses_are_those_that_the_patterns_give() -> None:
    for _ in range(2):
        assert address_of("home") == reverse("home")
        some: list[UUID | str] = [uuid4(), uuid4()]
        way = way_to_one("offering", "pk")
        assert [way(one) for one in some] == [reverse("offering", kwargs={"pk": one}) for one in some]
        assert way_to_one("call", "code")("a-1") == reverse("call", kwargs={"code": "a-1"})
    with pytest.raises(NoReverseMatch):
        way_to_one("offering", "pk")("no id")


class ReceiptTable(Table):
    """Columns of every kind that is written quickly."""

    file_name = Column(verbose_name="文件 File", linkify=("offering", {"pk": A("pk")}))
    state = Column(verbose_name="状态 State")
    label = Column(accessor="get_state_display", verbose_name="说明")
    size = NumberColumn(verbose_name="字节 Bytes", attrs={"th": {"class": "wide"}})
    finished_at = DateColumn(verbose_name="完成 Finished")
    account = Column(accessor="account__username", verbose_name="账号 Account", orderable=False)
    lost = Column(accessor="nothing__here", verbose_name="无")
    twice = Column(accessor="size", verbose_name="两倍", linkify=lambda record: f"/{record.size}/?a&b")
    titled = Column(
        accessor="digest", verbose_name="摘要", linkify=("offering", {"pk": A("pk")}), attrs={"a": {"class": "x"}}
    )

    def render_twice(self, value: int, record: Receipt) -> Decimal:
        """Not a text."""
        return Decimal(value * 2) / 4 if record.size else Decimal(0)


def receipts() -> list[Receipt]:
    return [
        Receipt(file_name="<甲>.xlsx", size=12345, state="landed", digest="d&1", organisation_id=uuid4()),
        Receipt(file_name="", size=0, state="refused", digest="d2", organisation_id=uuid4()),
    ]


def cells_of(row: str) -> list[str]:
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)


def test_cells_show_what_tables_show() -> None:
    table = ReceiptTable(receipts())
    first, second = (cells_of(row) for row in rows_of(table).splitlines())
    one, two = (record.pk for record in table.data.data)
    assert first == [
        f'<a href="{reverse("offering", args=[one])}">&lt;甲&gt;.xlsx</a>',
        "已入库 Landed",
        "已入库 Landed",
        "12,345",
        "—",
        "—",
        "—",
        '<a href="/12345/?a&amp;b">6172.5</a>',
        f'<a class="x" href="{reverse("offering", args=[one])}">d&amp;1</a>',
    ]
    assert second[:4] == ["—", "未通过 Refused", "未通过 Refused", "0"]
    assert second[-1] == f'<a class="x" href="{reverse("offering", args=[two])}">d2</a>'


def test_a_relation_that_the_first_row_lacks_is_read_from_the_second() -> None:
    class AuditTable(Table):
        account = Column(accessor="account__display_name", linkify=("offering", {"pk": A("deed")}))

    table = AuditTable([AuditLine(), AuditLine(account=Account(id=1, display_name="李"))])
    first, second = (cells_of(row) for row in rows_of(table).splitlines())
    assert first == ["—"]
    assert ">李</a>" in second[0]


def test_headings_lead_to_the_list_in_their_order() -> None:
    table = ReceiptTable(receipts(), order_by=("-size",))
    written = heading_of(table, QueryDict("page=3&state=landed&sort=-size"))
    heads = re.findall(r"<th.*?</th>", written)
    assert heads[0].startswith('<th scope="col" class="orderable"><a href="?state=landed&amp;sort=file_name">文件 <')
    assert re.match('<th scope="col" class="[^"]*wide[^"]*" aria-sort="descending">', heads[3])
    assert '<a href="?state=landed&amp;sort=size">' in heads[3]
    assert heads[5] == '<th scope="col">账号 <small lang="en">Account</small></th>'
