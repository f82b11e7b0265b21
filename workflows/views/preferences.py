"""How a person wants to work and be reached: columns, keys, when and where messages come."""

from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Preferences, Reach
from workflows.reminders import service
from workflows.reminders.gather import look_again
from workflows.reminders.smtp import Later
from workflows.worklist import OPTIONAL

TRIED = "NMD Tracker: a trial", "Messages of NMD Tracker will come here."


def _clock(label, **kwargs):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **kwargs)


class PreferencesForm(forms.ModelForm):
    digest_at = _clock("Daily message at", help_text="One message with all that can wait.")
    opens = _clock("Other messages from")
    closes = _clock(
        "Other messages until", help_text="On working days. Emergencies and critical values always."
    )
    time_zone = forms.ChoiceField(label="By the clock of", required=False)
    columns = forms.MultipleChoiceField(
        label="Columns of the worklist, beside patient, step, stage and due date",
        choices=list(OPTIONAL.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="With none ticked all are shown.",
    )

    class Meta:
        model = Preferences
        fields = ["digest_at", "opens", "closes", "time_zone", "reach", "service_url"]
        fields += ["columns", "single_keys"]
        widgets = {"reach": forms.RadioSelect, "service_url": forms.TextInput}
        help_texts = {
            "single_keys": "J, K, X, B and the others act without Ctrl. Off, links and buttons "
            "still do everything, and Ctrl Enter saves.",
            "service_url": "An Apprise address: slack://… for Slack, workflows://… for Microsoft "
            "Teams, twilio://… for SMS. It gets the same words and links, and no patient data.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone)
        self.fields["time_zone"].choices = [
            ("", "my clinic"),
            *((zone, zone.replace("_", " ")) for zone in zones if not zone.startswith("Etc/")),
        ]

    def clean(self):
        data = super().clean()
        opens, closes, digest = (data.get(name) for name in ("opens", "closes", "digest_at"))
        if opens and closes and opens >= closes:
            self.add_error("closes", "Choose a time after the first one.")
        elif opens and closes and digest and not opens <= digest < closes:
            hours = f"{opens:%H:%M} and {closes:%H:%M}"
            self.add_error("digest_at", f"Choose a time between {hours}, when messages may come.")
        self._check_service(data)
        return data

    def _check_service(self, data):
        address = (data.get("service_url") or "").strip()
        if address:
            try:
                service.plugin_of(address)
            except ValidationError as error:
                self.add_error("service_url", error)
        elif data.get("reach") not in (None, Reach.MAIL):
            self.add_error("service_url", "Say where the service is.")


@require_http_methods(["GET", "POST"])
def preferences(request):
    mine = Preferences.objects.filter(user=request.user).first()
    mine = mine or Preferences(user=request.user, columns=list(OPTIONAL))
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=mine)
    if request.method == "POST" and form.is_valid():
        request.user.preferences = form.save()
        look_again(request.user, timezone.now())
        messages.success(request, "Preferences saved.")
        if "try" in request.POST:
            _try(request, mine)
        return redirect("workflows:preferences")
    return render(request, "workflows/preferences.html", {"form": form, "mine": mine})


def _try(request, wishes):
    """Send a message through the service now, so that a wrong address is found today."""
    if not wishes.service_url:
        messages.error(request, "There is no address of a service to try.")
        return
    try:
        service.tell(wishes.service_url, *TRIED)
    except Later as error:
        messages.error(request, f"The trial did not arrive: {error}.")
    else:
        messages.success(request, f"A trial went through {service.name_of(wishes.service_url)}.")
