"""Certificates end to end: a session is filled, marked twice, settled, certified, sealed, and every paper is printed.

And the pages on which anybody verifies one, beside an empty page that is open to everybody on the same server, behind
the same middleware. Each call comes from another address, so that limits are counted and turn nobody away.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from benchmarks.floor import OPEN_ADDRESS
from benchmarks.site_process import NotServed, Site, served
from benchmarks.timing import Line, Spread

WHOLE, MOST_SECONDS = 26_000, 3600.0
"""A session of the year's size may take an hour, a smaller one as much of it; the papers on one core."""
PAGE_BOUND = 3.0
"""A page does a third of what the bare framework does in the same time, or more."""
BLOCK = 100
HELD, ISSUED = date(2021, 6, 12), date(2021, 6, 14)
BULK, PAGES = "certificates end to end", "verification"
_caller = count()


def measure(certificates: int, rounds: int, only: str, tell: Callable[[Line], None]) -> list[Line]:
    """Lines for the bulk run and for the pages; a certificate of the run is what the pages are asked about."""
    lines = []
    bulk, asked = _bulk(certificates)
    if only in BULK:
        lines.append(bulk)
        tell(bulk)
    if only in PAGES:
        with served() as site:
            for line in _pages(site, rounds, *asked):
                lines.append(line)
                tell(line)
    return lines


def _bulk(certificates: int) -> tuple[Line, tuple[str, str, bytes]]:
    """Every stage once; the note says how long each took."""
    from django.core.management import call_command

    from jineng.credentials.codes import check_code
    from jineng.credentials.forms_of import FORMS, Printable
    from jineng.credentials.jobs import seal_session
    from jineng.credentials.marking import Entry
    from jineng.credentials.models import Candidate, Certificate
    from jineng.credentials.queries import certificates_of
    from jineng.credentials.verbs import enter_marks, issue_certificates, register_candidates, settle_results
    from jineng.kernel.actors import acting
    from jineng.kernel.clock import clock_at
    from jineng.registry.verbs.people import PersonRow

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    province, second, of = _prepared(certificates)
    people = [PersonRow(f"学员{number}", _resident(number), None, synthetic=True) for number in range(certificates)]
    took: dict[str, float] = {}

    def stage(name: str, act: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        found = act()
        took[name] = time.perf_counter() - started
        return found

    with clock_at(ISSUED), acting(province):
        stage("registered", lambda: register_candidates(actor=province, session_id=of.pk, people=people))
        seats = list(Candidate.objects.filter(session=of).order_by("seat"))
        marks = {(seat.pk, part): Entry(Decimal(mark)) for seat in seats for part, mark in ((1, 70), (2, 80))}

        def marked() -> None:
            for actor in (province, second):
                enter_marks(actor=actor, session_id=of.pk, marks=marks, hand_in=True)

        stage("marked twice", marked)
        stage("settled", lambda: settle_results(actor=province, session_id=of.pk))
        stage("certified", lambda: issue_certificates(actor=province, session_id=of.pk, issued_on=ISSUED))
        stage("sealed with both proofs", lambda: seal_session(province, of.pk))
        ready = certificates_of(province).filter(session=of).select_related("seal").order_by("number")
        stage(
            "printed",
            lambda: [len(FORMS["pdf"][1](Printable.of(one, str(one.person.name)))) for one in ready.iterator()],
        )
        made = Certificate.objects.select_related("seal").filter(session=of).order_by("number")
        first, sealed = made[0], made.filter(seal__isnull=False).count()
    if sealed != certificates:
        raise RuntimeError(f"{sealed} of {certificates} certificates are sealed")
    whole = sum(took.values())
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items())
    note = f"{certificates:,} in {whole:.0f} s: {told}"
    ratio = round(whole / (MOST_SECONDS * certificates / WHOLE), 2)
    line = Line(BULK, f"{certificates:,}", Spread.of([whole]), None, ratio, 1.0, note)
    return line, (first.number, check_code(first.pk), json.dumps(first.seal.credential).encode())


