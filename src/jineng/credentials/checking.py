"""Whether a certificate stands, for anybody: by the file that they hold, or by number and check code."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from jineng.credentials.codes import is_code, plain_code
from jineng.credentials.kinds import SkillLevel
from jineng.credentials.publishing import asking, register_of, told_of
from jineng.engines.canonical import CanonicalError, loads
from jineng.engines.seals import baking
from jineng.engines.seals.badges import is_holder
from jineng.engines.seals.credentials import check, check_shown
from jineng.engines.seals.findings import Finding, Refusal, Verdict
from jineng.engines.seals.records import MOST_HELD, held_in, is_record
from jineng.engines.seals.status import suspensions_beside
from jineng.engines.seals.times import read_stamp
from jineng.kernel import clock
from jineng.kernel.crypto import decrypt, mask_name
from jineng.kernel.prepared import value_of

MOST_BYTES = 2 * 1024 * 1024
_MOST_SHOWN = 20
REGISTER = """
SELECT json_build_object('id', id, 'number', number, 'holder', encode(holder, 'hex'), 'type_name', type_name,
  'level', level, 'body', body, 'institution', institution, 'issued_on', issued_on, 'revoked_on', revoked_on,
  'suspended_on', suspended_on, 'is_void', is_void, 'sealed_at', sealed_at)
