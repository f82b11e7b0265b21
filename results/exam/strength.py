"""What a strength grid says: sum, sides, and whether a set is complete.

Sum: six movements on both sides, 0 to 60 (Kleyweg 1991, Muscle Nerve 14:1103-1109); 4−, 4 and 4+
all count 4; a missing or untestable one leaves the sum unknown.
"""

from clinical.vocabulary import vocabulary

SUM_MOVEMENTS = (
    "shoulder_abduction",
    "elbow_flexion",
    "wrist_extension",
    "hip_flexion",
    "knee_extension",
    "ankle_dorsiflexion",
)
BOTH = ("right", "left")


def points(grade):
    """0 to 5, or None for a movement that could not be tested."""
    return None if grade == "NT" else int(grade[0])


def by_place(lines):
    return {(line.movement, line.side): line.grade for line in lines}


def mrc_sum(lines):
    """0 to 60, or None while one of the twelve is missing or untestable."""
    grades = by_place(lines)
    scored = [
        points(grades.get((movement, side), "NT")) for movement in SUM_MOVEMENTS for side in BOTH
    ]
    return None if None in scored else sum(scored)


def weak(lines):
    return [line for line in lines if points(line.grade) not in (None, 5)]


def bilateral(lines):
    """True: weak on both sides. False: the six of a side all full. None: not enough was graded."""
    sides = {line.side for line in weak(lines)}
    if set(BOTH) <= sides:
        return True
    grades = by_place(lines)
    for side in BOTH:
        graded = [points(grades.get((movement, side), "NT")) for movement in SUM_MOVEMENTS]
        if side not in sides and None not in graded:
            return False
    return None


def places(set_code):
    """(movement, side) of every cell of a strength set."""
    book = vocabulary()
    for code in book.strength_sets[set_code].members:
        for side in ("midline",) if book.movements[code].midline else BOTH:
            yield code, side


def is_complete(lines, set_code):
    """Every cell of the set has an answer; "not testable" is one."""
    return set(places(set_code)) <= set(by_place(lines))
