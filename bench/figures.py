"""Figures beside their goals, as a table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; `goal` is the most it may be (None: told, not judged)."""

    path: str
    what: str
    value: float
    unit: str
    goal: float | None = None
    why: str = ""  # where the goal comes from

    @property
    def met(self):
        return None if self.goal is None else self.value <= self.goal

    def line(self):
        goal = ratio = ""
        if self.goal is not None:
            goal = f"<= {self.goal:.4g}"
            ratio = f"{self.value / self.goal:.2f}" if self.goal else ""
        word = {None: "", True: "met", False: "MISSED"}[self.met]
        value = f"{self.value:.4g} {self.unit}".strip()
        return f"{self.path:4}{self.what:46}{value:>14}  {goal:>10}  {word:7}{ratio:>5}  {self.why}"


def table(figures):
    head = f"{'':4}{'figure':46}{'measured':>14}  {'goal':>10}  {'':7}{'ratio':>5}  against"
    return [head.rstrip(), *(figure.line().rstrip() for figure in figures)]
