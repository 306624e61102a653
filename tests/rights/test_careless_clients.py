"""Whatever a client sends within the API's description, the API answers and does not break."""

from __future__ import annotations

import json
import os
import warnings
from typing import Any

import pytest
import requests
from django.db import DataError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import schemathesis

from jineng.site.api import api
from tests.rights.stage import Stage, undone

PLAIN = json.loads(json.dumps(api.get_openapi_schema(), default=str))
SCHEMA = schemathesis.openapi.from_dict(PLAIN)
OPERATIONS = {
    f"{method.upper()} {path}": (path, method) for path, methods in PLAIN["paths"].items() for method in methods
}
SLOW = {"POST /api/v1/releases"}
"""One example only: each passing one writes a whole release."""
EXAMPLES = 12 if os.environ.get("JINENG_DEEP") else 4


def noting_failure(execute: Any, *call: Any) -> Any:
    """In a test's transaction a refused statement spoils what follows; outside of one it does not."""
    try:
        return execute(*call)
    except DataError:
        transaction.set_rollback(True)
        raise


@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_breaks(stage: Stage, name: str) -> None:
    path, method = OPERATIONS[name]
    client = stage.client("province_officer")

    @settings(
        max_examples=1 if name in SLOW else EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=SCHEMA[path][method].as_strategy())
    def send(case: Any) -> None:
        wanted = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
        body = wanted.body or b""
        with undone(), connection.execute_wrapper(noting_failure):
            answer = client.generic(
                method.upper(),
                wanted.path_url,
                body if isinstance(body, bytes) else body.encode(),
                content_type=wanted.headers.get("Content-Type", "application/json"),
            )
        assert answer.status_code < 500, wanted.path_url

    send()
