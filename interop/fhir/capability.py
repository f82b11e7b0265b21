"""What this interface can do: made of the same tables that do it."""

from django.urls import reverse

from interop.fhir import names
from interop.fhir.bearer import SCOPE
from interop.fhir.outcome import MEDIA_TYPE
from interop.fhir.parameters import PARAMETERS
from interop.fhir.search import MOST

DATE = "2026-11-29"  # of the last change of what stands here
SERVED = (
    "Read only. Outstanding work as Task; Patient and Practitioner are named by references and not"
    " served yet. Every read is logged."
)
SECURITY = (
    f"An access token of scope {SCOPE} by OAuth 2.0 client credentials, sent as Authorization:"
    " Bearer; or the session of somebody who is signed in. Both see what that person may see."
)
SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
SMART = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


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
                "security": _security(),
                "resource": [_task()],
            }
        ],
    }


def _security():
    token = {"url": "token", "valueUri": f"{names.SITE}{reverse('token')}"}
    return {
        "extension": [{"url": SMART, "extension": [token]}],
        "cors": False,
        "service": [{"coding": [{"system": SERVICES, "code": "OAuth"}]}],
        "description": SECURITY,
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
