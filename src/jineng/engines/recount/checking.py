"""`check_file`: whether a published run is what its data and scheme lead to, and whether one row is under the root."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import rfc8785

from jineng.engines.recount.judging import Case, Standing, read_case
from jineng.engines.recount.solving import deferred, serial

RUN = "jineng-admissions/1"
OWN_ROW = "jineng-own-row/1"
_SHOWN = 3


@dataclass(frozen=True)
class Finding:
    """One thing checked: what, whether it is as it should be, and in words."""

    what: str
    ok: bool
    says: str


def check_file(content: bytes) -> list[Finding]:
    """Findings on a run's file or on one applicant's row. Bad input is a finding, never an exception."""
    try:
        stated = json.loads(content, object_pairs_hook=_members)
        if stated["format"] == OWN_ROW:
            return [_own_row(stated)]
        if stated["format"] != RUN:
            raise ValueError(f"format {stated['format']!r}")
        return list(_run(stated))
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        StopIteration,
        ArithmeticError,
        AttributeError,
        RecursionError,
    ) as error:
        return [
            Finding(
                "文件 file", False, f"不是可核验的录取结果文件 not a file of admissions: {type(error).__name__} {error}"
            )
        ]


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _run(stated: Mapping[str, Any]) -> Iterator[Finding]:
    problem, rows, certificate = stated["problem"], stated["rows"], stated["certificate"]
    for what, digest, value in (
        ("输入摘要 input digest", certificate["input_digest"], problem),
        ("方案摘要 scheme digest", certificate["scheme"]["digest"], problem["scheme"]),
        ("结果摘要 result digest", certificate["result_digest"], rows),
    ):
        same = hashlib.sha256(rfc8785.dumps(value)).hexdigest() == digest
        yield Finding(what, same, "一致 as stated" if same else "已被改动 altered")
    named = {"code": problem["scheme"]["code"], "version": problem["scheme"]["version"]}
    same = all(certificate["scheme"][key] == value for key, value in named.items())
    yield Finding("方案版本 scheme version", same, f"{named['code']} {named['version']}")
    drawn = hashlib.sha256(f"lot\n{problem['seed']}".encode()).hexdigest() == certificate["lot"]
    yield Finding(
        "抽签承诺 lot", drawn, "种子与事先公布的承诺相符 the seed is the one committed to" if drawn else "不符 differs"
    )
    case = read_case(problem)
    yield from _listed(case, rows)
    yield from _judged(case, rows, certificate)
    if "secret" in stated:
        root = _root([_leaf(row, _salt(stated["secret"], row["applicant"])) for row in rows]).hex()
        same = root == certificate["root"]
        yield Finding("结果根 root", same, "一致 as stated" if same else "与各行不符 is not that of the rows")


def _listed(case: Case, rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Everybody once, in one order, and nobody else."""
    fine = [row["applicant"] for row in rows] == sorted(case.wishes)
    yield Finding(
        "考生名单 applicants",
        fine,
        f"{len(rows)} 名考生各有一条结果 one row each"
        if fine
        else "有遗漏、重复或多出的考生 missing, double or unknown rows",
    )


