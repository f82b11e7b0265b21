"""Tables of the conduction studies: a line for each nerve, side and place of stimulation."""

from dataclasses import dataclass

from django import forms
from django.utils import timezone

from clinical import conduction
from clinical.vocabulary import humanise, vocabulary
from results import fields, limits
from results.copies import copy_of
from results.emg.models import NerveLimit, NerveStudy
from results.emg.reading import limits_of, site_rank
from results.grids import Grid, Line
from results.growing import BLANK, GrowingGrid

SIDES = ("right", "left")
ABSENT = ("absent", "a", "nr")
USUAL = ("median_m", "ulnar_m", "tibial_m", "median_s", "ulnar_s", "sural_s")
AT_FIRST_SITE = ("f_latency_ms", "f_persistence_pct")
LIMIT_OF = {  # column → the limit under its first site; velocity has its limit everywhere
    "latency_ms": "latency_high_ms",
    "peak_latency_ms": "latency_high_ms",
    "amplitude_mv": "amplitude_low",
    "amplitude_uv": "amplitude_low",
    "velocity_m_per_s": "velocity_low",
    "f_latency_ms": "f_latency_high_ms",
}


@dataclass(frozen=True)
class NerveLine(Line):
    nerve: str = ""
    side: str = ""
    site: str = ""
    is_first: bool = True


class ResponseField(fields.NumberField):
    """A number, or "absent": no response is a finding, an empty cell is none."""

    def read(self, typed):
        return ABSENT[0] if typed.strip().lower() in ABSENT else super().read(typed)


class NerveGrid(GrowingGrid):
    relation = "nerves"
    is_measured = True
    heading = "Nerve"
    model = NerveStudy
    template = "results/emg/_nerves.html"
    amplitude = ""
    nerves = {}
    unlimited = ()  # columns whose limit is that of another one
    aside = ()  # columns that Enter passes over: Tab and the arrows reach them

    def asked(self):
        wanted = set()
        for code in self.form.asked_codes("ncs"):
            found = vocabulary().ncs_sets.get(code)
            wanted |= set(found.members + found.sensory) if found else set()
        codes = [code for code in self.nerves if code in (wanted or USUAL)]
        return [self.code(nerve, side, self.first(nerve)) for nerve in codes for side in SIDES]

    def code(self, nerve, side, site):
        return f"{nerve}-{side}-{site or 'any'}"

    def first(self, nerve):
        """The site at which a nerve is stimulated first."""
        return next(iter(self.sites(nerve)))

    def sites(self, nerve):
        raise NotImplementedError

    def of_row(self, row):
        return self.code(row.nerve, row.side, row.site)

    def addable(self):
        return [
            (
                self.named(nerve),
                [
                    (self.code(nerve, side, site), self.label(nerve, side, site))
                    for side in SIDES
                    for site in self.sites(nerve)
                ],
            )
            for nerve in self.nerves
        ]

    def named(self, nerve):
        return self.nerves[nerve].label

    def label(self, nerve, side, site):
        return f"{self.nerves[nerve].label}, {side}, {humanise(site).lower()}".removesuffix(", ")

    def line(self, code):
        nerve, _, rest = code.partition("-")
        side, _, site = rest.partition("-")
        if nerve not in self.nerves or side not in (*SIDES, "midline") or not site:
            return None
        site = "" if site == "any" else site
        return NerveLine(
            code,
            self.label(nerve, side, site),
            hint=getattr(self.nerves[nerve], "record", ""),
            nerve=nerve,
            side=side,
            site=site,
            is_first=site_rank(nerve, site) <= 0,
        )

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column == "note":
            return forms.CharField(label=label, required=False, max_length=200)
        if column == "rest_normal":
            return forms.BooleanField(label=label, required=False)
        may_be_absent = column in (self.amplitude, "f_latency_ms")
        kind = ResponseField if may_be_absent else fields.NumberField
        whole = self.model._meta.get_field(column).get_internal_type() == "IntegerField"
        return kind(label=label, required=False, whole=whole)

    def _dress(self, field):
        super()._dress(field)
        attrs = field.widget.attrs
        if isinstance(field, fields.NumberField):
            attrs["class"] = "nt-cell"
        if isinstance(field, ResponseField):
            attrs["data-absent"] = ABSENT[0]
        if isinstance(field, forms.BooleanField):
            attrs["data-normal"] = "on"

    def marked(self, bound, line, column, heading):
        bound.aside = column in self.aside or (column in AT_FIRST_SITE and not line.is_first)
        nerve, everywhere = getattr(line, "nerve", ""), column == "velocity_m_per_s"
        bound.limit = self.form.nerve_limits.text(nerve, column) if nerve else ""
        if column in self.unlimited or not (everywhere or getattr(line, "is_first", False)):
            bound.limit = ""
        return super().marked(bound, line, column, heading)

    def blank_line(self):
        return NerveLine(BLANK, "LABEL")

    def read(self, row):
        values = {column: getattr(row, column) for column in self.columns}
        if row.absent:
            values[self.amplitude] = ABSENT[0]
        if row.f_persistence_pct == 0 and row.f_latency_ms is None:
            values["f_latency_ms"] = ABSENT[0]
        return self.of_row(row), values

    def make(self, line, values):
        if not any(value not in (None, "", False) for value in values.values()):
            return []
        before = [row for row in self.standing if self.of_row(row) == line.code]
        row = copy_of(before[0]) if before else NerveStudy()
        row.nerve, row.side, row.site = line.nerve, line.side, line.site
        row.absent = values[self.amplitude] == ABSENT[0]
        for column, value in values.items():
            setattr(row, column, None if value == ABSENT[0] else value)
        if values.get("f_latency_ms") == ABSENT[0]:
            row.f_persistence_pct = 0
        return [row]


