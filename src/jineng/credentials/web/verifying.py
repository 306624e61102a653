"""The public pages of verification: a file, or a number with its check code. Nobody signs in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods

from jineng.credentials.checking import (
    MOST_BYTES,
    REGISTER,
    Checked,
    check_file,
    check_read,
    check_row,
    read_file,
    read_register,
)
from jineng.credentials.codes import plain_number
from jineng.credentials.publishing import TOLD
from jineng.engines.seals.findings import Finding, Verdict
from jineng.kernel.doors import open_door
from jineng.kernel.templatetags.cells import fact_lines
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.limits import TooOften, count

WORDS: dict[Verdict, tuple[str, str, str]] = {
    Verdict.VALID: ("有效", "Valid", "ok"),
    Verdict.REVOKED: ("已撤销", "Revoked", "red"),
    Verdict.SUSPENDED: ("已暂停", "Suspended", "red"),
    Verdict.EXPIRED: ("已过期", "Expired", "warn"),
    Verdict.NOT_YET: ("尚未生效", "Not valid yet", "warn"),
    Verdict.ALTERED: ("已被改动", "Altered", "red"),
    Verdict.UNKNOWN: ("无法确认", "Unknown", "warn"),
    Verdict.MALFORMED: ("不是电子证书", "Not a credential", "warn"),
}
OWN_IDS = "file_%s"
"""Both forms stand on one page and have a field of one name."""
PAGE, THEME = "credentials/verify.html", "theme"
ELSEWHERE = ("mine", "shared")
"""What stands in a number's place in the addresses of other pages."""
FOUND = "jineng.found"
"""Under which a request that is left to the framework tells what was found; no header of a caller's is called so."""
SMALL_BYTES = 64 * 1024
"""What is no larger is read before the call is counted: that takes less than counting does."""
_HERE = Fact("@here@", "")
WAIT = "核验过于频繁，请稍后再试。 Too many checks; wait a moment."


