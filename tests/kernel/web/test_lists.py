"""List pages: order, pages, filters, export, and a number of queries that rows do not change."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django_filters import CharFilter, DateFilter, FilterSet
from django_tables2 import Column, Table
from python_calamine import CalamineWorkbook

from jineng.kernel.models import Account
from jineng.kernel.rights import Right
from jineng.kernel.web import lists, paging
from jineng.kernel.web.api import api_door
from jineng.kernel.web.columns import DateColumn, MarkColumn, NumberColumn
from jineng.kernel.web.lists import list_page

pytestmark = pytest.mark.django_db


class AccountTable(Table):
    username = Column(verbose_name="账号 Account")
    id = NumberColumn(verbose_name="编号 Number")
    created_at = DateColumn(verbose_name="开户 Opened")
    is_active = MarkColumn(verbose_name="状态 State", kinds={True: "ok"})
    display_name = Column(verbose_name="备注 Note", exclude_from_export=True)

    class Meta:
        order_by = ("display_name",)


class AccountFilters(FilterSet):
    username = CharFilter(label="账号 Account", lookup_expr="icontains")
    since = DateFilter(label="开户不早于 Since", field_name="created_at", lookup_expr="date__gte")


def accounts(number: int) -> None:
    """Accounts that are equal in the table's own order, so that only the key tells them apart."""
    Account.objects.bulk_create(
        Account(username=f"officer{index:03}", display_name="同名", password="!") for index in range(number)
    )


def listed(query: str = "", **options: Any) -> HttpResponse:
    request = RequestFactory().get(f"/accounts/{query}")
    request.actor = None
    request.user = Account()
    request._messages = CookieStorage(request)
    rows = Account.objects.filter(username__startswith="officer")
    given = {"title": "账号", "rows": rows, "table": AccountTable, "filters": AccountFilters, **options}
    return list_page(request, **given)


def names(response: HttpResponse) -> list[str]:
    return re.findall(r"officer\d{3}", response.content.decode())


def sheet(response: HttpResponse) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("query", ["", "?sort=-username", "?username=officer", "?size=25"])
def test_queries_do_not_grow_with_rows(query: str) -> None:
    counts = []
    listed(query)  # The fields of the filters are remembered from here on.
    for number in (2, 48):
        Account.objects.filter(username__startswith="officer").delete()
        accounts(number)
        with CaptureQueriesContext(connection) as queries:
            listed(query)
        counts.append(len(queries))
    assert counts == [2, 2]


@pytest.mark.parametrize("sort", ["", "&sort=display_name", "&sort=-is_active"])
def test_pages_hold_every_row_once_although_the_order_is_tied(sort: str) -> None:
    accounts(60)
    seen = [name for page in (1, 2, 3) for name in names(listed(f"?size=25&page={page}{sort}"))]
    assert len(seen) == 60
    assert len(set(seen)) == 60


def test_rows_answered_by_the_api_are_in_a_total_order() -> None:
    accounts(60)

    @api_door(Right.VIEW_AUDIT)
    def officers(request: HttpRequest) -> Any:
        return Account.objects.filter(username__startswith="officer").order_by("-display_name")

    request: Any = RequestFactory().get("/")
    request.actor = SimpleNamespace(may=lambda right: True)
    rows = officers(request)
    assert rows.query.order_by == ("-display_name", "pk")
    seen = [row.pk for start in range(0, 60, 7) for row in rows[start : start + 7]]
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(("page", "shown"), [("0", 10), ("x", 25), ("99", 10), ("3", 10), ("1", 25)])
def test_strange_page_numbers_lead_to_a_page(page: str, shown: int) -> None:
    accounts(60)
    assert len(names(listed(f"?size=25&page={page}"))) == shown


@pytest.mark.parametrize("size", ["7", "100000", "-1", "x", ""])
def test_page_size_is_one_of_those_offered(size: str) -> None:
    accounts(60)
    assert len(names(listed(f"?size={size}"))) == paging.DEFAULT_SIZE


def test_sorting_turns_around_and_is_announced() -> None:
    accounts(3)
    page = listed("?sort=-username").content.decode()
    assert names(listed("?sort=-username")) == ["officer002", "officer001", "officer000"]
    assert 'aria-sort="descending"><a href="?sort=username">' in page


def test_sort_and_size_survive_filtering_and_pages() -> None:
    accounts(60)
    page = listed("?sort=username&size=25&view=flat&username=officer").content.decode()
    for kept in ("sort", "size", "view"):
        assert f'<input type="hidden" name="{kept}"' in page
    assert '<input type="hidden" name="username"' not in page
    assert 'href="?sort=username&amp;size=25&amp;view=flat&amp;username=officer&amp;page=2"' in page
    assert 'href="?sort=username&amp;size=25&amp;view=flat"' in page, "the way to clear the filters"


def test_filter_narrows_and_says_so_when_nothing_is_left() -> None:
    accounts(3)
    assert names(listed("?username=002")) == ["officer002"]
    page = listed("?username=nobody").content.decode()
    assert "没有符合条件的记录" in page
    assert "还没有记录" not in page


