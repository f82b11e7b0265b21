"""Loading definitions: read them, check them against the vocabulary and each other, or refuse."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from clinical.pathways.check import check
from clinical.pathways.kinds import Action, Catalogue, DefinitionError, Pathway, Profile, Rule
from clinical.pathways.read import (
    read_contradictions,
    read_pathway,
    read_profiles,
    read_rules,
)
from clinical.pathways.report import Place, Row, need
from clinical.vocabulary import Vocabulary, vocabulary

SHIPPED = Path(__file__).parent.parent / "data" / "pathways"
_GLOBAL = "global"
_CONTRADICTIONS = "contradictions"


@cache
def catalogue() -> Catalogue:
    """The shipped definitions."""
    return load(SHIPPED)


def pathways() -> Mapping[str, Pathway]:
    """The shipped pathways by code."""
    return catalogue().pathways


def global_rules() -> tuple[Rule, ...]:
    """The shipped rules that hold on every pathway."""
    return catalogue().global_rules


def profiles() -> Mapping[str, Profile]:
    """The shipped reminder profiles by code."""
    return catalogue().profiles


def load(
    source: Path | Mapping[str, str],
    base: Catalogue | None = None,
    known: Vocabulary | None = None,
) -> Catalogue:
    """The definitions of a directory, or of texts by name; one of them is `global`.

    With a `base`, what is loaded replaces the pathways of the same code in it, and `global` may be
    left out. Raises DefinitionError with every problem, as "file: rule or step: field: what".
    """
    problems: list[str] = []
    raw = {name: _parsed(name, text, problems) for name, text in sorted(_texts(source).items())}
    documents = {name: row for name, row in raw.items() if row is not None}
    common = _common(documents, base, problems)
    if common is None:
        raise DefinitionError(problems or [f"{_GLOBAL}.yaml: file: missing"])
    files, read_ = _pathways(documents, common, problems)
    loaded = _assembled(common, {**(base.pathways if base else {}), **read_})
    check(loaded, files, known or vocabulary(), problems)
    if problems:
        raise DefinitionError(problems)
    return loaded


def _pathways(
    documents: Mapping[str, Row], common: Catalogue, problems: list[str]
) -> tuple[dict[str, str], dict[str, Pathway]]:
    """File name and pathway by code."""
    files: dict[str, str] = {}
    found: dict[str, Pathway] = {}
    for name, row in documents.items():
        if _stem(name) in (_GLOBAL, _CONTRADICTIONS):
            continue
        place = Place(name, problems)
        pathway = read_pathway(row, common.sources, place)
        if pathway.code in files:
            text = f"{pathway.code} is also the id of {files[pathway.code]} (expected a new id)"
            place.problem("id", text)
        files[pathway.code], found[pathway.code] = name, pathway
    return files, found


def _stem(name: str) -> str:
    return name.removesuffix(".yaml").removesuffix(".yml")


def _texts(source: Path | Mapping[str, str]) -> Mapping[str, str]:
    if isinstance(source, Mapping):
        return source
    found = [path for path in source.iterdir() if path.suffix in (".yaml", ".yml")]
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def _parsed(name: str, text: str, problems: list[str]) -> Row | None:
    try:
        row = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        problems.append(f"{name}: file: not readable as YAML: {' '.join(str(error).split())}")
        return None
    if not isinstance(row, dict):
        problems.append(f"{name}: file: {type(row).__name__} (expected a mapping)")
        return None
    return row


def _common(
    documents: Mapping[str, Row], base: Catalogue | None, problems: list[str]
) -> Catalogue | None:
    """What all pathways share, from the global file or else from the base."""
    named = _named(documents, _GLOBAL)
    if named is None:
        return base
    raw, place = documents[named], Place(named, problems)
    meta = need(raw, "meta", dict, place)
    sources = need(raw, "sources", dict, place)
    rules = read_rules(raw, "global_rules", None, sources, place)
    apart = _named(documents, _CONTRADICTIONS)
    if apart is not None:
        rules += read_contradictions(documents[apart], sources, Place(apart, problems))
    return Catalogue(
        pathways={},
        global_rules=rules,
        profiles=read_profiles(meta, place),
        sources=sources,
        turnaround_days=need(meta, "expected_turnaround_days", dict, place),
    )


def _named(documents: Mapping[str, Row], stem: str) -> str | None:
    return next((name for name in documents if _stem(name) == stem), None)


def _assembled(common: Catalogue, read_: Mapping[str, Pathway]) -> Catalogue:
    """The catalogue; an entry condition becomes a global rule that suggests its pathway."""
    entries = [_entry(pathway) for pathway in read_.values() if pathway.entry is not None]
    known = {rule.code for rule in entries if rule is not None}
    kept = [rule for rule in common.global_rules if rule.code not in known]
    return Catalogue(
        pathways=read_,
        global_rules=(*kept, *(rule for rule in entries if rule is not None)),
        profiles=common.profiles,
        sources=common.sources,
        turnaround_days=common.turnaround_days,
    )


def _entry(pathway: Pathway) -> Rule | None:
    if pathway.entry is None:
        return None
    return Rule(
        code=f"{pathway.code}_entry",
        pathway=None,
        when=pathway.entry,
        actions=(Action("start_pathway", pathway.code, {"pathway": pathway.code}),),
        because=f"fits the pathway {pathway.label}",
        source="clinic_default",
        source_text=f"Entry condition of the pathway {pathway.label}",
    )
