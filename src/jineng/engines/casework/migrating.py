"""Taking a running case into another version of its flow, deliberately: where it would stand, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from jineng.engines.casework.difference import Change, compare
from jineng.engines.casework.faults import Refused
from jineng.engines.casework.flow import Flow
from jineng.engines.casework.machine import Actor, Deed, Entry, State, Step, after, moment

NO_MAPPING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Migration:
    """Where a case would stand in another flow.

    `stage` is None where nobody has said which stage stands for the present one; `choices` are then the stages to
    choose from, those of the same kind first. `changes` are those of the stage itself. `lost` names stages that sent
    the case back and have no successor, so that it would not return to them.
    """

    stage: str | None
    choices: tuple[str, ...]
    changes: tuple[Change, ...]
    lost: tuple[str, ...]


def migration(old: Flow, new: Flow, state: State, mapping: Mapping[str, str] = NO_MAPPING) -> Migration:
    """Where a running case would stand in `new`: at the stage that `mapping` (old key to new) names, or else at the
    stage of the same key. Raises Refused for a case that has ended."""
    if state.ended:
        raise Refused("ended", "办件已经结束，不能改用新版流程。", "The case has ended and cannot be migrated.")
    before = old.by_key[state.stage]
    found = new.by_key.get(mapping.get(state.stage, state.stage))
    alike = [stage.key for stage in new.stages if stage.kind is before.kind]
    others = [stage.key for stage in new.stages if stage.kind is not before.kind]
    data, later = old.to_data(), new.to_data()
    changes: tuple[Change, ...] = ()
    if found:
        earlier = {**data["stages"][list(old.by_key).index(before.key)], "key": found.key}
        changes = compare(
            {**data, "stages": [earlier]}, {**later, "stages": [later["stages"][list(new.by_key).index(found.key)]]}
        )
        changes = tuple(change for change in changes if change.path.startswith("stages[0]"))
    lost = tuple(key for key in state.sent_from if mapping.get(key, key) not in new.by_key)
    return Migration(found.key if found else None, (*alike, *others), changes, lost)


def migrate(
    old: Flow,
    new: Flow,
    state: State,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    mapping: Mapping[str, str] = NO_MAPPING,
) -> Step:
    """Take a case into `new`. At a stage of the same key its days go on counting; elsewhere they begin anew, and so do
    signatures in any case. Raises Refused where the case has ended, has no place there, or no reason is given."""
    planned = migration(old, new, state, mapping)
    if planned.stage is None:
        name = old.by_key[state.stage].words
        raise Refused(
            "no_place",
            f"新版流程没有与“{name.zh}”对应的环节，请指定。",
            f"The new flow has no stage for “{name.en}”; say which stands for it.",
        )
    if not reason.strip():
        raise Refused("reason", "请写明改用新版流程的理由。", "Say why the case is migrated.")
    entry = Entry(
        state.steps + 1,
        Deed.MIGRATE,
        moment(at),
        by,
        stage=state.stage,
        to=planned.stage,
        reason=reason.strip(),
        mapping=tuple(sorted(mapping.items())),
    )
    return Step(after(state, entry), (), entry)
