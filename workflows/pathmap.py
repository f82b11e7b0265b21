"""The path as a picture: where each station stands and how the tracks run.

One cell is 188 × 108 px (a label may take three lines, and a line of its own says where the step
stands); a station's centre is x = 188·column + 94, y = 108·row + 14. A track runs flat, turns once
on the cell border before its target, and runs flat again. The style sheet has the same figures.
"""

from dataclasses import dataclass, field

from clinical.engine import Stage

WIDTH, HEIGHT, RADIUS = 188, 108, 14
MOST_ROWS, MOST_COLUMNS, FEWEST_COLUMNS, MOST_STATIONS = 10, 12, 4, 10
PASSED = {Stage.DONE, Stage.NOT_NEEDED}
LIVE = {Stage.TO_ORDER, Stage.TO_BOOK, Stage.BOOKED, Stage.AWAITING_RESULT}
LIVE |= {Stage.TO_REVIEW, Stage.TO_TELL}
FOLDED = {Stage.INACTIVE, Stage.NOT_NEEDED}


@dataclass
class Station:
    step: object  # a Step; None is the referral, where every path begins
    column: int
    row: int


@dataclass
class PathMap:
    stations: list[Station]
    tracks: list[dict]
    columns: int
    rows: int
    folded: list = field(default_factory=list)

    @property
    def view_box(self):
        return f"0 0 {WIDTH * self.columns} {HEIGHT * self.rows}"


def draw(steps, requires):
    """A PathMap of one pathway's steps. requires: {code: codes of its prerequisites}.

    Steps that no rule has asked for are named below the picture when it would hold too many.
    """
    shown = {step.code: step for step in steps}
    columns = _columns(shown, requires)
    folded = []
    if len(shown) > MOST_STATIONS:
        folded = [step for step in steps if step.stage in FOLDED]
        shown = {step.code: step for step in steps if step.stage not in FOLDED}
        columns = _columns(shown, requires)
    rows = _rows(shown, columns, requires)
    middle = rows.pop("")
    stations = [Station(None, 0, middle)]
    stations += [Station(shown[code], columns[code], row) for code, row in rows.items()]
    stations.sort(key=lambda station: (station.column, station.row))
    return PathMap(
        stations=stations,
        tracks=_tracks(shown, stations, requires),
        columns=min(MOST_COLUMNS, max(FEWEST_COLUMNS, 1 + max(columns.values(), default=0))),
        rows=1 + max([middle, *rows.values()]),
        folded=folded,
    )


def _parents(code, shown, requires):
    return [parent for parent in requires.get(code, ()) if parent in shown]


def _columns(shown, requires):
    """The longest chain of prerequisites before each step; the referral is column 0."""
    found = {}

    def depth(code):
        if code not in found:
            parents = _parents(code, shown, requires)
            found[code] = 1 + max((depth(parent) for parent in parents), default=0)
        return found[code]

    return {code: min(depth(code), MOST_COLUMNS - 1) for code in shown}


def _tallest(columns):
    return max((list(columns.values()).count(each) for each in set(columns.values())), default=1)


def _rows(shown, columns, requires):
    """{code: row}; near its prerequisites, off the tracks that run through, earlier due above."""
    middle = (min(_tallest(columns), MOST_ROWS) - 1) // 2
    rows, running = {"": middle}, {}  # running: row → last column that a track reaches through it
    for column in sorted(set(columns.values())):
        taken = set()
        here = [shown[code] for code, each in columns.items() if each == column]
        for step in sorted(here, key=lambda step: (step.stage in FOLDED, step.sort_on, step.code)):
            parents = _parents(step.code, shown, requires) or [""]
            wish = round(sum(rows[parent] for parent in parents) / len(parents))
            row = _nearest_free(wish, taken, running, column)
            taken.add(row)
            rows[step.code] = row
            children = [c for c in shown if step.code in requires.get(c, ())]
            running[row] = max([columns[child] - 1 for child in children], default=column)
    return rows


def _nearest_free(wish, taken, running, column):
    order = sorted(range(MOST_ROWS), key=lambda row: (abs(row - wish), row))
    quiet = [row for row in order if row not in taken and running.get(row, 0) < column]
    return next(iter(quiet or [row for row in order if row not in taken]), wish)


def _tracks(shown, stations, requires):
    at = {station.step.code if station.step else "": station for station in stations}
    tracks = []
    for code, step in shown.items():
        for parent in _parents(code, shown, requires) or [""]:
            passed = parent == "" or shown[parent].stage in PASSED
            tracks.append({"d": _line(at[parent], at[code]), "kind": _kind(step, passed)})
    # what can be acted on is drawn last, over the quieter tracks
    return sorted(
        tracks, key=lambda track: ["is-if", "", "is-done", "is-live"].index(track["kind"])
    )


def _kind(step, parent_passed):
    if step.stage in FOLDED:
        return "is-if"
    if step.stage == Stage.DONE and parent_passed:
        return "is-done"
    return "is-live" if step.stage in LIVE else ""


def _line(start, end):
    x1, y1 = WIDTH * start.column + WIDTH // 2, HEIGHT * start.row + RADIUS
    x2, y2 = WIDTH * end.column + WIDTH // 2, HEIGHT * end.row + RADIUS
    if y1 == y2:
        return f"M{x1} {y1}H{x2}"
    turn, way = WIDTH * end.column, RADIUS if y2 > y1 else -RADIUS
    return (
        f"M{x1} {y1}H{turn - RADIUS}Q{turn} {y1} {turn} {y1 + way}V{y2 - way}"
        f"Q{turn} {y2} {turn + RADIUS} {y2}H{x2}"
    )
