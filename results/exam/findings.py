"""Facts, answered captures and the one-line summary of an examination."""

from clinical import strength as judge
from clinical.criteria.als import REGIONS
from clinical.vocabulary import humanise, vocabulary
from results import limits
from results.base import Flag, known, shorten
from results.exam import motor_signs, scales, strength
from results.phenotypes import named, phenotype_captures, phenotype_facts
from results.scores import score_captures, score_facts

STATED = ("weakness_pattern", "sensory_pattern", "reflex_pattern", "sensory_level", "sensory_limbs")
CODED = (  # column = code of the capture
    "cn1_smell",
    "cn2_rapd",
    "cn2_fundus",
    "cn3_4_6_movements",
    "cn3_pupils",
    "cn5_sensation",
    "cn5_jaw",
    "cn7_face",
    "cn8_hearing",
    "cn9_10_palate",
    "cn11_scm_trapezius",
    "cn12_tongue",
    "gait_type",
    "heel_walk",
    "toe_walk",
    "tandem_gait",
    "romberg",
    "gowers_manoeuvre",
    "ambulation_status",
)
TIMED = {  # capture → column
    "time_rise_floor_s": "time_rise_floor_s",
    "timed_10m": "timed_10m_s",
    "timed_4_stairs": "timed_4_stairs_s",
    "timed_25_foot": "timed_25_foot_s",
    "six_mwt": "six_mwt_m",
    "tug": "tug_s",
    "nine_hole_peg": "nine_hole_peg_s",
    "grip_dynamometry": "grip_dynamometry_kg",
}
# a finding recorded as an answer elsewhere in the exam is a sign, too: (present, absent) answers
COLUMN_SIGNS = {
    "romberg_positive": ("romberg", {"positive"}, {"negative"}),
    "gowers": ("gowers_manoeuvre", {"partial", "full"}, {"negative"}),
    "waddling_gait": ("gait_type", {"waddling"}, {"normal"}),
    "toe_walking": ("gait_type", {"toe_walking"}, {"normal"}),
    "sensory_ataxia": ("gait_type", {"sensory_ataxic"}, {"normal"}),
    "ophthalmoparesis": ("cn3_4_6_movements", {"restricted"}, {"full"}),
    "ino": ("cn3_4_6_movements", {"ino"}, {"full"}),
    "facial_weakness": ("cn7_face", {"umn_weak", "lmn_weak", "bilateral_weak"}, {"normal"}),
    "tongue_fasciculation": ("cn12_tongue", {"fasciculating"}, {"normal"}),
    "tongue_atrophy": ("cn12_tongue", {"wasted"}, {"normal"}),
}
REFLEX_SIGNS = {
    "babinski": ("plantar", {"extensor"}, {"flexor"}),
    "hoffmann": ("hoffmann_sign", {"present"}, {"absent"}),
    "jaw_jerk_brisk": ("jaw_jerk", {"brisk", "clonic"}, {"normal", "absent"}),
}
TENDON = ("knee_reflex", "ankle_reflex")


def facts(exam):
    """ex.*, ph.* and scale.* that the examiner or the grid established."""
    lines = exam.rows("strengths")
    found = {f"ex.{name}": getattr(exam, name) for name in STATED}
    found["ex.mrc_sum"] = strength.mrc_sum(lines)
    if strength.mrc_sum(lines) is not None:
        found["crit.mrc_sum_score"] = "complete"
    stated = exam.bilateral_weakness
    found["ex.bilateral_weakness"] = strength.bilateral(lines) if stated is None else stated
    found |= _regions(exam)
    items = judge.weakness_items(strength.by_place(lines))
    found |= {f"ex.{item}": seen for item, seen in items.items()}
    return known(**found) | _signs(exam) | score_facts(exam.rows("scores"))


def _regions(exam):
    upper, lower = exam.umn_regions, exam.lmn_regions
    found = {
        "ex.umn_in": _in_order(upper),
        "ex.lmn_in": _in_order(lower),
        "ex.umn_regions": None if upper is None else len(set(upper)),
        "ex.lmn_regions": None if lower is None else len(set(lower)),
    }
    if upper is not None and lower is not None:
        found["ex.umn_and_lmn_same_region"] = bool(set(upper) & set(lower))
    return found


