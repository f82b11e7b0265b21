"""A neurological examination: strength by movement and side, reflexes, signs, timed tests."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from clinical.vocabulary import humanise, vocabulary
from patients.models import tracked
from results import limits
from results.base import (
    Result,
    Row,
    count,
    number,
    row_of,
    sided,
    text,
    word,
    words,
    yes_no,
)
from results.exam import findings, visits
from results.phenotypes import PhenotypeRow, Side
from results.scores import ScoreRow

CLONUS, SUSTAINED = "ankle_clonus", "99"
GRADES = ("0", "1", "2", "3", "4-", "4", "4+", "5", "NT")
LIMITS = {
    "sensory_limbs": (0, 4),
    "cn3_lid_right_mm": (0, 20),
    "cn3_lid_left_mm": (0, 20),
    "mmt8_total": (0, 80),
    "time_rise_floor_s": (0, 600),
    "timed_10m_s": (0, 600),
    "timed_4_stairs_s": (0, 600),
    "timed_25_foot_s": (0, 600),
    "six_mwt_m": (0, 1_200),
    "tug_s": (0, 600),
    "nine_hole_peg_s": (0, 600),
    "grip_dynamometry_kg": (0, 120),
}


def _label(table, code):
    item = table.get(code)
    return item.label if item else humanise(code)


@tracked
class ExamResult(Result):
    """Patterns are what the examiner concludes; sums and sides are read from the grid."""

    ROWS = ("strengths", "tones", "bulks", "reflexes", "sensations", "signs", "scores")
    LIMITS = LIMITS

    weakness_pattern = words("pattern of weakness")
    bilateral_weakness = yes_no("weak on both sides")
    reflex_pattern = word("pattern of reflexes")
    sensory_pattern = word("pattern of sensory loss")
    sensory_level = yes_no("sensory level on the trunk")
    sensory_limbs = count("limbs with sensory loss")
    umn_regions = words("regions with upper motor neuron signs")
    lmn_regions = words("regions with lower motor neuron signs")
    cn1_smell = word("smell")
    cn2_acuity_right = text("acuity, right", 20)
    cn2_acuity_left = text("acuity, left", 20)
    cn2_rapd = word("relative afferent pupillary defect")
    cn2_fundus = word("fundus")
    cn3_4_6_movements = word("eye movements")
    cn3_lid_right_mm = number("lid opening, right (mm)", 4, 1)
    cn3_lid_left_mm = number("lid opening, left (mm)", 4, 1)
    cn3_pupils = word("pupils")
    cn5_sensation = word("facial sensation")
    cn5_jaw = word("jaw strength")
    cn7_face = word("face")
    cn8_hearing = word("hearing")
    cn9_10_palate = word("palate")
    cn11_scm_trapezius = word("sternocleidomastoid and trapezius")
    cn12_tongue = word("tongue")
    ice_test = word("ice-pack test", 12)
    gait_type = word("gait")
    heel_walk = word("walking on the heels")
    toe_walk = word("walking on the toes")
    tandem_gait = word("tandem gait")
    romberg = word("Romberg test")
    gowers_manoeuvre = word("Gowers manoeuvre")
    time_rise_floor_s = number("rising from the floor (s)", 6, 1)
    timed_10m_s = number("10 m walk or run (s)", 6, 1)
    timed_4_stairs_s = number("four stairs (s)", 6, 1)
    timed_25_foot_s = number("25 foot walk (s)", 6, 1)
    six_mwt_m = number("six-minute walk (m)", 6, 1)
    tug_s = number("timed up and go (s)", 6, 1)
    nine_hole_peg_s = number("nine-hole peg test (s)", 6, 1)
    grip_dynamometry_kg = number("grip (kg)", 6, 1)
    ambulation_status = word("walking")
    mmt8_total = count("MMT8 (0 to 80)")
    note = models.TextField("note", blank=True)

    class Meta(Result.Meta):
        verbose_name = "examination"
        constraints = [*Result.Meta.constraints, *limits.constraints("exam", LIMITS)]

    @cached_property
    def earlier(self):
        """The patient's visits before this one, newest first."""
        if self.step_id is None:
            return []
        return visits.earlier(ExamResult, self.step.patient_id, self.step_id, self.performed_on)

    @property
    def before(self):
        """The latest graded visit before this one, or None."""
        return visits.last_graded(self.earlier)

    def facts(self):
        return findings.facts(self)

    def captures(self):
        return findings.captures(self)

    def summary(self):
        return findings.summary(self)

    def flag(self):
        return findings.flag(self)


