"""Tone, bulk and reflexes of an examination: as signs, in words, and as a hint of regions."""

from clinical.motor_neurons import PARTS, Bedside, lower_signs, upper_signs
from results.exam import strength

TONGUE_SIGNS = {"tongue_atrophy": "wasted", "tongue_fasciculation": "fasciculating"}


def bedside(exam):
    """What the hint rests on."""
    tongue = {exam.cn12_tongue}
    for sign in exam.rows("signs"):
        if sign.status == "present" and sign.code in TONGUE_SIGNS:
            tongue.add(TONGUE_SIGNS[sign.code])
    return Bedside(
        grades=strength.by_place(exam.rows("strengths")),
        reflexes={(row.reflex, row.side): row.value for row in exam.rows("reflexes")},
        tone={(row.limb, row.side): row.grade for row in exam.rows("tones")},
        wasted=frozenset((row.part, row.side) for row in exam.rows("bulks") if row.is_wasted),
        tongue=frozenset(tongue),
    )


def region_hints(exam):
    """[(column, its regions as proposed, [(region, what speaks for it)])], only what was found.

    A hint: never stored by itself. Nothing is proposed where nothing was found, for what was not
    looked for is not absent.
    """
    seen = bedside(exam)
    found = (("umn_regions", upper_signs(seen)), ("lmn_regions", lower_signs(seen)))
    return [(column, list(signs), list(signs.items())) for column, signs in found if signs]


def seen_signs(exam):
    """{ph.<sign>: present | absent} from tone and bulk; absent only where all was looked at."""
    tones, bulks = exam.rows("tones"), exam.rows("bulks")
    graded = [row for row in bulks if row.bulk]
    watched = [row for row in bulks if row.fasciculation is not None]
    calves = [row for row in graded if row.part == "lower_leg"]
    everywhere = 2 * len(PARTS) - sum(part.midline for part in PARTS.values())
    answers = {
        "spasticity": ([row.grade != "0" for row in tones], 4),
        "atrophy": ([row.is_wasted for row in graded], everywhere),
        "fasciculation": ([row.fasciculation for row in watched], everywhere),
        "calf_hypertrophy": ([row.bulk == "hypertrophy" for row in calves], 2),
    }
    found = {}
    for sign, (seen, all_places) in answers.items():
        if any(seen):
            found[f"ph.{sign}"] = "present"
        elif len(seen) == all_places:
            found[f"ph.{sign}"] = "absent"
    return found


def in_words(exam):
    """Parts of the one-line summary."""
    wasted = [row.place for row in exam.rows("bulks") if row.is_wasted]
    twitching = [row.place for row in exam.rows("bulks") if row.fasciculation]
    spastic = [row.title.lower() for row in exam.rows("tones") if row.grade != "0"]
    named = (("wasted", wasted), ("fasciculations", twitching), ("tone raised", spastic))
    return [f"{word} {_few(places)}" for word, places in named if places]


def _few(places):
    more = len(places) - 3
    return ", ".join(places[:3]) + (f" and {more} more" if more > 0 else "")
