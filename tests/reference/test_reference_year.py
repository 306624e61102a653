"""The reference year end to end: built, brought in through the importer, counted; and once more, which changes nothing."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from jineng.engines.measures import Period
from jineng.kernel.models import AuditLine
from jineng.reference import steps
from tests.reference.specification import ROOT, read

FIGURES = read(ROOT / "tests/oracles/figures-2021.yaml")["figures"]


@pytest.mark.django_db
def test_loads():
    steps.prepare(using="default")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")
    for name in ("build_returns", "load_majors_catalogue", "load_returns", "load_accounts", "load_facts"):
        t = time.time()
        print(name, getattr(steps, name)(2021), time.time() - t)