def _judged(case: Case, rows: Sequence[Mapping[str, Any]], certificate: Mapping[str, Any]) -> Iterator[Finding]:
    if case.scheme.get("mechanism", "deferred") == "serial":
        placed, majors, files = serial(case)
        expected = {who: _expected(case, who, majors.get(who), placed.get(who)) for who in case.wishes}
        seats = {key: int(place["seats"]) for key, place in case.places.items()}
        in_group: dict[str, list[str]] = {group: [] for group in files}
        for who, (group, _) in placed.items():
            in_group[group].append(who)
        exempt = Counter(case.places[key]["group"] for key in case.held.values())
        groups = [
            _cut_off(case, group, files[group], exempt[group], [(who, _any_in(case, group)) for who in members])
            for group, members in sorted(in_group.items())
        ]
        moves: list[Any] = []
    else:
        found, seats = deferred(case)
        expected = {who: _expected(case, who, *_pair(case, found.get(who))) for who in case.wishes}
        groups = []
        moves = certificate.get("moves", [])
    yield _compared("结果 result", {row["applicant"]: row for row in rows}, expected)
    inside: dict[str, list[str]] = {key: [] for key in case.places}
    for who, row in expected.items():
        if row["state"] == "admitted":
            inside[row["place"]].append(who)
    held = Counter(case.held.values())
    places = [
        _cut_off(case, key, seats[key], held[key], [(who, key) for who in inside[key]]) for key in sorted(case.places)
    ]
    caps = [
        _cut_off(
            case,
            cap["key"],
            int(cap["limit"]),
            sum(held[key] for key in cap["places"]),
            [(who, key) for key in cap["places"] for who in inside[key]],
        )
        for cap in case.scheme.get("caps", [])
    ]
    for what, stated, computed in (
        ("分数线 cut-offs", certificate["places"], places),
        ("限额 caps", certificate.get("caps", []), caps),
        ("投档线 placement lines", certificate.get("groups", []), groups),
    ):
        yield _compared(what, {row["key"]: row for row in stated}, {row["key"]: row for row in computed})
    yield _first_met(case, rows, certificate)
    planned = {key: int(place["seats"]) for key, place in case.places.items()}
    for move in moves:
        planned[move["giver"]] -= move["seats"]
        planned[move["taker"]] += move["seats"]
    fine = planned == seats
    yield Finding("计划调剂 moved seats", fine, "收支平衡 accounted for" if fine else "与各单元计划不符 do not add up")


def _pair(case: Case, found: tuple[str, int] | None) -> tuple[str | None, tuple[str, int] | None]:
    return (None, None) if found is None else (found[0], (case.places[found[0]]["group"], found[1]))


def _expected(case: Case, who: str, place: str | None, placed: tuple[str, int] | None) -> dict[str, Any]:
    """The row that an applicant should have."""
    if who in case.held:
        key = case.held[who]
        return {"applicant": who, "state": "exempt", "place": key, "group": case.places[key]["group"]}
    if placed is None:
        return {"applicant": who, "state": "eliminated" if who in case.out else "unplaced"}
    at = place if place is not None else _any_in(case, placed[0])
    row = {
        "applicant": who,
        "state": "returned" if place is None else "admitted",
        "group": placed[0],
        "wish": placed[1],
    }
    if place is not None:
        row["place"] = place
    return row | {"score": _text(case.standing(who, at)[1])}


def _any_in(case: Case, group: str) -> str:
    return next(key for key, place in sorted(case.places.items()) if place["group"] == group)


def _cut_off(case: Case, key: str, seats: int, held: int, inside: Sequence[tuple[str, str]]) -> dict[str, Any]:
    row: dict[str, Any] = {"key": key, "seats": seats, "taken": held + len(inside)}
    if row["taken"] < seats or not inside:
        return row
    batch, score, ties, lot = min(case.standing(who, place) for who, place in inside)
    return row | {
        "batch": batch,
        "score": _text(score),
        "ties": [_text(number) for number in ties],
        "lot": (-lot).to_bytes(32).hex(),
    }


