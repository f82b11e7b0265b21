"""How a person wants to work: her columns of the worklist, and whether single keys act."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Preferences
from workflows.worklist import OPTIONAL


class PreferencesForm(forms.ModelForm):
    columns = forms.MultipleChoiceField(
        label="Columns of the worklist, beside patient, step, stage and due date",
        choices=list(OPTIONAL.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="With none ticked all are shown.",
    )

    class Meta:
        model = Preferences
        fields = ["columns", "single_keys"]
        help_texts = {
            "single_keys": "J, K, X, B and the others act without Ctrl. Off, links and buttons "
            "still do everything, and Ctrl Enter saves."
        }


@require_http_methods(["GET", "POST"])
def preferences(request):
    mine = Preferences.objects.filter(user=request.user).first()
    mine = mine or Preferences(user=request.user, columns=list(OPTIONAL))
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Preferences saved.")
        return redirect("workflows:preferences")
    context = {
        "form": form,
        "title": "Preferences",
        "button": "Save",
        "back": reverse("workflows:my_day"),
    }
    return render(request, "workflows/plain_form.html", context)