class FileForm(forms.Form):
    """A file, and whose it is said to be."""

    file = forms.FileField(label="电子证书 File", help_text="JSON、PDF 或 PNG，不超过 2 MB。 Up to 2 MB.")
    name = forms.CharField(
        label="持证人姓名 Holder's name",
        required=False,
        max_length=60,
        help_text="连同证书上的校验码填写，可核对文件是否属于此人。 With the code: is the file theirs?",
    )
    code = forms.CharField(label="校验码 Check code", required=False, max_length=20)
    file.widget.attrs["accept"] = ".json,.pdf,.png,application/json,application/pdf,image/png"

    def clean_file(self) -> Any:
        """No more than a certificate needs."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 2 MB。 The file is larger than 2 MB.")
        return file


class NumberForm(forms.Form):
    """A number and its second factor."""

    number = forms.CharField(label="证书编号 Number", max_length=30)
    code = forms.CharField(
        label="校验码 Check code",
        max_length=20,
        help_text="印在证书编号下方，8 位。 Printed below the number, 8 signs.",
    )


def counted_file(request: HttpRequest, content: bytes, name: str = "", code: str = "") -> Checked:
    """What ``check_file`` tells; where reading costs next to nothing, counting and asking are one query.

    Raises:
        TooOften: there were too many.
    """
    if len(content) > SMALL_BYTES or content[:1] != b"{":
        count(request, "verify")
        return check_file(content, name, code)
    read = read_file(content)
    if isinstance(read, Checked) or not read.asked:
        count(request, "verify")
        return read if isinstance(read, Checked) else check_read(read, "{}", name, code)
    counted = count(request, "verify", ask=TOLD.format(asked="$4"), about=read.asked)
    return check_read(read, counted.answer, name, code)


def counted_number(request: HttpRequest, number: str, code: str) -> Checked:
    """What ``check_row`` tells; wrong guesses at one number count against whoever guesses.

    Raises:
        TooOften: there were too many.
    """
    number = plain_number(number)
    guess = count(request, "verify", "verify_guess", key=number, ask=REGISTER.format(number="$4"), about=number)
    found = check_row(read_register(guess.answer) if guess.answer else None, code)
    if found.verdict != Verdict.UNKNOWN:
        guess.rollback()
    return found


@require_http_methods(["GET", "POST"])
@open_door
def verify(request: HttpRequest) -> HttpResponse:
    """Both forms; what was found stands above them."""
    by_file = "by_file" in request.POST
    file_form = FileForm(request.POST, request.FILES, auto_id=OWN_IDS) if by_file else FileForm(auto_id=OWN_IDS)
    number_form = NumberForm(request.POST) if request.method == "POST" and not by_file else NumberForm()
    found = None
    try:
        if by_file and file_form.is_valid():
            data = file_form.cleaned_data
            found = counted_file(request, data["file"].read(), data["name"], data["code"])
        elif number_form.is_bound and number_form.is_valid():
            found = counted_number(request, **number_form.cleaned_data)
    except TooOften:
        return _page(request, file_form, number_form, None, status=429)
    return _page(request, file_form, number_form, found, 422 if file_form.errors or number_form.errors else 200)


@require_GET
@open_door
def verify_number(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """What the QR on a certificate leads to: the answer alone, or the form where the code was wrong."""
    found = request.META[FOUND] if FOUND in request.META else _counted(request, number, code)
    if found is None or found.verdict == Verdict.UNKNOWN:
        form = NumberForm(initial={"number": number[:30]})
        return _page(request, FileForm(auto_id=OWN_IDS), form, found, 200 if found else 429)
    if request.COOKIES.keys() <= {THEME}:
        return _plain_page(request, found)
    return _page(request, None, None, found)


def early_verify_number(request: HttpRequest) -> HttpResponse | None:
    """What :func:`verify_number` answers to who brings no cookie, before the framework is asked.

    It leaves forms to the framework, with what was found, so that no call is counted twice.
    """
    _, _, number, code, *rest = [*request.path_info.split("/"), "", ""]
    if rest != ["", "", ""] or not (number and code) or not request.COOKIES.keys() <= {THEME} or number in ELSEWHERE:
        return None
    found = request.META[FOUND] = _counted(request, number, code)
    if found is None or found.verdict == Verdict.UNKNOWN:
        return None
    return _plain_page(request, found)


def _counted(request: HttpRequest, number: str, code: str) -> Checked | None:
    try:
        return counted_number(request, number, code)
    except TooOften:
        return None


def _plain_page(request: HttpRequest, found: Checked) -> HttpResponse:
    """The page for who brings no cookie and so is nobody to it: all that differs is what is told."""
    theme = request.COOKIES.get(THEME, "")
    before, after = _around(found.finding, theme if theme in ("dark", "light") else "")
    return private(HttpResponse(f"{before}{fact_lines(facts_of(found))}{after}"))


@lru_cache(maxsize=64)
def _around(finding: Finding, theme: str) -> tuple[str, str]:
    """The page of a finding for who brings no other cookie, before and after the lines of what is told."""
    blank = HttpRequest()
    blank.COOKIES = {THEME: theme}
    context = _context(None, None, Checked(finding)) | {"facts": [_HERE]}
    before, _, after = render_to_string(PAGE, context, blank).partition(fact_lines([_HERE]))
    return before, after


def _page(
    request: HttpRequest,
    file_form: FileForm | None,
    number_form: NumberForm | None,
    found: Checked | None,
    status: int = 200,
) -> HttpResponse:
    return private(render(request, PAGE, _context(file_form, number_form, found, status), status=status))


def _context(
    file_form: FileForm | None, number_form: NumberForm | None, found: Checked | None, status: int = 200
) -> dict[str, Any]:
    return {
        "title": "证书核验",
        "title_en": "Verify a certificate",
        "crumbs": [Crumb("证书核验")],
        "file_form": file_form,
        "number_form": number_form,
        "wait": WAIT if status == 429 else "",
        **(found_context(found) if found else {}),
    }


def found_context(found: Checked) -> dict[str, Any]:
    """What ``credentials/found.html`` shows of what was found."""
    words, words_en, kind = WORDS[found.finding.verdict]
    return {"found": found, "words": words, "words_en": words_en, "kind": kind, "facts": facts_of(found)}


def facts_of(found: Checked) -> list[Fact]:
    """The lines of what was found: what the certificate says, by whom, when, and whose it is if that was asked."""
    facts = [Fact(label, text) for label, text in found.says]
    if found.issuer:
        facts.append(Fact("签发 Issued by", found.issuer))
    if found.signed_at:
        facts.append(Fact("签名时间 Sealed at", f"{localtime(found.signed_at):%Y-%m-%d %H:%M}"))
    if found.is_holders is not None:
        told = ("相符 It is theirs", "ok") if found.is_holders else ("不符 It is not theirs", "red")
        facts.append(Fact("持有人 Holder", told[0], kind=told[1]))
    return facts


def private(answer: HttpResponse) -> HttpResponse:
    """A page about somebody: kept by no cache, its address told to no other site.

    Not ``no-referrer``: a browser would then send the page's own forms with the origin ``null``, which is refused.
    """
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    return answer
