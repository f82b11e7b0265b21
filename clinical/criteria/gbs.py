"""Guillain-Barré syndrome: the Brighton levels of certainty."""

from __future__ import annotations

from dataclasses import replace

from clinical.criteria.verdict import Verdict, grade

NADIR_DAYS = (0.5, 28)  # both inside
FEW_CELLS = 50  # white cells per µL; as many or more speak against it
NOT_DONE = "not_done"
LADDER = ("level_1", "level_2", "level_3", "level_4")


def brighton_gbs(
    *,
    bilateral_flaccid_weakness: bool | None,
    reflexes_reduced: bool | None,
    days_to_nadir: float | None,
    better_explanation: bool | None,
    csf_cells_per_ul: float | str | None = None,
    csf_protein_raised: bool | None = None,
    ncs_consistent: bool | str | None = None,
) -> Verdict:
    """level_1 to level_4, or not_a_case. "not_done": will not be known; None: not known yet.

    days_to_nadir: None while the weakness still grows: provisional. Never a reason to withhold
    treatment. Source: Sejvar et al., Vaccine 2011;29:599-612; Fokke et al., Brain 2014;137:33-43.
    """
    course = None
    if days_to_nadir is not None:
        course = NADIR_DAYS[0] <= days_to_nadir <= NADIR_DAYS[1]
    unexplained = None if better_explanation is None else not better_explanation
    base = {
        "bilateral_flaccid_weakness": bilateral_flaccid_weakness,
        "reflexes_reduced": reflexes_reduced,
        "days_to_nadir": course,
        "better_explanation": unexplained,
    }
    notes = _cautions(reflexes_reduced, csf_cells_per_ul)
    if False in base.values():
        return Verdict("not_a_case", notes=notes)
    missing = tuple(name for name, value in base.items() if value is None)
    if missing:
        return Verdict("level_4", at_least=True, missing=missing, notes=notes)
    found = grade(
        _level,
        {"csf": _csf(csf_cells_per_ul), "protein": csf_protein_raised, "ncs": _ncs(ncs_consistent)},
        LADDER,
        {"csf": ("few", "many", NOT_DONE)},
    )
    words = {"csf": "csf_cells_per_ul", "protein": "csf_protein_raised", "ncs": "ncs_consistent"}
    return replace(found, missing=tuple(words[name] for name in found.missing), notes=notes)


def _level(csf: str, protein: bool, ncs: bool) -> str:
    if csf == "few":
        return "level_1" if protein and ncs else "level_2"
    return "level_2" if csf == NOT_DONE and ncs else "level_3"


def _csf(cells: float | str | None) -> str | None:
    if cells is None or isinstance(cells, str):
        return cells
    return "few" if cells < FEW_CELLS else "many"


def _ncs(consistent: bool | str | None) -> bool | None:
    return False if consistent == NOT_DONE else bool(consistent) if consistent is not None else None


def _cautions(reflexes_reduced: bool | None, cells: float | str | None) -> tuple[str, ...]:
    notes = []
    if reflexes_reduced is False:
        notes.append("About one in ten with the axonal motor form keeps reflexes.")
    if isinstance(cells, (int, float)) and cells >= FEW_CELLS:
        notes.append(f"{FEW_CELLS} or more white cells: another diagnosis is likely.")
    return tuple(notes)
