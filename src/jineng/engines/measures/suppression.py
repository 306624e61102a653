"""Hiding small cells before parts are made public, so that none can be worked out from the total.

Threshold rule with secondary suppression, as in Hundepool et al., Statistical Disclosure Control (2012).
What is protected is the number of things counted. An attacker is taken to know the total, all
parts that are shown, and that a hidden part is at least 1.
"""

from __future__ import annotations

from dataclasses import replace

from jineng.engines.measures.drilling import Drill, Part
from jineng.engines.measures.errors import MeasureError


def suppress(drill: Drill, threshold: int) -> Drill:
    """`drill` with every part hidden that counts 1 to `threshold` - 1, and as many more as it takes.

    Smallest others are hidden until at least two parts are hidden and any of them could be `threshold` or
    more as far as the rest tells; where parts run out, the total is hidden too. For a ratio either side
    may be the small one, and both must be safe. An empty part (0) is no secret. Raises MeasureError for a
    threshold below 2.
    """
    if threshold < 2:
        raise MeasureError(
            f"隐去门槛须不小于2，不能是{threshold}",
            f"a threshold must be 2 or more, not {threshold}",
        )
    hidden = [i for i, part in enumerate(drill.parts) if any(0 < count < threshold for count in part.counted)]
    total_small = any(0 < count < threshold for count in drill.counted)
    if not hidden and not total_small:
        return drill
    others = sorted(
        (i for i, part in enumerate(drill.parts) if i not in hidden and any(part.counted)),
        key=lambda i: (drill.parts[i].counted, drill.parts[i].code),
    )
    while others and not _safe([drill.parts[i] for i in hidden], threshold):
        hidden.append(others.pop(0))
    safe = _safe([drill.parts[i] for i in hidden], threshold)
    parts = tuple(_hide(part) if i in hidden else part for i, part in enumerate(drill.parts))
    if safe and not total_small:
        return replace(drill, parts=parts)
    return replace(drill, parts=parts, total=None, counted=(), numerator=None, denominator=None, total_hidden=True)


def _safe(hidden: list[Part], threshold: int) -> bool:
    """Whether, on each side, some two or more hidden parts leave each other room up to the threshold."""
    if not hidden:
        return True
    for side in range(len(hidden[0].counted)):
        counts = [part.counted[side] for part in hidden if part.counted[side] > 0]
        small = any(count < threshold for count in counts)
        if small and (len(counts) < 2 or sum(counts) - (len(counts) - 1) < threshold):
            return False
    return True


def _hide(part: Part) -> Part:
    return replace(part, value=None, counted=(), numerator=None, denominator=None, hidden=True)
