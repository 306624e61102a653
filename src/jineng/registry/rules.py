"""Pure rules of the registry: who holds which rights, which codes are sound, in which order kinship is kept."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

from jineng.engines.exchange.codes import credit_code_fault, is_school_code
from jineng.kernel.rights import Right

T = TypeVar("T")
_BLANKS = re.compile(r"\s+")
_plain = re.compile(r"[\u4e00-\u9fff]+").fullmatch
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅", "·"))
READING = frozenset(
    {
        Right.USE_WORKSPACE,
        Right.VIEW_REGISTRY,
        Right.VIEW_CASES,
        Right.VIEW_MAJORS,
        Right.VIEW_CALLS,
        Right.VIEW_ADMISSIONS,
        Right.VIEW_LEARNING,
        Right.VIEW_CREDENTIALS,
        Right.VIEW_PARTNERSHIPS,
        Right.VIEW_FACILITIES,
        Right.VIEW_WORKFORCE,
        Right.VIEW_GOVERNANCE,
        Right.VIEW_RETURNS,
        Right.VIEW_BRIEFS,
    }
)
REPORTING = frozenset(
    {
        Right.SUBMIT_RETURNS,
        Right.VIEW_PERSONAL_DATA,
        Right.ACT_ON_CASES,
        Right.REVIEW_CASES,
        Right.EDIT_MAJORS,
        Right.EDIT_ADMISSIONS,
        Right.EDIT_LEARNING,
        Right.EDIT_CREDENTIALS,
        Right.EDIT_PARTNERSHIPS,
        Right.EDIT_FACILITIES,
        Right.EDIT_WORKFORCE,
        Right.EDIT_GOVERNANCE,
    }
)
"""What offices and institutions alike report and keep, each within its scope."""
OFFICE = READING | REPORTING | {Right.EDIT_REGISTRY, Right.EDIT_PROCEDURES, Right.EDIT_CALLS, Right.WORD_BRIEFS}
PROVINCE = OFFICE | {
    Right.EDIT_CATALOGUE,
    Right.DECIDE_CALLS,
    Right.DECIDE_ADMISSIONS,
    Right.RELEASE_BRIEFS,
    Right.VIEW_AUDIT,
}
INSTITUTION = READING | REPORTING
ADMINISTRATION = frozenset(
    {
        Right.USE_WORKSPACE,
        Right.VIEW_REGISTRY,
        Right.VIEW_AUDIT,
        Right.MANAGE_POSTS,
        Right.MANAGE_MAIL,
        Right.MANAGE_KEYS,
    }
)


def rights_of(role: str, level: str) -> frozenset[Right]:
    """Rights of a post by its ``role`` and by the ``level`` of its organisation.

    ``level`` is ``province``, ``city``, ``county`` for authorities and ``institution`` for everybody else.
    An unknown role holds nothing.
    """
    if role == "officer":
        return {"province": PROVINCE, "city": OFFICE, "county": OFFICE}.get(level, INSTITUTION)
    if role == "auditor":
        return READING | {Right.VIEW_AUDIT}
    if role == "reviewer":
        return frozenset({Right.USE_WORKSPACE, Right.REVIEW_CASES})
    if role == "administrator":
        return ADMINISTRATION
    return frozenset()


def code_fault(code: str, scheme: str) -> tuple[str, str, str, str] | None:
    """What is wrong with an organisation's code: message and remedy, each in Chinese and English; ``None`` if sound.

    School codes have ten digits (two for the type, two for the province, six for the school); credit codes end in
    the check character of GB 32100; office codes are the province's own and carry none.
    """
    if scheme == "school" and not is_school_code(code):
        return (
            "学校（机构）标识码应为10位数字。",
            "A school code has ten digits.",
            "请按教育部公布的标识码填写。",
            "Use the code that the ministry publishes.",
        )
    if scheme == "credit" and credit_code_fault(code):
        return (
            "统一社会信用代码的校验码不符。",
            "The check character of the credit code is wrong.",
            "请对照登记证书重新填写。",
            "Copy it again from the certificate.",
        )
    return None


def normal_name(name: str) -> str:
    """A person's name without blanks, width variants and variants of the dot between its parts, for comparison."""
    if _plain(name):
        return name
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).translate(_DOTS).casefold()


def in_order(one: T, other: T) -> tuple[T, T]:
    """A pair in the order in which kinship keeps it."""
    return (one, other) if str(one) < str(other) else (other, one)
