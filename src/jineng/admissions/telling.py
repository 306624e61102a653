"""What applicants are told of results, in words: the reason for each, as pages and mail say it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

OUTCOMES = {
    "admitted": ("录取", "Admitted"),
    "exempt": ("免试录取", "Admitted without examination"),
    "returned": ("退档", "File returned"),
    "unplaced": ("未录取", "Not admitted"),
    "eliminated": ("未达本轮要求", "Below this round's line"),
}
ANSWERS = {
    "admitted": ("待确认", "To be confirmed"),
    "confirmed": ("已确认", "Confirmed"),
    "declined": ("已放弃", "Declined"),
    "lapsed": ("逾期未确认", "Lapsed"),
    "withdrawn": ("取消录取", "Withdrawn"),
    "refused": ("退档", "File returned"),
    "void": ("录取作废", "Void"),
}
STANDING = ("admitted", "confirmed")
"""How an admission is answered that stands."""


def reason(line: Mapping[str, Any]) -> tuple[str, str]:
    """Why a preference was not met, Chinese and English: the line, one's own score, the number on the waiting list."""
    why, score = line["why"], line.get("score")
    if why == "below":
        cut = line.get("cut_off")
        waiting = line.get("waiting")
        zh = f"录取线 {cut} 分，您 {score} 分" if cut is not None else f"计划已满，您 {score} 分"
        en = f"cut-off {cut}, you {score}" if cut is not None else f"full, you {score}"
        if line.get("cap"):
            zh, en = f"限额“{line['cap']}”已满，{zh}", f"the cap “{line['cap']}” is reached, {en}"
        if cut is not None and cut == score:
            zh, en = zh + "，同分排序在后", en + ", behind by the order between equal scores"
        if waiting:
            zh, en = f"{zh}，候补第 {waiting} 位", f"{en}, number {waiting} on the waiting list"
        return zh, en
    if why == "threshold":
        return f"您 {score} 分，未达该校最低要求", f"you {score}, below what is asked for at least"
    if why == "not_entitled":
        return "该计划只招收符合条件的考生（如定向县区）", "kept for applicants whom you are not among"
    if why == "refused":
        return f"学校退档：{line['reason']}", "the school refused the file, for the reason that it gave"
    if why == "returned":
        return "已投档，但所填专业已满且未服从调剂", "placed there, but no major that you named was left"
    return f"您 {score} 分，低于本轮淘汰线", f"you {score}, below the line of elimination"


def told_reasons(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The reasons of a result as one's own page shows them."""
    return [
        {"wish": line["wish"], "name": line["name"], "zh": zh, "en": en} for line in lines for zh, en in [reason(line)]
    ]


def mail_text(round_name: str, outcome: str, lines: Iterable[Mapping[str, Any]], place: str) -> str:
    """What the outbox tells an applicant: outcome and reasons, no name, no number, and not why a school refused."""
    reasons = told_reasons({**line, "reason": "理由登录后可见"} for line in lines)
    zh, en = OUTCOMES[outcome]
    text = [f"{round_name}：{zh}{f'，{place}' if place else ''}。 {en}."]
    text += [f"第{each['wish']}志愿 {each['name']}：{each['zh']}。 {each['en']}." for each in reasons]
    text.append(
        "请凭报名号和查询码登录查看，并在截止前确认。 Look it up with your number and code, and answer in time."
    )
    return "\n".join(text)
