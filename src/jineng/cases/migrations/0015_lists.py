"""Each office's list of cases stands in its sights, in the order of the list, and how many there are is kept by the
database: the first page of a hundred thousand cases is found and counted without reading them. Titles are found by the
pairs and triples of characters in them."""

from importlib import import_module
from uuid import UUID

import django.db.models.deletion
from django.db import migrations, models

STANDING = models.Q(("voided_at__isnull", True))
NOBODY = UUID(int=0)
OUTCOMES = [
    ("granted", "通过"),
    ("refused", "未通过"),
    ("withdrawn", "已撤回"),
    ("lapsed", "逾期失效"),
    ("revoked", "已撤销"),
    ("completed", "已办结"),
]

SQL = """
CREATE FUNCTION cases_conflicts_of_expert(whose bigint) RETURNS TABLE (case_id uuid, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH canon AS (
    SELECT coalesce(p.merged_into_id, p.id) AS id FROM cases_expert e JOIN registry_person p ON p.id = e.person_id
    WHERE e.account_id = whose AND e.voided_at IS NULL
  ), own AS (
    SELECT id FROM canon UNION SELECT p.id FROM registry_person p JOIN canon ON p.merged_into_id = canon.id
  ), near AS (
    SELECT k.other_id AS id FROM registry_kinship k JOIN own ON k.one_id = own.id WHERE k.voided_at IS NULL
    UNION SELECT k.one_id FROM registry_kinship k JOIN own ON k.other_id = own.id WHERE k.voided_at IS NULL
  ), relatives AS (
    SELECT coalesce(p.merged_into_id, p.id) AS id FROM near JOIN registry_person p ON p.id = near.id
  ), kin AS (
    SELECT id FROM relatives UNION SELECT p.id FROM registry_person p JOIN relatives r ON p.merged_into_id = r.id
  ), work AS (
    SELECT e.organisation_id, e.until FROM registry_employment e JOIN own ON e.person_id = own.id
    WHERE e.voided_at IS NULL
    UNION ALL SELECT organisation_id, NULL FROM cases_expert WHERE account_id = whose AND voided_at IS NULL
  ), place AS (
    SELECT c.id, c.started_on, w.until FROM work w JOIN cases_case c ON c.applicant_id = w.organisation_id
    UNION ALL
    SELECT c.id, c.started_on, w.until FROM work w
    JOIN cases_caseconcern n ON n.organisation_id = w.organisation_id AND n.voided_at IS NULL
    JOIN cases_case c ON c.id = n.case_id
  ), named AS (
    SELECT n.case_id FROM cases_caseconcern n JOIN own ON n.person_id = own.id WHERE n.voided_at IS NULL
  )
  SELECT id, CASE WHEN until IS NULL OR until > started_on THEN 'same_organisation' ELSE 'past_organisation' END
  FROM place WHERE until IS NULL OR until > started_on - interval '3 years'
  UNION SELECT case_id, 'team_member' FROM named
  UNION SELECT n.case_id, 'kinship' FROM cases_caseconcern n JOIN kin ON n.person_id = kin.id
  WHERE n.voided_at IS NULL
  UNION SELECT other.id, 'own_application' FROM named
  JOIN cases_case mine ON mine.id = named.case_id AND mine.voided_at IS NULL
  JOIN cases_case other ON other.intake_id = mine.intake_id
$$;
REVOKE EXECUTE ON FUNCTION cases_conflicts_of_expert(bigint) FROM PUBLIC;
-- Every page asks this several times, and few accounts are an expert's: only those are asked who their kin is.
CREATE OR REPLACE FUNCTION cases_conflicts(whose bigint) RETURNS TABLE (case_id uuid, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH work AS (
    SELECT organisation_id, until FROM registry_post WHERE account_id = whose AND voided_at IS NULL
    UNION ALL SELECT p.organisation_id, d.until FROM registry_delegation d JOIN registry_post p ON p.id = d.post_id
    WHERE d.to_id = whose AND d.voided_at IS NULL
  ), place AS (
    SELECT c.id, c.started_on, w.until FROM work w JOIN cases_case c ON c.applicant_id = w.organisation_id
    UNION ALL
    SELECT c.id, c.started_on, w.until FROM work w
    JOIN cases_caseconcern n ON n.organisation_id = w.organisation_id AND n.voided_at IS NULL
    JOIN cases_case c ON c.id = n.case_id
  )
  SELECT id, CASE WHEN until IS NULL OR until > started_on THEN 'same_organisation' ELSE 'past_organisation' END
  FROM place WHERE until IS NULL OR until > started_on - interval '3 years'
  UNION SELECT case_id, 'declared' FROM cases_recusal WHERE account_id = whose AND voided_at IS NULL
  UNION SELECT found.case_id, found.reason
  FROM (SELECT 1 FROM cases_expert WHERE account_id = whose AND voided_at IS NULL LIMIT 1) AS expert
  CROSS JOIN LATERAL cases_conflicts_of_expert(whose) AS found
$$;

CREATE FUNCTION cases_is_root(one uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM registry_organisation
    WHERE id = one AND authority_id IS NULL AND kind = 'education_department' AND voided_at IS NULL)
$$;

CREATE FUNCTION cases_sight_as_told(given uuid[], offices uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  -- Of these cases; for these offices, or for all who are to see them.
  INSERT INTO cases_casesight
    (organisation_id, case_id, intake_id, applicant_id, serial, outcome, rank, voided_at, is_turn)
  SELECT seen.organisation_id, c.id, c.intake_id, c.applicant_id, c.serial, c.outcome, c.rank, c.voided_at, EXISTS (
    SELECT 1 FROM cases_caseparty AS p
    WHERE p.organisation_id = seen.organisation_id AND p.case_id = c.id AND p.is_turn)
  FROM (
    SELECT w.authority_id AS organisation_id, p.case_id
    FROM cases_caseparty AS p JOIN registry_reach AS w ON w.organisation_id = p.organisation_id
    WHERE p.case_id = ANY (given) AND (offices IS NULL OR w.authority_id = ANY (offices))
    UNION
    SELECT o.id, c.id FROM registry_organisation AS o, cases_case AS c
    WHERE o.authority_id IS NULL AND o.kind = 'education_department' AND o.voided_at IS NULL
      AND c.id = ANY (given) AND (offices IS NULL OR o.id = ANY (offices))
  ) AS seen JOIN cases_case AS c ON c.id = seen.case_id
  ON CONFLICT DO NOTHING;
END $$;
REVOKE EXECUTE ON FUNCTION cases_sight_as_told(uuid[], uuid[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION cases_tell_parties(given uuid[], anew uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  -- Whoever moves an organisation waits for those who move cases, and they for it.
  PERFORM pg_advisory_xact_lock_shared('cases_casesight'::regclass::bigint);
  IF cardinality(anew) > 0 THEN
    DELETE FROM cases_caseparty WHERE case_id = ANY (anew);
    DELETE FROM cases_casesight WHERE case_id = ANY (anew);
    INSERT INTO cases_caseparty (case_id, organisation_id, party, due_on, serial)
    SELECT DISTINCT c.id, member::uuid, party.key, c.due_on, c.serial
    FROM cases_case AS c, jsonb_each(c.parties) AS party, jsonb_array_elements_text(party.value) AS member
    WHERE c.id = ANY (anew);
  END IF;
  WITH moved AS MATERIALIZED (
    SELECT id, procedure_id, stage, outcome = '' AND voided_at IS NULL AS is_open, due_on, serial
    FROM cases_case WHERE id = ANY (given)
  ), turns AS MATERIALIZED (
    SELECT asked.procedure_id, asked.stage, known ->> 'actor' AS party
    FROM (SELECT DISTINCT procedure_id, stage FROM moved WHERE is_open) AS asked
    JOIN cases_procedure AS made ON made.id = asked.procedure_id,
      jsonb_array_elements(made.content -> 'flow' -> 'stages') AS known
    WHERE known ->> 'key' = asked.stage
  )
  UPDATE cases_caseparty AS p
  SET is_turn = coalesce(t.party = p.party, false), due_on = m.due_on, serial = m.serial
  FROM moved AS m LEFT JOIN turns AS t ON m.is_open AND t.procedure_id = m.procedure_id AND t.stage = m.stage
  WHERE p.case_id = m.id
    AND (p.is_turn, p.due_on, p.serial) IS DISTINCT FROM (coalesce(t.party = p.party, false), m.due_on, m.serial);
  IF cardinality(anew) > 0 THEN
    PERFORM cases_sight_as_told(anew, NULL);
  END IF;
  UPDATE cases_casesight AS s
  SET intake_id = m.intake_id, applicant_id = m.applicant_id, serial = m.serial, outcome = m.outcome, rank = m.rank,
    voided_at = m.voided_at, is_turn = m.is_turn
  FROM (
    SELECT o.organisation_id, c.*, EXISTS (
      SELECT 1 FROM cases_caseparty AS p
      WHERE p.organisation_id = o.organisation_id AND p.case_id = c.id AND p.is_turn) AS is_turn
    FROM cases_case AS c JOIN cases_casesight AS o ON o.case_id = c.id
    WHERE c.id = ANY (given) AND c.id <> ALL (anew)
  ) AS m
  WHERE s.case_id = m.id AND s.organisation_id = m.organisation_id
    AND (s.intake_id, s.applicant_id, s.serial, s.outcome, s.rank, s.voided_at, s.is_turn)
      IS DISTINCT FROM (m.intake_id, m.applicant_id, m.serial, m.outcome, m.rank, m.voided_at, m.is_turn);
END $$;

CREATE OR REPLACE FUNCTION cases_parties_of_cases() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  given uuid[];
  anew uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id), array_agg(id) INTO given, anew FROM fresh;
  ELSE
    SELECT array_agg(f.id), array_agg(f.id) FILTER (WHERE f.parties IS DISTINCT FROM s.parties) INTO given, anew
    FROM fresh AS f JOIN stale AS s USING (id)
    WHERE (f.parties, f.procedure_id, f.stage, f.outcome, f.due_on, f.serial, f.voided_at, f.rank, f.intake_id,
        f.applicant_id)
      IS DISTINCT FROM (s.parties, s.procedure_id, s.stage, s.outcome, s.due_on, s.serial, s.voided_at, s.rank,
        s.intake_id, s.applicant_id);
  END IF;
  IF given IS NOT NULL THEN
    PERFORM cases_tell_parties(given, coalesce(anew, '{}'));
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION cases_sights_after_reach() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  cases uuid[];
  offices uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT p.case_id), array_agg(DISTINCT fresh.authority_id) INTO cases, offices
    FROM fresh JOIN cases_caseparty AS p ON p.organisation_id = fresh.organisation_id;
    IF cases IS NOT NULL THEN
      PERFORM cases_sight_as_told(cases, offices);
    END IF;
    SELECT array_agg(authority_id) INTO offices FROM fresh
    WHERE authority_id = organisation_id AND cases_is_root(authority_id);
    IF offices IS NOT NULL THEN
      PERFORM cases_sight_as_told(array_agg(id), offices) FROM cases_case;
    END IF;
  ELSE
    PERFORM pg_advisory_xact_lock('cases_casesight'::regclass::bigint);
    DELETE FROM cases_casesight AS s USING (
      SELECT DISTINCT gone.authority_id, p.case_id FROM gone
      JOIN cases_caseparty p ON p.organisation_id = gone.organisation_id
      UNION
      SELECT gone.authority_id, known.case_id FROM gone
      JOIN cases_casesight AS known ON known.organisation_id = gone.authority_id
      WHERE gone.authority_id = gone.organisation_id
    ) AS lost
    WHERE s.organisation_id = lost.authority_id AND s.case_id = lost.case_id AND NOT cases_is_root(lost.authority_id)
      AND NOT EXISTS (
        SELECT 1 FROM cases_caseparty q JOIN registry_reach w ON w.organisation_id = q.organisation_id
        WHERE q.case_id = s.case_id AND w.authority_id = s.organisation_id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION cases_tally_sights() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  touched uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO cases_casetally (organisation_id, intake_id, outcome, is_turn, number)
    SELECT organisation_id, intake_id, outcome, is_turn, count(*) FROM fresh WHERE voided_at IS NULL
    GROUP BY organisation_id, intake_id, outcome, is_turn;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO cases_casetally (organisation_id, intake_id, outcome, is_turn, number)
    SELECT organisation_id, intake_id, outcome, is_turn, -count(*) FROM stale WHERE voided_at IS NULL
    GROUP BY organisation_id, intake_id, outcome, is_turn;
  ELSE
    INSERT INTO cases_casetally (organisation_id, intake_id, outcome, is_turn, number)
    SELECT organisation_id, intake_id, outcome, is_turn, sum(number) FROM (
      SELECT organisation_id, intake_id, outcome, is_turn, 1 AS number FROM fresh WHERE voided_at IS NULL
      UNION ALL
      SELECT organisation_id, intake_id, outcome, is_turn, -1 FROM stale WHERE voided_at IS NULL
    ) AS told GROUP BY organisation_id, intake_id, outcome, is_turn HAVING sum(number) <> 0;
  END IF;
  -- One transaction in sixteen draws together what it can have; lines that another is drawing together are left to it.
  IF pg_current_xact_id()::text::numeric % 16 = 0 THEN
    IF TG_OP = 'DELETE' THEN
      SELECT array_agg(DISTINCT organisation_id) INTO touched FROM stale;
    ELSE
      SELECT array_agg(DISTINCT organisation_id) INTO touched FROM fresh;
    END IF;
    WITH held AS (
      SELECT id FROM cases_casetally WHERE organisation_id = ANY (touched) FOR UPDATE SKIP LOCKED
    ), drawn AS (
      DELETE FROM cases_casetally AS t USING held WHERE t.id = held.id
      RETURNING t.organisation_id, t.intake_id, t.outcome, t.is_turn, t.number
    )
    INSERT INTO cases_casetally (organisation_id, intake_id, outcome, is_turn, number)
    SELECT organisation_id, intake_id, outcome, is_turn, sum(number) FROM drawn
    GROUP BY organisation_id, intake_id, outcome, is_turn HAVING sum(number) <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tally_after_insert AFTER INSERT ON cases_casesight
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_tally_sights();
CREATE TRIGGER tally_after_update AFTER UPDATE ON cases_casesight
REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_tally_sights();
CREATE TRIGGER tally_after_delete AFTER DELETE ON cases_casesight
REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION cases_tally_sights();

CREATE FUNCTION cases_tally_anew() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  -- For whoever fills the table of sights without its triggers.
  DELETE FROM cases_casetally;
  INSERT INTO cases_casetally (organisation_id, intake_id, outcome, is_turn, number)
  SELECT organisation_id, intake_id, outcome, is_turn, count(*) FROM cases_casesight WHERE voided_at IS NULL
  GROUP BY organisation_id, intake_id, outcome, is_turn
$$;
REVOKE EXECUTE ON FUNCTION cases_tally_anew() FROM PUBLIC;

CREATE FUNCTION cases_counted() RETURNS TABLE (intake_id uuid, outcome text, is_turn boolean, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT told.intake_id, told.outcome, told.is_turn, sum(told.number)::bigint FROM (
    SELECT t.intake_id, t.outcome, t.is_turn, t.number FROM cases_casetally AS t
    WHERE t.organisation_id = (SELECT jineng_organisation())
    UNION ALL
    SELECT s.intake_id, s.outcome, s.is_turn, -1
    FROM cases_barred(nullif(current_setting('jineng.account', true), '')::bigint, jineng_organisation()) AS kept
    JOIN cases_casesight AS s ON s.case_id = kept.case_id AND s.organisation_id = (SELECT jineng_organisation())
    WHERE s.voided_at IS NULL
  ) AS told GROUP BY told.intake_id, told.outcome, told.is_turn
$$;

CREATE FUNCTION cases_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT substr(upper(words), at, long)), '{}')
  FROM generate_series(1, length(upper(words)) - 1) AS at, (VALUES (2), (3)) AS of(long)
  WHERE at + long - 1 <= length(upper(words))
$$;
CREATE INDEX case_titles ON cases_case USING gin (cases_grams(title));
CREATE FUNCTION cases_found(words text, applicants uuid[]) RETURNS TABLE (case_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT s.case_id FROM (
    SELECT c.id FROM cases_case AS c
    WHERE cases_grams(c.title) @> cases_grams(words) AND strpos(upper(c.title), upper(words)) > 0
    UNION SELECT c.id FROM cases_case AS c WHERE c.applicant_id = ANY (applicants)
  ) AS found JOIN cases_casesight AS s ON s.case_id = found.id AND s.organisation_id = (SELECT jineng_organisation())
$$;
SELECT cases_sight_as_told(array_agg(id), NULL) FROM cases_case;
"""
UNDO = """
DROP FUNCTION cases_found(text, uuid[]);
DROP INDEX case_titles;
DROP FUNCTION cases_grams(text);
DROP FUNCTION cases_counted();
DROP FUNCTION cases_tally_anew();
DROP TRIGGER tally_after_delete ON cases_casesight;
DROP TRIGGER tally_after_update ON cases_casesight;
DROP TRIGGER tally_after_insert ON cases_casesight;
DROP FUNCTION cases_tally_sights();
"""


