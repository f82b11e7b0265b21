"""The body from both sides, each tested movement as a region shaded by its grade."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OUTLINES = Path(__file__).with_suffix(".json")
# the drawing has one half; seen from the front the other half is the patient's right
HALVES = {"front": ("left", "right"), "back": ("right", "left")}
WIDTH = 200
TAG = 22, 15  # width and height of the label with the grade


@dataclass(frozen=True)
class Region:
    """A patch of the drawing. `shade`: 0 to 5, or nt where nothing was tested."""

    path: str
    movement: str = ""
    side: str = ""
    grade: str = ""
    mirrored: bool = False
    x: int = 0
    y: int = 0

    @property
    def shade(self):
        return self.grade[0] if self.grade[:1].isdecimal() else "nt"

    @property
    def label(self):
        return self.grade.replace("-", "−")

    @property
    def tag_x(self):
        return self.x - TAG[0] // 2

    @property
    def tag_y(self):
        return self.y - TAG[1] // 2

    @property
    def text_y(self):
        return self.y + 4


@dataclass(frozen=True)
class View:
    title: str
    shift: int
    halves: tuple[str, str]  # letters at the left and the right of the drawing
    regions: tuple[Region, ...]


@cache
def _drawing():
    return json.loads(OUTLINES.read_text())


def outline():
    return _drawing()["outline"]


def views(grades):
    """Front and back for {(movement, side): MRC grade}."""
    return [
        View("Front", 0, ("R", "L"), tuple(_regions("front", grades))),
        View("Back", 194, ("L", "R"), tuple(_regions("back", grades))),
    ]


def _regions(view, grades):
    for patch in _drawing()[view]:
        movement, path = patch["movement"], patch["path"]
        if (movement, "midline") in grades or movement.startswith("neck"):
            grade = grades.get((movement, "midline"), "")
            yield Region(path, movement, "midline", grade, x=patch["x"], y=patch["y"])
            continue
        for mirrored, side in enumerate(HALVES[view]):
            x = WIDTH - patch["x"] if mirrored else patch["x"]
            grade = grades.get((movement, side), "")
            side = side if movement else ""
            yield Region(path, movement, side, grade, bool(mirrored), x, patch["y"])
