"""How the cases of a stage are reviewed, as data: the rubric, how many review, what they read, the rule that ranks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import Field as Bound
from pydantic import TypeAdapter, with_config

from jineng.engines.casework.faults import DefinitionError, Fault
from jineng.engines.casework.flow import Flow, StageKind
from jineng.engines.casework.form import REFERENCES, Field, FieldKind, Form
from jineng.engines.casework.loading import STRICT_KEYS, Key, Listed, dump, fault_at, load
from jineng.engines.casework.ranking import RANKING, Aggregate, load_ranking
from jineng.engines.casework.rubric import Rubric, rubric_faults

Names = Annotated[tuple[str, ...], Listed]
RANKING_RULES = {f"rank-{aggregate}/1": aggregate for aggregate in Aggregate}
"""The rules of `replaying` by which reviews are ranked, with what each makes of them."""
_TOPICS = frozenset({FieldKind.CHOICE, FieldKind.MAJOR})


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Review:
    """The review of one stage of a flow. Made by `load_review`, which vouches for it.

    Every case has `each` reviewers, at most `together` of one organisation, and nobody more than `most` cases. Where
    it is `blind`, reviewers are shown neither who applies nor whom a case names; `hides` are further fields that they
    are not shown. `topics` is the field (a choice or a major) whose values expertise is matched with. `rule` ranks,
    with the parameters in `ranking` (cut, needed, ties … of `ranking`, but for the rubric).
    """

    stage: Key
    rubric: Rubric
    rule: str = "rank-mean/1"
    each: Annotated[int, Bound(ge=1, le=20)] = 3
    together: Annotated[int, Bound(ge=1, le=20)] = 1
    most: Annotated[int, Bound(ge=1, le=10_000)] = 40
    blind: bool = False
    hides: Names = ()
    topics: str = ""
    ranking: Mapping[str, Any] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """The review as plain JSON data; `load_review` reads it back."""
        return dump(REVIEW, self)

    def parameters(self, cut: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The parameters of the rule; `cut` takes the place of the one written here."""
        given = {**self.ranking, "rubric": self.rubric.to_data()}
        return {**given, "cut": dict(given.get("cut", {}) if cut is None else cut)}

    def shown(self, form: Form) -> tuple[str, ...]:
        """The fields that a reviewer reads, in the order of the form."""
        return tuple(
            key
            for key, item in form.fields.items()
            if key not in self.hides and not (self.blind and any(map(_names, (item, *item.columns))))
        )


def _names(item: Field) -> bool:
    """Whether an answer may say who applies; a table does where one of its columns does."""
    return item.personal or item.kind in _NAMING


_NAMING = REFERENCES - {FieldKind.MAJOR}
"""What says who applies."""
REVIEW: TypeAdapter[Review] = TypeAdapter(Review)


def load_review(data: Any, form: Form, flow: Flow) -> Review:
    """The review that plain data writes, for this form and flow. Raises DefinitionError with all faults."""
    review = load(REVIEW, data)
    faults = [*rubric_faults(review.rubric, data, ("rubric",)), *_faults(review, data, form, flow)]
    if faults:
        raise DefinitionError(faults)
    try:
        found = load_ranking(review.parameters(), RANKING_RULES[review.rule])
    except DefinitionError as error:
        paths = (f"ranking.{each.path}" if each.path else "ranking" for each in error.faults)
        raise DefinitionError(
            replace(each, path=path) for each, path in zip(error.faults, paths, strict=True)
        ) from error
    # Written out by the ranking itself, so that no float stays that YAML brought.
    return replace(review, ranking={name: part for name, part in dump(RANKING, found).items() if name != "rubric"})


def _faults(review: Review, data: Any, form: Form, flow: Flow) -> Iterator[Fault]:
    stage = flow.by_key.get(review.stage)
    if stage is None or stage.kind is not StageKind.REVIEW:
        zh, en = f"流程中没有评审环节 {review.stage}", f"the flow has no review stage {review.stage}"
        yield fault_at(data, ("stage",), "unknown", zh, en)
    if review.rule not in RANKING_RULES:
        known = "、".join(RANKING_RULES)
        zh, en = f"没有排名规则 {review.rule}（可用：{known}）", f"no rule {review.rule}; known: {known}"
        yield fault_at(data, ("rule",), "unknown", zh, en)
    for at, key in enumerate(review.hides):
        if key not in form.fields:
            yield fault_at(data, ("hides", at), "unknown", f"表中没有 {key}", f"the form has no field {key}")
    if review.topics and (review.topics not in form.fields or form.fields[review.topics].kind not in _TOPICS):
        zh, en = f"{review.topics} 应是表中的选择或专业", f"{review.topics} must be a choice or a major of the form"
        yield fault_at(data, ("topics",), "unknown", zh, en)
