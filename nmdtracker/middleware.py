"""What every request passes: the clinics it may see, and answers that no cache may keep."""

from contextlib import contextmanager, nullcontext
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.rls import clinics_of
from audit.services import record


class ClinicScope:
    """Open the request's one transaction for the clinics in which the user works today.

    Here and not by ATOMIC_REQUESTS, because templates are rendered after the view has returned:
    outside the transaction a list would fail instead of showing its rows.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with _scope(request):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif response.status_code == 404:
                _log_refusal(request)
        return response


def _log_refusal(request):
    """Somebody asked for what is not hers, or is nothing: the answer hides it, the log does not."""
    asked = getattr(request, "resolver_match", None)
    if asked and request.user.is_authenticated:
        record(request.user, "refused", route=asked.view_name, keys=asked.kwargs)


@contextmanager
def _scope(request):
    with clinics_of(partial(_held, request)) as held, _clock_of(held):
        yield


def _held(request):
    """Her memberships. `request.user` is read here first: its statement opens the transaction."""
    return request.user.current_memberships if request.user.is_authenticated else []


def _clock_of(held):
    """Days turn at midnight of the person's (first) clinic: on pages as in its reminders."""
    return timezone.override(held[0].clinic.time_zone) if held else nullcontext()


class NoStore:
    """Pages about patients stay in no cache; files of the site may."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
