"""What every answer under /fhir/ has in common: FHIR in JSON, refusals as OperationOutcome."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

MEDIA_TYPE, VERSION = "application/fhir+json", "4.0"
FORMATS = {"json", MEDIA_TYPE, MEDIA_TYPE.replace("+", " "), "application/json", "text/json"}
REALM = 'Bearer realm="fhir"'


class Refusal(Exception):
    """status: of HTTP; code: of FHIR's issue types; text: for people, without a patient's data."""

    def __init__(self, status, code, text, **headers):
        super().__init__(text)
        self.status, self.code, self.text = status, code, text
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self):
        issue = {"severity": "error", "code": self.code, "diagnostics": self.text}
        body = {"resourceType": "OperationOutcome", "issue": [issue]}
        return fhir(body, status=self.status, headers=self.headers)


def fhir(body, **more):
    return JsonResponse(body, content_type=MEDIA_TYPE, **more)


def interface(view, *, public=False):
    """A view that takes GET and returns a resource. Nothing here can write, so no form token."""

    @csrf_exempt
    @login_not_required  # refused here, as FHIR, and not by a page to sign in
    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            _check(request, public)
            return fhir(view(request, *args, **kwargs))
        except Refusal as refusal:
            return refusal.response()
        except SuspiciousOperation:
            return Refusal(400, "invalid", "The address cannot be read.").response()

    return answer


def _check(request, public):
    if request.method not in ("GET", "HEAD"):
        raise Refusal(405, "not-supported", "This interface only reads.", Allow="GET, HEAD")
    if not (public or request.user.is_authenticated):
        text = "Sign in, or send an access token (Authorization: Bearer)."
        raise Refusal(401, "login", text, WWW_Authenticate=REALM)
    wanted = request.GET.get("_format")  # comes before the header
    if wanted not in FORMATS if wanted is not None else not any(map(_fits, request.accepted_types)):
        raise Refusal(406, "not-supported", f"Only {MEDIA_TYPE} of FHIR {VERSION} is served.")


def _fits(media):
    version = {name.lower(): value for name, value in media.params.items()}.get("fhirversion")
    wide = f"{media.main_type}/{media.sub_type}" in (*FORMATS, "*/*", "application/*")
    return wide and version in (None, VERSION)
