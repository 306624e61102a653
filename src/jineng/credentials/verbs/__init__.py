"""Everything that the credentials do."""

from jineng.credentials.verbs.correcting import correct_result
from jineng.credentials.verbs.credits import (
    add_rule,
    convert_credits,
    publish_scheme,
    reverse_posting,
    state_achievement,
    state_certificate,
)
from jineng.credentials.verbs.entering import enter_marks
from jineng.credentials.verbs.issuing import (
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
    void_certificate,
)
from jineng.credentials.verbs.pilots import announce_batch, apply_for_pilot, decide_pilot, void_pilot, withdraw_pilot
from jineng.credentials.verbs.reading import export_certificate, read_candidates
from jineng.credentials.verbs.sealing import link_certificates, seal_certificates, seal_session_soon
from jineng.credentials.verbs.sessions import move_session, register_candidates, schedule_session, void_candidate
from jineng.credentials.verbs.settling import settle_results
from jineng.credentials.verbs.sharing import share_certificate, take_back_share
from jineng.credentials.verbs.sites import add_room, end_site, set_up_site, void_room
from jineng.credentials.verbs.slips import export_slips
from jineng.credentials.verbs.standards import publish_standard, void_standard, withdraw_standard
from jineng.credentials.verbs.suspending import lift_suspension, suspend_certificate
from jineng.credentials.verbs.taking_back import take_back_credits
from jineng.credentials.verbs.transcripts import export_transcript, fetch_own_transcript
from jineng.credentials.verbs.transferring import transfer_credits

__all__ = [
    "add_room",
    "add_rule",
    "announce_batch",
    "apply_for_pilot",
    "convert_credits",
    "correct_result",
    "decide_pilot",
    "end_site",
    "enter_marks",
    "export_certificate",
    "export_slips",
    "export_transcript",
    "fetch_own_transcript",
    "issue_certificates",
    "lift_suspension",
    "link_certificates",
    "move_session",
    "publish_scheme",
    "publish_standard",
    "read_candidates",
    "register_candidates",
    "reissue_certificate",
    "reverse_posting",
    "revoke_certificate",
    "schedule_session",
    "seal_certificates",
    "seal_session_soon",
    "set_up_site",
    "settle_results",
    "share_certificate",
    "state_achievement",
    "state_certificate",
    "suspend_certificate",
    "take_back_credits",
    "take_back_share",
    "transfer_credits",
    "void_candidate",
    "void_certificate",
    "void_pilot",
    "void_room",
    "void_standard",
    "withdraw_pilot",
    "withdraw_standard",
]
