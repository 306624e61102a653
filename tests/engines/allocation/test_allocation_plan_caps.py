from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.allocation.plan_caps import FiledPlan, PlanCap, cap_uses, violations, what_fits

PROVINCE = PlanCap("province", "全省总量", limit=100)
EACH = PlanCap("each", "单校上限", limit=60, each=True)
EARLY = PlanCap("early", "提前招生不超过一半", share=Decimal(50), channels=frozenset({"early"}))
MEDICAL = PlanCap("medical", "医学不超过两成", share=Decimal(20), tags=frozenset({"medical"}))
ONE = PlanCap("one", "甲校护理", limit=5, organisation="a", tags=frozenset({"nursing"}))
CAPS = (PROVINCE, EACH, EARLY, MEDICAL, ONE)


def plan(key: str, organisation: str, seats: int, channel: str = "general", *tags: str) -> FiledPlan:
    return FiledPlan(key, organisation, channel, seats, frozenset(tags))


def test_a_broken_cap_tells_whose_plans_count_and_how_many_are_too_many() -> None:
    plans = [plan("a1", "a", 40, "early"), plan("a2", "a", 20), plan("b1", "b", 45)]
    found = {(use.cap.key, use.organisation): use for use in violations(CAPS, plans)}
    assert set(found) == {("province", None), ("early", "a")}
    assert (found["early", "a"].allowed, found["early", "a"].plans) == (30, ("a1",))
    assert "请减少 10 人" in found["early", "a"].fault.zh
    assert "50%" in found["early", "a"].fault.zh
    assert "全省已申报 105 人" in found["province", None].fault.zh


def test_the_base_of_a_share_is_the_institution_s_own_cap_where_it_has_one() -> None:
    plans = [plan("a1", "a", 10, "early")]
    with_cap = {use.cap.key: use for use in cap_uses(CAPS, plans)}
    assert (with_cap["early"].allowed, with_cap["early"].fits, with_cap["early"].broken) == (30, 20, False)
    without = {use.cap.key: use for use in cap_uses([EARLY], plans)}
    assert (without["early"].allowed, without["early"].broken) == (5, True)
    named = PlanCap("a", "甲校", limit=8, organisation="a")
    assert cap_uses([EARLY, named], plans)[0].allowed == 4


def test_what_would_fit_is_proposed_with_the_cap_that_binds() -> None:
    plans = [plan("a1", "a", 10), plan("a2", "a", 3, "general", "nursing")]
    assert what_fits(CAPS, plans, plan("a3", "a", 4, "general", "nursing"))[0] == 2
    assert what_fits(CAPS, plans, plan("a3", "a", 2, "general", "nursing")) == (2, None)
    assert what_fits(CAPS, plans, plan("a2", "a", 9, "general", "nursing"))[0] == 5
    seats, binding = what_fits([EARLY], plans, plan("a4", "a", 50, "early"))
    assert (seats, binding and binding.cap.key) == (13, "early")
    assert what_fits([], plans, plan("a4", "a", 50)) == (50, None)
    everything = PlanCap("all", "全部", share=Decimal(100))
    assert what_fits([everything], plans, plan("a4", "a", 50)) == (50, None)
    assert what_fits([PlanCap("none", "无界")], plans, plan("a4", "a", 50)) == (50, None)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.sampled_from(["early", "general"])), max_size=6),
    st.integers(0, 80),
)
def test_what_fits_breaks_no_more_caps_and_one_more_would(filed: list[tuple[str, int, str]], asked: int) -> None:
    plans = [plan(f"p{at}", who, seats, channel) for at, (who, seats, channel) in enumerate(filed)]
    wanted = plan("new", "a", asked, "early")
    fits, binding = what_fits(CAPS, plans, wanted)

    def broken(seats: int) -> set[tuple[str, str | None]]:
        filing = [*plans, plan("new", "a", seats, "early")]
        return {(use.cap.key, use.organisation) for use in violations(CAPS, filing)}

    if fits:
        assert broken(fits) <= broken(0)
    if binding is not None:
        assert (binding.cap.key, binding.organisation) in broken(fits + 1)


@pytest.mark.parametrize(("share", "fits"), [("0", 0), ("33.3", 4), ("50", 10)])
def test_seats_that_are_added_raise_a_floating_base(share: str, fits: int) -> None:
    cap = PlanCap("s", "比例", share=Decimal(share), channels=frozenset({"early"}))
    assert what_fits([cap], [plan("a1", "a", 10)], plan("a2", "a", 99, "early"))[0] == fits
