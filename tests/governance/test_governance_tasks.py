"""A task on its way: given, split, reported, sent back, accepted, with progress that gathers by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from jineng.governance.models import Task, TaskStep
from jineng.governance.queries import owed_by, parts_of, shares_of, steps_of, tasks_of, waiting_for
from jineng.governance.verbs import (
    accept_share,
    receive_share,
    report_share,
    send_back_share,
    split_share,
    withdraw_task,
)
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.notices.inbox import tray
from jineng.kernel.notices.verbs import read_all_notices
from jineng.kernel.web.shell import tasks_of as home_tasks
from tests.factories import World
from tests.governance.small_world import DUE, TODAY, give, share


@pytest.fixture(autouse=True)
def autumn() -> Iterator[None]:
    """The business day on which everything happens."""
    with clock_at(TODAY):
        yield


def test_a_task_goes_down_and_its_progress_comes_up(world: World) -> None:
    province, city, county = (world.actor(name) for name in ("province_officer", "city_officer", "county_officer"))
    with acting(province):
        task = give(world, lanzhou=3, tianshui=2)
        top = share(world, task, "lanzhou")
    receive_share(actor=city, assignment_id=top.pk)
    shares = {world["yongdeng"].pk: Decimal(2), world["chengguan"].pk: Decimal(1)}
    part_task = split_share(actor=city, assignment_id=top.pk, shares=shares, due_on=date(2021, 11, 1))
    with acting(county):
        part = share(world, part_task, "yongdeng")
        assert shares_of(county).get().pk == part.pk
    report_share(actor=county, assignment_id=part.pk, value=Decimal(2), text="两校都核过")
    with acting(province):
        assert share(world, task, "lanzhou").progress.done == 2
    send_back_share(actor=city, assignment_id=part.pk, reason="缺盖章")
    with acting(province):
        assert share(world, task, "lanzhou").progress.done == 0
    report_share(actor=county, assignment_id=part.pk, value=Decimal(2))
    accept_share(actor=city, assignment_id=part.pk)
    with acting(county):
        done = share(world, part_task, "yongdeng").progress
        assert (done.state, done.done, done.sent_back) == ("accepted", 2, 1)
        kinds = [step.kind for step in steps_of(county, part)]
        assert kinds == ["reported", "sent_back", "reported", "accepted"]
    with acting(province):
        found = tasks_of(province).get(pk=task.pk)
        assert (found.done, found.share, found.receivers, found.accepted) == (2, 5, 2, 0)
        assert {row.receiver_name for row in parts_of(province, top)} == {"永登县教育局", "城关区教育局"}
    report_share(actor=city, assignment_id=top.pk, text="尚有一校")
    with pytest.raises(ValidationError, match="2/3"):
        accept_share(actor=province, assignment_id=top.pk)
    with acting(city):
        other = share(world, part_task, "chengguan")
    with acting(world.actor("province_officer")):
        TaskStep.objects.create(assignment=other, sequence=1, kind="reported", happened_on=TODAY, value=Decimal(1))
    accept_share(actor=province, assignment_id=top.pk, text="同意")
    with acting(province):
        assert share(world, task, "lanzhou").progress.state == "accepted"


def told(world: World, name: str) -> list[tuple[str, str, str, bool]]:
    """Subject, body, sender of an account's notices and whether it has read them, unread and latest first."""
    with acting(world.actor(name)):
        rows = tray(world.actor(name))
        return [(row.subject, row.body.split("\n")[0], row.name_of, row.read_at is not None) for row in rows]


def test_each_side_is_told_when_it_is_its_turn(world: World) -> None:
    province, city = world.actor("province_officer"), world.actor("city_officer")
    with acting(province):
        held = share(world, give(world, lanzhou=3, tianshui=2), "lanzhou")
    (given,) = told(world, "city_officer")
    assert given == ("新任务：备案核查", "完成期限 2021-11-30，份额 3校。", "甘肃省教育厅", False)
    assert len(told(world, "other_city_officer")) == 1
    with acting(city):
        assert [notice.link for notice in tray(city)] == [f"/governance/shares/{held.pk}/"]
    report_share(actor=city, assignment_id=held.pk, value=Decimal(3))
    assert [row[0] for row in told(world, "province_officer")] == ["待审：备案核查"]
    read_all_notices(actor=city)
    send_back_share(actor=province, assignment_id=held.pk, reason="缺盖章")
    report_share(actor=city, assignment_id=held.pk, value=Decimal(3))
    send_back_share(actor=province, assignment_id=held.pk, reason="缺签字")
    assert [row for row in told(world, "city_officer") if not row[3]] == [
        ("备案核查：已退回 sent back", "退回原因 Why：缺签字", "甘肃省教育厅", False)
    ]
    with acting(city), pytest.raises(ValidationError):
        split_share(
            actor=city, assignment_id=held.pk, shares={world["yongdeng"].pk: Decimal(9)}, due_on=date(2021, 11, 1)
        )
    assert told(world, "county_officer") == []


def test_each_side_takes_its_own_steps(world: World) -> None:
    province, city, other = (world.actor(name) for name in ("province_officer", "city_officer", "other_city_officer"))
    with acting(province):
        task = give(world, lanzhou=1)
        held = share(world, task, "lanzhou")
    with pytest.raises(NotAllowed, match="承办单位"):
        receive_share(actor=province, assignment_id=held.pk)
    with pytest.raises(NotAllowed, match="管辖"):
        receive_share(actor=other, assignment_id=held.pk)
    with pytest.raises(ValidationError, match="不能退回"):
        send_back_share(actor=province, assignment_id=held.pk, reason="早了")
    report_share(actor=city, assignment_id=held.pk, value=Decimal(1))
    with pytest.raises(NotAllowed, match="下达单位"):
        accept_share(actor=city, assignment_id=held.pk)
    with pytest.raises(ValidationError, match="原因"):
        send_back_share(actor=province, assignment_id=held.pk, reason=" ")


