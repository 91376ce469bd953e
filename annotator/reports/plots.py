"""Where things go in the report's pictures: plain geometry, which templates draw as SVG with classes for colours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.domain.agreement import Coefficient

EDGE = 8.0  # room at either end of the axis
MARKS = (0.667, 0.8)
# What published projects of this kind reach in Krippendorff's alpha. Factual or opinionated sentences: crowd .17,
# trained experts .42 (Spinde et al. 2021, BABE); attribution by trained annotators .77 (Newell et al. 2018, PolNeAR);
# stance .33 (Luo et al. 2020, GWSD).
PUBLISHED: Mapping[str, tuple[float, float]] = {
    "claim": (0.17, 0.42),
    "opinion": (0.17, 0.42),
    "quote": (0.75, 0.79),
    "stance": (0.31, 0.35),
}
SHADES = ((0.8, 4), (0.6, 3), (0.4, 2))


def place(value: float, width: int) -> float:
    """A value from 0 to 1 on an axis `width` wide; what lies outside stands at its end."""
    return round(EDGE + min(max(value, 0.0), 1.0) * (width - 2 * EDGE), 1)


@dataclass(frozen=True, slots=True)
class Axis:
    """The 0–1 line with the customary marks."""

    width: int
    left: float
    right: float
    marks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its interval; an interval that leaves the axis ends in an arrow."""

    x: float
    low: float | None
    high: float | None
    arrow_low: bool
    arrow_high: bool
    band: tuple[float, float] | None  # x and width of what others reach


def axis(width: int) -> Axis:
    return Axis(width, place(0, width), place(1, width), tuple(place(mark, width) for mark in MARKS))


def point(found: Coefficient, width: int, label: str = "") -> Point | None:
    """Where to draw a coefficient; None for one that is not defined."""
    if found.value is None:
        return None
    low, high = found.ci95 or (None, None)
    return Point(
        x=place(found.value, width),
        low=None if low is None else place(low, width),
        high=None if high is None else place(high, width),
        arrow_low=low is not None and low < 0,
        arrow_high=high is not None and high > 1,
        band=band(label, width),
    )


def band(label: str, width: int) -> tuple[float, float] | None:
    """Where published projects lie for a label: x and width."""
    ends = PUBLISHED.get(label)
    if ends is None:
        return None
    left, right = (place(end, width) for end in ends)
    return left, round(right - left, 1)


def height(value: float | None) -> float | None:
    """Where a value from 0 to 1 stands in a picture 96 high; what lies outside stands at its end."""
    return None if value is None else round(88 - 80 * min(max(value, 0.0), 1.0), 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar that shows a mix."""

    label: str
    x: float
    width: float


def mix(counts: Mapping[str, int], width: int, gap: float = 1.5) -> tuple[Bar, ...]:
    """A bar of all counts, each as wide as its share."""
    total = sum(counts.values())
    bars, x = [], 0.0
    for label, count in counts.items():
        if count:
            part = count / total * width
            bars.append(Bar(label, round(x, 1), round(max(part - gap, 0.5), 1)))
            x += part
    return tuple(bars)


def shade(amount: float, most: float) -> int:
    """How dark a cell is, from 0 to 4, against the largest amount."""
    if amount <= 0 or most <= 0:
        return 0
    return next((level for least, level in SHADES if amount / most >= least), 1)


def strip(total: int, width: float = 1000, gap: float = 4) -> Sequence[tuple[float, float]]:
    """(x, width) of `total` equal parts of a progress strip."""
    part = width / max(total, 1)
    return [(round(n * part, 1), round(max(part - min(gap, part / 3), 0.5), 1)) for n in range(total)]
