"""``kill -9`` while a session is sealed: no certificate is left out or sealed twice, no place in a list is lost."""

from __future__ import annotations

import random

import pytest

from tests.crash.conftest import Installation
from tests.crash.killing import killed
from tests.crash.sealing import BATCH, CERTIFICATES

SAMPLE, ALL = 1, 50
MOMENTS = [pytest.param(seed, marks=() if seed < SAMPLE else pytest.mark.deep) for seed in range(ALL)]
BATCHES = 2 * CERTIFICATES // BATCH
"""All are sealed, batch by batch, and then linked."""

SEALED = """
SELECT count(DISTINCT s.certificate_id), count(DISTINCT (s.status_list_id, s.status_index)),
       count(*) FILTER (WHERE s.is_linked), count(*) FILTER (WHERE jsonb_array_length(s.credential -> 'proof') = 2)
FROM credentials_sealedcertificate s JOIN credentials_assessmentsession a ON a.id = s.session_id WHERE a.code = %s
"""
PLACES = """
SELECT sum(l.taken) - (SELECT count(*) FROM credentials_sealedcertificate),
       (SELECT max(status_index) + 1 FROM credentials_sealedcertificate) - max(l.taken) FROM credentials_statuslist l
"""


@pytest.mark.parametrize("seed", MOMENTS)
def test_sealing_goes_on_where_it_was_cut_off(installation: Installation, seed: int) -> None:
    moment, tag = random.Random(seed), f"seal-{seed}"
    installation.do("stage_certificates", tag)
    acknowledged = killed(installation, "seal_all", tag, BATCHES, moment)
    ((sealed, places, linked, twice_signed),) = installation.rows(SEALED, tag)
    assert sealed == places
    assert linked == twice_signed
    assert (sealed + linked) % BATCH == 0
    assert acknowledged * BATCH <= sealed + linked <= (acknowledged + 1) * BATCH
    installation.do("seal_all", tag)
    assert installation.rows(SEALED, tag) == [(CERTIFICATES,) * 4]
    assert installation.rows(PLACES) == [(0, 0)]
