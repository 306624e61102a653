"""Whole provinces as arrays: a run with its cut-offs, many markets side by side, and digests over their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from jineng.engines.allocation.market import NOWHERE, TIE_BITS, Ints, Market


class Settled(NamedTuple):
    """What came of a packed market.

    `met`: per row the number of the preference (from 0), or NOWHERE. `cuts`: per place the key to be reached: that
    of the last who got in where it is full, else the least it takes (CLOSED: nobody may enter). `cap_cuts`: the same
    per cap, 0 where it is not full. `taken`: per place.
    """

    met: Ints
    cuts: Ints
    cap_cuts: Ints
    taken: Ints


CLOSED = (1 << 63) - 1


def settle_market(market: Market) -> Settled:
    """Student-optimal deferred acceptance over a packed market.

    The inner loops are compiled when first called. The same market gives the same bytes.
    """
    from jineng.engines.allocation import kernels, windows

    met: Ints = np.full(market.applicants, NOWHERE, np.uint8)
    pools = windows.new_pools(market)
    kernels.defer(market, pools, met)
    taken = pools.place[:, windows.HELD] + pools.place[:, windows.WINDOW_HELD]
    lowest = pools.lowest
    cuts = np.where(taken == market.seats, lowest, market.least << TIE_BITS)
    # Raw cut-offs of caps may stem from a fullness that passed: they are told by who is in now.
    cap_cuts = np.array(
        [
            int(lowest[low:high].min(initial=CLOSED)) if taken[low:high].sum() == limit else 0
            for low, high, limit, _ in market.caps.tolist()
        ],
        np.int64,
    )
    return Settled(met, cuts, cap_cuts, taken)


def settle_markets(markets: Iterable[Market], threads: int = 1) -> list[Settled]:
    """The same for several markets that share nothing, such as provinces; equal bytes for any number of threads."""
    with ThreadPoolExecutor(threads) as workers:
        return list(workers.map(settle_market, markets))


def market_digest(market: Market) -> str:
    """SHA-256 over the arrays of a market, each with its name, type and shape, in little-endian bytes."""
    return _digest(f"components={market.components}\n", market._asdict())


def certify_market(market: Market, settled: Settled) -> dict[str, Any]:
    """The certificate of a bulk run as plain JSON: what went in, what came out, and the cut-off of every place and cap.

    With the arrays beside it, `jineng.engines.recount.passing.check_pass` checks the result in one pass; the digests
    say that they are the arrays that were run. The same market gives the same certificate.
    """
    return {
        "format": BULK_FORMAT,
        "applicants": market.applicants,
        "admitted": int((settled.met != NOWHERE).sum()),
        "input_digest": market_digest(market),
        "result_digest": _digest("", {"met": settled.met}),
        "cuts": settled.cuts.tolist(),
        "cap_cuts": settled.cap_cuts.tolist(),
        "taken": settled.taken.tolist(),
    }


BULK_FORMAT = "jineng-allocation-bulk/1"


def _digest(start: str, arrays: Mapping[str, Any]) -> str:
    told = hashlib.sha256(start.encode())
    for name, array in arrays.items():
        if isinstance(array, np.ndarray):
            plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
            told.update(f"{name} {plain.dtype.str} {plain.shape}\n".encode())
            told.update(plain.reshape(-1).view(np.uint8).data)
    return told.hexdigest()