def test_wrong_filter_is_marked_and_shows_no_rows() -> None:
    accounts(3)
    response = listed("?since=soon")
    page = response.content.decode()
    assert not names(response)
    assert 'href="#id_since"' in page
    assert 'aria-invalid="true"' in page
    assert "筛选条件有误" in page
    assert not names(listed("?since=soon&export=xlsx"))


def test_empty_list_says_what_is_missing() -> None:
    page = listed(empty="还没有账号。 No accounts yet.").content.decode()
    assert "还没有账号。" in page
    assert "export=xlsx" not in page


def test_count_is_exact_up_to_its_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts(60)
    assert "共 60 条" in listed().content.decode()
    monkeypatch.setattr(paging, "COUNTED_ROWS", 55)
    page = listed("?size=25").content.decode()
    assert "共 55 条以上" in page
    assert len(names(listed("?size=25&page=9"))) == 5, "pages end where the count ends"


def test_export_holds_all_filtered_rows_in_order_with_types() -> None:
    accounts(60)
    response = listed("?export=xlsx&sort=-username&username=officer0&size=25&page=2")
    table = sheet(response)
    assert response["Content-Type"] == lists.XLSX
    assert "filename*=utf-8''%E8%B4%A6%E5%8F%B7.xlsx" in response["Content-Disposition"]
    assert table[:2] == [["账号", "编号", "开户", "状态"], ["username", "id", "created_at", "is_active"]]
    assert [row[0] for row in table[2:]] == [f"officer{index:03}" for index in range(59, -1, -1)]
    assert isinstance(table[2][1], int | float)
    assert isinstance(table[2][2], date)


def test_export_writes_text_as_text() -> None:
    Account.objects.create(username="officer=1+1\x0b ", password="!")
    assert sheet(listed("?export=xlsx"))[2][0] == "officer=1+1"


def test_export_of_too_many_rows_asks_to_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "EXPORTED_ROWS", 2)
    accounts(3)
    response = listed("?export=xlsx&sort=username")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/?sort=username"


def test_export_may_be_the_rooms_own_or_none() -> None:
    accounts(2)
    own = listed("?export=xlsx", export=lambda rows: b",".join(row.username.encode() for row in rows))
    assert own.content == b"officer000,officer001"
    none = listed("?export=xlsx", export=False)
    assert none["Content-Type"].startswith("text/html")
    assert "导出 Excel" not in none.content.decode()


def test_list_without_filters_ignores_the_address() -> None:
    accounts(3)
    assert len(names(listed("?username=002", filters=None))) == 3


def test_cells_are_escaped_and_formatted() -> None:
    Account.objects.create(id=1234567, username="officer<b>", password="!")
    page = listed().content.decode()
    assert "officer&lt;b&gt;" in page
    assert "1,234,567" in page
    assert '<span class="mark ok">' in page


def test_tables_of_plain_rows_keep_days_moments_and_own_values() -> None:
    class DayTable(Table):
        day = DateColumn(verbose_name="日期 Day")
        number = NumberColumn(verbose_name="数量*", attrs={"td": {"class": "wide"}})

        def value_number(self, value: int, record: dict[str, Any]) -> int:
            return value + record["more"]

        def value_day(self, **cell: Any) -> date:
            return cell["column"].value(cell["value"])

    moment = datetime(2021, 12, 31, 17, 30, tzinfo=UTC)
    days = (date(2021, 1, 2), datetime(2021, 3, 4, 5, 6), moment)
    table = DayTable([{"day": day, "number": 1000, "more": 1} for day in days])
    lists.settle_order(table)
    cells = [str(row.get_cell("day")) for row in table.rows]
    assert cells == ["2021-01-02", "2021-03-04 05:06", "2022-01-01 01:30"], "moments in the business time zone"
    assert table.columns["number"].attrs["td"]["class"] == "num wide"
    book = CalamineWorkbook.from_filelike(io.BytesIO(lists.workbook_of(table, "日/期")))
    rows = book.get_sheet_by_name("日期").to_python()
    assert rows[0] == ["日期", "数量"]
    assert rows[2:] == [[date(2021, 1, 2), 1001], [date(2021, 3, 4), 1001], [date(2022, 1, 1), 1001]]


def test_plain_rows_are_paged_too() -> None:
    table = AccountTable([{"username": f"n{index}"} for index in range(130)])
    request = RequestFactory().get("/?page=5&size=25")
    pages = paging.turn_to_page(table, request)
    assert (pages.first, pages.last, pages.total, pages.more) == (101, 125, 130, False)
    assert [link.number for link in pages.links] == [1, 2, 3, 4, 5, 6]
    first = paging.turn_to_page(table, RequestFactory().get("/?page=1&size=25"))
    assert [(link.number, bool(link.url)) for link in first.links] == [
        (1, False), (2, True), (3, True), (5, False), (6, True),
    ]  # fmt: skip
