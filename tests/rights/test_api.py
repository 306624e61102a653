"""The same matrix for the API, from its OpenAPI description; the description itself; and what careless clients send."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from jineng.admissions.own_api import ticket_auth
from jineng.kernel.clock import clock_at
from jineng.site.api import api
from tests.arch.source import ROOT
from tests.rights.cells import cells, watched
from tests.rights.forms import API_FORMS
from tests.rights.refresh import SNAPSHOT, described
from tests.rights.stage import AFTER, BEFORE, DURING, EVERYBODY, PERSONAE, Persona, Stage, deeds
from tests.rights.table import API_LINES, OPEN_OPERATIONS, TICKET_OPERATIONS, Line

FIXED = {"year": 2021, "key": "major_offerings"}


def operations() -> set[tuple[str, str]]:
    """Path and method of every operation."""
    return {(path, method.upper()) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods}


def call(stage: Stage, client: Client, line: Line, place: str, pk: Any, who: Persona = PERSONAE[0]) -> HttpResponse:
    """Send the line's request, with the object in the path or in the body."""
    path = line.route
    for name, value in FIXED.items():
        path = path.replace(f"{{{name}}}", str(value))
    if "{" in path:
        path = path[: path.index("{")] + str(pk) + path[path.index("}") + 1 :]
    if line.method == "GET":
        return client.get(path)
    data = API_FORMS[line.route](stage, who, place)
    if "file" in data:
        return client.post(path, data)
    return client.post(path, json.dumps(data), content_type="application/json")


def first(stage: Stage, line: Line) -> tuple[str, Any]:
    """Some object of the line's kind."""
    kind = (line.object or "").removeprefix("own_")
    return next(iter(stage.objects[kind].items())) if kind else ("province", None)


def test_every_operation_stands_in_the_table() -> None:
    listed = {(line.route, line.method) for line in API_LINES} | OPEN_OPERATIONS | TICKET_OPERATIONS
    assert operations() - listed == set(), "operations without a line"
    assert listed - operations() == set(), "lines without an operation"


def let_in_by(*doors: object) -> set[tuple[str, str]]:
    """Path and method of every operation that is let in by one of these ways of saying who one is."""
    return {
        (re.sub(r"{\w+:", "{", f"/api/v1{path}"), method)
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        if operation.auth_param in doors
        for method in operation.methods
    }


def test_operations_open_to_everybody_are_those_of_the_table() -> None:
    assert let_in_by(None) == OPEN_OPERATIONS
    assert let_in_by(ticket_auth) == TICKET_OPERATIONS


def test_no_account_opens_what_tickets_open(stage: Stage) -> None:
    before = deeds()
    forged = {"headers": {"authorization": "Bearer 212345678901:AAAAA-BBBBB-CCCCC-DDDDD"}}
    for client in (Client(), Client(**forged), *(stage.client(who.account) for who in EVERYBODY)):
        for path, method in TICKET_OPERATIONS:
            sent = {"content_type": "application/json", "data": "{}"} if method == "POST" else {}
            address = re.sub("{.*}", str(uuid.uuid4()), path)
            assert getattr(client, method.lower())(address, **sent).status_code == 401, path
    assert deeds() == before


def test_every_operation_has_a_door() -> None:
    bare = [
        operation.operation_id or operation.view_func.__name__
        for _, router in api._routers
        for path in router.path_operations.values()
        for operation in path.operations
        if not _has_door(operation.view_func)
    ]
    assert bare == []


def _has_door(function: Any) -> bool:
    while function is not None:
        if hasattr(function, "jineng_door"):
            return True
        function = getattr(function, "__wrapped__", None)
    return False


@pytest.mark.parametrize("line", API_LINES, ids=str)
def test_the_table_holds(stage: Stage, line: Line) -> None:
    began = deeds()
    for who in EVERYBODY:
        for place, pk, expected in cells(stage, line, who):
            changes = True if line.method == "POST" and expected < 300 else None
            with watched(changes):
                answer = call(stage, stage.client(who.account), line, place, pk, who)
                assert answer.status_code == expected, f"{who}, {place}: {answer.content.decode()[-800:]}"
    assert deeds() == began


def test_the_signed_out_are_told_to_sign_in(stage: Stage) -> None:
    before = deeds()
    for line in API_LINES:
        assert call(stage, Client(), line, *first(stage, line)).status_code == 401, line
    assert deeds() == before


@pytest.mark.parametrize(("account", "day"), [("expired", DURING), ("delegate", AFTER), ("delegate", BEFORE)])
def test_whoever_holds_no_post_today_is_refused(stage: Stage, account: str, day: date) -> None:
    with clock_at(day):
        before = deeds()
        for line in API_LINES:
            assert call(stage, stage.client(account), line, *first(stage, line)).status_code == 401, line
        assert deeds() == before


def test_a_page_elsewhere_cannot_post_with_the_session(stage: Stage) -> None:
    """The session's cookie alone changes nothing: the token is asked for, as of forms."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(stage.client("province_officer").cookies)
    before = deeds()
    for line in API_LINES:
        if line.method == "POST":
            assert call(stage, strict, line, *first(stage, line)).status_code == 403
    assert deeds() == before


def test_the_description_is_current() -> None:
    told = f"python -m tests.rights.refresh writes {SNAPSHOT.relative_to(ROOT)} anew"
    assert SNAPSHOT.read_text(encoding="utf-8") == described(), told