def _as_before(migration: str, name: str) -> str:
    """A function as an earlier migration made it."""
    text: str = import_module(f"jineng.cases.migrations.{migration}").SQL
    rest = text[text.index(f"FUNCTION {name}(") :]
    return f"CREATE OR REPLACE {rest[: rest.index('$$;')]}$$;\n"


UNDO += "".join(
    (
        _as_before("0012_sights", "cases_sights_after_reach"),
        _as_before("0013_parties_by_statement", "cases_tell_parties"),
        _as_before("0013_parties_by_statement", "cases_parties_of_cases"),
        _as_before("0007_kept_from", "cases_conflicts"),
        "DROP FUNCTION cases_sight_as_told(uuid[], uuid[]);\nDROP FUNCTION cases_is_root(uuid);\n",
        "DROP FUNCTION cases_conflicts_of_expert(bigint);\n",
    )
)


def _told(to: str, verbose_name: str | None = None) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
        verbose_name=verbose_name,
    )


def _more(name: str, field: models.Field, *, given: object = None) -> migrations.AddField:
    """A column; where ``given`` is not None, rows that there are already have it (there are none)."""
    if given is not None:
        field.default = given
    return migrations.AddField("casesight", name, field, preserve_default=given is None)


def _in_order(name: str, *fields: str, which: models.Q = STANDING) -> migrations.AddIndex:
    return migrations.AddIndex("casesight", models.Index(condition=which, fields=["organisation", *fields], name=name))


