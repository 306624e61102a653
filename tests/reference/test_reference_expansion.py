"""Numbers per institution become titled items exactly by the README's rules."""

from __future__ import annotations

from datetime import date

from jineng.reference.expansion import all_awards
from jineng.reference.year import Event, Numbers
from tests.reference.small_year import MARCH, NAMES, small_year


def items(numbers: Numbers, title: str = "{major}：{topic}"):
    awards = all_awards(small_year(numbers, title), NAMES, lambda organisation, day: f"office of {organisation}")
    return [award for award in awards if award.call == "micro"]


def test_titles_go_through_majors_then_topics_and_number_what_is_said_twice():
    assert [award.title for award in items(Numbers(recognised=6))] == [
        "种子生产与经营：甲",
        "作物生产与经营管理：甲",
        "种子生产与经营：乙",
        "作物生产与经营管理：乙",
        "种子生产与经营：甲（2）",
        "作物生产与经营管理：甲（2）",
    ]


def test_titles_without_a_major_go_through_topics_under_the_name_of_the_day():
    assert [award.title for award in items(Numbers(recognised=3), "{organisation}“{topic}”")] == [
        "旧名学院“甲”",
        "旧名学院“乙”",
        "旧名学院“甲”（2）",
    ]


def test_an_institution_without_majors_is_general():
    specification = small_year(Numbers(refused=1), offerings=())
    awards = list(all_awards(specification, NAMES, lambda organisation, day: ""))
    assert awards[0].title == "综合：甲"


def test_fates_come_in_order_with_their_events():
    found = items(Numbers(recognised=2, refused=1, under_construction=1, candidate=1, voided=1, withdrawn_later=1))
    withdrawn = Event(date(2021, 6, 30), "withdrawn")
    assert [award.events for award in found] == [
        (Event(MARCH, "recognised"),),
        (Event(MARCH, "recognised"), withdrawn),
        (Event(MARCH, "refused"),),
        (Event(MARCH, "under_construction"),),
        (Event(MARCH, "candidate"),),
        (Event(MARCH, "recognised"),),
    ]
    assert [award.void_reason for award in found] == [None] * 5 + ["误录"]


def test_the_first_recognised_are_also_reported_by_the_city():
    found = items(Numbers(recognised=3, refused=1, double=2))
    assert [award.also_reported_by for award in found] == ["office of college"] * 2 + [None, None]


def test_items_are_led_by_consecutive_people_and_held_by_the_institution():
    found = items(Numbers(recognised=2, voided=1))
    assert [[holder.people for holder in award.holders if holder.people] for award in found] == [
        [(101,)],
        [(102,)],
        [(103,)],
    ]
    assert all(award.holders[0].organisation == award.by == "college" for award in found)