class MotorGrid(NerveGrid):
    prefix = "motor"
    title = "Motor conduction"
    add_label = "Add a nerve or site"
    columns = {
        "latency_ms": "Latency, ms",
        "amplitude_mv": "Amplitude, mV",
        "area_mv_ms": "Area, mV·ms",
        "duration_ms": "Neg. peak, ms",
        "distance_mm": "Distance, mm",
        "velocity_m_per_s": "Velocity, m/s",
        "f_latency_ms": "F wave, ms",
        "f_persistence_pct": "F waves, %",
        "temperature_c": "Skin, °C",
        "rest_normal": "Rest normal",
        "note": "Comment",
    }
    aside = (
        "area_mv_ms",
        "duration_ms",
        "f_persistence_pct",
        "temperature_c",
        "rest_normal",
        "note",
    )
    amplitude = "amplitude_mv"
    nerves = vocabulary().motor_nerves

    def sites(self, nerve):
        return self.nerves[nerve].stim

    def named(self, nerve):
        return f"{self.nerves[nerve].label}, {self.nerves[nerve].record}"


class SensoryGrid(NerveGrid):
    prefix = "sensory"
    title = "Sensory conduction"
    add_label = "Add a nerve"
    columns = {
        "latency_ms": "Onset, ms",
        "peak_latency_ms": "Peak, ms",
        "amplitude_uv": "Amplitude, µV",
        "distance_mm": "Distance, mm",
        "velocity_m_per_s": "Velocity, m/s",
        "temperature_c": "Skin, °C",
        "rest_normal": "Rest normal",
        "note": "Comment",
    }
    aside = ("temperature_c", "rest_normal", "note")
    unlimited = ("latency_ms",)  # the limit is that of the peak
    amplitude = "amplitude_uv"
    nerves = vocabulary().sensory_nerves

    def sites(self, nerve):
        """The vocabulary names one usual site; a second recording says in its comment where."""
        return ("", "second_site")


class LimitGrid(Grid):
    """Limits of each nerve: ours are offered, the laboratory's own replace them."""

    prefix = "limit"
    relation = "nerve_limits"
    title = "Limits of this laboratory"
    heading = "Nerve"
    model = NerveLimit
    template = "results/emg/_limits.html"
    columns = {
        "amplitude_low": "Amplitude ≥, mV or µV",
        "latency_high_ms": "Latency ≤, ms",
        "velocity_low": "Velocity ≥, m/s",
        "f_latency_high_ms": "F wave ≤, ms",
    }

    def make_lines(self):
        book = vocabulary()
        for code, nerve in book.motor_nerves.items():
            yield Line(code, f"{nerve.label}, {nerve.record}", group="Motor", hint=self.ours(code))
        for code, nerve in book.sensory_nerves.items():
            yield Line(code, nerve.label, group="Sensory", hint=self.ours(code))

    def ours(self, code):
        """Our limits in words, to stand beside the laboratory's own."""
        told = NerveLimit(nerve=code, **self._default(code)).told
        return told if told == "no limit known" else told.removesuffix(" (textbook)")

    def cell(self, line, column):
        if column == "f_latency_high_ms" and line.code in vocabulary().sensory_nerves:
            return None
        field = fields.NumberField(label=self.cell_label(line, column), required=False)
        field.widget.attrs |= {"data-limit": f"{line.code} {column}"}
        return field

    def _dress(self, field):
        super()._dress(field)
        field.widget.attrs["class"] = "nt-cell"

    def age(self):
        step = self.form.step
        return step.patient.age_years(step.performed_on or timezone.localdate())

    def _default(self, code):
        given = conduction.default_limits(code, self.age())
        values = given.amplitude, given.latency, given.velocity, given.f_latency
        return dict(zip(self.columns, values, strict=True))

    def initial(self):
        found = {}
        for line in self.lines:
            for column, value in self._default(line.code).items():
                found[f"{self.prefix}-{line.code}-{column}"] = value
        return found | super().initial()

    def read(self, row):
        return row.nerve, {column: getattr(row, column) for column in self.columns}

    def build(self):
        """Only of the nerves that were studied, so that a report carries what it was held to."""
        studied = {row.nerve for row in self.form.rows["nerves"]}
        self.lines = [line for line in self.lines if line.code in studied]
        return super().build()

    def make(self, line, values):
        row = NerveLimit(nerve=line.code, **values)
        ours = tuple(self._default(line.code).values())
        own = limits_of(row)
        row.of_laboratory = ours != (own.amplitude, own.latency, own.velocity, own.f_latency)
        return [row]

    # for the nerve tables
    def text(self, nerve, column):
        """ "≥ 4": the limit as it is printed under a value; "" where nobody knows one."""
        limit = LIMIT_OF.get(column)
        name = f"{self.prefix}-{nerve}-{limit}"
        value = self.form[name].value() if name in self.form.fields else None
        if value in (None, ""):
            return ""
        sign = "≥" if limit in ("amplitude_low", "velocity_low") else "≤"
        return f"{sign} {value if isinstance(value, str) else limits.plain(value)}"

    @property
    def is_filled(self):
        return any(row.of_laboratory for row in self.standing)
