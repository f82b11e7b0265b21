"""Addresses of the interface; each read leaves its event."""

from django.utils import timezone

from audit.services import record
from interop.fhir import names
from interop.fhir.capability import statement
from interop.fhir.outcome import Refusal, interface
from interop.fhir.search import IS_TASK, flat, page, search_of, total_of
from interop.fhir.task import task
from workflows.models import Step


def _metadata(request):
    return statement()


def _read(request, pk):
    row = flat(Step.objects.for_user(request.user).filter(IS_TASK, pk=pk)).first()
    if row is None:
        raise Refusal(404, "not-found", "There is no such Task, or it is not yours.")
    where = {"clinic_id": row.clinic_id, "patient_id": row.patient_id}
    record(request.user, "step.view", **where, case_id=row.case_id, step_id=row.id, **_by(request))
    return task(row, timezone.localdate())


def _search(request):
    today = timezone.localdate()
    lenient = "handling=lenient" in request.headers.get("Prefer", "").replace(" ", "").split(",")
    asked = search_of(request.GET, today, lenient=lenient)
    rows, after = page(request.user, asked)
    words = sorted({name for name, _ in asked.words})
    where = _one_patient(rows) | _by(request)
    record(request.user, "worklist.view", shown=len(rows), asked=words, **where)
    return _bundle(asked, rows, after, total_of(request.user, asked), today)


def _one_patient(rows):
    """Who was looked at, where all that was shown is about one patient."""
    found = {(row.clinic_id, row.patient_id) for row in rows}
    return dict(zip(("clinic_id", "patient_id"), *found, strict=True)) if len(found) == 1 else {}


def _bundle(asked, rows, after, total, today):
    links = [{"relation": "self", "url": asked.url()}]
    if after:
        links.append({"relation": "next", "url": asked.url(_after=after)})
    found = {
        "resourceType": "Bundle",
        "type": "searchset",
        "timestamp": timezone.now().isoformat(timespec="seconds"),
        "total": total,
        "link": links,
        "entry": [_entry(row, today) for row in rows],
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def _entry(row, today):
    url = f"{names.BASE}/Task/{row.id}"
    return {"fullUrl": url, "resource": task(row, today), "search": {"mode": "match"}}


def _elsewhere(request):
    text = f"Nothing is served here; {names.BASE}/metadata says what is."
    raise Refusal(404, "not-found", text)


def _by(request):
    """What an event says of the way: whose token it was, where it was not a session."""
    client = getattr(request, "client", None)
    return {"way": "fhir"} | ({"client": client.pk} if client else {})


metadata = interface(_metadata, public=True)
read, search, elsewhere = map(interface, (_read, _search, _elsewhere))