def _prepared(certificates: int) -> tuple[Any, Any, Any]:
    """A body with a certificate, and a session at a college; the province's officer and the college's, who mark it."""
    from benchmarks import imports
    from jineng.credentials.models import CertificateType
    from jineng.credentials.verbs import schedule_session
    from jineng.kernel.actors import acting
    from jineng.kernel.clock import clock_at
    from jineng.reference.accounts import reporting_officer
    from jineng.reference.books import ROOT_CODE
    from jineng.registry.models import Organisation

    province = imports.prepare()
    body = {
        "code": "BODY-1",
        "code_scheme": "office",
        "name": "某培训评价组织",
        "kind": "assessment_body",
        "division_code": "620102",
        "authority_code": ROOT_CODE,
        "is_synthetic": True,
    }
    kind = {
        "certificate_code": "X01",
        "name": "数控车铣加工",
        "levels": "初级、中级",
        "body_code": "BODY-1",
        "listed_on": date(2019, 4, 15),
    }
    for sheet, told in (("organisations", body), ("certificate_types", kind)):
        imports.hand_in(province, imports.book({sheet: [told]}))
    with acting(province), clock_at(HELD):
        of = schedule_session(
            actor=province,
            host_id=Organisation.objects.get(code=imports.college_code(0)).pk,
            code="KH-1",
            certificate_type_id=CertificateType.objects.get(code="X01").pk,
            level="elementary",
            held_on=HELD,
            capacity=certificates,
        )
    return province, reporting_officer(imports.college_code(0)), of


def _resident(number: int) -> str:
    """A resident ID number that is valid in form and nobody's: orders from 996 on are kept for centenarians."""
    from stdnum.cn.ric import calc_check_digit

    born = date(1961, 1, 1) + timedelta(number // 4)
    stem = f"620102{born:%Y%m%d}{996 + number % 4}"
    return stem + str(calc_check_digit(f"{stem}0"))


def _pages(site: Site, rounds: int, number: str, code: str, credential: bytes) -> list[Line]:
    asks = {
        "by number": ("GET", f"/verify/{number}/{code}/", b"", "有效".encode()),
        "by number, API": (
            "POST",
            "/api/v1/verification/number",
            json.dumps({"number": number, "code": code}).encode(),
            b'"valid"',
        ),
        "by file, API": ("POST", "/api/v1/verification", credential, b'"valid"'),
    }
    lines = []
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:

        def block(method: str, path: str, body: bytes, wanted: bytes) -> tuple[list[float], float]:
            before, times = site.spent(), []
            for _ in range(BLOCK):
                started = time.perf_counter()
                _ask(connection, method, path, body, wanted)
                times.append(time.perf_counter() - started)
            return times, site.spent() - before

        for name, asked in asks.items():
            block(*asked)
            times: list[float] = []
            floors: list[float] = []
            effort = bare = 0.0
            for _ in range(rounds):
                for ask, into in ((asked, times), (("GET", OPEN_ADDRESS, b"", b""), floors)):
                    found, spent = block(*ask)
                    into += found
                    if into is times:
                        effort += spent
                    else:
                        bare += spent
            note = f"{len(times) / sum(times):,.0f} a second by one visitor; bare {len(floors) / sum(floors):,.0f}"
            ratio = round(sum(times) / sum(floors), 2)
            spreads = Spread.of(times), Spread.of(floors)
            lines.append(Line(f"{PAGES} {name}", "anybody", *spreads, ratio, PAGE_BOUND, note, round(effort / bare, 2)))
    return lines


def _ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes, wanted: bytes) -> None:
    caller = next(_caller)
    headers = {"X-Forwarded-For": f"10.{caller >> 16 & 255}.{caller >> 8 & 255}.{caller & 255}"}
    if body:
        headers["Content-Type"] = "application/json"
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200 or wanted not in content:
        raise NotServed(f"{path} answers {answer.status}: {content[:200]!r}")
