"""The colours of documents and charts: paper and ink, one red, two data colours."""

PAPER = "#fffdf8"
INK = "#1d2530"
SOFT = "#5d6875"
LINE = "#dcd8cd"
DATA = "#1f5673"
DATA_2 = "#b7791f"
RED = "#b4261f"


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, share: float, ground: str = "#ffffff") -> str:
    """`share` (0 to 1) of a colour on a ground, as `#rrggbb`."""
    pairs = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white); WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def readable_on(ground: str) -> str:
    """Ink or white, whichever stands out more on `ground` (WCAG contrast ratio)."""
    light = luminance(ground) + 0.05
    return INK if light / (luminance(INK) + 0.05) >= 1.05 / light else "#ffffff"
