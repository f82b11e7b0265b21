"""The types of the facts that rules may use: the explicit ones and the generated families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clinical.vocabulary.kinds import FactType, Item
from clinical.vocabulary.labels import humanise, in_sentence

Row = Mapping[str, Any]
Tables = Mapping[str, Mapping[str, Any]]
Enums = Mapping[str, Mapping[str, str]]
_HISTORY_KINDS = {
    "number": "number",
    "integer": "int",
    "enum": "enum",
    "coded_list": "list_enum",
}


def fact_types(explicit: Iterable[Row], tables: Tables, enums: Enums) -> dict[str, FactType]:
    """All facts by path; an explicit row wins over the generated one of the same path."""
    found = {fact.path: fact for fact in _families(tables, enums)}
    for row in explicit:
        found[row["path"]] = _explicit(row, tables, enums)
    return found


def _families(tables: Tables, enums: Enums) -> Iterator[FactType]:
    present = {code: label for code, label in enums["tri_state"].items() if code != "unknown"}
    for code, phenotype in tables["phenotypes"].items():
        yield _coded(f"ph.{code}", "tri_state", present, phenotype.label)
    for code, disorder in tables["disorders"].items():
        yield _coded(f"dx.{code}", "enum", enums["dx_status"], disorder.label)
    yield from _criteria(tables["criteria"])
    yield from _laboratory(tables["analytes"], enums["abnormal_flag"])
    for code, item in tables["history_items"].items():
        yield _history(code, item)
    yield from _measures(tables)


def _criteria(criteria: Mapping[str, Any]) -> Iterator[FactType]:
    for code, criterion in criteria.items():
        yield _coded(f"crit.{code}", "enum", _spelled(criterion.outputs), criterion.label)
        for name in criterion.numeric:
            label = f"{criterion.label}, {in_sentence(humanise(name))}"
            yield FactType(f"crit.{code}.{name}", "number", label=in_sentence(label))


def _laboratory(analytes: Mapping[str, Any], flags: Mapping[str, str]) -> Iterator[FactType]:
    for code, analyte in analytes.items():
        label = in_sentence(analyte.short)
        yield _coded(f"lab.{code}.flag", "enum", flags, label)
        if analyte.value_type == "numeric":
            yield FactType(f"lab.{code}.value", "number", label=label, unit=analyte.unit)
            yield FactType(f"lab.{code}.x_uln", "number", label=label, unit="× the upper limit")


def _history(code: str, item: Any) -> FactType:
    kind = _HISTORY_KINDS.get(item.type, "text")
    known = tuple(value for value in item.values if value != "unknown")
    return FactType(f"hx.{code}", kind, known, in_sentence(item.label), item.unit, _spelled(known))


def _measures(tables: Tables) -> Iterator[FactType]:
    for code, measure in tables["respiratory"].items():
        yield _measure(f"resp.{code}", measure, measure.unit)
    for code, scale in tables["scales"].items():
        yield _measure(f"scale.{code}.total", scale, "", scale.minimum, scale.maximum)


def _measure(
    path: str, item: Any, unit: str, low: float | None = None, high: float | None = None
) -> FactType:
    label = getattr(item, "short", "") or item.label
    if item.values:
        return _coded(path, "enum", _spelled(item.values), label)
    return FactType(path, "number", label=label, unit=unit, minimum=low, maximum=high)


def _coded(path: str, kind: str, labels: Mapping[str, str], label: str) -> FactType:
    return FactType(path, kind, tuple(labels), in_sentence(label), labels=labels)


def _spelled(codes: Iterable[str]) -> dict[str, str]:
    return {code: humanise(code) for code in codes}


def _explicit(row: Row, tables: Tables, enums: Enums) -> FactType:
    labels = _values(row, tables, enums)
    return FactType(
        path=row["path"],
        kind=row["type"],
        values=tuple(labels),
        label=row.get("label", humanise(row["path"].split(".", 1)[1])),
        unit=row.get("unit", ""),
        labels=labels,
        minimum=row.get("min"),
        maximum=row.get("max"),
        note=row.get("note", ""),
    )


def _values(row: Row, tables: Tables, enums: Enums) -> Mapping[str, str]:
    """Label by value; `values_from` names an enumeration or a section of the vocabulary."""
    source = row.get("values_from")
    if source is None:
        return _spelled(row.get("values", ()))
    section, _, name = source.partition(".")
    if section == "enums":
        return {code: label for code, label in enums[name].items() if code != "unknown"}
    named = {"ncs": "ncs_conclusions", "biopsy": "muscle_findings"}[section]
    items: Mapping[str, Item] = tables[named]
    return {code: item.label for code, item in items.items()}
