"""What conditions of flows and forms may ask of a case beside its answers, and what an action may bring about.

The room knows no other room. Whoever holds intakes of its own adds facts (``offer_fact``) and effects
(``offer_effect``): calls, for instance, makes an award. Both carry a subject type, or serve all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from jineng.cases.models import Case, Objection, PanelEntry, Quota
from jineng.engines.casework import Term, Type, Vocabulary
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.verbs import came_through, origin

Tell = Callable[[Case], Any]
TellAll = Callable[[Sequence[Case]], Mapping[UUID, Any]]
Bring = Callable[[Actor, Case, str], None]
BringAll = Callable[[Actor, Sequence[Case], str], None]
LEVELS = ("province", "city", "county")


@dataclass(frozen=True)
class Fact:
    """A fact: what it is called, and who tells it, of one case or of many by their ids."""

    term: Term
    tell_all: TellAll


@dataclass(frozen=True)
class Effect:
    """An effect: what it is called, and who brings it about, given who acts, the cases and the word after the colon."""

    label: str
    label_en: str
    bring_all: BringAll


def one_by_one(bring: Bring) -> BringAll:
    """An effect that is brought about case by case; what it records has the case as its origin."""

    def each(actor: Actor, cases: Sequence[Case], word: str) -> None:
        for case in cases:
            came_through(Origin.CASE, case.pk)
            bring(actor, case, word)

    return each


def origin_of(case: Case) -> dict[str, Any]:
    """What a row that comes of a case must carry, however many cases the running verb moves."""
    return origin() | {"origin_kind": Origin.CASE, "origin_id": case.pk}


@dataclass(frozen=True)
class Result:
    """What a case came to in another room: its label, what it is called, and its page (URL name and key)."""

    label: str
    title: str
    url_name: str
    key: object


OtherSide = Callable[[Case], "UUID | None"]
_other_sides: dict[str, OtherSide] = {}


def offer_other_side(party: str, tell: OtherSide) -> None:
    """Let a flow's other side of this key be told by a room, from what the case is about, rather than be named in the
    form: the organisation may lie out of the applicant's sight."""
    _other_sides[party] = tell


def other_sides() -> Mapping[str, OtherSide]:
    """Who tells which other side, by the party's key."""
    return _other_sides


_result_givers: list[tuple[str, Callable[[Case], list[Result]]]] = []
_facts: dict[str, Fact] = {}
_effects: dict[str, Effect] = {}


def offer_fact(name: str, term: Term, tell: Tell) -> None:
    """Let conditions name ``facts.<name>``, told case by case."""
    offer_fact_of_many(name, term, lambda cases: {case.pk: tell(case) for case in cases})


def offer_fact_of_many(name: str, term: Term, tell_all: TellAll) -> None:
    """Let conditions name ``facts.<name>``, told of many cases by as few queries as of one; of a case that is not among
    what is told the fact is ``None``."""
    _facts[name] = Fact(term, tell_all)


def offer_effect(name: str, effect: Effect) -> None:
    """Let actions have the effect ``<name>`` or ``<name>:<argument>``, brought about in the same transaction."""
    _effects[name] = effect


def tell_results(giver: Callable[[Case], list[Result]], effect: str = "") -> None:
    """Let a room say what came of its cases; one that nothing but ``effect`` brings about is asked for no case whose
    flow lacks it."""
    _result_givers.append((effect, giver))


def results_of(case: Case, effects: Collection[str] | None = None) -> list[Result]:
    """What a case came to; ``effects`` are those of its flow, where they are at hand."""
    asked = [giver for effect, giver in _result_givers if effects is None or not effect or effect in effects]
    return [result for giver in asked for result in giver(case)]


def vocabulary() -> Vocabulary:
    """What procedures may name in this installation."""
    return Vocabulary(
        facts={name: fact.term for name, fact in _facts.items()}, effects=frozenset(_effects), levels=LEVELS
    )


def bring_about(actor: Actor, cases: Sequence[Case], effect: str) -> None:
    """Bring about one effect of an action that the actor took, for each of these cases."""
    name, _, argument = effect.partition(":")
    _effects[name].bring_all(actor, cases, argument)


class FactsOf(Mapping[str, Any]):
    """The facts of a case, each found when a condition asks for it; ``among`` are the cases that are dealt with
    together, so that what is asked of one is found for all of them at once."""

    def __init__(self, case: Case, among: FactsAmong | None = None) -> None:
        self._case, self._among = case, among or FactsAmong([case])

    def __getitem__(self, name: str) -> Any:
        return self._among.told(name).get(self._case.pk)

    def __iter__(self) -> Iterator[str]:
        return iter(_facts)

    def __len__(self) -> int:
        return len(_facts)


class FactsAmong:
    """The facts of some cases as they are when first asked for, each found once. A lone case is asked anew each time,
    because it may change under the hand that holds it."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._known: dict[str, Mapping[UUID, Any]] = {}

    def told(self, name: str) -> Mapping[UUID, Any]:
        """One fact, by the ids of the cases."""
        if len(self._cases) == 1:
            return _facts[name].tell_all(self._cases)
        if name not in self._known:
            self._known[name] = _facts[name].tell_all(self._cases)
        return self._known[name]


def _quota(case: Case) -> int | None:
    quota = Quota.objects.filter(STANDS, intake=case.intake_id, organisation=case.recommender_id).first()
    return quota.number if quota else None


def _reviewed(name: str) -> TellAll:
    """What a panel decided of each case, once it did."""

    def tell(cases: Sequence[Case]) -> Mapping[UUID, Any]:
        decided = PanelEntry.objects.filter(STANDS, case__in=[case.pk for case in cases]).exclude(status="")
        # Of several the latest comes last, and stays.
        return dict(decided.order_by("recorded_at").values_list("case_id", name))

    return tell


def _objections(which: Q) -> TellAll:
    """How many of its objections are such, for each case."""

    def tell(cases: Sequence[Case]) -> Mapping[UUID, Any]:
        found = Objection.objects.filter(STANDS, which, case__in=[case.pk for case in cases])
        counted = found.order_by().values_list("case_id").annotate(number=Count("pk"))
        return dict.fromkeys((case.pk for case in cases), 0) | dict(counted)

    return tell


offer_fact_of_many("review_status", Term(Type.TEXT, "评审结论", "what the review came to"), _reviewed("status"))
offer_fact_of_many("review_rank", Term(Type.NUMBER, "评审名次", "rank in the review"), _reviewed("rank"))
offer_fact("opens_on", Term(Type.DATE, "开始受理日期", "the day applications open"), lambda case: case.intake.opens_on)
offer_fact(
    "closes_on", Term(Type.DATE, "截止受理日期", "the day applications close"), lambda case: case.intake.closes_on
)
offer_fact("rank", Term(Type.NUMBER, "推荐名次", "rank of the recommendation"), lambda case: case.rank)
offer_fact("quota", Term(Type.NUMBER, "推荐名额", "quota of the recommending office"), _quota)
offer_fact("exempt", Term(Type.FLAG, "不占名额", "exempt from the quota"), lambda case: case.is_exempt)
offer_fact_of_many(
    "open_objections",
    Term(Type.NUMBER, "未答复的异议数", "objections not answered yet"),
    _objections(Q(answered_on__isnull=True)),
)
offer_fact_of_many(
    "upheld_objections", Term(Type.NUMBER, "成立的异议数", "objections upheld"), _objections(Q(is_upheld=True))
)