def _first_met(case: Case, rows: Sequence[Mapping[str, Any]], certificate: Mapping[str, Any]) -> Finding:
    """One pass, by the published cut-offs alone: everybody is at the first preference whose cut-offs they reach."""
    serial_run = case.scheme.get("mechanism", "deferred") == "serial"
    lines = {row["key"]: _line(row) for row in certificate["groups" if serial_run else "places"]}
    caps = [(set(cap["places"]), cap["key"]) for cap in case.scheme.get("caps", [])]
    over = {row["key"]: _line(row) for row in certificate.get("caps", [])}
    paths = {
        key: [lines[place["group"] if serial_run else key], *(over[cap] for members, cap in caps if key in members)]
        for key, place in case.places.items()
    }
    wrong = []
    for row in rows:
        who = row["applicant"]
        if who in case.held:
            continue
        met = next(
            (
                (case.places[key]["group"] if serial_run else key, number)
                for key, number in case.wishes[who]
                if all(line is None or (line != () and case.standing(who, key) >= line) for line in paths[key])
            ),
            (None, None),
        )
        if met != (row.get("group" if serial_run else "place"), row.get("wish")):
            wrong.append(who)
    if wrong:
        return Finding(
            "一遍核对 one pass", False, f"{len(wrong)} 名考生不在其首个达线志愿 not at the first met: {wrong[:_SHOWN]}"
        )
    return Finding("一遍核对 one pass", True, "每人都在其首个达线志愿 everybody is at the first preference they met")


def _line(row: Mapping[str, Any]) -> Standing | tuple[()] | None:
    """A published cut-off: None where all may enter, () where nobody may."""
    if row["taken"] > row["seats"]:
        raise ValueError(f"{row['key']} holds more than its seats")
    if "score" in row:
        ties = tuple(Fraction(text) for text in row["ties"])
        return row["batch"], Fraction(row["score"]), ties, -int(row["lot"], 16)
    return () if row["taken"] == row["seats"] else None


def _compared(what: str, stated: Mapping[str, Any], computed: Mapping[str, Any]) -> Finding:
    differing = [key for key in sorted({*stated, *computed}) if stated.get(key) != computed.get(key)]
    if not differing:
        return Finding(what, True, f"{len(computed)} 项重算一致 the recount agrees")
    first = differing[0]
    return Finding(
        what,
        False,
        f"{len(differing)} 项与重算不符 differ: {first}: {json.dumps(stated.get(first), ensure_ascii=False)} ≠ "
        f"{json.dumps(computed.get(first), ensure_ascii=False)}",
    )


def _text(number: Fraction) -> str:
    """A fraction whose denominator divides a power of ten, as decimal text."""
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    text = f"{int(number * 10**digits):0{digits + 1}d}"
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def _salt(secret: str, applicant: str) -> str:
    return hmac.new(bytes.fromhex(secret), applicant.encode(), hashlib.sha256).hexdigest()[:32]


def _leaf(row: Any, salt: str) -> bytes:
    return hashlib.sha256(b"\x00" + rfc8785.dumps({"row": row, "salt": salt})).digest()


def _root(leaves: Sequence[bytes]) -> bytes:
    """The root of RFC 6962, section 2.1, by its recursive definition."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def _own_row(stated: Mapping[str, Any]) -> Finding:
    """RFC 6962, section 2.1.1, turned round: the root that a row and its path lead to."""
    node, at, size = _leaf(stated["row"], stated["salt"]), int(stated["proof"]["index"]), int(stated["proof"]["size"])
    path = [bytes.fromhex(text) for text in stated["proof"]["path"]]
    fine = 0 <= at < size and _climb(node, at, size, path) == bytes.fromhex(stated["root"])
    who = stated["row"]["applicant"]
    return Finding(
        f"考生 {who} 的结果 own row",
        fine,
        "在公布的结果根之下 under the published root" if fine else "不在公布的结果根之下 not under the published root",
    )


def _climb(node: bytes, at: int, size: int, path: Sequence[bytes]) -> bytes | None:
    if size == 1:
        return node if not path else None
    if not path:
        return None
    half = 1 << ((size - 1).bit_length() - 1)
    if at < half:
        inner = _climb(node, at, half, path[:-1])
        return None if inner is None else hashlib.sha256(b"\x01" + inner + path[-1]).digest()
    inner = _climb(node, at - half, size - half, path[:-1])
    return None if inner is None else hashlib.sha256(b"\x01" + path[-1] + inner).digest()
