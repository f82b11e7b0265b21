"""Diseases of a document, each once, with how sure the source is of it."""

from dataclasses import dataclass, field

from interop.phenopackets.placing import disorder_of, pathway_of
from interop.phenopackets.times import Moment, moment
from interop.phenopackets.variants import Found, found_in, genes_of

CERTAINTY = {  # of a disease that is interpreted without a variant that settles it
    "SOLVED": "probable",
    "COMPLETED": "probable",
    "IN_PROGRESS": "suspected",
    "UNSOLVED": "suspected",
    "UNKNOWN_PROGRESS": "suspected",
}
IN_WORDS = {
    "SOLVED": "solved",
    "COMPLETED": "completed",
    "IN_PROGRESS": "in progress",
    "UNSOLVED": "unsolved",
    "UNKNOWN_PROGRESS": "progress not stated",
}
BASIS = 500
LISTED = "Listed as a disease in the source, which does not say how sure it is."


@dataclass
class Disease:
    """A term with what the source says about it: listed, excluded, interpreted."""

    identifier: str
    label: str
    excluded: bool = False
    onset: Moment = field(default_factory=Moment)
    progress: list = field(default_factory=list)
    variants: list[Found] = field(default_factory=list)

    @property
    def certainty(self):
        if self.excluded:
            return "excluded"
        if "SOLVED" in self.progress and any(found.is_causative for found in self.variants):
            return "confirmed"
        order = ("probable", "suspected")
        said = {CERTAINTY[status] for status in self.progress}
        return next((word for word in order if word in said), "suspected")

    @property
    def basis(self):
        if self.excluded:
            return "Excluded in the source."
        if not self.progress:
            return LISTED
        genes = genes_of([found for found in self.variants if found.is_causative])
        named = f"; causative variant in {', '.join(genes)}" if genes else ""
        words = ", ".join(dict.fromkeys(IN_WORDS[status] for status in self.progress))
        return f"Interpretation in the source: {words}{named}."[:BASIS]

    @property
    def code(self):
        disorder = disorder_of(self.identifier)
        return disorder.code if disorder else ""

    @property
    def pathway(self):
        if self.excluded:
            return ""
        return pathway_of(self.identifier, self.label, genes_of(self.variants))


def diseases(listed, interpretations, notes):
    """Listed and interpreted diseases in their order, each once."""
    known, found = {}, found_in(interpretations)
    for each in listed:
        _list(known, each, notes)
    for interpretation in interpretations:
        term = interpretation.get("diagnosis", {}).get("disease", {})
        disease = _take(known, term)
        if disease is None:
            continue
        disease.progress.append(interpretation.get("progressStatus", "UNKNOWN_PROGRESS"))
        disease.variants += [item for item in found if item.interpretation is interpretation]
    for disease in known.values():
        if disease.excluded and disease.progress:
            notes.add(f"{disease.identifier} is excluded and interpreted; it is kept as excluded.")
    return list(known.values())


def _list(known, listed, notes):
    onset, before = moment(listed.get("onset")), len(known)
    disease = _take(known, listed.get("term", {}))
    if disease is None:
        notes.add("A disease has neither identifier nor label; it is kept in the original only.")
        return
    excluded = listed.get("excluded", False)
    if len(known) == before and (disease.excluded != excluded or onset):
        notes.add(f"{disease.identifier} is listed twice; what the first says is kept.")
        return
    disease.excluded, disease.onset = excluded, onset


def _take(known, term):
    """The disease of a term, made when it is new; None for a term that says nothing."""
    identifier, label = term.get("id", ""), term.get("label", "")
    if not (identifier or label):
        return None
    return known.setdefault(identifier or label, Disease(identifier, label or identifier))
