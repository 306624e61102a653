"""Walls of the room's tables.

Standards, the catalogue of certificates, batches and assessment sites are announced, so whoever acts may read them.
Sessions are seen from above host, body and the schools whose learners sit in them, and what hangs on a session with
it; pilots from above the institution and the assessment body; candidates and certificates from above the learner's
school, the host and the body of the session. A mark is sealed: until both sheets are handed in, only the account that
entered it reads it, whoever else it may be.
"""

from jineng.kernel.tallies import keep_tally
from jineng.kernel.walls import Wall, declare, history_wall

REPORTED = "{all} OR reporter_id = ANY({reach})"
OWN_SESSIONS = (
    "ARRAY(SELECT id FROM credentials_assessmentsession WHERE host_id = ANY({reach}) OR body_id = ANY({reach}))"
)
SEEN_AS_PARTY = "ARRAY(SELECT session_id FROM credentials_sessionparty WHERE organisation_id = ANY({reach}))"
OF_SESSION = "{all} OR EXISTS (SELECT 1 FROM credentials_assessmentsession AS own WHERE own.id = session_id)"
OF_OWN_SESSION = "{all} OR session_id = ANY(" + OWN_SESSIONS + ")"
LEARNER = "{all} OR institution_id = ANY({reach}) OR session_id = ANY(" + OWN_SESSIONS + ")"
OWN_TYPES = "ARRAY(SELECT id FROM credentials_certificatetype WHERE body_id = ANY({reach}))"
OF_CANDIDATE = "{all} OR EXISTS (SELECT 1 FROM credentials_candidate AS own WHERE own.id = candidate_id)"
OF_CERTIFICATE = "{all} OR EXISTS (SELECT 1 FROM credentials_certificate AS own WHERE own.id = certificate_id)"
SHEET = "EXISTS (SELECT 1 FROM credentials_entrysheet AS own WHERE own.id = sheet_id AND "
OPENED = "own.session_id = ANY(ARRAY(SELECT id FROM credentials_assessmentsession WHERE compared_at IS NOT NULL))"

OF_OWN_SITE = (
    "{all} OR site_id = ANY(ARRAY(SELECT id FROM credentials_assessmentsite WHERE organisation_id = ANY({reach})))"
)

OF_KNOWN_LEARNER = (
    "{all} OR person_id = ANY(ARRAY(SELECT person_id FROM registry_personparty WHERE organisation_id = ANY({reach})))"
)
OF_OWN_SCHEME = (
    "{all} OR scheme_id = ANY(ARRAY(SELECT id FROM credentials_creditscheme WHERE school_id = ANY({reach})))"
)
OF_KNOWN_ACCOUNT = "{all} OR EXISTS (SELECT 1 FROM credentials_creditaccount AS own WHERE own.id = account_id)"
OF_ACHIEVEMENT = "{all} OR EXISTS (SELECT 1 FROM credentials_achievement AS own WHERE own.id = achievement_id)"

TRACKED = (
    "creditscheme",
    "conversionrule",
    "achievement",
    "skillstandard",
    "standarddeveloper",
    "certificatetype",
    "pilotbatch",
    "certificatepilot",
    "assessmentsite",
    "assessmentroom",
    "assessmentsession",
    "assessmentcomponent",
    "candidate",
    "entrysheet",
    "mark",
    "componentresult",
    "certificate",
)
declare(
    Wall("credentials_skillstandard", see="{known}", write=REPORTED),
    Wall("credentials_standarddeveloper", see="{known}", write=REPORTED),
    Wall("credentials_certificatetype", see="{known}", write="{all} OR body_id = ANY({reach})"),
    Wall("credentials_pilotbatch", see="{known}", write="{all}"),
    Wall(
        "credentials_certificatepilot",
        see="{all} OR institution_id = ANY({reach}) OR certificate_type_id = ANY(" + OWN_TYPES + ")",
        write="{all} OR institution_id = ANY({reach})",
    ),
    Wall("credentials_assessmentsite", see="{known}", write="{all} OR organisation_id = ANY({reach})"),
    Wall("credentials_assessmentroom", see="{known}", write=OF_OWN_SITE),
    Wall(
        "credentials_assessmentsession",
        see="{all} OR host_id = ANY({reach}) OR body_id = ANY({reach}) OR id = ANY(" + SEEN_AS_PARTY + ")",
        write="{all} OR host_id = ANY({reach}) OR body_id = ANY({reach})",
    ),
    Wall("credentials_sessionparty", see="{all} OR organisation_id = ANY({reach})", by_triggers_only=True),
    Wall("credentials_assessmentcomponent", see=OF_SESSION, write=OF_OWN_SESSION),
    Wall("credentials_candidate", see=LEARNER),
    Wall(
        "credentials_entrysheet",
        see=OF_OWN_SESSION,
        write="account_id = jineng_account() AND (" + OF_OWN_SESSION + ")",
    ),
    Wall(
        "credentials_mark",
        see=SHEET + "(own.account_id = jineng_account() OR " + OPENED + "))",
        write=SHEET + "own.account_id = jineng_account() AND own.handed_in_at IS NULL)",
    ),
    Wall("credentials_componentresult", see=OF_CANDIDATE),
    Wall("credentials_certificate", see=LEARNER),
    Wall("credentials_numberseries", see="{all}", by_triggers_only=True),
    Wall("credentials_issuer", see="{known}", by_triggers_only=True),
    Wall("credentials_statuslist", see="{known}", by_triggers_only=True),
    Wall("credentials_sealedcertificate", see=OF_CERTIFICATE, write=OF_OWN_SESSION),
    Wall("credentials_creditscheme", see="{known}", write="{all} OR school_id = ANY({reach})"),
    Wall("credentials_conversionrule", see="{known}", write=OF_OWN_SCHEME),
    Wall("credentials_achievement", see=OF_KNOWN_LEARNER, write="{all} OR institution_id = ANY({reach})"),
    Wall("credentials_creditaccount", see=OF_KNOWN_LEARNER, by_triggers_only=True),
    Wall("credentials_creditposting", see=OF_KNOWN_ACCOUNT, write="{all} OR school_id = ANY({reach})", add_only=True),
    Wall("credentials_credituse", see=OF_ACHIEVEMENT, by_triggers_only=True),
    Wall("credentials_sharelink", see="false", by_triggers_only=True),
    Wall("credentials_shareview", see="false", by_triggers_only=True),
    *(history_wall(f"credentials_{name}") for name in TRACKED),
)
keep_tally("credentials_assessmentsession", "credentials_certificate", "credentials_certificatepilot")