class Migration(migrations.Migration):
    """First looks at lists of cases no longer read every case in sight."""

    dependencies = [("cases", "0014_quotas_by_statement"), ("registry", "0005_reviewers")]
    operations = [
        migrations.RunSQL("TRUNCATE cases_casesight", migrations.RunSQL.noop),
        _more("intake", _told("cases.intake", "受理批次"), given=NOBODY),
        _more("applicant", _told("registry.organisation", "申报单位"), given=NOBODY),
        _more("serial", models.BigIntegerField("流水号"), given=0),
        _more("outcome", models.CharField("结果", blank=True, choices=OUTCOMES, default="", max_length=12)),
        _more("rank", models.PositiveIntegerField("推荐名次", null=True)),
        _more("is_turn", models.BooleanField("待其办理", default=False)),
        _more("voided_at", models.DateTimeField("作废时间", null=True)),
        _in_order("case_sights_in_order", "-serial"),
        _in_order("case_sights_of_intake", "intake", "-serial"),
        _in_order("case_sights_by_rank", "rank", "case"),
        _in_order("case_sights_waiting", "-serial", which=STANDING & models.Q(is_turn=True)),
        migrations.CreateModel(
            name="CaseTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField("结果", blank=True, max_length=12)),
                ("is_turn", models.BooleanField("待其办理")),
                ("number", models.BigIntegerField("件数")),
                ("intake", _told("cases.intake")),
                ("organisation", _told("registry.organisation")),
            ],
            options={"verbose_name": "事项计数"},
        ),
        migrations.AddIndex("casetally", models.Index(fields=["organisation", "intake"], name="case_tallies")),
        migrations.RunSQL(SQL, UNDO),
    ]
