"""Machines: who an access token stands for, and the one address that gives tokens."""

import hashlib
from functools import partial

from allauth.core import ratelimit
from django.http import JsonResponse
from django.utils.functional import SimpleLazyObject
from oauth2_provider.models import get_access_token_model
from oauth2_provider.utils import parse_bearer_token
from oauth2_provider.views import TokenView

from accounts.who import at_work
from interop.fhir import names
from interop.fhir.outcome import REALM, Refusal

SCOPE = "system/Task.rs"
PLACE = "/fhir/"
MINUTE_S = 60


class BearerToken:
    """Below /fhir/, and only for reading, a token says who asks: the person its client acts for.

    Elsewhere an Authorization header means nothing, and no page asks the database for a token.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(PLACE) and request.method in ("GET", "HEAD"):
            raw = parse_bearer_token(request.headers.get("Authorization", ""))
            if raw:
                try:
                    request.client = _client(raw, names.SITE + request.path)
                except Refusal as refusal:
                    return refusal.response()
                # read where the clinics are opened, as everybody is
                request.user = SimpleLazyObject(partial(at_work, request.client.user_id))
        return self.get_response(request)


def _client(raw, url):
    """The client that a token was given to. Raises Refusal."""
    checksum = hashlib.sha256(raw.encode()).hexdigest()
    tokens = get_access_token_model().objects.select_related("application__user")
    token = tokens.filter(token_checksum=checksum).first()
    client = token and token.application
    holds = client and not token.is_expired() and token.allows_audience(url)
    if not (holds and client.user and client.user.is_active):
        text = "The access token is not known, has expired or was taken back."
        wrong = f'{REALM}, error="invalid_token"'
        raise Refusal(401, "login", text, WWW_Authenticate=wrong)
    if not token.allow_scopes([SCOPE]):
        wrong = f'{REALM}, error="insufficient_scope", scope="{SCOPE}"'
        raise Refusal(403, "forbidden", f"This needs the scope {SCOPE}.", WWW_Authenticate=wrong)
    return client


class Token(TokenView):
    """Client credentials against an access token (RFC 6749, section 4.4)."""

    def post(self, request, *args, **kwargs):
        if not ratelimit.consume(request, action="token"):
            words = "Too many requests; one token serves for many reads."
            return _refused("invalid_request", words, 429, {"Retry-After": str(MINUTE_S)})
        try:
            answer = self.authorization_flow_token_response(request)
        except ValueError:  # what no database and no address may hold
            return _refused("invalid_request", "The request cannot be read.", 400)
        answer["Content-Type"] = "application/json"
        return answer


def _refused(error, words, status, headers=None):
    body = {"error": error, "error_description": words}
    return JsonResponse(body, status=status, headers=headers)
