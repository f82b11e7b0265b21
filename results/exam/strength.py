"""The grades of an examination's rows, read by the functions that judge them."""

from clinical import scores
from clinical import strength as judge
from clinical.vocabulary import vocabulary

BOTH = scores.SIDES


def by_place(lines):
    """{(movement, side): grade}."""
    return {(line.movement, line.side): line.grade for line in lines}


def mrc_sum(lines):
    """0 to 60, or None while one of the twelve is missing or untestable."""
    return scores.mrc_sum(by_place(lines)).total


def weak(lines):
    return [line for line in lines if scores.mrc_points(line.grade) not in (None, 5)]


def bilateral(lines):
    """True: weak on both sides. False: the six of a side all full. None: not enough was graded."""
    sides = {line.side for line in weak(lines)}
    if set(BOTH) <= sides:
        return True
    grades = by_place(lines)
    for side in BOTH:
        graded = [
            scores.mrc_points(grades.get((movement, side))) for movement in scores.MRC_SUM_MOVEMENTS
        ]
        if side not in sides and None not in graded:
            return False
    return None


def places(set_code):
    """(movement, side) of every cell of a strength set."""
    for code in vocabulary().strength_sets[set_code].members:
        for side in sides_of(code):
            yield code, side


def sides_of(movement):
    return ("midline",) if vocabulary().movements[movement].midline else BOTH


def is_complete(lines, set_code):
    """Every cell of the set has an answer; "not testable" is one."""
    return set(places(set_code)) <= set(by_place(lines))


def since(exam):
    """Change against the examination before, or None where there is none."""
    if exam.before is None:
        return None
    return judge.change(exam.before.grades, by_place(exam.rows("strengths")))


def statements(lines, brief=False):
    """Where the weakness lies, in words; nothing where that cannot be told or nothing is weak.

    `brief`: without the figures.
    """
    grades = by_place(lines)
    zones, halves = judge.gradient(grades), judge.sides(grades)
    found = []
    if zones.weaker:
        other = "distal" if zones.weaker == "proximal" else "proximal"
        means = f" (mean {getattr(zones, zones.weaker):.1f} and {getattr(zones, other):.1f})"
        found.append(f"{zones.weaker} weaker than {other}" + ("" if brief else means))
    if halves.weaker:
        pairs = f" in {getattr(halves, halves.weaker)} of {halves.pairs} pairs"
        found.append(f"{halves.weaker} side weaker" + ("" if brief else pairs))
    return found


def change_words(change, day):
    """ "worse in 3, better in 1 since 9 Nov 2026", or "" without a visit before."""
    if change is None:
        return ""
    parts = [("worse", change.worse), ("better", change.better)]
    said = [f"{word} in {len(cells)}" for word, cells in parts if cells]
    if not said:
        said = ["unchanged"] if change.same else []
    when = f" since {day:%-d %b %Y}" if day else " since the last visit"
    return ", ".join(said) + when if said else ""
