"""From `data/vocabulary.yaml` to frozen dataclasses, once per process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml

from clinical.vocabulary import kinds, synonyms
from clinical.vocabulary.facts import fact_types
from clinical.vocabulary.labels import humanise
from clinical.vocabulary.scales import scale_items
from clinical.vocabulary.threshold import Blocker, Threshold

PATH = Path(__file__).parent.parent / "data" / "vocabulary.yaml"
T = TypeVar("T", bound=kinds.Item)
Row = Mapping[str, Any]
# keys of the YAML that have another name in the dataclass
_RENAMED = {
    "min": "minimum",
    "max": "maximum",
    "structured_result": "results",
    "amp_lln": "amp_lln_mv",
    "dml_uln": "dml_uln_ms",
    "cv_lln": "cv_lln_m_s",
    "f_uln": "f_uln_ms",
    "peak_uln": "peak_uln_ms",
    "movements": "members",
    "motor": "members",
    "muscles": "members",
}


@dataclass(frozen=True)
class Vocabulary:
    """Every coded list, by code, in the order of the file. Nothing in it is ever changed."""

    schema_version: int
    phenotypes: Mapping[str, kinds.Phenotype]
    history_items: Mapping[str, kinds.HistoryItem]
    analytes: Mapping[str, kinds.Analyte]
    panels: Mapping[str, kinds.Panel]
    movements: Mapping[str, kinds.Movement]
    strength_sets: Mapping[str, kinds.Series]
    reflexes: Mapping[str, kinds.Measure]
    sensory: Mapping[str, kinds.Item]
    cranial_nerves: Mapping[str, kinds.Measure]
    gait: Mapping[str, kinds.Measure]
    respiratory: Mapping[str, kinds.Measure]
    cardiac: Mapping[str, kinds.Measure]
    scales: Mapping[str, kinds.Scale]
    motor_nerves: Mapping[str, kinds.MotorNerve]
    sensory_nerves: Mapping[str, kinds.SensoryNerve]
    ncs_conclusions: Mapping[str, kinds.Item]
    ncs_sets: Mapping[str, kinds.Series]
    special_tests: Mapping[str, kinds.SpecialTest]
    emg_muscles: Mapping[str, kinds.Muscle]
    emg_sets: Mapping[str, kinds.Series]
    emg_columns: Mapping[str, kinds.Measure]
    mri_protocols: Mapping[str, kinds.Item]
    mri_findings: Mapping[str, kinds.Finding]
    mri_muscles: Mapping[str, kinds.ImagedMuscle]
    muscle_findings: Mapping[str, kinds.Item]
    nerve_findings: Mapping[str, kinds.Item]
    muscle_sites: Mapping[str, kinds.Item]
    nerve_sites: Mapping[str, kinds.Item]
    biopsies: Mapping[str, kinds.Item]
    genetic_tests: Mapping[str, kinds.GeneticTest]
    genes: Mapping[str, str | None]
    acmg: Mapping[str, str]
    zygosities: Mapping[str, str]
    disorders: Mapping[str, kinds.Disorder]
    groups: Mapping[str, kinds.Group]
    treatments: Mapping[str, kinds.Treatment]
    rehab: Mapping[str, kinds.Item]
    other_tests: Mapping[str, kinds.Procedure]
    criteria: Mapping[str, kinds.Criterion]
    urgencies: Mapping[str, kinds.Urgency]
    facts: Mapping[str, kinds.FactType]
    enums: Mapping[str, Mapping[str, str]]

    def choices(self, enum: str) -> list[tuple[str, str]]:
        """Code and label of each value of an enumeration, as a form field wants them."""
        return list(self.enums[enum].items())

    def fact(self, path: str) -> kinds.FactType | None:
        """The type of a fact; step.* and pathway.* included, whatever their code."""
        family = path.split(".", 1)[0]
        if family in ("step", "pathway"):
            labels = self.enums["step_status" if family == "step" else "pathway_status"]
            return kinds.FactType(path, "enum", tuple(labels), humanise(path), labels=labels)
        return self.facts.get(path)

    @cached_property
    def _captures(self) -> Mapping[str, tuple[Mapping[str, kinds.Item], ...]]:
        return {
            "hx": (self.history_items,),
            "ph": (self.phenotypes,),
            "exam": (
                self.strength_sets,
                self.reflexes,
                self.sensory,
                self.cranial_nerves,
                self.gait,
            ),
            "lab": (self.analytes, self.panels),
            "ncs": (self.ncs_sets, self.special_tests),
            "emg": (self.emg_sets,),
            "mri": (self.mri_protocols,),
            "bx": (self.biopsies,),
            "gen": (self.genetic_tests,),
            "resp": (self.respiratory,),
            "card": (self.cardiac,),
            "scale": (self.scales,),
            "crit": (self.criteria,),
            "other": (self.other_tests,),
            "rehab": (self.rehab,),
        }

    def captured(self, capture: str) -> kinds.Item | None:
        """The row that a capture such as `lab:ck` names, or None."""
        prefix, _, code = capture.partition(":")
        for rows in self._captures.get(prefix, ()):
            if code in rows:
                return rows[code]
        return None

    def capture_codes(self, prefix: str) -> list[str]:
        """All captures with this prefix; all captures there are for a prefix that is unknown."""
        prefixes = [prefix] if prefix in self._captures else list(self._captures)
        return [f"{p}:{code}" for p in prefixes for rows in self._captures[p] for code in rows]

    def capture_label(self, capture: str) -> str:
        """The label of a capture: `lab:ck` is "Creatine kinase"; an unknown one is spelled out."""
        item = self.captured(capture)
        return item.label if item else humanise(capture.partition(":")[2] or capture)

    def expand_capture(self, capture: str) -> tuple[str, ...]:
        """A panel as its analytes; everything else, sets included, stands for itself."""
        prefix, _, code = capture.partition(":")
        if prefix == "lab" and code in self.panels:
            return tuple(f"lab:{analyte}" for analyte in self.panels[code].analytes)
        return (capture,)

    @cached_property
    def _by_hpo(self) -> Mapping[str, kinds.Phenotype]:
        return {p.hpo: p for p in reversed(list(self.phenotypes.values())) if p.hpo}

    def by_hpo(self, hpo: str) -> kinds.Phenotype | None:
        """The phenotype with this HPO code (`HP:0001324`), or None."""
        return self._by_hpo.get(hpo)


def build(kind: type[T], row: Row | str, **more: Any) -> T:
    """One dataclass from one row; a bare code is a row, too. Lists become tuples."""
    row = {"code": row} if isinstance(row, str) else row
    values: dict[str, Any] = {}
    known = {f.name: f.type for f in fields(kind)}
    for key, value in row.items():
        name = key if key in known else _RENAMED.get(key, key)
        if name in known and value is not None:
            plain = str(value) if known[name] == "str" else value
            values[name] = tuple(value) if isinstance(value, list) else plain
    values.setdefault("label", humanise(str(row["code"])))
    return kind(**{**values, **more})


def table(kind: type[T], rows: Iterable[Row | str]) -> dict[str, T]:
    """Rows by code."""
    return {item.code: item for item in (build(kind, row) for row in rows)}


def _analyte(row: Row) -> kinds.Analyte:
    limits = [r for r in row.get("ref", ()) if "low" in r or "high" in r]
    keys = ("low", "high", "sex", "age_min", "age_max")
    critical = row.get("critical") or {}
    return build(
        kinds.Analyte,
        row,
        short=row.get("short", row["label"]),
        references=tuple(kinds.Reference(**{k: r[k] for k in keys if k in r}) for r in limits),
        critical_low=critical.get("low"),
        critical_high=critical.get("high"),
    )


def _measure(row: Row) -> kinds.Measure:
    thresholds = tuple(
        Threshold(**{"condition" if key == "with" else key: v for key, v in each.items()})
        for each in row.get("thresholds", ())
    )
    return build(kinds.Measure, row, thresholds=thresholds)


def _procedure(row: Row) -> kinds.Procedure:
    blockers = tuple(
        Blocker(each["label"], each.get("fact", ""), tuple(each.get("values", ())))
        for each in row.get("blockers", ())
    )
    return build(kinds.Procedure, row, blockers=blockers)


def _sensory_nerve(row: Row) -> kinds.SensoryNerve:
    return build(kinds.SensoryNerve, row, amp_lln_uv=row.get("amp_lln"))


def _genetic_test(row: Row) -> kinds.GeneticTest:
    bands = tuple(_band(code, str(text)) for code, text in row.get("ranges", {}).items())
    plain = {k: v for k, v in row.items() if k != "ranges"}
    return build(kinds.GeneticTest, plain, bands=tuple(band for band in bands if band))


def _band(code: str, text: str) -> kinds.Band | None:
    """ "5-34", ">=50", "<24" or "10"; None for a pair of alleles ("11/11")."""
    if found := re.fullmatch(r"(\d+)(?:-(\d+))?", text):
        return kinds.Band(code, int(found[1]), int(found[2] or found[1]))
    if found := re.fullmatch(r"([<>])(=?)(\d+)", text):
        edge = int(found[3])
        if found[1] == ">":
            return kinds.Band(code, low=edge if found[2] else edge + 1)
        return kinds.Band(code, high=edge if found[2] else edge - 1)
    return None


def _scale(row: Row) -> kinds.Scale:
    plain = {k: v for k, v in row.items() if k not in ("items", "subscores")}
    subscores = {code: tuple(items) for code, items in row.get("subscores", {}).items()}
    return build(kinds.Scale, plain, items=tuple(scale_items(row)), subscores=subscores)


def _disorders(groups: Iterable[Row]) -> dict[str, kinds.Disorder]:
    found: dict[str, kinds.Disorder] = {}
    for group in groups:
        code = group["code"]
        found[code] = build(kinds.Disorder, group, group=code, whole_group=True)
        for row in group["subtypes"]:
            found[row["code"]] = build(kinds.Disorder, row, group=code)
    return found


def _groups(groups: Iterable[Row]) -> dict[str, kinds.Group]:
    codes = {g["code"]: tuple(row["code"] for row in g["subtypes"]) for g in groups}
    return {g["code"]: build(kinds.Group, g, disorders=codes[g["code"]]) for g in groups}


def _labels(codes: Iterable[str | Row]) -> dict[str, str]:
    """Label by code of an enumeration, whose values are bare codes or rows with a label."""
    rows = [{"code": code} if isinstance(code, str) else code for code in codes]
    return {str(row["code"]): str(row.get("label", humanise(str(row["code"])))) for row in rows}


def _enums(raw: Row) -> dict[str, Mapping[str, str]]:
    """All enumerations: those named so, and the small lists inside the other sections."""
    biopsy, genetics, strength = raw["biopsy"], raw["genetics"], raw["strength"]
    inner: dict[str, Iterable[str | Row]] = {
        "mrc_grade": strength["mrc_grades"],
        "bulk_grade": strength["bulk_grades"],
        "ashworth": strength["tone_ashworth"],
        "reflex_grade": raw["reflexes"]["scale_ninds"],
        "sensory_grade": raw["sensory"]["grades"],
        "sensory_site": raw["sensory"]["level_sites"],
        "ncs_flag": raw["ncs"]["flags"],
        "body_region": raw["emg"]["body_regions"],
        "muscle_conclusion": raw["emg"]["muscle_conclusions"],
        "muscle_fat_grade": raw["mri"]["muscle_fat_grading"],
        "biopsy_method": biopsy["methods"],
        "stain": biopsy["stains"],
        "immunohistochemistry": biopsy["immunohistochemistry"],
        "immunoblot": biopsy["immunoblot"],
        "genetic_test_type": genetics["test_types"],
        "phase": genetics["phase"],
        "genetic_result_status": genetics["result_status"],
        "genetic_result_summary": genetics["result_summary"],
        "alert_level": raw["alert_levels"],
        "rule_operator": raw["rule_operators"],
        "rule_action": raw["rule_actions"],
        "pathway_status": ["inactive", "active", "closed"],
    }
    return {name: _labels(codes) for name, codes in {**raw["enums"], **inner}.items()}


def _biopsies(raw: Row) -> dict[str, kinds.Item]:
    tissues = [{"code": t, "label": f"{humanise(t)} biopsy"} for t in ("muscle", "nerve", "skin")]
    return table(kinds.Item, [*tissues, *raw["other_tissue"]])


def _sections(raw: Row) -> dict[str, Any]:
    """All tables but history, facts and enumerations."""
    return {**_bedside(raw), **_tests(raw), **_knowledge(raw)}


def _bedside(raw: Row) -> dict[str, Any]:
    """What is asked, seen and measured by the examiner, and blood tests."""
    return {
        "phenotypes": table(kinds.Phenotype, raw["phenotypes"]),
        "analytes": {row["code"]: _analyte(row) for row in raw["lab_analytes"]},
        "panels": table(kinds.Panel, raw["lab_panels"]),
        "movements": table(kinds.Movement, raw["strength"]["movements"]),
        "strength_sets": table(kinds.Series, raw["strength"]["sets"]),
        "reflexes": table(kinds.Measure, raw["reflexes"]["items"]),
        "sensory": table(kinds.Item, raw["sensory"]["modalities"]),
        "cranial_nerves": table(kinds.Measure, raw["cranial_nerves"]),
        "gait": table(kinds.Measure, raw["gait_balance"]),
        "respiratory": {row["code"]: _measure(row) for row in raw["respiratory"]},
        "cardiac": {row["code"]: _measure(row) for row in raw["cardiac"]},
        "scales": {row["code"]: _scale(row) for row in raw["functional_scales"]},
    }


def _tests(raw: Row) -> dict[str, Any]:
    """Electrodiagnosis, imaging, biopsy."""
    ncs, emg, mri, biopsy = (raw[k] for k in ("ncs", "emg", "mri", "biopsy"))
    return {
        "motor_nerves": table(kinds.MotorNerve, ncs["motor_nerves"]),
        "sensory_nerves": {row["code"]: _sensory_nerve(row) for row in ncs["sensory_nerves"]},
        "ncs_conclusions": table(kinds.Item, ncs["conclusions"]),
        "ncs_sets": table(kinds.Series, ncs["sets"]),
        "special_tests": table(kinds.SpecialTest, ncs["special_tests"]),
        "emg_muscles": table(kinds.Muscle, emg["muscles"]),
        "emg_sets": table(kinds.Series, emg["sets"]),
        "emg_columns": table(kinds.Measure, emg["columns"]),
        "mri_protocols": table(kinds.Item, mri["protocols"]),
        "mri_findings": {row["code"]: _finding(row) for row in mri["findings"]},
        "mri_muscles": table(kinds.ImagedMuscle, mri["muscles"]),
        "muscle_findings": table(kinds.Item, biopsy["muscle_findings"]),
        "nerve_findings": table(kinds.Item, biopsy["nerve_findings"]),
        "muscle_sites": table(kinds.Item, biopsy["muscle_sites"]),
        "nerve_sites": table(kinds.Item, biopsy["nerve_sites"]),
        "biopsies": _biopsies(biopsy),
    }


def _knowledge(raw: Row) -> dict[str, Any]:
    """Genetics, disorders, treatments and everything else."""
    genetics = raw["genetics"]
    return {
        "genetic_tests": {row["code"]: _genetic_test(row) for row in genetics["tests"]},
        "genes": dict(genetics["genes"]),
        "acmg": _labels(genetics["acmg"]),
        "zygosities": _labels(genetics["zygosity"]),
        "disorders": _disorders(raw["disorder_groups"]),
        "groups": _groups(raw["disorder_groups"]),
        "treatments": table(kinds.Treatment, raw["treatments"]),
        "rehab": table(kinds.Item, raw["rehab_categories"]),
        "other_tests": {row["code"]: _procedure(row) for row in raw["other_tests"]},
        "criteria": table(kinds.Criterion, raw["criteria"]),
        "urgencies": table(
            kinds.Urgency,
            [{"code": code, **row} for code, row in raw["enums"]["urgency"].items()],
        ),
    }


def _finding(row: Row) -> kinds.Finding:
    return build(kinds.Finding, row, counted=row.get("type") == "count")


def _history(rows: Iterable[Row], enums: Mapping[str, Mapping[str, str]]) -> Iterable[Row]:
    """History rows whose values are spelled out, those taken from an enumeration included."""
    for row in rows:
        source = str(row.get("values_from", "")).removeprefix("enums.")
        yield {**row, "values": list(enums[source])} if source else row


def from_raw(raw: Row) -> Vocabulary:
    """The vocabulary of a parsed file. Raises KeyError or TypeError where a section is missing."""
    enums, tables = _enums(raw), _sections(raw)
    tables["history_items"] = table(kinds.HistoryItem, _history(raw["history_items"], raw["enums"]))
    return Vocabulary(
        schema_version=raw["meta"]["schema_version"],
        enums=enums,
        facts=fact_types(raw["facts"], tables, enums),
        **tables,
    )


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    with PATH.open("rb") as file:
        book = from_raw(yaml.load(file, yaml.CSafeLoader))
    return replace(book, phenotypes=synonyms.with_words(book.phenotypes, synonyms.read()))