@tracked
class Strength(Row):
    """MRC grade of one movement; NT = not testable, which is never 0."""

    result = row_of(ExamResult, "strengths")
    movement = models.CharField("movement", max_length=40)
    side = models.CharField(max_length=10, choices=Side.choices)
    grade = models.CharField("MRC grade", max_length=2)
    assumed = models.BooleanField("filled by “all others 5”", default=False)
    reason = text("why it was not testable", 100)

    class Meta(Row.Meta):
        verbose_name = "strength"
        constraints = [
            models.CheckConstraint(
                name="results_strength_grade_known",
                condition=Q(grade__in=GRADES),
                violation_error_message="Write 0 to 5, 4− or 4+, or NT.",
            ),
            models.UniqueConstraint(
                name="results_strength_once", fields=["result", "movement", "side"]
            ),
        ]

    @property
    def title(self):
        return sided(_label(vocabulary().movements, self.movement), self.side)

    @property
    def told(self):
        why = "assumed" if self.assumed else self.reason
        return self.grade.replace("-", "−") + (f" ({why})" if why else "")

    @property
    def mark(self):
        return "low" if self.grade not in ("5", "NT") else ""

    def clean(self):
        super().clean()
        if self.reason and self.grade != "NT":
            raise ValidationError({"reason": "Only what was not testable (NT) has a reason."})


@tracked
class Reflex(Row):
    """One reflex of one side: NINDS 0 to 4, or the word of its own list (flexor, present)."""

    result = row_of(ExamResult, "reflexes")
    reflex = models.CharField("reflex", max_length=40)
    side = models.CharField(max_length=10, choices=Side.choices)
    value = models.CharField("value", max_length=12)
    scale = models.CharField("scale of the number", max_length=8, default="ninds")
    assumed = models.BooleanField("filled by “all others normal”", default=False)

    class Meta(Row.Meta):
        verbose_name = "reflex"
        constraints = [
            models.CheckConstraint(name="results_reflex_has_value", condition=~Q(value="")),
            models.UniqueConstraint(
                name="results_reflex_once", fields=["result", "reflex", "side"]
            ),
        ]

    @property
    def title(self):
        return sided(_label(vocabulary().reflexes, self.reflex), self.side)

    @property
    def told(self):
        return self.said(self.value) + (" (assumed)" if self.assumed else "")

    def said(self, value):
        """As a person says it: a grade, beats of a clonus, or the word of the reflex's own list."""
        if self.reflex == CLONUS:
            return "sustained" if value == SUSTAINED else f"{value} beats"
        return value if value.isdecimal() else humanise(value).lower()


@tracked
class Sensation(Row):
    """One quality of sensation on one side, and how far up it is disturbed."""

    result = row_of(ExamResult, "sensations")
    quality = models.CharField("quality", max_length=20)
    side = models.CharField(max_length=10, choices=Side.choices)
    grade = models.CharField("grade", max_length=12)
    up_to = word("up to", 20)

    class Meta(Row.Meta):
        verbose_name = "sensation"
        constraints = [
            models.CheckConstraint(name="results_sensation_has_grade", condition=~Q(grade="")),
            models.UniqueConstraint(
                name="results_sensation_once", fields=["result", "quality", "side"]
            ),
        ]

    @property
    def title(self):
        return sided(_label(vocabulary().sensory, self.quality), self.side)

    @property
    def told(self):
        up_to = f" up to {humanise(self.up_to).lower()}" if self.up_to else ""
        return humanise(self.grade).lower() + up_to


@tracked
class Sign(PhenotypeRow):
    """A sign looked for."""

    result = row_of(ExamResult, "signs")

    class Meta(PhenotypeRow.Meta):
        verbose_name = "sign"


@tracked
class ExamScore(ScoreRow):
    result = row_of(ExamResult, "scores")

    class Meta(ScoreRow.Meta):
        verbose_name = "scale"
