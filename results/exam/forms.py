"""The examination as a form."""

from django.utils.functional import cached_property

from clinical.criteria.als import REGIONS
from clinical.vocabulary import vocabulary
from results import fields
from results.exam import body_map, grids, motor_signs, strength, visits
from results.exam.models import LIMITS, ExamResult
from results.exam.motor_grid import BulkGrid, ToneGrid
from results.exam.reflex_grid import ReflexGrid
from results.exam.strength_grid import OtherStrength, StrengthGrid
from results.recordform import PLUMBING, RecordForm, Section

_BOOK = vocabulary()
_ITEMS = {**_BOOK.cranial_nerves, **_BOOK.gait}
CRANIAL = tuple(code for code, item in _BOOK.cranial_nerves.items() if item.values)
GAIT = tuple(code for code, item in _BOOK.gait.items() if item.values)
TIMED = tuple(
    name for name in LIMITS if name not in ("sensory_limbs", "mmt8_total") and "lid" not in name
)
PATTERNS = ("reflex_pattern", "sensory_pattern")


class ExamForm(RecordForm):
    PLACE = False
    PERFORMED = "Examined on"
    PREFIXES = ("exam", "ph", "scale")
    CAPTURE_OF = {
        "timed_10m_s": "timed_10m",
        "timed_4_stairs_s": "timed_4_stairs",
        "timed_25_foot_s": "timed_25_foot",
        "six_mwt_m": "six_mwt",
        "tug_s": "tug",
        "nine_hole_peg_s": "nine_hole_peg",
        "grip_dynamometry_kg": "grip_dynamometry",
        "cn2_acuity_right": "cn2_acuity",
        "cn2_acuity_left": "cn2_acuity",
        "cn3_lid_right_mm": "cn3_ptosis",
        "cn3_lid_left_mm": "cn3_ptosis",
        "ice_test": "edrophonium_or_ice",
        "mmt8_total": "mmt8",
    }
    CHOICES = {
        **{name: fields.spelled(_ITEMS[name].values) for name in (*CRANIAL, *GAIT)},
        **{name: _BOOK.choices(name) for name in PATTERNS},
    }
    STRIPS = {"ice_test": fields.spelled(("positive", "negative", "equivocal"))}
    CAN_BE_NONE = ("umn_regions", "lmn_regions")
    CODES = {
        "weakness_pattern": [c for c in _BOOK.choices("weakness_pattern")],
        "umn_regions": fields.spelled(REGIONS),
        "lmn_regions": fields.spelled(REGIONS),
    }
    SECTIONS = (
        Section("Strength", grids=(StrengthGrid,), always=True),
        Section("Other movements", ("mmt8_total",), grids=(OtherStrength,)),
        Section("Reflexes", grids=(ReflexGrid,), always=True),
        Section(
            "Patterns",
            (
                "weakness_pattern",
                "bilateral_weakness",
                "reflex_pattern",
                "sensory_pattern",
                "sensory_level",
                "sensory_limbs",
                "umn_regions",
                "lmn_regions",
            ),
            always=True,
        ),
        Section("Signs", grids=(grids.Signs,), always=True),
        Section("Tone", grids=(ToneGrid,), always=True),
        Section("Bulk and fasciculations", grids=(BulkGrid,), always=True),
        Section("Walking and timed tests", (*GAIT, *TIMED)),
        Section(
            "Cranial nerves",
            (
                *CRANIAL,
                "cn2_acuity_right",
                "cn2_acuity_left",
                "cn3_lid_right_mm",
                "cn3_lid_left_mm",
                "ice_test",
            ),
        ),
        Section("Sensation", grids=(grids.SensationGrid,)),
        Section("Scales", grids=(grids.ExamScores,), always=True),
        Section("Other scales", grids=(grids.OtherExamScores,)),
        Section("All other signs and symptoms", grids=(grids.OtherSigns,)),
        Section("Note", ("note", "comment"), always=True),
    )

    class Meta(RecordForm.Meta):
        model = ExamResult
        fields = [
            *PLUMBING,
            "weakness_pattern",
            "bilateral_weakness",
            *PATTERNS,
            "sensory_level",
            "sensory_limbs",
            "umn_regions",
            "lmn_regions",
            *CRANIAL,
            "cn2_acuity_right",
            "cn2_acuity_left",
            "cn3_lid_right_mm",
            "cn3_lid_left_mm",
            "ice_test",
            *GAIT,
            *TIMED,
            "mmt8_total",
            "note",
        ]

    keypad = ("0", "1", "2", "3", "4−", "4", "4+", "5", "NT")

    # the page has three columns above, the other sections below
    def strength_sections(self):
        return self._titled("Strength")

    def sign_sections(self):
        return self._titled("Signs")

    def reflex_sections(self):
        return self._titled("Reflexes")

    def other_sections(self):
        above = {"Strength", "Reflexes", "Signs"}
        return [shown for shown in self.sections() if shown[0].title not in above]

    def _titled(self, *titles):
        return [shown for shown in self.sections() if shown[0].title in titles]

    @cached_property
    def before(self):
        """The patient's latest graded visit, or None."""
        day = self.standing.performed_on if self.standing else None
        return visits.last_graded(
            visits.earlier(ExamResult, self.step.patient_id, self.step.pk, day)
        )

    def grades_before(self):
        """{movement: {side: grade}} of the visit before."""
        found = {}
        for (movement, side), grade in self.before.grades.items() if self.before else ():
            found.setdefault(movement, {})[side] = grade.replace("-", "−")
        return found

    def body_map(self):
        """The drawing as it begins; the page's script shades it."""
        return {"outline": body_map.outline(), "views": body_map.views({})}

    def reading(self):
        """What the grids say so far: sentences, and hints of regions with what they rest on."""
        exam = self._so_far()
        if exam is None:
            return None
        labels = {name: self.fields[name].label for name in ("umn_regions", "lmn_regions")}
        return {
            "statements": strength.statements(exam.rows("strengths")),
            "hints": [
                {"column": column, "label": labels[column], "regions": regions, "signs": signs}
                for column, regions, signs in motor_signs.region_hints(exam)
            ],
        }

    def draft(self):
        self.instance.step = self.step  # asked for the visit before; here already
        return super().draft()

    def _so_far(self):
        """The examination as far as it can be read, right or not yet."""
        if not self.is_bound:
            return self.standing
        self.full_clean()
        return self.instance.with_rows(**self.rows)

    def has_place_for(self, capture):
        own = ("crit:mrc_sum_score", "other:edrophonium_or_ice")
        return capture in own or super().has_place_for(capture)

    def _is_open(self, section, bound, grids_):
        asked = set(self.asked_codes("exam"))
        by_table = section.title == "Sensation" and bool(asked & set(_BOOK.sensory))
        return by_table or super()._is_open(section, bound, grids_)
