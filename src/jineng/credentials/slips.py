"""Admission slips: what is printed on one, and what whoever scans its code is told."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from jineng.credentials.codes import is_slip_code, slip_code
from jineng.credentials.kinds import SkillLevel
from jineng.credentials.models import AssessmentSession, Candidate
from jineng.credentials.queries import chair_of
from jineng.credentials.sealing import address
from jineng.credentials.seating import Room, room_of
from jineng.engines.documents.slip import SlipPaper
from jineng.engines.documents.tree import chinese_date
from jineng.kernel import clock
from jineng.kernel.crypto import decrypt, mask_name, mask_number
from jineng.registry.identities import Identity

RULES = (
    "携带本证和本人有效身份证件，提前三十分钟到达考点。",
    "按所列考场和座位号入座，身份证件放在桌面备查。",
    "手机等通信设备关闭后交考点存放，不得带入座位。",
    "监考人员扫描右侧二维码核对；时间、地点如有调整，以扫码所示为准。",
    "服从监考安排，有需要时举手示意。",
)
REGISTER = "SELECT credentials_public_slip($4::uuid)"
"""What the register says of a slip by its candidate's id, as JSON, asked while the call is counted."""


class SlipState(Enum):
    """What a slip is at a moment."""

    VALID = "valid"
    OVER = "over"
    VOID = "void"


@dataclass(frozen=True)
class Scanned:
    """What whoever scans a slip is told: what it is now, and the lines beneath."""

    state: SlipState
    says: list[tuple[str, str]]


def number_of(session_code: str, seat: int) -> str:
    """The number of a slip (准考证号): the session's, and the seat's in it."""
    return f"{session_code}-{seat:03d}"


def paper_of(candidate: Candidate, who: Identity, host: str) -> SlipPaper:
    """The slip of somebody told by ``queries.seated_of``, whose session has its times; the ID number is masked."""
    session, seat = candidate.session, candidate.seat or 0
    chair = chair_of(candidate)
    where = (
        [("考点", session.site.name), ("地址", session.site.address)]
        if session.site is not None
        else [("地点", session.place or "另行通知")]
    )
    lines = [
        *([("证件号码", mask_number(who.number))] if who.number else []),
        ("证书", session.certificate_type.name),
        ("等级", str(SkillLevel(session.level).label)),
        ("日期", chinese_date(session.held_on)),
        ("时间", span_of(session)),
        *where,
        *([("考场", chair.room)] if chair else []),
        ("座位号", str(chair.number if chair else seat)),
        *([("说明", "示例数据，不作凭证")] if who.is_synthetic else []),
    ]
    link = address("check_slip", candidate.pk, slip_code(candidate.pk))
    return SlipPaper(who.name, number_of(session.code, seat), tuple(lines), host, link)


def span_of(session: AssessmentSession) -> str:
    """From when to when a session is held; nothing where it has no times."""
    if session.begins_at is None or session.ends_at is None:
        return ""
    return f"{session.begins_at:%H:%M}–{session.ends_at:%H:%M}"


def scanned(told: str | bytes | None, pk: UUID, code: str) -> Scanned | None:
    """What the register's answer to ``REGISTER`` says to who has the code; a wrong code and no slip say nothing."""
    if not is_slip_code(code, pk) or not told:
        return None
    found: dict[str, Any] = json.loads(told)
    day, ends = dt.date.fromisoformat(found["held_on"]), dt.time.fromisoformat(found["ends_at"])
    over = clock.now() > dt.datetime.combine(day, ends, clock.CHINA)
    state = SlipState.VOID if found["is_void"] else SlipState.OVER if over else SlipState.VALID
    rooms = [Room(name, seats) for name, seats in found["rooms"] or ()]
    first, seat = found["first_seat"], found["seat"]
    chair = room_of(first + seat - 1, rooms) if first else None
    place = f"{found['site']}（{found['address']}）" if found["site"] else found["place"]
    says = [
        ("考生 Candidate", mask_name(decrypt(bytes.fromhex(found["holder"]), "name"))),
        ("准考证号 Number", number_of(found["code"], seat)),
        ("考核 Assessment", f"{found['type_name']}（{SkillLevel(found['level']).label}）"),
        ("承办院校 Host", found["host"]),
        ("日期 Day", day.isoformat()),
        ("时间 Time", f"{found['begins_at'][:5]}–{found['ends_at'][:5]}"),
        ("地点 Place", place),
        ("考场 Room", chair.room if chair else ""),
        ("座位号 Seat", str(chair.number if chair else seat)),
    ]
    return Scanned(state, [(label, text) for label, text in says if text])
