"""What conditions of flows and forms may ask of a case beside its answers, and what an action may bring about.

The room knows no other room. Whoever holds intakes of its own adds facts (``offer_fact``) and effects
(``offer_effect``): calls, for instance, makes an award. Both carry a subject type, or serve all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jineng.cases.models import Case, PanelEntry, Quota
from jineng.engines.casework import Term, Type, Vocabulary
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS

Tell = Callable[[Case], Any]
Bring = Callable[[Actor, Case, str], None]
LEVELS = ("province", "city", "county")


@dataclass(frozen=True)
class Fact:
    """A fact: what it is called, and who tells it."""

    term: Term
    tell: Tell


@dataclass(frozen=True)
class Effect:
    """An effect: what it is called, and who brings it about, given who acts, the case and the word after the colon."""

    label: str
    label_en: str
    bring: Bring


@dataclass(frozen=True)
class Result:
    """What a case came to in another room: its label, what it is called, and its page (URL name and key)."""

    label: str
    title: str
    url_name: str
    key: object


_result_givers: list[Callable[[Case], list[Result]]] = []
_facts: dict[str, Fact] = {}
_effects: dict[str, Effect] = {}


def offer_fact(name: str, term: Term, tell: Tell) -> None:
    """Let conditions name ``facts.<name>``."""
    _facts[name] = Fact(term, tell)


def offer_effect(name: str, effect: Effect) -> None:
    """Let actions have the effect ``<name>`` or ``<name>:<argument>``, brought about in the same transaction."""
    _effects[name] = effect


def tell_results(giver: Callable[[Case], list[Result]]) -> None:
    """Let a room say what came of its cases."""
    _result_givers.append(giver)


def results_of(case: Case) -> list[Result]:
    """What a case came to."""
    return [result for giver in _result_givers for result in giver(case)]


def vocabulary() -> Vocabulary:
    """What procedures may name in this installation."""
    return Vocabulary(
        facts={name: fact.term for name, fact in _facts.items()}, effects=frozenset(_effects), levels=LEVELS
    )


def bring_about(actor: Actor, case: Case, effect: str) -> None:
    """Bring about one effect of an action that the actor took."""
    name, _, argument = effect.partition(":")
    _effects[name].bring(actor, case, argument)


class FactsOf(Mapping[str, Any]):
    """The facts of a case, each found when a condition asks for it."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def __getitem__(self, name: str) -> Any:
        return _facts[name].tell(self._case)

    def __iter__(self) -> Iterator[str]:
        return iter(_facts)

    def __len__(self) -> int:
        return len(_facts)


def _quota(case: Case) -> int | None:
    quota = Quota.objects.filter(STANDS, intake=case.intake_id, organisation=case.recommender_id).first()
    return quota.number if quota else None


def _reviewed(name: str) -> Tell:
    """What a panel decided of the case, once it did."""

    def tell(case: Case) -> Any:
        decided = PanelEntry.objects.filter(STANDS, case=case).exclude(status="").order_by("-recorded_at").first()
        return getattr(decided, name) if decided else None

    return tell


offer_fact("review_status", Term(Type.TEXT, "评审结论", "what the review came to"), _reviewed("status"))
offer_fact("review_rank", Term(Type.NUMBER, "评审名次", "rank in the review"), _reviewed("rank"))
offer_fact("opens_on", Term(Type.DATE, "开始受理日期", "the day applications open"), lambda case: case.intake.opens_on)
offer_fact(
    "closes_on", Term(Type.DATE, "截止受理日期", "the day applications close"), lambda case: case.intake.closes_on
)
offer_fact("rank", Term(Type.NUMBER, "推荐名次", "rank of the recommendation"), lambda case: case.rank)
offer_fact("quota", Term(Type.NUMBER, "推荐名额", "quota of the recommending office"), _quota)
offer_fact("exempt", Term(Type.FLAG, "不占名额", "exempt from the quota"), lambda case: case.is_exempt)
offer_fact(
    "open_objections",
    Term(Type.NUMBER, "未答复的异议数", "objections not answered yet"),
    lambda case: case.objections.filter(STANDS, answered_on__isnull=True).count(),
)
offer_fact(
    "upheld_objections",
    Term(Type.NUMBER, "成立的异议数", "objections upheld"),
    lambda case: case.objections.filter(STANDS, is_upheld=True).count(),
)
