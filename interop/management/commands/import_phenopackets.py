"""manage.py import_phenopackets PATH… --clinic CODE [--by E-MAIL] [--report FILE]"""

import json
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from accounts.models import Clinic, User
from interop.phenopackets.importing import Outcome, import_document
from interop.sources import count, sources
from patients.models import clinics_for

WORDS = ("imported", "unchanged", "refused")


class Command(BaseCommand):
    help = "Import published or transferred cases (GA4GH Phenopackets v2) into a clinic."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder or archive")
        parser.add_argument("--clinic", required=True, metavar="CODE")
        parser.add_argument("--by", metavar="E-MAIL", help="who imports; else nobody is named")
        parser.add_argument("--report", metavar="FILE", help="one JSON line for each document")

    def handle(self, *, paths, clinic, by, report, **options):
        clinic = _clinic(clinic)
        by = _person(by, clinic) if by else None
        if missing := [path for path in paths if not Path(path).exists()]:
            raise CommandError(f"There is no file or folder {', '.join(missing)}.")
        counts, started = Counter(), time.monotonic()
        with ExitStack() as stack:
            lines = stack.enter_context(_report_file(report)) if report else None
            documents = tqdm(sources(paths), total=count(paths), unit=" cases", disable=None)
            for source in stack.enter_context(documents):
                outcome = _import(source, clinic, by)
                counts[outcome.status] += 1
                if outcome.status == "refused":
                    tqdm.write(f"{source.path}: {outcome.reason}", file=self.stderr)
                if lines:
                    lines.write(_line(source, outcome))
        self.stdout.write(_closing(counts, time.monotonic() - started))


def _clinic(code):
    try:
        return Clinic.objects.get(code=code)
    except Clinic.DoesNotExist:
        known = ", ".join(Clinic.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(f"There is no clinic “{code}”. Known: {known or 'none'}.") from None


def _person(email, clinic):
    user = User.objects.filter(email=email.lower()).first()
    if user is None or clinic.pk not in clinics_for(user, "record"):
        raise CommandError("Nobody with this e-mail may record results in this clinic.")
    return user


def _report_file(path):
    try:
        return open(path, "w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise CommandError(f"The report cannot be written: {error.strerror}.") from None


def _import(source, clinic, by):
    if source.reason:
        return Outcome("refused", reason=source.reason)
    return import_document(source.data, clinic=clinic, by=by, at=timezone.now())


def _line(source, outcome):
    found = {
        "path": source.path,
        "id": outcome.id,
        "status": outcome.status,
        "reason": outcome.reason,
        "patient": outcome.patient,
        "case": outcome.case,
        "notes": list(outcome.notes),
    }
    return json.dumps(found, ensure_ascii=False) + "\n"


def _closing(counts, seconds):
    total = counts.total()
    said = ", ".join(f"{counts[word]} {word}" for word in WORDS)
    rate = total / seconds if seconds else 0
    return f"{total} documents: {said} ({seconds:.1f} s, {rate:.0f} a second)."
