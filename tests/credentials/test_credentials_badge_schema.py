"""What is issued as a badge has all that Open Badges 3.0 asks for, and is accepted by the JSON Schema of 1EdTech.

The published schema is not part of this repository, and is asked where it lies beside the checkout: as
`open-badges/ob_v3p0_achievementcredential_schema.json` among the other published material (`vectors`). What it asks
of the classes issued here is told again, in words of our own, in `oracles/seals/open-badges-3.0.yaml`.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import yaml

from jineng.credentials.sealing import credential_of
from jineng.engines.seals.badges import Issuer
from jineng.engines.seals.credentials import issue
from jineng.engines.seals.proofs import Suite, add_proof
from tests.engines.seals import vectors
from tests.engines.seals.samples import ISSUED, V2, badge, changed, signer

SCHEMA = "open-badges/ob_v3p0_achievementcredential_schema.json"
ASKED = yaml.safe_load((Path(__file__).parents[1] / "oracles/seals/open-badges-3.0.yaml").read_text(encoding="utf-8"))
CERTIFICATE: Any = SimpleNamespace(
    pk=UUID(int=7),
    number="X01-2021-E-00001",
    level="elementary",
    issued_on=date(2021, 7, 20),
    certificate_type=SimpleNamespace(name="数控", code="X01"),
    get_level_display=lambda: "初级",
)


def _issued(made: str) -> list[dict[str, Any]]:
    """With one proof, and with both."""
    issuer = Issuer("did:web:jineng.example:issuers:7", "某培训评价组织")
    listed = "https://jineng.example/status/1"
    unsigned = badge() if made == "sample" else credential_of(CERTIFICATE, issuer, "张三", listed, 3)
    issued = issue(unsigned, signer(), ISSUED, as_list=True)
    return [json.loads(json.dumps(each)) for each in (issued, add_proof(issued, signer(), Suite.RDFC, ISSUED))]


@pytest.mark.skipif(not (vectors.FOLDER / SCHEMA).exists(), reason="no published schema beside the checkout")
@pytest.mark.parametrize("made", ["sample", "certificate"])
def test_the_published_schema_accepts_what_is_issued(made: str) -> None:
    for document in _issued(made):
        jsonschema.Draft201909Validator(vectors.value(SCHEMA)).validate(document)


@pytest.mark.parametrize("made", ["sample", "certificate"])
def test_what_is_issued_has_all_that_open_badges_ask_for(made: str) -> None:
    for document in _issued(made):
        jsonschema.Draft201909Validator(ASKED).validate(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("@context", [V2]),
        ("@context", [V2, "https://example.org/context"]),
        ("type", ["VerifiableCredential"]),
        ("type", "VerifiableCredential"),
        ("issuer/type", "Profile"),
        ("validFrom", "2021-12-31"),
        ("credentialSubject/achievement/criteria", "oral"),
        ("credentialSubject/achievement/achievementType", "1+X"),
        ("credentialSubject/achievement/creditsAvailable", "3"),
        ("credentialSubject/identifier/0/identityType", "passport"),
        ("credentialSubject/identifier/0/name", "张三"),
        ("credentialSubject/result/0/value", 86),
        ("proof/0/created", "yesterday"),
    ],
)
def test_what_open_badges_refuse_is_told_so_by_both_schemas(path: str, value: Any) -> None:
    wrong = changed(_issued("sample")[0], path, value)
    assert not jsonschema.Draft201909Validator(ASKED).is_valid(wrong)
    # The published schema leaves moments to a checker of formats.
    if (vectors.FOLDER / SCHEMA).exists() and path not in ("validFrom", "proof/0/created"):
        assert not jsonschema.Draft201909Validator(vectors.value(SCHEMA)).is_valid(wrong)


@pytest.mark.parametrize("name", ["id", "issuer", "validFrom", "credentialSubject"])
def test_what_open_badges_ask_for_must_be_there(name: str) -> None:
    document = _issued("sample")[0]
    del document[name]
    assert not jsonschema.Draft201909Validator(ASKED).is_valid(document)
