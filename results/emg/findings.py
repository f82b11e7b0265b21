"""Facts, answered captures and the one-line summary of an EMG report.

LMN region: chronic neurogenic change and ongoing denervation in a muscle (Gold Coast 2020, Shefner,
Clin Neurophysiol 131:1975); a limb region needs two such muscles, bulbar and thoracic one.
"""

from clinical.vocabulary import vocabulary
from results import limits
from results.base import Flag, known, shorten
from results.scores import in_words, score_captures, score_facts

ONE_MUSCLE_REGIONS = {"bulbar", "thoracic"}
QUIET = {"", "0", "+/-"}
ARM_NERVES = ("median_m", "ulnar_m")
ABNORMAL_DECREMENT_PCT = 10
LEMS_INCREMENT_PCT = 60


def facts(study):
    """ncs.*, emg.*, rns.*, sfemg.* that the report established."""
    found = {
        "ncs.conclusion": _listed(study.ncs_conclusions),
        "emg.conclusion": _listed(study.emg_conclusions),
        "ncs.conduction_block": study.conduction_block,
        "ncs.uniform_slowing": study.uniform_slowing,
        "ncs.gbs_supportive": study.gbs_supportive,
        "ncs.snap_normal": _snap_normal(study),
        "ncs.sensory_abnormal_nerves": _abnormal_sensory(study),
        "ncs.arm_motor_cv_m_s": _arm_velocity(study),
        "rns.decrement_pct": _plain(study.rns_decrement_pct),
        "rns.increment_pct": _plain(study.rns_increment_pct),
        "sfemg.abnormal": study.sfemg_abnormal,
    }
    return known(**found) | _needle(study.rows("muscles")) | score_facts(study.rows("scores"))


def _listed(codes):
    return None if codes is None else list(codes)


def _plain(number):
    return None if number is None else float(number)


def sensory_is_abnormal(line):
    """Absent, small or slow by the vocabulary's adult limits; None when nothing was measured."""
    nerve = vocabulary().sensory_nerves.get(line.nerve)
    if line.absent:
        return True
    if nerve is None or (line.amplitude_uv is None and line.velocity_m_per_s is None):
        return None
    low = line.amplitude_uv is not None and line.amplitude_uv < (nerve.amp_lln_uv or 0)
    slow = line.velocity_m_per_s is not None and line.velocity_m_per_s < (nerve.cv_lln_m_s or 0)
    return bool(low or slow)


def _sensory(study):
    nerves = vocabulary().sensory_nerves
    lines = [line for line in study.rows("nerves") if line.nerve in nerves]
    return {(line.nerve, line.side): sensory_is_abnormal(line) for line in lines}


def _abnormal_sensory(study):
    judged = [answer for answer in _sensory(study).values() if answer is not None]
    return sum(judged) if judged else None


def _snap_normal(study):
    if study.snap_normal is not None:
        return study.snap_normal
    judged = [answer for answer in _sensory(study).values() if answer is not None]
    return not any(judged) if judged else None


def _arm_velocity(study):
    """The slowest forearm motor velocity (m/s)."""
    found = [
        line.velocity_m_per_s
        for line in study.rows("nerves")
        if line.nerve in ARM_NERVES and line.velocity_m_per_s is not None
    ]
    return float(min(found)) if found else None


def is_lmn_muscle(line):
    ongoing = not {line.fib, line.psw, line.fasciculations} <= QUIET
    chronic = "increased" in (line.muap_duration, line.muap_amplitude)
    return ongoing and chronic


def _needle(lines):
    if not lines:
        return {}
    muscles = vocabulary().emg_muscles
    studied, positive = set(), {}
    for line in lines:
        region = muscles[line.muscle].region if line.muscle in muscles else ""
        studied.add(region)
        if is_lmn_muscle(line):
            positive.setdefault(region, set()).add(line.muscle)
    enough = [
        region
        for region, found in positive.items()
        if region and len(found) >= (1 if region in ONE_MUSCLE_REGIONS else 2)
    ]
    facts = {"emg.regions_studied": len(studied - {""}), "emg.lmn_regions": len(enough)}
    myotonic = {line.myotonic_discharge for line in lines} - {"", "equivocal"}
    if myotonic:
        facts["emg.myotonic_discharges"] = "present" in myotonic
    return facts


def captures(study):
    done = [f"ncs:{code}" for code in (*(study.ncs_sets or ()), *(study.special_tests or ()))]
    done += [f"emg:{code}" for code in study.emg_sets or ()]
    if study.rns_decrement_pct is not None or study.rns_increment_pct is not None:
        done.append("ncs:rns")
    if study.sfemg_abnormal is not None:
        done.append("ncs:sfemg")
    return (*done, *score_captures(study.rows("scores")), *(study.also_done or ()))


def summary(study):
    labels = vocabulary().ncs_conclusions
    concluded = dict.fromkeys([*(study.ncs_conclusions or ()), *(study.emg_conclusions or ())])
    return shorten(
        [
            *(labels[code].label for code in concluded if code in labels),
            "conduction block" if study.conduction_block else "",
            _percent("decrement", study.rns_decrement_pct),
            _percent("increment", study.rns_increment_pct),
            "single-fibre EMG abnormal" if study.sfemg_abnormal else "",
            *in_words(study.rows("scores")),
        ],
        otherwise="EMG report",
    )


def _percent(what, number):
    return "" if number is None else f"{what} {limits.plain(number)} %"


def flag(study):
    concluded = {*(study.ncs_conclusions or ()), *(study.emg_conclusions or ())}
    abnormal = (
        concluded - {"normal", "inconclusive"}
        or study.conduction_block
        or study.sfemg_abnormal
        or (study.rns_decrement_pct or 0) > ABNORMAL_DECREMENT_PCT
        or (study.rns_increment_pct or 0) >= LEMS_INCREMENT_PCT
    )
    if abnormal:
        return Flag.ABNORMAL
    return Flag.NORMAL if concluded == {"normal"} else ""
