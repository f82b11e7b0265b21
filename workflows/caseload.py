"""How many, where they wait, who carries them: counts that are exact at the moment of asking."""

from django.db.models import Count, Min, Q

from clinical.pathways import pathways
from patients.models import clinics_for
from workflows import look
from workflows.closed_loop import DAYS, closed_loops
from workflows.durations import LATEST, durations
from workflows.models import Case, CasePathway, Proposal, Step


def figures(user, today):
    """Counts of the clinics the user works in. Every number is one grouped query, none per row."""
    clinics = clinics_for(user)
    cases = Case.objects.filter(clinic_id__in=clinics).open()
    steps = Step.objects.open().filter(clinic_id__in=clinics)
    stages = _stages(steps, today)
    return {
        "cases_open": cases.count(),
        "steps_open": sum(row["n"] for row in stages),
        "steps_late": sum(row["late"] for row in stages),
        "unread": sum(row["n"] for row in stages if row["code"] == "to_review"),
        "untold": sum(row["n"] for row in stages if row["code"] == "to_tell"),
        "undecided": Proposal.objects.open().filter(clinic_id__in=clinics).count(),
        "stages": stages,
        "people": _people(steps, today),
        "pathways": _pathways(clinics),
        "modalities": _modalities(steps, today),
        "durations": durations(clinics),
        "loops": closed_loops(clinics, today),
        "loop_days": DAYS,
        "latest": LATEST,
    }


def _late(today):
    return Count("id", filter=Q(sort_on__lt=today))


def _stages(steps, today):
    found = {
        row["stage"]: row
        for row in steps.values("stage")
        .annotate(n=Count("id"), late=_late(today), oldest=Min("door_open_since"))
        .order_by()
    }
    return [
        {
            "code": code,
            "word": word,
            "n": found[code]["n"],
            "late": found[code]["late"],
            "oldest_days": (today - found[code]["oldest"]).days if found[code]["oldest"] else None,
        }
        for code, (word, _) in look.STAGES.items()
        if code in found
    ]


def _people(steps, today):
    names = ["owner", "owner__title", "owner__given_name", "owner__family_name", "owner_role"]
    found = steps.values(*names).annotate(n=Count("id"), late=_late(today)).order_by("-late", "-n")
    rows = {}
    for row in found:
        name = " ".join(filter(None, (row[each] for each in names[1:4])))
        label = name or f"Nobody named ({row['owner_role']}s)"
        kept = rows.setdefault(label, {"name": label, "n": 0, "late": 0})
        kept["n"] += row["n"]
        kept["late"] += row["late"]
    return sorted(rows.values(), key=lambda row: (-row["late"], -row["n"], row["name"]))


def _pathways(clinics):
    running = CasePathway.objects.filter(
        clinic_id__in=clinics, closed_on=None, case__closed_at=None
    )
    found = running.values_list("pathway").annotate(n=Count("id")).order_by("-n")
    known = pathways()
    return [
        {"code": code, "label": known[code].label, "n": n} for code, n in found if code in known
    ]


def _modalities(steps, today):
    found = steps.values_list("modality").annotate(n=Count("id"), late=_late(today))
    return [
        {"code": code, "label": look.MODALITIES[code][0], "n": n, "late": late}
        for code, n, late in found.order_by("-late", "-n")
    ]
