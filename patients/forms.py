"""Who the patient is, in the words of whoever takes her details down."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Clinic
from patients.models import MRN, Identifier, Patient, Relative
from patients.partial import PartialDateField
from patients.text import validate_visible


def _bare_helper(*layout):
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper


class PatientForm(forms.ModelForm):
    birth = PartialDateField(label="Born", required=False)
    mrn = forms.CharField(
        label="Record number (MRN)",
        max_length=120,
        required=False,
        strip=True,
        validators=[validate_visible],
        help_text="The number of this clinic. Another clinic may use the same one.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Patient
        fields = ["given_names", "family_name", "sex", "vital_status", "clinic"]

    helper = _bare_helper(
        Fieldset(
            "",
            Row(Column("given_names"), Column("family_name")),
            Row(Column("birth"), Column("sex")),
            Row(Column("mrn"), Column("clinic")),
            Row(Column("vital_status"), Column()),
        ),
        "version",
    )

    def __init__(self, *args, clinics, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clinic"].queryset = Clinic.objects.filter(pk__in=clinics)
        self.fields["clinic"].empty_label = None
        self.fields["clinic"].label_from_instance = lambda clinic: clinic.name
        self.fields["family_name"].required = True
        if self.instance.pk:
            self.fields["clinic"].disabled = True  # a record stays where it was made
            self.initial["birth"] = str(self.instance.birth)
            self.initial["version"] = self.instance.version
            number = self.instance.identifiers.filter(system=MRN).first()
            self.initial["mrn"] = number.value if number else ""

    def clean_birth(self):
        birth = self.cleaned_data["birth"]
        if birth.on and birth.on > timezone.localdate():
            raise ValidationError("This birth date lies in the future.")
        return birth

    def clean(self):
        data = super().clean()
        mrn, clinic = data.get("mrn"), data.get("clinic")
        if mrn and clinic:
            taken = Identifier.objects.filter(clinic=clinic, system=MRN, value=mrn)
            if taken.exclude(patient_id=self.instance.pk).exists():
                self.add_error("mrn", "Another patient of this clinic has this number.")
        return data

    def _post_clean(self):
        # the two columns of a partial date are set before the model checks them together
        birth = self.cleaned_data.get("birth")
        if birth is not None:
            self.instance.birth_on, self.instance.birth_precision = birth.on, birth.precision
        super()._post_clean()


class RelativeForm(forms.ModelForm):
    """A relative who is a patient here is linked by her record number."""

    linked_mrn = forms.CharField(
        label="Record number, if also a patient of this clinic", max_length=120, required=False
    )

    def __init__(self, *args, patient, **options):
        super().__init__(*args, **options)
        self.patient = patient
        linked = self.instance.linked_patient
        if linked:
            number = linked.identifiers.filter(system=MRN).first()
            self.initial["linked_mrn"] = number.value if number else ""

    def clean_linked_mrn(self):
        typed = self.cleaned_data["linked_mrn"].strip()
        if not typed:
            self.instance.linked_patient = None
            return ""
        found = Identifier.objects.filter(
            clinic_id=self.patient.clinic_id, system=MRN, value=typed
        ).select_related("patient")
        number = found.first()
        if number is None:
            raise ValidationError("No patient of this clinic has this record number.")
        if number.patient_id == self.patient.pk:
            raise ValidationError("This is the record number of the patient herself.")
        self.instance.linked_patient = number.patient
        return typed

    class Meta:
        model = Relative
        fields = [
            "relation",
            "name",
            "sex",
            "affected",
            "condition",
            "deceased",
            "age_years",
            "note",
        ]
        help_texts = {"relation": "mother, brother, mother’s brother, son …"}

    helper = _bare_helper(
        Row(Column("relation"), Column("name")),
        Row(Column("sex"), Column("affected")),
        Row(Column("condition"), Column("age_years"), Column("deceased")),
        Row(Column("linked_mrn"), Column("note")),
    )
