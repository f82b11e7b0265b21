"""A trend as a small drawing: the line, the band of what is normal, a ring at the last value."""

from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 120, 32, 5


@dataclass(frozen=True)
class Spark:
    """Attributes of the SVG; `band` is (y, height) or None where no limit is known."""

    points: str
    last: tuple[float, float]
    band: tuple[float, float] | None
    sentence: str


def spark(points, unit=""):
    """The drawing of two points or more, placed by day; None for fewer."""
    if len(points) < 2:
        return None
    last, days = points[-1], [point.on.toordinal() for point in points]
    edges = [n for n in (last.low, last.high) if n is not None]
    values = [point.value for point in points]
    bottom, top = min([*values, *edges]), max([*values, *edges])
    span, length = (top - bottom) or 1, (days[-1] - days[0]) or 1

    def x(day):
        return round(EDGE + (day - days[0]) / length * (WIDTH - 2 * EDGE), 1)

    def y(value):
        return round(HEIGHT - EDGE - (value - bottom) / span * (HEIGHT - 2 * EDGE), 1)

    placed = [(x(day), y(value)) for day, value in zip(days, values, strict=True)]
    upper = y(last.high) if last.high is not None else 0
    lower = y(last.low) if last.low is not None else HEIGHT
    told = f"{len(points)} values from {points[0].on:%-d %b %Y} to {last.on:%-d %b %Y}"
    return Spark(
        points=" ".join(f"{left},{down}" for left, down in placed),
        last=placed[-1],
        band=(upper, round(max(lower - upper, 0), 1)) if edges else None,
        sentence=f"{told}: {values[0]:g} to {values[-1]:g} {unit}".strip(),
    )
