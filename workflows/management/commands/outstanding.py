"""`manage.py outstanding FOLDER`: what is outstanding, to be read while the product is down."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Clinic
from accounts.rls import clinics
from audit.services import record
from workflows.clock import local_day
from workflows.models import Step


class Command(BaseCommand):
    help = (
        "Write a page of all open steps for each clinic, to be read and printed without the site."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="of the files, which name patients")

    def handle(self, *, folder, **options):
        if not folder.is_dir():
            raise CommandError("There is no such folder. Make it where only the staff may read.")
        for clinic in Clinic.objects.order_by("pk"):
            with clinics([clinic.pk]):
                count = _write(folder / f"outstanding-{clinic.code}.html", clinic, timezone.now())
            self.stdout.write(f"{clinic.code}: {count} open steps")


def _write(path, clinic, at):
    """The page takes the place of the last one as a whole, for its owner alone to read."""
    steps = Step.objects.open().filter(clinic=clinic).select_related("patient", "owner")
    steps = list(steps.prefetch_related("patient__identifiers").order_by("sort_on", "pk"))
    context = {"clinic": clinic, "steps": steps, "at": at, "today": local_day(at, clinic)}
    page = render_to_string("workflows/outstanding.html", context)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(page)
    fresh.replace(path)
    record(None, "worklist.export", clinic_id=clinic.pk, at=at, shown=len(steps))
    return len(steps)
