"""A saved examination beside its lines: body map, strength and reflexes as tables, what changed."""

from dataclasses import dataclass

from clinical import scores
from clinical.vocabulary import vocabulary
from results.exam import body_map, scales, strength

ARROWS = {"worse": "▼", "better": "▲"}


@dataclass(frozen=True)
class Cell:
    """One grade; `was` and `word` (worse, better) where the visit before graded it otherwise."""

    text: str = ""
    shade: str = ""
    was: str = ""
    word: str = ""
    note: str = ""
    assumed: bool = False

    @property
    def arrow(self):
        return ARROWS.get(self.word, "")


@dataclass(frozen=True)
class TableLine:
    label: str
    hint: str
    right: Cell | None = None
    left: Cell | None = None
    midline: Cell | None = None


def beside(exam, user):
    """What templates/results/exam/_detail.html shows."""
    lines = exam.rows("strengths")
    grades = strength.by_place(lines)
    total = scores.mrc_sum(grades) if grades else None
    day = exam.before and exam.before.on
    return {
        "map": {"outline": body_map.outline(), "views": body_map.views(grades)},
        "strength": list(_strength(exam)),
        "reflexes": list(_reflexes(exam)),
        "sum": total,
        "statements": strength.statements(lines),
        "change": strength.change_words(strength.since(exam), day),
        "scales": scales.followed(exam),
    }


def _strength(exam):
    change = strength.since(exam)
    cells = {}
    for row in exam.rows("strengths"):
        cells.setdefault(row.movement, {})[row.side] = _graded(row, change)
    for code, movement in vocabulary().movements.items():
        if code in cells:
            hint = f"{movement.muscle} · {movement.roots}"
            yield TableLine(movement.label, hint, **cells[code])


def _graded(row, change):
    place = (row.movement, row.side)
    shade = row.grade[0] if row.grade[0].isdecimal() else ""
    found = {"text": _minus(row.grade), "shade": shade, "note": row.reason, "assumed": row.assumed}
    for word in ("worse", "better") if change else ():
        moved = getattr(change, word).get(place)
        if moved:
            found |= {"was": _minus(moved[0]), "word": word}
    return Cell(**found)


def _minus(grade):
    return grade.replace("-", "−")


def _reflexes(exam):
    was = exam.before.reflexes if exam.before else {}
    cells = {}
    for row in exam.rows("reflexes"):
        earlier = was.get((row.reflex, row.side), row.value)
        shown = row.said(earlier) if earlier != row.value else ""
        cells.setdefault(row.reflex, {})[row.side] = Cell(
            row.said(row.value), was=shown, assumed=row.assumed
        )
    for code, reflex in vocabulary().reflexes.items():
        if code in cells:
            yield TableLine(reflex.label, reflex.roots, **cells[code])
