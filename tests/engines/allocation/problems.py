"""Random problems as plain data: ties, thresholds, batches, pools that release, exempt seats, caps, short lists."""

from __future__ import annotations

from random import Random
from typing import Any

Data = dict[str, Any]

COMPONENTS = [
    {"key": "culture", "name": "文化素质", "most": 30},
    {"key": "skill", "name": "职业技能", "most": 20},
    {"key": "contest", "name": "竞赛加分", "most": 5, "combine": "best"},
    {"key": "service", "name": "服役加分", "most": 3, "combine": "sum"},
]
RULES = [
    {"key": "plain", "name": "总分", "weights": {"culture": 1, "skill": 1, "contest": 1, "service": 1}},
    {"key": "skilled", "name": "重技能", "weights": {"culture": "0.4", "skill": "0.6"}, "least": {"skill": 3}},
    {"key": "floored", "name": "有总分线", "weights": {"culture": 2, "skill": "0.5"}, "total": "21.25"},
]
TIES = [{"key": "skill", "by": ["skill", "culture"]}, {"key": "culture", "by": ["culture"]}, {"key": "lot", "by": []}]
POOLS = [
    {"key": "county", "name": "县区定向", "releases_to": "household"},
    {"key": "open", "name": "普通"},
    {"key": "household", "name": "建档立卡", "releases_to": "open"},
]
SEED = "5eed" * 8
SECRET = "a1" * 16


def scheme(**more: Any) -> Data:
    """A scheme with everything declared that the problems use."""
    return {
        "code": "gs-2021",
        "version": 1,
        "name": "分类考试",
        "scale": 10,
        "components": COMPONENTS,
        "rules": RULES,
        "ties": TIES,
        "pools": POOLS,
        **more,
    }


def place(group: str, major: str, seats: int, **more: Any) -> Data:
    """A place of the open pool unless said otherwise."""
    return {
        "key": f"{group}-{major}-{more.get('pool', 'open')}",
        "organisation": group,
        "group": group,
        "major": major,
        "seats": seats,
        "rule": "plain",
        "ties": "skill",
        "pool": "open",
        **more,
    }


def person(who: str, culture: float | str, skill: float | str, *wishes: Any, **more: Any) -> Data:
    """An applicant; a wish is a group, its majors, and whether any other would do."""
    preferences = [{"group": group, "majors": majors, "any_major": any_major} for group, majors, any_major in wishes]
    return {"id": who, "scores": {"culture": culture, "skill": skill}, "preferences": preferences, **more}


def draw_problem(random: Random, applicants: int | None = None) -> Data:
    """A problem of some kind, small enough to be judged by hand."""
    serial = random.random() < 0.35
    groups = [f"g{at}" for at in range(random.randint(1, 4))]
    places: list[Data] = []
    for group in groups:
        needs = ["physics"] if random.random() < 0.2 else []
        for major in range(random.randint(1, 3)):
            rule, ties = ("plain", "skill") if serial else _judging(random)
            for pool in ["open"] if serial else random.sample(["county", "open", "household"], random.randint(1, 3)):
                wanted = {"county": ["county:1"], "household": ["household"]}.get(pool, [])
                places.append(
                    place(
                        group, f"m{major}", random.choice((0, 1, 1, 2, 3)), pool=pool, rule=rule, ties=ties,
                        needs=needs + wanted,
                    )
                )  # fmt: skip
    more: Data = {}
    if serial:
        more |= {"mechanism": "serial", "ratio": random.choice((100, 105, 120))}
    elif random.random() < 0.5:
        more["caps"] = _caps(random, places)
    if random.random() < 0.3:
        more["batches"] = [{"key": "poor", "name": "建档立卡户", "tag": "household"}]
    if random.random() < 0.3:
        share, apart = random.choice((10, 20, "33.3")), random.random() < 0.5
        more["eliminations"] = [
            {"key": "low", "name": "末位淘汰", "rule": "plain", "share": share, "by_category": apart}
        ]
    people = [_person(random, f"a{at:02}", groups, places) for at in range(applicants or random.randint(0, 16))]
    _exempt(random, people, places, more.get("caps", []))
    random.shuffle(people)
    random.shuffle(places)
    return {"scheme": scheme(**more), "places": places, "applicants": people, "seed": SEED}


def _judging(random: Random) -> tuple[str, str]:
    return random.choice(("plain", "plain", "skilled", "floored")), random.choice(("skill", "culture", "lot"))


def _caps(random: Random, places: list[Data]) -> list[Data]:
    """A cap over some places and one within it, all of which then judge alike."""
    outer = random.sample(places, random.randint(1, len(places)))
    inner = random.sample(outer, random.randint(1, len(outer)))
    for one in outer:
        one["rule"], one["ties"] = outer[0]["rule"], outer[0]["ties"]
    return [
        {"key": name, "name": name, "limit": random.randint(0, 5), "places": [one["key"] for one in some],
         "order": outer[0]["rule"]}
        for name, some in (("outer", outer), ("inner", inner))
    ]  # fmt: skip


def _person(random: Random, who: str, groups: list[str], places: list[Data]) -> Data:
    tags = [tag for tag in ("household", "county:1", "physics") if random.random() < 0.5]
    wishes = []
    for group in random.sample(groups, random.randint(0, len(groups))):
        majors = sorted({one["major"] for one in places if one["group"] == group})
        named = random.sample(majors, random.randint(0, len(majors)))
        wishes.append((group, named, not named or random.random() < 0.5))
    found = person(who, random.randint(8, 14), f"{random.randint(4, 16) / 2}", *wishes, tags=tags)
    found["preferences"] = [
        {"group": wish["group"], "struck": True} if random.random() < 0.05 else wish for wish in found["preferences"]
    ]
    found["category"] = random.choice(("general", "vocational"))
    found["bonuses"] = {"contest": [random.randint(0, 3) for _ in range(random.randint(0, 2))], "service": [1, "2.5"]}
    return found


def _exempt(random: Random, people: list[Data], places: list[Data], caps: list[Data]) -> None:
    """Now and then somebody has a seat already, where there is room at every level."""
    one = random.choice(places)
    if people and one["seats"] and all(cap["limit"] for cap in caps) and random.random() < 0.3:
        people[0]["exempt"] = one["key"]
