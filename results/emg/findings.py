"""Facts, answered captures and the one-line summary of an EMG report.

LMN region: chronic neurogenic change and ongoing denervation in a muscle (Gold Coast 2020, Shefner,
Clin Neurophysiol 131:1975); a limb region needs two such muscles, bulbar and thoracic one.
"""

from clinical.needle import lmn_regions
from clinical.vocabulary import vocabulary
from results import limits
from results.base import Flag, known, shorten
from results.emg.reading import needle_rows, read_nerves
from results.scores import in_words, score_captures, score_facts

ARM_NERVES = ("median_m", "ulnar_m")
_RNS = vocabulary().special_tests["rns"].cutoffs
ABNORMAL_DECREMENT_PCT = _RNS["decrement_gt"]
LEMS_INCREMENT_PCT = _RNS["increment_lems_suspicious_gte"]
ABNORMAL_PAIRS_PCT = 10


def facts(study):
    """ncs.*, emg.*, rns.*, sfemg.* that the report established."""
    found = {
        "ncs.conclusion": _listed(study.ncs_conclusions),
        "emg.conclusion": _listed(study.emg_conclusions),
        "ncs.conduction_block": conduction_block(study),
        "ncs.uniform_slowing": study.uniform_slowing,
        "ncs.gbs_supportive": study.gbs_supportive,
        "ncs.snap_normal": _snap_normal(study),
        "ncs.sensory_abnormal_nerves": _abnormal_sensory(study),
        "ncs.arm_motor_cv_m_s": _arm_velocity(study),
        "rns.decrement_pct": decrement(study),
        "rns.increment_pct": increment(study),
        "sfemg.abnormal": sfemg_abnormal(study),
    }
    return known(**found) | _needle(study.rows("muscles")) | score_facts(study.rows("scores"))


def _listed(codes):
    return None if codes is None else list(codes)


def _sensory(study):
    """{(nerve, side): abnormal?} of the sensory nerves that anybody could judge."""
    found = {}
    for site in read_nerves(study):
        if not site.is_motor and site.reading.judged:
            key = site.row.nerve, site.row.side
            found[key] = found.get(key, False) or bool(site.reading.flags)
    return found


def _abnormal_sensory(study):
    judged = _sensory(study)
    return sum(judged.values()) if judged else None


def _snap_normal(study):
    if study.snap_normal is not None:
        return study.snap_normal
    judged = _sensory(study)
    return not any(judged.values()) if judged else None


def _arm_velocity(study):
    """The slowest forearm motor velocity (m/s), typed or computed."""
    found = [
        site.reading.velocity
        for site in read_nerves(study)
        if site.row.nerve in ARM_NERVES and site.reading.velocity is not None
    ]
    return min(found) if found else None


def conduction_block(study):
    """As the examiner judged it; else True when the rows show one. Rows alone prove no absence."""
    if study.conduction_block is not None:
        return study.conduction_block
    shown = any("conduction_block" in site.reading.flags for site in read_nerves(study))
    return True if shown else None


def sfemg_abnormal(study):
    """As judged; else by the share of abnormal pairs (vocabulary: abnormal above 10 %)."""
    if study.sfemg_abnormal is not None or study.sfemg_abnormal_pairs_pct is None:
        return study.sfemg_abnormal
    return study.sfemg_abnormal_pairs_pct > ABNORMAL_PAIRS_PCT


def largest(study, column, *of_trains):
    """The number typed for the whole study, else the largest of its trains."""
    if getattr(study, column) is not None:
        return float(getattr(study, column))
    found = [getattr(train, name) for train in study.rows("trains") for name in of_trains]
    return max((float(n) for n in found if n is not None), default=None)


def decrement(study):
    return largest(study, "rns_decrement_pct", "decrement_pct", "after_exercise_pct")


def increment(study):
    return largest(study, "rns_increment_pct", "increment_pct")


def _needle(lines):
    if not lines:
        return {}
    muscles = vocabulary().emg_muscles
    regions = [muscles[line.muscle].region if line.muscle in muscles else "" for line in lines]
    denervated = lmn_regions(needle_rows(lines))
    facts = {
        "emg.regions_studied": len({*regions} - {""}),
        "emg.lmn_regions": len(denervated),
        "emg.lmn_in": denervated,
    }
    myotonic = {line.myotonic_discharge for line in lines} - {"", "equivocal"}
    if myotonic:
        facts["emg.myotonic_discharges"] = "present" in myotonic
    return facts


def captures(study):
    done = [f"ncs:{code}" for code in (*(study.ncs_sets or ()), *(study.special_tests or ()))]
    done += [f"emg:{code}" for code in study.emg_sets or ()]
    trains = study.rows("trains"), decrement(study), increment(study)
    measured = {
        "ncs:rns": any(answer not in (None, []) for answer in trains),
        "ncs:sfemg": _answered(study, "sfemg_"),
        "ncs:blink_reflex": _answered(study, "blink_"),
        "ncs:vep": _answered(study, "vep_"),
        "ncs:long_exercise_test": study.long_exercise_fall_pct is not None,
    }
    done += [code for code, is_done in measured.items() if is_done]
    return (*done, *score_captures(study.rows("scores")), *(study.also_done or ()))


def _answered(study, prefix):
    names = [field.name for field in study._meta.concrete_fields if field.name.startswith(prefix)]
    return any(getattr(study, name) not in (None, "") for name in names)


def summary(study):
    return shorten(
        [
            *_concluded(study),
            "conduction block" if conduction_block(study) else "",
            _percent("decrement", decrement(study)),
            _percent("increment", increment(study)),
            "single-fibre EMG abnormal" if sfemg_abnormal(study) else "",
            *in_words(study.rows("scores")),
        ],
        otherwise="EMG report",
    )


def _concluded(study):
    """Conclusions in words. "Normal" beside something else says of which half."""
    labels = vocabulary().ncs_conclusions
    ncs, emg = study.ncs_conclusions or (), study.emg_conclusions or ()
    concluded = dict.fromkeys([*ncs, *emg])
    for code in concluded:
        if code == "normal" and len(concluded) > 1:
            yield "conduction normal" if code in ncs else "needle EMG normal"
        elif code in labels:
            yield labels[code].label


def _percent(what, number):
    return "" if number is None else f"{what} {limits.plain(number)} %"


def flag(study):
    concluded = {*(study.ncs_conclusions or ()), *(study.emg_conclusions or ())}
    abnormal = (
        concluded - {"normal", "inconclusive"}
        or conduction_block(study)
        or sfemg_abnormal(study)
        or (decrement(study) or 0) > ABNORMAL_DECREMENT_PCT
        or (increment(study) or 0) >= LEMS_INCREMENT_PCT
        or any(site.reading.flags for site in read_nerves(study))
        or any(line.read_as for line in study.rows("muscles"))
    )
    if abnormal:
        return Flag.ABNORMAL
    return Flag.NORMAL if concluded == {"normal"} else ""
