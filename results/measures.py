"""The numbers of a patient that have a course: what they are called, their limits, their change."""

from dataclasses import dataclass, replace

from clinical.vocabulary import plain_unit, vocabulary
from results import limits
from results.laboratory import between
from results.sparkline import spark
from results.trends import Point, measured_twice, trend
from workflows.say import fact_label

FIRST = (  # what a clinic asks for first; all others follow by name
    "ex.mrc_sum",
    "scale.alsfrs_r.total",
    "resp.fvc_upright_pct",
    "lab.ck.value",
)
CRITICAL = ("critical_low", "critical_high")


@dataclass(frozen=True)
class Measure:
    """One number over all tests of a patient, oldest first."""

    path: str
    label: str
    unit: str
    points: list[Point]
    floor: float | None = None  # of a scale: its lowest and highest score
    ceiling: float | None = None

    @property
    def last(self):
        return self.points[-1]

    @property
    def before(self):
        return self.points[-2] if len(self.points) > 1 else None

    @property
    def value(self):
        return shown(self.last.value)

    @property
    def change(self):
        return signed(self.last.change)

    @property
    def change_of_all(self):
        """Since the first value, rounded as the values are."""
        return signed(round(self.last.value - self.points[0].value, 6))

    @property
    def flag(self):
        """The flag of the last value as rows show it: critical, abnormal, normal or ""."""
        if self.last.flag in CRITICAL:
            return "critical"
        return {"low": "abnormal", "high": "abnormal"}.get(self.last.flag, self.last.flag)

    @property
    def spark(self):
        return spark(self.points, self.unit)

    @property
    def limits(self):
        return between(self.last.low, self.last.high)

    @property
    def is_usual(self):
        """Does any point carry the vocabulary's limits?"""
        return any(point.usual for point in self.points)

    @property
    def is_preliminary(self):
        return any(point.preliminary for point in self.points)

    @property
    def sentence(self):
        """The picture in words, for those who do not see it."""
        first, last = self.points[0], self.last
        told = (
            f"{self.label}: {len(self.points)} values, from {shown(first.value)} on "
            f"{first.on:%-d %b %Y} to {shown(last.value)} on {last.on:%-d %b %Y} {self.unit}"
        ).strip()
        return f"{told}. Limits {self.limits}." if self.limits else f"{told}."

    @property
    def rows(self):
        """Newest first, as the table beside the picture prints them."""
        return [
            (
                point,
                shown(point.value),
                signed(point.change),
                between(point.low, point.high),
                _side(point.flag),
            )
            for point in reversed(self.points)
        ]


def shown(number):
    """A number as pages print it: at most four decimals, no more than were measured."""
    return limits.plain(round(number, 4))


def signed(number):
    """A change with its sign; 0 is no change, and "" is that nothing came before."""
    if number is None:
        return ""
    return f"+{shown(number)}" if number > 0 else shown(number)


def _side(flag):
    return "low" if flag.endswith("low") else "high" if flag.endswith("high") else ""


def measures_of(patient):
    """Each number that was measured more than once, the ones that matter most first."""
    found = [_measure(patient, path, points) for path, points in measured_twice(patient.pk).items()]
    return sorted(found, key=_order)


def measure_of(patient, path):
    """One number of the patient; None when nobody has measured it, or it is no number."""
    fact = vocabulary().fact(path)
    if fact is None or fact.kind not in ("number", "int"):
        return None
    points = trend(patient.pk, path)
    return _measure(patient, path, points) if points else None


def _order(measure):
    rank = FIRST.index(measure.path) if measure.path in FIRST else len(FIRST)
    return rank, measure.label.casefold()


def _measure(patient, path, points):
    fact = vocabulary().fact(path)
    scale = fact is not None and fact.maximum is not None
    return Measure(
        path=path,
        label=fact_label(path),
        unit=plain_unit(fact.unit) if fact else "",
        points=[_with_limits(patient, path, point) for point in points],
        floor=fact.minimum if scale else None,
        ceiling=fact.maximum if scale else None,
    )


def _with_limits(patient, path, point):
    """The vocabulary's limits, by sex and by the age on that day, where the report has none."""
    family, _, rest = path.partition(".")
    analyte = vocabulary().analytes.get(rest.partition(".")[0]) if family == "lab" else None
    is_value = rest.endswith(".value")
    if analyte is None or not is_value or (point.low, point.high) != (None, None):
        return point
    low, high = analyte.limits(patient.sex, patient.age_years(point.on))
    if low is None and high is None:
        return point
    flag = point.flag or str(analyte.flag(point.value, low, high))
    return replace(point, low=low, high=high, flag=flag, usual=True)
