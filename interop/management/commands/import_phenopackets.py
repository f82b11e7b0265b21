"""manage.py import_phenopackets PATH… --clinic CODE [--by E-MAIL] [--report FILE] [--jobs N]"""

import json
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from accounts.models import Clinic, User
from interop.batch import FAULT, jobs_for, outcomes
from interop.refused import Refused
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
        parser.add_argument("--jobs", type=int, metavar="N", help="how many processes")

    def handle(self, *, paths, clinic, by, report, jobs, **options):
        clinic = _clinic(clinic)
        by = _person(by, clinic) if by else None
        if missing := [path for path in paths if not Path(path).exists()]:
            raise CommandError(f"There is no file or folder {', '.join(missing)}.")
        counts, started = Counter(), time.monotonic()
        try:
            for outcome in self._import(paths, clinic, by, report, jobs):
                counts[outcome.status] += 1
        except (Refused, DatabaseError, KeyboardInterrupt) as broken:
            self.stdout.write(_closing(counts, time.monotonic() - started))
            raise CommandError(_stopped(broken)) from None
        self.stdout.write(_closing(counts, time.monotonic() - started))
        if counts[FAULT]:
            raise CommandError(f"{counts[FAULT]} documents met a fault of this program.")

    def _import(self, paths, clinic, by, report, jobs):
        total = count(paths)
        jobs = max(1, jobs or jobs_for(total))
        with ExitStack() as stack:
            lines = stack.enter_context(_report_file(report)) if report else None
            tqdm.monitor_interval = 0  # no thread beside the bar: processes are forked
            done = outcomes(sources(paths), clinic=clinic, by=by, jobs=jobs)
            bar = stack.enter_context(tqdm(done, total=total, unit=" cases", disable=None))
            for source, outcome in bar:
                if outcome.reason:
                    with bar.external_write_mode(file=self.stderr):
                        self.stderr.write(f"{source.path}: {outcome.reason}")
                if lines:
                    lines.write(_line(source, outcome))
                yield outcome


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
        return open(path, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError as error:
        raise CommandError(f"The report cannot be written: {error.strerror}.") from None


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


def _stopped(broken):
    """A database's error may quote values, so that only its kind is said."""
    if isinstance(broken, KeyboardInterrupt):
        broken = "Stopped."
    if isinstance(broken, DatabaseError):
        broken = f"The database gave up ({type(broken).__name__})."
    return f"{broken} What was imported stays; run it again."


def _closing(counts, seconds):
    total = counts.total()
    said = ", ".join(f"{counts[word]} {word}" for word in WORDS)
    rate = total / seconds if seconds else 0
    return f"{total} documents: {said} ({seconds:.1f} s, {rate:.0f} a second)."
