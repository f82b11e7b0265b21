"""Asking the interface, and holding its answers against FHIR's own definitions."""

from fhir.resources.R4B import get_fhir_model_class

# the library takes any code; FHIR's required value sets do not
VALUES = {
    "Task.status": "draft requested received accepted rejected ready cancelled in-progress on-hold"
    " failed completed entered-in-error",
    "Task.intent": "unknown proposal plan order original-order reflex-order filler-order"
    " instance-order option",
    "Task.priority": "routine urgent asap stat",
    "Bundle.type": "document message transaction transaction-response batch batch-response history"
    " searchset collection",
    "CapabilityStatement.status": "draft active retired unknown",
    "CapabilityStatement.kind": "instance capability requirements",
}
ISSUES = {"invalid", "value", "not-supported", "not-found", "login", "forbidden", "throttled"}


def ask(client, path, status=200, **headers):
    """The parsed answer to GET /fhir/`path`, which is FHIR whatever its status is."""
    answer = client.get(f"/fhir/{path}", headers=headers)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Cache-Control"] == "no-store"
    return checked(answer.json())


def checked(resource):
    """The resource, if it is one of FHIR R4: its elements, their types, its required codes."""
    kind = resource["resourceType"]
    get_fhir_model_class(kind).model_validate(resource)
    for place, codes in VALUES.items():
        name, element = place.split(".")
        if name == kind and element in resource:
            assert resource[element] in codes.split()
    if kind == "OperationOutcome":
        assert {issue["code"] for issue in resource["issue"]} <= ISSUES
    for entry in resource.get("entry", ()):
        checked(entry["resource"])
    return resource


def keys(bundle):
    return [int(entry["resource"]["id"]) for entry in bundle.get("entry", ())]


def is_overdue(task):
    [found] = [e for e in task["extension"] if e["url"].endswith("/StructureDefinition/overdue")]
    return found["valueBoolean"]


def all_keys(client, query):
    """Keys of all pages, by their next links."""
    found, path = [], f"Task?{query}"
    while path:
        bundle = ask(client, path)
        found += keys(bundle)
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        path = links.get("next", "").partition("/fhir/")[2]
    return found
