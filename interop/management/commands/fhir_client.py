"""Clients of the FHIR interface: machines that act for one of our users."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_application_model

from accounts.models import User
from audit.services import record

Application = get_application_model()


class Command(BaseCommand):
    help = (
        "Makes a client that reads /fhir/ for one of our users, and prints its secret, which is"
        " shown once and kept as a hash. --renew gives it another secret, --revoke none: its"
        " tokens end at once."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="what the client is called, 'laboratory gateway'")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--for", dest="email", help="sign-in of the user whom it acts for")
        what.add_argument("--renew", action="store_true", help="another secret")
        what.add_argument("--revoke", action="store_true", help="no secret, no token")

    @transaction.atomic
    def handle(self, *, name, email, renew, revoke, **options):
        client = _new(name, email) if email else _known(name)
        secret = client.client_secret = generate_client_secret()
        client.save()
        client.accesstoken_set.all().delete()
        verb = "make" if email else "renew" if renew else "revoke"
        record(None, f"fhir_client.{verb}", client=client.pk, user=client.user_id)
        if revoke:
            self.stdout.write(f"{name} gets no token any more.")
            return
        self.stdout.write(f"client_id     {client.client_id}")
        self.stdout.write(f"client_secret {secret}")
        if not client.user.memberships.active(timezone.localdate()).exists():
            self.stderr.write(f"{client.user.email} works in no clinic today and sees nothing.")


def _new(name, email):
    if Application.objects.filter(name=name).exists():
        raise CommandError(f"There is a client called {name}; --renew gives it another secret.")
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return Application(
        name=name,
        user=user,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )


def _known(name):
    client = Application.objects.select_for_update().filter(name=name).first()
    if client is None:
        raise CommandError(f"There is no client called {name}.")
    return client