def _in_order(regions):
    return None if regions is None else [each for each in REGIONS if each in regions]


def _signs(exam):
    """Signs read from other answers; what was said about the sign itself wins."""
    found = {}
    for sign, (column, present, absent) in COLUMN_SIGNS.items():
        _judge(found, sign, {getattr(exam, column)} - {""}, present, absent)
    for sign, (reflex, present, absent) in REFLEX_SIGNS.items():
        values = {line.value for line in exam.rows("reflexes") if line.reflex == reflex}
        _judge(found, sign, values, present, absent)
    tendon = [line.value for line in exam.rows("reflexes") if line.reflex in TENDON]
    if len(tendon) == 2 * len(TENDON) and set(tendon) == {"0"}:
        found["ph.areflexia"] = "present"
    return found | motor_signs.seen_signs(exam) | phenotype_facts(exam.rows("signs"))


def _judge(found, sign, values, present, absent):
    if values & present:
        found[f"ph.{sign}"] = "present"
    elif values and values <= absent:
        found[f"ph.{sign}"] = "absent"


def captures(exam):
    lines = exam.rows("strengths")
    done = [
        f"exam:{code}" for code in vocabulary().strength_sets if strength.is_complete(lines, code)
    ]
    if exam.mmt8_total is not None:
        done.append("exam:mmt8")
    if strength.mrc_sum(lines) is not None:
        done.append("crit:mrc_sum_score")
    done += [f"exam:{line.reflex}" for line in exam.rows("reflexes")]
    done += [
        f"exam:{line.quality}" for line in exam.rows("sensations") if line.grade != "not_tested"
    ]
    done += [f"exam:{code}" for code in CODED if getattr(exam, code) not in ("", "not_tested")]
    done += [f"exam:{code}" for code, name in TIMED.items() if getattr(exam, name) is not None]
    if exam.cn2_acuity_right or exam.cn2_acuity_left:
        done.append("exam:cn2_acuity")
    signs = _signs(exam)
    if exam.cn3_lid_right_mm is not None or "ph.ptosis" in signs:
        done.append("exam:cn3_ptosis")
    if exam.ice_test:
        done.append("other:edrophonium_or_ice")
    done += [path.replace("ph.", "ph:", 1) for path in signs]
    return (
        *done,
        *phenotype_captures(exam.rows("signs")),
        *score_captures(exam.rows("scores")),
        *(exam.also_done or ()),
    )


def summary(exam):
    lines = exam.rows("strengths")
    total = strength.mrc_sum(lines)
    weakest = [_weak_words(line) for line in strength.weak(lines)[:4]]
    more = len(strength.weak(lines)) - len(weakest)
    pattern = [humanise(code).lower() for code in exam.weakness_pattern or ()]
    reflexes = humanise(exam.reflex_pattern).lower() if exam.reflex_pattern else ""
    timed = [
        f"{exam._meta.get_field(name).verbose_name} {limits.plain(getattr(exam, name))}"
        for name in TIMED.values()
        if getattr(exam, name) is not None
    ]
    return shorten(
        [
            f"MRC sum {total} of 60" if total is not None else "",
            *scales.in_words(exam),
            *strength.statements(lines, brief=True),
            strength.change_words(strength.since(exam), exam.before and exam.before.on),
            "weakness " + ", ".join(pattern) if pattern else "",
            "weak " + ", ".join(weakest) + (f" and {more} more" if more else "") if weakest else "",
            *motor_signs.in_words(exam),
            f"reflexes {reflexes}" if reflexes else "",
            ", ".join(named(exam.rows("signs"))),
            *timed,
        ],
        otherwise="Examined",
    )


def _weak_words(line):
    movement = vocabulary().movements.get(line.movement)
    label = movement.label.lower() if movement else humanise(line.movement).lower()
    side = "" if line.side == "midline" else f" {line.side}"
    return f"{label}{side} {line.grade.replace('-', '−')}"


def flag(exam):
    """abnormal if anything is weak or present, normal if the core set is full, else ""."""
    lines = exam.rows("strengths")
    found = phenotype_facts(exam.rows("signs")) | _signs(exam)
    if strength.weak(lines) or "present" in found.values():
        return Flag.ABNORMAL
    return Flag.NORMAL if strength.is_complete(lines, "mrc_set_core") else ""
