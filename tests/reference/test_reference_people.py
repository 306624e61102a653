"""People by serial: who they are, that their numbers are well formed, and that nobody is met twice."""

from __future__ import annotations

import pytest
from stdnum.cn import ric

from jineng.reference.people import check_character, person
from jineng.reference.year import PeopleRule
from tests.reference.specification import YEAR, read

TREE = read(YEAR / "people.yaml")
RULE = PeopleRule(*(tuple(TREE[key]) for key in ("surnames", "first", "second", "birthplaces")))


@pytest.mark.parametrize(
    ("serial", "name", "birthplace", "born", "order"),
    [
        (1, "李文华", "620121", "19610101", "997"),
        (60, "王建华", "620121", "19660609", "996"),
        (2400, "王文军", "620121", "19780711", "996"),
        (58400, "梁成磊", "620122", "19610101", "996"),
    ],
)
def test_a_serial_is_always_the_same_person(serial, name, birthplace, born, order):
    found = person(serial, RULE)
    assert (found.serial, found.name, found.number[:17]) == (serial, name, birthplace + born + order)


def test_numbers_are_valid_and_recognisably_synthetic():
    for serial in range(1, 700_800, 1_009):
        number = person(serial, RULE).number
        ric.validate(number)
        assert 996 <= int(number[14:17]) <= 999
        assert int(number[6:10]) > 1960


def test_nobody_is_met_twice():
    serials = [*range(1, 60_000), *range(640_000, 700_800)]
    assert len({person(serial, RULE).number for serial in serials}) == len(serials)


@pytest.mark.parametrize("serial", [0, -1, 700_800])
def test_a_serial_out_of_range_is_nobody(serial):
    with pytest.raises(LookupError, match="没有第"):
        person(serial, RULE)


def test_the_check_character_of_the_standard_s_example():
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"
