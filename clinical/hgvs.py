"""Names of variants: whether a text follows the HGVS recommendations, in words if not.

Only the syntax is checked, by the grammar of the Mutalyzer project; no sequence is looked up.
Source: den Dunnen et al., Hum Mutat 2016;37:564-569 and hgvs-nomenclature.org.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mutalyzer_hgvs_parser import to_model
from mutalyzer_hgvs_parser.exceptions import UnexpectedCharacter, UnexpectedEnd

CODING, GENOMIC, PROTEIN = "coding", "genomic", "protein"
SYSTEMS = {CODING: ("c", "n"), GENOMIC: ("g", "m"), PROTEIN: ("p",)}
EXAMPLES = {
    CODING: "NM_004006.3:c.9337C>T",
    GENOMIC: "NC_000023.11:g.31121930G>A",
    PROTEIN: "p.(Arg3113Ter)",
}
REFERENCE = "NM_0.0:"  # stands for a reference that the report leaves out
_BASES = re.compile(r"[ACGTUN]+")
Row = Mapping[str, Any]


def problem(text: str, kind: str) -> str | None:
    """Why `text` is not the name of a variant of this kind, with an example; None if it is."""
    wrong = _problem(text.strip(), kind)
    return f"“{text}”{wrong} Write it like {EXAMPLES[kind]}." if wrong else None


def change(text: str) -> str:
    """The name without its reference: what two reports of one variant have in common."""
    return text.strip().rpartition(":")[2].replace("(", "").replace(")", "")


def _problem(text: str, kind: str) -> str | None:
    if re.search(r"\s", text):
        return " has a space in it."
    if not re.search(r"(^|:)[a-z]\.", text):
        return f" does not say “{SYSTEMS[kind][0]}.” before the change."
    whole = text if ":" in text else REFERENCE + text
    try:
        found: Row = to_model(whole)
    except UnexpectedCharacter as error:
        return _at(error.pos_in_stream - (len(whole) - len(text)), text)
    except UnexpectedEnd:
        return " ends too early."
    system = found.get("coordinate_system")
    if system not in SYSTEMS[kind]:
        expected = " or ".join(f"{one}." for one in SYSTEMS[kind])
        return f" begins with “{system}.” (expected {expected})."
    if kind == PROTEIN and text.rstrip(")").endswith("?"):
        return None  # p.?, p.Met1?: a change whose effect is not known
    return next(_problems(found.get("variants", ()), kind), None)


def _at(position: int, text: str) -> str:
    if not 0 <= position < len(text):
        return " cannot be read."
    return f" cannot be read from “{text[position:][:12]}” on."


def _problems(variants: list[Row], kind: str) -> Iterator[str]:
    for one in variants:
        what = one.get("type")
        if what is None or (what == "repeat" and not _counted(one)):
            yield " names a place and no change."
        elif _backwards(one.get("location", {})):
            yield " ends before it begins."
        elif kind == PROTEIN:
            yield from _protein(one)
        else:
            yield from _bases(one, what)


def _counted(variant: Row) -> bool:
    return any("repeat_number" in part for part in variant.get("inserted", ()))


def _backwards(location: Row) -> bool:
    start, end = location.get("start", {}), location.get("end", {})
    plain = all(set(point) == {"type", "position"} for point in (start, end))
    return plain and bool(start["position"] >= end["position"])


def _bases(variant: Row, what: str) -> Iterator[str]:
    old, new = (
        "".join(part.get("sequence", "") for part in variant.get(side, ()))
        for side in ("deleted", "inserted")
    )
    if any(text and not _BASES.fullmatch(text) for text in (old, new)):
        yield ": write bases as A, C, G and T."
    elif what == "substitution" and old == new:
        yield f": {old}>{new} changes nothing."


def _protein(variant: Row) -> Iterator[str]:
    if any(part.get("sequence") == "X" for part in variant.get("inserted", ())):
        yield ": write a stop as Ter or *."
