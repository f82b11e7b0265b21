"""What this interface can do: made of the same tables that do it."""

from interop.fhir import names
from interop.fhir.outcome import MEDIA_TYPE
from interop.fhir.parameters import PARAMETERS
from interop.fhir.search import MOST

DATE = "2026-11-29"  # of the last change of what stands here
SERVED = (
    "Read only. Outstanding work as Task; Patient and Practitioner are named by references and not"
    " served yet. Every read is logged."
)
SECURITY = "The session of somebody who is signed in."


def statement():
    """A CapabilityStatement."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{names.BASE}/metadata",
        "name": "NMDTracker",
        "title": "NMD Tracker",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "NMD Tracker"},
        "implementation": {"description": "NMD Tracker", "url": names.BASE},
        "fhirVersion": "4.0.1",
        "format": [MEDIA_TYPE],
        "rest": [
            {
                "mode": "server",
                "documentation": SERVED,
                "security": {"cors": False, "description": SECURITY},
                "resource": [_task()],
            }
        ],
    }


def _task():
    return {
        "type": "Task",
        "documentation": f"A search gives at most {MOST} Tasks a page, and a next link.",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "readHistory": False,
        "updateCreate": False,
        "conditionalCreate": False,
        "conditionalRead": "not-supported",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "referencePolicy": ["literal"],
        "searchParam": [
            {"name": name, "type": each.kind, "documentation": each.words}
            for name, each in PARAMETERS.items()
        ],
    }
