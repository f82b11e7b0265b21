"""Observed and excluded features as lines of a history, as given: nothing merged, nothing added."""

from collections import defaultdict

from clinical.vocabulary import vocabulary
from interop.phenopackets.times import moment
from results.history.models import HistoryResult, Symptom
from results.phenotypes import Presence, Side

SIDES = {
    "HP:0012834": Side.RIGHT,
    "HP:0012835": Side.LEFT,
    "HP:0012832": Side.BILATERAL,
}
SHORT_ID = 20  # characters of a term's identifier that have a column of their own


def symptoms(features, notes):
    """Unsaved Symptom rows, one for each feature, in their order."""
    rows = [_symptom(feature, notes) for feature in features]
    said = defaultdict(set)
    for row in rows:
        said[row.hpo_id or row.label].add(row.status)
    for term, answers in said.items():
        if len(answers) > 1:
            notes.add(f"{term} is said to be both present and absent; both are kept.")
    return rows


def _symptom(feature, notes):
    term, onset = feature.get("type", {}), moment(feature.get("onset"))
    severity, gone = feature.get("severity", {}), moment(feature.get("resolution"))
    identifier, extra = term.get("id", ""), _not_modelled(feature)
    known = vocabulary().by_hpo(identifier)
    if not identifier and not term.get("label"):
        notes.add("A feature has neither identifier nor label; it is kept in the original only.")
    return Symptom(
        hpo_id=_short(identifier, extra, "type", term),
        label=fit(term.get("label") or identifier or "not named", 300, extra, "type", term),
        code=known.code if known else "",
        status=Presence.ABSENT if feature.get("excluded") else Presence.PRESENT,
        side=_side(feature, notes),
        onset_stated=fit(onset.words, 100, extra, "onset", onset.given),
        onset_term_id=_short(onset.term_id, extra, "onset", onset.given),
        onset_term_label=fit(onset.term_label, 120, extra, "onset", onset.given),
        resolution_stated=fit(gone.in_words, 100, extra, "resolution", gone.given),
        resolved=True if gone else None,
        severity=fit(severity.get("label", ""), 80, extra, "severity", severity),
        severity_term_id=_short(severity.get("id", ""), extra, "severity", severity),
        description=feature.get("description", ""),
        extra=extra,
    )


def _not_modelled(feature):
    """What has no column: modifiers, evidence, and moments that are more than one text."""
    extra = {name: feature[name] for name in ("modifiers", "evidence") if feature.get(name)}
    onset = feature.get("onset", {})
    if onset.keys() & {"gestationalAge", "ageRange", "interval"}:
        extra["onset"] = onset
    if feature.get("resolution"):
        extra["resolution"] = feature["resolution"]
    return extra


def fit(text, length, extra, name, whole):
    """The text, or its beginning with the whole kept in `extra`."""
    if len(text) <= length:
        return text
    extra[name] = whole
    return text[: length - 1] + "…"


def _short(identifier, extra, name, whole):
    """A term's identifier; one that is longer than any ontology's is kept in `extra` alone."""
    return identifier if not fit(identifier, SHORT_ID, extra, name, whole).endswith("…") else ""


def _side(feature, notes):
    found = set()
    for modifier in feature.get("modifiers", ()):
        found.add(SIDES.get(modifier.get("id", ""), ""))
        if modifier.get("label", "").startswith("HP:"):
            notes.add("A modifier has its identifier and its label swapped; it is kept as given.")
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def history(features, onset, *, comment, performed_on, notes):
    """An unsaved history with its lines, or None when the source tells nothing of the kind."""
    if not features and not onset:
        return None
    draft = HistoryResult(
        performed_on=performed_on,
        onset_stated=onset.in_words[:100],
        onset_term_id=onset.term_id[:SHORT_ID],
        onset_age_years=onset.age_years,
        comment=comment,
    )
    if onset.day:
        draft.onset_on, draft.onset_precision = onset.day, "day"
    return draft.with_rows(symptoms=symptoms(features, notes))
