"""``kill -9`` during bulk review and award: no acknowledged deed is lost, none is doubled, the outbox is consistent.

The moments are seeded: after how many acknowledged deeds, and how far into the next. Where they landed stands in the
report that ``--junitxml=FILE -o junit_family=xunit1`` writes.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.crash.conftest import Installation
from tests.crash.killing import killed
from tests.crash.selecting import AT_ONCE, CASES

SAMPLE, ALL = 1, 50
MOMENTS = [pytest.param(seed, marks=() if seed < SAMPLE else pytest.mark.deep) for seed in range(ALL)]

REVIEWED = """
SELECT count(*) FILTER (WHERE t.handed_in_at IS NOT NULL), count(r.id),
       (SELECT count(*) FROM kernel_auditline a JOIN cases_reviewtask x ON x.id::text = a.subject_id
        JOIN cases_panel y ON y.id = x.panel_id JOIN cases_intake z ON z.id = y.intake_id
        WHERE a.verb = 'save_review' AND z.name = i.name)
FROM cases_reviewtask t JOIN cases_panel p ON p.id = t.panel_id JOIN cases_intake i ON i.id = p.intake_id
LEFT JOIN cases_review r ON r.task_id = t.id WHERE i.name = %s GROUP BY i.name
"""
AWARDED = """
SELECT count(*) FILTER (WHERE c.outcome = 'granted'),
       (SELECT count(*) FROM cases_caseentry e JOIN cases_case k ON k.id = e.case_id
        WHERE k.intake_id = i.id AND e.number = 3),
       (SELECT count(*) FROM kernel_auditline a JOIN cases_case k ON k.id::text = a.subject_id
        WHERE k.intake_id = i.id AND a.verb = 'act_on_case' AND a.details ->> 'to' = 'chosen'),
       (SELECT count(*) FROM kernel_notice n JOIN cases_case k ON k.id::text = n.about_id
        WHERE k.intake_id = i.id AND n.kind = 'cases.ended'),
       (SELECT count(*) FROM kernel_mail m JOIN kernel_notice n ON n.id = m.notice_id
        JOIN cases_case k ON k.id::text = n.about_id WHERE k.intake_id = i.id AND n.kind = 'cases.ended')
FROM cases_case c JOIN cases_intake i ON i.id = c.intake_id WHERE i.name = %s GROUP BY i.id
"""


@pytest.mark.parametrize("seed", MOMENTS)
def test_nothing_acknowledged_is_lost_and_nothing_doubled(
    installation: Installation, seed: int, record_property: Callable[[str, object], None]
) -> None:
    moment = random.Random(seed)
    tag = f"select-{seed}"
    installation.do("stage_review", tag)
    acknowledged = killed(installation, "review_all", tag, CASES, moment)
    ((done, reviews, lines),) = installation.rows(REVIEWED, tag)
    record_property("reviews acknowledged, done", f"{acknowledged} {done}")
    assert done == reviews == lines
    assert acknowledged <= done <= acknowledged + 1
    installation.do("review_all", tag)
    assert installation.rows(REVIEWED, tag) == [(CASES, CASES, CASES)]
    installation.do("decide_all", tag)
    acknowledged = killed(installation, "award_all", tag, CASES // AT_ONCE, moment)
    ((granted, *others),) = installation.rows(AWARDED, tag)
    record_property("batches acknowledged, cases granted", f"{acknowledged} {granted}")
    assert others == [granted] * 4
    assert granted % AT_ONCE == 0
    assert acknowledged * AT_ONCE <= granted <= (acknowledged + 1) * AT_ONCE
    installation.do("award_all", tag)
    assert installation.rows(AWARDED, tag) == [(CASES,) * 5]