def test_shares_fit_and_go_down_only(world: World) -> None:
    province, city = world.actor("province_officer"), world.actor("city_officer")
    with acting(province):
        task = give(world, lanzhou=3)
        held = share(world, task, "lanzhou")
    yongdeng, tianshui = world["yongdeng"].pk, world["tianshui"].pk
    with pytest.raises(ValidationError, match="多 1校"):
        split_share(actor=city, assignment_id=held.pk, shares={yongdeng: Decimal(4)}, due_on=DUE)
    with pytest.raises(ValidationError, match="不能晚于"):
        split_share(actor=city, assignment_id=held.pk, shares={yongdeng: Decimal(1)}, due_on=date(2022, 1, 1))
    with pytest.raises(NotAllowed, match="下属"):
        split_share(actor=city, assignment_id=held.pk, shares={tianshui: Decimal(1)}, due_on=DUE)
    with pytest.raises(ValidationError, match="份额"):
        split_share(actor=city, assignment_id=held.pk, shares={}, due_on=DUE)
    with pytest.raises(ValidationError, match="大于零"):
        split_share(actor=city, assignment_id=held.pk, shares={yongdeng: Decimal(0)}, due_on=DUE)
    split_share(actor=city, assignment_id=held.pk, shares={yongdeng: Decimal(2)}, due_on=DUE)
    with pytest.raises(ValidationError, match="多 1校"):
        split_share(actor=city, assignment_id=held.pk, shares={yongdeng: Decimal(2)}, due_on=DUE)
    with pytest.raises(ValidationError, match="汇总"):
        report_share(actor=city, assignment_id=held.pk, value=Decimal(2))


def test_reports_say_how_much_and_never_too_much(world: World) -> None:
    province, city = world.actor("province_officer"), world.actor("city_officer")
    with acting(province):
        held = share(world, give(world, lanzhou=3), "lanzhou")
    with pytest.raises(ValidationError, match="完成数"):
        report_share(actor=city, assignment_id=held.pk)
    with pytest.raises(ValidationError, match="0 至 3"):
        report_share(actor=city, assignment_id=held.pk, value=Decimal(4))


def test_a_withdrawn_task_is_owed_no_more(world: World) -> None:
    province, city, county = (world.actor(name) for name in ("province_officer", "city_officer", "county_officer"))
    with acting(province):
        held = share(world, give(world, lanzhou=2), "lanzhou")
    part = split_share(actor=city, assignment_id=held.pk, shares={world["yongdeng"].pk: Decimal(2)}, due_on=DUE)
    with acting(city):
        below = share(world, part, "yongdeng")
    report_share(actor=county, assignment_id=below.pk, value=Decimal(2))
    with acting(city):
        assert share(world, held.task, "lanzhou").progress.done == 2
    with pytest.raises(NotAllowed):
        withdraw_task(actor=county, task_id=part.pk)
    with pytest.raises(NotAllowed, match="下达单位"):
        withdraw_task(actor=province, task_id=part.pk)
    withdraw_task(actor=city, task_id=part.pk)
    with acting(city):
        assert share(world, held.task, "lanzhou").progress.done == 0
        assert Task.objects.get(pk=part.pk).withdrawn_on == TODAY
    with acting(county):
        assert not owed_by(county).exists()
    with pytest.raises(ValidationError, match="收回"):
        report_share(actor=county, assignment_id=below.pk, value=Decimal(1))
    with pytest.raises(ValidationError, match="已收回"):
        withdraw_task(actor=city, task_id=part.pk)


def test_what_is_late_stands_on_top_of_the_home_page(world: World) -> None:
    province, city = world.actor("province_officer"), world.actor("city_officer")
    with acting(province):
        give(world, lanzhou=1)
        late = share(world, give(world, due_on=date(2021, 9, 10), lanzhou=1), "lanzhou")
    with clock_at(date(2021, 10, 1)):
        with acting(city):
            told = home_tasks(city)
            assert [task.due for task in told] == ["2021-09-10", "2021-11-30"]
            assert "逾期 21 天" in told[0].detail
            assert told[0].urgency > told[1].urgency
        report_share(actor=city, assignment_id=late.pk, value=Decimal(1))
        with acting(province):
            assert [row.pk for row in waiting_for(province)] == [late.pk]
            assert "待审" in home_tasks(province)[0].detail
    with acting(world.actor("auditor")):
        assert all("待审" not in task.detail for task in home_tasks(world.actor("auditor")))


def test_a_task_needs_somebody_and_time_and_numbers_itself(world: World) -> None:
    with acting(world.actor("province_officer")):
        assert [give(world, lanzhou=1).number for _ in range(2)] == ["2021-001", "2021-002"]
        with pytest.raises(ValidationError, match="份额"):
            give(world)
        with pytest.raises(ValidationError, match="不能早于"):
            give(world, due_on=date(2021, 8, 1), lanzhou=1)
        with pytest.raises(NotAllowed, match="下属"):
            give(world, by="county_officer", chengguan=1)