FROM credentials_public_certificate({number})
"""
"""What the register says of a certificate by its number, as JSON; see :func:`read_register`."""
PARTS = {
    "name": "持证人 Holder",
    "number": "证书编号 Number",
    "school": "所在院校 School",
    "issued_on": "发证日期 Issued on",
}
"""What may be told of a certificate beside its name, its issuer and whether it stands."""
NOT_OURS = Finding(
    Verdict.UNKNOWN,
    "签发者不是本平台的培训评价组织，无法核验。",
    "The issuer is no assessment body of this platform, so nothing can be told.",
)
NO_SUCH = Finding(
    Verdict.UNKNOWN,
    "没有与编号和校验码都相符的证书。",
    "No certificate has both this number and this check code.",
)
STANDS = Finding(Verdict.VALID, "证书在册，有效。", "The certificate is in the register and stands.")
SUSPENDED = Finding(Verdict.SUSPENDED, "证书已被暂停，恢复之前不可作为凭据。", "The certificate is suspended for now.")
REVOKED = Finding(Verdict.REVOKED, "证书已被撤销。", "The certificate has been revoked.")
VOID = Finding(Verdict.REVOKED, "证书已作废，从未有效。", "The certificate was struck out; it never stood.")


@dataclass(frozen=True)
class Checked:
    """What checking found, by whom the certificate is, and what it says as far as that was shown.

    ``is_holders`` tells whether the name and code that were given beside a file are its holder's; None: not asked.
    """

    finding: Finding
    issuer: str = ""
    signed_at: dt.datetime | None = None
    says: list[tuple[str, str]] = field(default_factory=list)
    is_holders: bool | None = None

    @property
    def verdict(self) -> str:
        """The one word."""
        return self.finding.verdict.value


@dataclass(frozen=True)
class Read:
    """A file that was read: the document, the credentials that it shows and all within them, and whom it names.

    ``asked`` is what the register must be asked to check it (see :func:`jineng.credentials.publishing.asking`); nothing
    where it names nobody.
    """

    value: dict[str, Any]
    shown: bool
    outer: list[dict[str, Any]]
    named: set[str]
    asked: str


def check_file(content: bytes, name: str = "", code: str = "") -> Checked:
    """The verdict over a file: a credential as JSON, or the PDF or PNG that carries one. Bad input is a finding.

    One query, and one more where a status list changed; none for what is no credential.
    """
    return _checked(read_file(content), name, code)


def check_value(value: Any, name: str = "", code: str = "") -> Checked:
    """The verdict over a credential, a learner record, or a presentation of some, as JSON."""
    return _checked(read_value(value), name, code)


def _checked(read: Read | Checked, name: str, code: str) -> Checked:
    if isinstance(read, Checked):
        return read
    return check_read(read, told_of(read.asked) if read.asked else "{}", name, code)


def read_file(content: bytes) -> Read | Checked:
    """What a file holds, or the verdict over one that holds nothing to be checked."""
    try:
        value = loads(baking.carried(content))
    except (CanonicalError, UnicodeDecodeError, baking.BakingError) as error:
        zh = "文件不是电子证书，也不含电子证书。"
        return Checked(Finding(Verdict.MALFORMED, zh, f"The file is no credential and holds none: {error}"))
    return read_value(value)


def read_value(value: Any) -> Read | Checked:
    """What a document holds, or the verdict over one that holds nothing to be checked."""
    if not isinstance(value, dict):
        return Checked(Finding(Verdict.MALFORMED, "不是电子证书。", "Not a credential."))
    shown = value.get("type") == "VerifiablePresentation" or "verifiableCredential" in value
    inner = value.get("verifiableCredential", []) if shown else [value]
    outer = [one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, dict)]
    try:
        credentials = outer + [one for each in outer if is_record(each) for one in held_in(each)]
    except Refusal as refusal:
        return Checked(refusal.finding)
    if len(outer) > _MOST_SHOWN or len(credentials) > _MOST_SHOWN + MOST_HELD:
        return Checked(Finding(Verdict.MALFORMED, "一次出示的证书太多。", "Too many credentials at once."))
    named = {_id_of(one.get("issuer")) for one in credentials} - {""}
    lists = {address for one in credentials for address in _lists_of(one)}
    return Read(value, shown, outer, named, asking(named, lists) if named else "")


def check_read(read: Read, told: str | bytes, name: str = "", code: str = "") -> Checked:
    """The verdict over what was read, by what the register told of whom it names."""
    issuers, known = register_of(told)
    if read.named - issuers.keys():
        return Checked(NOT_OURS)
    finding = (check_shown if read.shown else check)(read.value, known, clock.now())
    if finding.issuer is None:
        return Checked(finding)
    issuer = issuers.get(finding.issuer)
    says = [line for one in read.outer for line in (_told_of_record(one) if is_record(one) else _told(one))]
    own = is_holder(read.value, f"{name.strip()} {plain_code(code)}") if name and code and not read.shown else None
    return Checked(finding, issuer.name if issuer else finding.issuer, finding.signed_at, says, own)


def check_row(row: tuple[Any, ...] | None, code: str) -> Checked:
    """The verdict over what the register says of a number, for whoever has the check code printed beside it.

    A wrong code and a number that was never given are told in the same words.
    """
    if not is_code(code, row[0] if row else UUID(int=0)) or row is None:
        return Checked(NO_SUCH)
    return of_register(row, PARTS, mask_name)


def register_row(number: str) -> tuple[Any, ...] | None:
    """What the register says of a certificate by its number, whoever asks; for those who proved that they may."""
    told = value_of(REGISTER.format(number="$1"), number)
    return read_register(told) if told else None


def read_register(told: str | bytes) -> tuple[Any, ...]:
    """A row of the register from the JSON of ``REGISTER``."""
    found = json.loads(told)
    days = [found[day] and dt.date.fromisoformat(found[day]) for day in ("issued_on", "revoked_on", "suspended_on")]
    sealed_at = found["sealed_at"] and dt.datetime.fromisoformat(found["sealed_at"])
    names = [found[name] for name in ("type_name", "level", "body", "institution")]
    return (
        UUID(found["id"]),
        found["number"],
        bytes.fromhex(found["holder"]),
        *names,
        *days,
        found["is_void"],
        sealed_at,
    )


def of_register(row: tuple[Any, ...], parts: Collection[str], naming: Callable[[str], str] = str) -> Checked:
    """Whether a certificate stands today, with the named parts of what the register says of it."""
    _, number, holder, kind, level, body, school, issued_on, revoked_on, suspended_on, is_void, sealed_at = row
    today = clock.today()
    revoked = revoked_on is not None and revoked_on <= today
    suspended = suspended_on is not None and suspended_on <= today
    told = {
        "name": naming(decrypt(bytes(holder), "name")),
        "number": number,
        "school": school,
        "issued_on": issued_on.isoformat(),
    }
    says = [("证书 Certificate", f"{kind}（{SkillLevel(level).label}）")]
    says += [(label, told[part]) for part, label in PARTS.items() if part in parts]
    if revoked:
        says.append(("撤销日期 Revoked on", revoked_on.isoformat()))
    elif suspended:
        says.append(("暂停日期 Suspended on", suspended_on.isoformat()))
    found = VOID if is_void else REVOKED if revoked else SUSPENDED if suspended else STANDS
    return Checked(found, body, sealed_at, says)


def _told(credential: dict[str, Any]) -> list[tuple[str, str]]:
    """What a well-signed badge says, in the words of the page."""
    subject = credential.get("credentialSubject")
    subject = subject if isinstance(subject, dict) else {}
    achievement = subject.get("achievement")
    told = {
        "证书 Certificate": achievement.get("name") if isinstance(achievement, dict) else None,
        "证书编号 Number": subject.get("licenseNumber"),
        "生效 Valid from": _day(credential.get("validFrom")),
    }
    return [(label, text) for label, text in told.items() if isinstance(text, str)]


def _told_of_record(record: dict[str, Any]) -> list[tuple[str, str]]:
    """What a well-signed learner record says: each credential in it with who issued it."""
    told = {"学习记录 Record": record.get("name"), "出具 As of": _day(record.get("validFrom"))}
    says = [(label, text) for label, text in told.items() if isinstance(text, str)]
    for place, one in enumerate(held_in(record), 1):
        issuer = one.get("issuer")
        parts = [one.get("name"), issuer.get("name") if isinstance(issuer, dict) else None, _day(one.get("validFrom"))]
        says.append((f"第 {place} 项 Entry", "，".join(part for part in parts if isinstance(part, str))))
    return says


def _day(told: Any) -> str | None:
    """A moment as it stands on a calendar in China: the day alone where it is the day's beginning."""
    try:
        moment = read_stamp(told).astimezone(clock.CHINA).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return told if isinstance(told, str) else None
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ", "minutes")


def _id_of(value: Any) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) and "\0" not in found else ""


def _lists_of(credential: dict[str, Any]) -> list[str]:
    given = credential.get("credentialStatus", [])
    entries = given if isinstance(given, list) else [given]
    found = [entry.get("statusListCredential") for entry in entries[:_MOST_SHOWN] if isinstance(entry, dict)]
    named = [address for address in found if isinstance(address, str) and "\0" not in address]
    return named + [suspensions_beside(address) for address in named]
