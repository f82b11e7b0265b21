"""Messages through a service of the recipient's choice: Teams, Slack, an SMS gateway, ..."""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError

from workflows.reminders.smtp import Later

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log addresses and tokens
NAME = "NMD Tracker"


def plugin_of(address):
    """The service behind an address. Raises ValidationError in the words of a form.

    Only services that the installation allows (NMD_SERVICES): an address names a host, and a
    worker must not be made to knock at any door of the hospital's network.
    """
    schema = address.partition("://")[0].lower()
    if schema not in settings.NMD_SERVICES:
        allowed = ", ".join(settings.NMD_SERVICES)
        raise ValidationError(f"This installation sends through: {allowed}.")
    from apprise import Apprise, AppriseAsset  # 40 MiB of plugins: for who has a service alone

    asset = AppriseAsset(app_id=NAME, app_desc=NAME, app_url=settings.BASE_URL)
    found = Apprise.instantiate(address, asset=asset)
    if not found:
        raise ValidationError("This is not a complete address of that service.")
    return found


def name_of(address):
    """How the service is called, without what is secret in its address."""
    try:
        return str(plugin_of(address).service_name)
    except ValidationError:
        return ""


def tell(address, title, text):
    """Hand a message over. Raises Later, also where the address is of no use (any more).

    Services know no Message-ID: what is tried again after a lost answer may arrive twice.
    """
    try:
        plugin = plugin_of(address)
    except ValidationError as error:
        raise Later(f"service: {error.messages[0]}") from None
    try:
        taken = plugin.notify(body=text, title=title)
    except Exception as error:  # a plugin of a hundred; none may stop the other messages
        raise Later(f"service {plugin.service_name}: {type(error).__name__}") from error
    if not taken:
        raise Later(f"service {plugin.service_name} did not take it")
