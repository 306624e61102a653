"""How long fuzzing runs: a sample in each run, twenty times as much in the full one, and as much as is asked for.

``JINENG_FUZZ=100`` tries a hundred times the sample, with other values each time; ``make test-fuzz`` 1,600 times, which
takes about an hour of one core.
"""

from __future__ import annotations

import os

from hypothesis import strategies as st

TIMES = int(os.environ.get("JINENG_FUZZ", "20" if os.environ.get("JINENG_DEEP") == "1" else "1"))

SIGNS = [*(bytes([sign]) for sign in b'"\\{}[],:0- \n'), b"e9", b"1.0", b"null", b"\\ud800", b"\xef\xbb\xbf", b"\0" * 4]
SIGNS += [b'"proof":', b'"id":"urn:x",', b"/EmbeddedFile", b"stream\n", b"endstream", b"iTXt"]
PIECES = st.binary(min_size=1, max_size=4) | st.sampled_from(SIGNS)


def examples(sample: int) -> int:
    """How many examples to try where the normal run tries ``sample``."""
    return sample * TIMES


def mutated(data: st.DataObject, given: bytes) -> bytes:
    """The bytes with a few pieces put in, left out or doubled; at times cut off."""
    made = given
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, max(len(made) - 1, 0)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 1, 2, 9, 200]))
        put = data.draw(PIECES | st.just(b"") | st.just(made[start:end] * 2))
        made = made[:start] + put + made[end:]
    return made
