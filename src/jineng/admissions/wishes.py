"""What an applicant may enter and name: tags, what pools are kept for, what is wrong with a list of wishes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jineng.admissions.kinds import ApplicantCategory, Pool, ProgrammeLevel, SeasonKind
from jineng.admissions.schemes import Admits, RoundLaw

RECEIPT = "admission-preferences"
EXEMPT, EXAMINED = "exempt", "examined"


class Wrong(NamedTuple):
    """Something wrong with a wish or a registration: Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"


def tags_of(*, category: str, home: str | None, household: bool, exempt: str | None) -> frozenset[str]:
    """What an applicant is, in the words in which places and batches ask for it."""
    tags = {f"category:{category}"}
    if home:
        tags.add(f"county:{home}")
    if household:
        tags.add("household")
    tags |= {EXEMPT, f"{EXEMPT}:{exempt}"} if exempt else {EXAMINED}
    return frozenset(tags)


def needs_of(pool: str, county_code: str, kind: str) -> list[str]:
    """The tags that seats of a pool are kept for, all of them, in a kind of season.

    Where people are upgraded, exempt places are planned apart: no other seats go to who is exempt.
    """
    kept = {
        Pool.COUNTY.value: f"county:{county_code}",
        Pool.HOUSEHOLD.value: "household",
        Pool.EXEMPT.value: EXEMPT,
        Pool.VETERAN.value: f"category:{ApplicantCategory.VETERAN.value}",
    }
    apart = [EXAMINED] if kind == SeasonKind.UPGRADE and pool != Pool.EXEMPT else []
    return [*apart, kept[pool]] if pool in kept else apart


def may_enter(of: RoundLaw, category: str, *, exempt: bool) -> bool:
    """Whether an applicant of a category, exempt or not, enters a round."""
    return exempt if of.exempt else not of.enters or category in of.enters


def registration_faults(admits: Admits, *, category: str, home: str | None) -> Iterator[tuple[str, Wrong]]:
    """What keeps somebody from registering, by field."""
    if admits.categories and category not in admits.categories:
        allowed = "、".join(str(ApplicantCategory(key).label) for key in admits.categories)
        yield (
            "category",
            Wrong(f"本招生季只招收：{allowed}。", "The season does not admit this category of applicant."),
        )
    if admits.home and not home:
        yield "home", Wrong("须填户籍县区。", "The home county is needed.")


def record_faults(admits: Admits, category: str, held: Collection[str]) -> Iterator[tuple[str, Wrong]]:
    """What is missing of somebody's record of school, by field; ``held`` are the levels admitted to before."""
    level = admits.after.get(category)
    if level is not None and level not in held:
        name = ProgrammeLevel(level).label
        yield (
            "category",
            Wrong(
                f"没有查到该考生此前的{name}录取记录；在省外就读或未入库的，凭学籍证明由省级报名。",
                "No earlier admission to the level that is asked for is on record: where it lies elsewhere, "
                "the province registers the applicant on the paper.",
            ),
        )


def wish_faults(of: RoundLaw, wishes: Sequence[Mapping[str, Any]], majors: Mapping[str, Sequence[str]]) -> list[Wrong]:
    """All that is wrong with a list before it may be submitted; ``majors`` are those offered, by group."""
    found = []
    if not wishes:
        found.append(Wrong("还没有填志愿。", "The list is empty."))
    if len(wishes) > of.most:
        found.append(Wrong(f"最多填 {of.most} 个志愿，现有 {len(wishes)} 个。", f"At most {of.most} preferences."))
    seen: set[str] = set()
    for at, wish in enumerate(wishes, 1):
        group = str(wish.get("group", ""))
        if group in seen:
            found.append(Wrong(f"第 {at} 志愿与前面重复。", f"Preference {at} stands twice."))
        seen.add(group)
        offered = majors.get(group)
        if offered is None:
            found.append(Wrong(f"第 {at} 志愿不在本轮计划内。", f"Preference {at} is not offered in this round."))
            continue
        named = [str(major) for major in wish.get("majors", ())]
        if not named and not wish.get("any_major"):
            found.append(Wrong(f"第 {at} 志愿没有选专业。", f"Preference {at} names no major."))
        if len(named) != len(set(named)) or set(named) - set(offered):
            found.append(Wrong(f"第 {at} 志愿的专业有误。", f"A major of preference {at} is wrong."))
    return found


def plain_wishes(wishes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Wishes as they are kept: nothing in them but group, majors, and whether any other would do."""
    return [
        {
            "group": str(wish.get("group", ""))[:40],
            "majors": [str(major)[:80] for major in wish.get("majors", ())][:MOST_MAJORS],
            "any_major": bool(wish.get("any_major")),
        }
        for wish in wishes
    ]


MOST_MAJORS = 30


def receipt_statement(
    *, number: str, season: str, round_name: str, version: int, submitted_at: str, wishes: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What a receipt says; it is sealed, and comes out the same whenever it is asked for."""
    return {
        "type": RECEIPT,
        "number": number,
        "season": season,
        "round": round_name,
        "version": version,
        "submitted_at": submitted_at,
        "preferences": plain_wishes(wishes),
    }
