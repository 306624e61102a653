"""Result day: what the holder of a ticket is told, by number and code alone, when everybody asks in the same minute.

**What is looked up.** A run's publication writes one row for each applicant (``Told``), found by the ticket's keyed
hash. A look-up makes that hash and takes one look at one row, by a function of the database that answers for this hash
alone. Nothing is remembered in a process: what a correction, an answer or a new ticket changes shows at the next
look-up in every worker, and a season of any size takes no memory here. Nothing is written.

**Why it cannot be guessed.** The code is a hundred random bits that only the applicant has. With ten million tickets
given out, ten thousand guesses a second hit one in 400,000 million years on average. So guesses are not counted: a
limit by address would only shut out a school behind one address. A wrong code, a number that nobody has, and a result
that is not out yet are the same thing to the database (no row under that hash), take the same work, and get the same
words. The hashes are keyed, so who guesses cannot aim at a place in the index, and time tells nothing of what stands
near it. Number and code are taken from the form only, never from an address, which logs and histories would keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any

from django.template.loader import get_template

from jineng.admissions.schemes import order_of
from jineng.admissions.telling import ANSWERS, OUTCOMES, STANDING
from jineng.admissions.tickets import lookup_of, told
from jineng.kernel.web.stateless import Answer, Asked, view_of

NOTHING = "报名号或查询码有误，或结果尚未公布。 The number or the code is wrong, or there is no result yet."
LONGEST_NUMBER, LONGEST_CODE = 20, 40
_HERE = "@here@"


def page(asked: Asked) -> Answer:
    """The form, or what the form's number and code open; 422 where they open nothing."""
    if asked.method != "POST":
        return Answer(_form())
    number = asked.form.get("number", "")[:LONGEST_NUMBER]
    found = told(lookup_of(number, asked.form.get("code", "")[:LONGEST_CODE]))
    if found is None:
        return Answer(_within(_refusal(), escape(number)), 422)
    return Answer(_within(_result(), "".join(_lines(found))))


look_up = view_of(page)


def _within(around: tuple[str, str], text: str) -> bytes:
    return f"{around[0]}{text}{around[1]}".encode(errors="replace")


@cache
def _form() -> bytes:
    return _rendered().encode()


@cache
def _refusal() -> tuple[str, str]:
    """The form as it comes back, before and after the number that was given."""
    return _parted(_rendered(number=_HERE, wrong=NOTHING))


@cache
def _result() -> tuple[str, str]:
    """The page of a result, before and after what is told."""
    return _parted(_rendered(told=_HERE))


def _rendered(**context: str) -> str:
    return str(get_template("admissions/own_result.html").render(context))


def _parted(text: str) -> tuple[str, str]:
    before, _, after = text.partition(_HERE)
    return before, after


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"<header><h2>{escape(found['season'])} · 报名号 {escape(found['number'])}</h2></header>\n"
    for _, each in sorted(found["rounds"].items(), key=lambda item: order_of(item[0])):
        yield from _round(each)


def _round(each: Mapping[str, Any]) -> Iterator[str]:
    """One round's result; the words that own_results.html has for it."""
    answer = each["answer"]
    yield f'<div class="result"><p><b>{escape(each["name"])}</b> '
    yield _mark("ok" if answer in STANDING else "warn", *OUTCOMES[each["outcome"]])
    if answer in ANSWERS:
        yield " " + _mark("data", *ANSWERS[answer])
    yield "</p>\n"
    if each["place"]:
        score = f"，{escape(each['score'])} 分" if each["score"] else ""
        wish = f"（第 {each['wish']} 志愿{score}）" if each["wish"] else ""
        yield f"<p>{escape(each['place'])}{wish}</p>\n"
    if each["reasons"]:
        lines = "".join(
            f"<li>第 {line['wish']} 志愿 {escape(line['name'])}：{escape(line['zh'])}。"
            f' <small lang="en">{escape(line["en"])}.</small></li>'
            for line in each["reasons"]
        )
        yield f"<ul>{lines}</ul>\n"
    yield "</div>\n"


def _mark(kind: str, zh: str, en: str) -> str:
    return f'<span class="mark {kind}">{zh} <small lang="en">{en}</small></span>'
