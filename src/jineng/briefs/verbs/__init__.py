"""The writers of the briefs: wording, checking, signing, releasing, receipts, errata."""

from jineng.briefs.verbs.issues import check_issue, open_issue, set_front, sign_issue
from jineng.briefs.verbs.receipts import acknowledge_release, add_erratum
from jineng.briefs.verbs.recipients import add_recipient, remove_recipient
from jineng.briefs.verbs.releases import FIRST_YEAR, release_brief
from jineng.briefs.verbs.wording import add_sentence, entrust_passage, reword_sentence, strike_sentence

__all__ = [
    "FIRST_YEAR",
    "acknowledge_release",
    "add_erratum",
    "add_recipient",
    "add_sentence",
    "check_issue",
    "entrust_passage",
    "open_issue",
    "release_brief",
    "remove_recipient",
    "reword_sentence",
    "set_front",
    "sign_issue",
    "strike_sentence",
]
