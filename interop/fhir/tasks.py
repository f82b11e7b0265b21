"""What the background does for the interface."""

from celery import shared_task
from oauth2_provider.models import clear_expired


@shared_task(expires=3600)
def clear_tokens():
    """Access tokens that have expired are of no use to anybody."""
    clear_expired()
