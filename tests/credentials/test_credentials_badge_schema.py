"""What is issued as a badge is accepted by the JSON Schema of 1EdTech.

The schema is not part of this repository, and the test is skipped where it is missing. It is looked for as
`open-badges/ob_v3p0_achievementcredential_schema.json` beside the other published material (`vectors`).
"""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from jineng.credentials.sealing import credential_of
from jineng.engines.seals.badges import Issuer
from jineng.engines.seals.credentials import issue
from jineng.engines.seals.proofs import Suite, add_proof
from tests.engines.seals import vectors
from tests.engines.seals.samples import ISSUED, badge, signer

SCHEMA = "open-badges/ob_v3p0_achievementcredential_schema.json"
CERTIFICATE: Any = SimpleNamespace(
    pk=UUID(int=7),
    number="X01-2021-E-00001",
    level="elementary",
    issued_on=date(2021, 7, 20),
    certificate_type=SimpleNamespace(name="数控", code="X01"),
    get_level_display=lambda: "初级",
)


@pytest.mark.skipif(not (vectors.FOLDER / SCHEMA).exists(), reason="no published schema beside the checkout")
@pytest.mark.parametrize("made", ["sample", "certificate"])
def test_the_published_schema_accepts_what_is_issued(made: str) -> None:
    issuer = Issuer("did:web:jineng.example:issuers:7", "某培训评价组织")
    listed = "https://jineng.example/status/1"
    unsigned = badge() if made == "sample" else credential_of(CERTIFICATE, issuer, "张三", listed, 3)
    issued = issue(unsigned, signer(), ISSUED, as_list=True)
    for document in (issued, add_proof(issued, signer(), Suite.RDFC, ISSUED)):
        jsonschema.Draft201909Validator(vectors.value(SCHEMA)).validate(json.loads(json.dumps(document)))
