"""Who gets which place, from ten thousand applicants to a nation's 13.4 million, with 10 and with 96 preferences.

The floor is reading the preferences once (`prefs.sum()`). The peers are a plain loop with a heap for each place, and
PyPI `matching` where it is installed and ends. Every size runs in a process of its own, so that its memory is its own.
Bounds are judged by the clock; beside it stands what the processor spent, which other work changes little.
"""

from __future__ import annotations

import heapq
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any

import numpy as np

from benchmarks.timing import Line, Spread
from jineng.engines.allocation import Market, market_digest, pack_market, settle_market
from jineng.engines.compiling import kernel

RUN_BOUND, CHECK_BOUND, HEAP_FACTOR, PEER_FACTOR, MEMORY_BOUND = 8.0, 3.0, 150.0, 1000.0, 2.5
COMPONENTS = 4
HEAP_MOST, PEER_MOST = 1_000_000, 10_000


@dataclass(frozen=True)
class Size:
    """A market to measure: applicants, preferences of each, places, and which caps lie over them."""

    applicants: int
    preferences: int
    places: int
    caps: str = ""

    @property
    def name(self) -> str:
        caps = f", {self.caps}" if self.caps else ""
        return f"{self.applicants:,} × {self.preferences} over {self.places:,}{caps}"


SIZES = (
    *(Size(n, k, p) for n, p in ((10_000, 500), (100_000, 1_000), (1_000_000, 5_000)) for k in (10, 96)),
    Size(1_000_000, 10, 5_000, "school caps"),
    Size(1_000_000, 10, 5_000, "three levels"),
    Size(1_000_000, 96, 100_000, "school caps"),
    Size(13_400_000, 10, 5_000),
    Size(13_400_000, 96, 5_000),
    Size(13_400_000, 96, 5_000, "school caps"),
    Size(13_400_000, 96, 5_000, "three levels"),
)


@kernel
def fill(rows: Any, components: int, places: int, seed: int) -> None:
    """Random preferences, some places asked for far more than others; by the generator of Marsaglia (xorshift)."""
    state = np.uint64(seed)
    for who in range(rows.shape[0]):
        for column in range(components, rows.shape[1]):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            drawn = np.float64(state >> np.uint64(11)) / 9007199254740992.0
            rows[who, column] = 1 + min(int(places * drawn**1.5), places - 1)


def make(size: Size, seed: int = 7) -> Market:
    """A market in the reference order: four correlated scores, school-specific weights, seats for nine in ten."""
    random = np.random.default_rng(seed)
    n, places = size.applicants, size.places
    ability = random.standard_normal(n, np.float32)
    scores = np.empty((n, COMPONENTS), np.uint16)
    for at in range(COMPONENTS):
        noise = random.standard_normal(n, np.float32)
        scores[:, at] = np.clip(300 + 80 * ability + 40 * noise, 0, 1500)
    order = np.argsort(-scores.sum(axis=1, dtype=np.int32), kind="stable")
    rows = np.empty((n, COMPONENTS + size.preferences), np.uint16 if places < 65_535 else np.uint32)
    rows[:, :COMPONENTS] = scores[order]
    fill(rows, COMPONENTS, places, seed)
    seats = np.full(places, -(-9 * n // (10 * places)))
    # Places under one cap judge alike; elsewhere each school has a formula of its own.
    alike = {"": 1, "school caps": 10, "three levels": places}[size.caps]
    weights = np.repeat(random.integers(1, 8, (-(-places // alike), COMPONENTS)), alike, axis=0)[:places]
    return pack_market(rows, COMPONENTS, weights, seats, caps=_caps(size, int(seats[0])))


def _caps(size: Size, seats: int) -> Any:
    caps = [(low, min(low + 10, size.places), 8 * seats) for low in range(0, size.places, 10)] if size.caps else []
    if size.caps == "three levels":
        caps += [(low, min(low + 500, size.places), 375 * seats) for low in range(0, size.places, 500)]
        caps.append((0, size.places, 7 * size.places * seats // 10))
    return np.array(caps, np.int64).reshape(-1, 3)


def heap_version(market: Market) -> list[int]:
    """What a programmer writes first: Python lists, dictionaries and a heap for each place."""
    rows, weights, seats = market.rows.tolist(), market.weights.tolist(), market.seats.tolist()
    held: list[list[tuple[int, int]]] = [[] for _ in seats]
    at = [0] * len(rows)
    for entering in range(len(rows)):
        who = entering
        while who >= 0:
            row = rows[who]
            if COMPONENTS + at[who] == len(row):
                break
            place = row[COMPONENTS + at[who]] - 1
            at[who] += 1
            entry = (sum(row[part] * weights[place][part] for part in range(COMPONENTS)), -who)
            if len(held[place]) < seats[place]:
                heapq.heappush(held[place], entry)
                break
            who = -heapq.heappushpop(held[place], entry)[1]
    result = [255] * len(rows)
    for heap in held:
        for _, negative in heap:
            result[-negative] = at[-negative] - 1
    return result


def matching_version(market: Market) -> float:
    """Seconds that PyPI `matching` takes; it wants the places' full rankings, which are not counted."""
    from matching.games import HospitalResident

    rows, weights = market.rows.astype(np.int64), market.weights.astype(np.int64)
    wishes = {who: list(dict.fromkeys(rows[who, COMPONENTS:].tolist())) for who in range(len(rows))}
    asking: dict[int, list[int]] = {place + 1: [] for place in range(market.places)}
    for who, listed in wishes.items():
        for place in listed:
            asking[place].append(who)
    for place, who in asking.items():
        who.sort(key=lambda one, place=place: (-int(rows[one, :COMPONENTS] @ weights[place - 1]), one))
    capacity = {place: int(market.seats[place - 1]) for place in asking if asking[place]}
    taken: list[float] = []

    def solve() -> None:
        sys.setrecursionlimit(1_000_000)
        start = time.perf_counter()
        game = HospitalResident.create_from_dictionaries(
            wishes, {place: ranked for place, ranked in asking.items() if ranked}, capacity
        )
        game.solve(optimal="resident")
        taken.append(time.perf_counter() - start)

    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=solve)
    thread.start()
    thread.join()
    return taken[0]


@dataclass(frozen=True)
class Timed:
    """Times of something done several times: by the clock, and the middle of what the processor spent, in seconds."""

    spread: Spread
    spent: float


def _timed(rounds: int, act: Callable[[], Any]) -> Timed:
    found, spent = [], []
    for _ in range(rounds):
        start, busy = time.perf_counter(), time.process_time()
        act()
        spent.append(time.process_time() - busy)
        found.append(time.perf_counter() - start)
    return Timed(Spread.of(found), statistics.median(spent))


def _measure(size: Size, rounds: int) -> list[Line]:
    from jineng.engines.recount.passing import check_pass

    tiny = make(
        Size(2_000, size.preferences, min(size.places, 500) if size.places < 65_535 else size.places, size.caps)
    )
    check_pass(tiny, settle_market(tiny))
    market = make(size)
    bytes_of_preferences = market.rows[:, COMPONENTS:].nbytes
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    settled = settle_market(market)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = after * 1024 / bytes_of_preferences
    floor = _timed(rounds, lambda: market.rows[:, COMPONENTS:].sum())
    run = _timed(rounds, lambda: settle_market(market))
    check = _timed(rounds, lambda: check_pass(market, settled))
    bad = [finding for finding in check_pass(market, settled) if not finding.ok]
    if bad:
        raise AssertionError(bad)
    large = size.applicants >= 1_000_000
    placed = float((settled.met != 255).mean())
    note = f"peak {after / 2**20:.2f} GiB = {memory:.2f}× the preferences ({(after - before) / 2**20:.2f} by the run); "
    if large and size.preferences > 10:
        note += "" if memory <= MEMORY_BOUND else f"**over {MEMORY_BOUND}×** "
    note += f"{placed:.0%} placed"
    lines = [
        _line(f"run {size.name}", run, floor, RUN_BOUND if size.applicants > 10_000_000 else None, note),
        _line(f"check {size.name}", check, floor, CHECK_BOUND if size.applicants > 10_000_000 else None, ""),
    ]
    if size.applicants > 10_000_000 and not size.caps and size.preferences > 10:
        digest = _timed(1, lambda: market_digest(market))
        lines.append(_line(f"digest {size.name}", digest, floor, None, "SHA-256 over all arrays"))
    if size.applicants <= HEAP_MOST and size.preferences == 10 and not size.caps:
        heap = _timed(1, lambda: _same(heap_version(market), settled.met)).spread.median / 1000
        lines.append(_against("heap", size, run.spread, heap, HEAP_FACTOR if large else None))
        if size.applicants <= PEER_MOST and find_spec("matching"):
            lines.append(_against("matching", size, run.spread, matching_version(market), None))
    return lines


def _same(one: list[int], other: Any) -> None:
    if one != other.tolist():
        raise AssertionError("the heap version gives another result")


def _line(name: str, told: Timed, floor: Timed, bound: float | None, note: str) -> Line:
    ratio = round(told.spread.median / floor.spread.median, 2)
    return Line(
        name, "prefs.sum()", told.spread, floor.spread, ratio, bound, note, by_processor=told.spent / floor.spent
    )


def _against(peer: str, size: Size, run: Spread, seconds: float, factor: float | None) -> Line:
    """The run as a share of a peer's time: the bound is one part in so many."""
    floor = Spread.of([seconds])
    times = seconds * 1000 / run.median
    bound = None if factor is None else 1 / factor
    return Line(
        f"run {size.name}", peer, run, floor, round(run.median / floor.median, 5), bound, f"{times:,.0f}× faster"
    )


def measure(rounds: int, only: str, tell: Callable[[Line], None]) -> list[Line]:
    """All sizes whose name holds `only`, each in a fresh process."""
    lines: list[Line] = []
    for size in SIZES:
        if only in size.name:
            with get_context("spawn").Pool(1) as pool:
                for line in pool.apply(_measure, (size, rounds)):
                    tell(line)
                    lines.append(line)
    return lines
