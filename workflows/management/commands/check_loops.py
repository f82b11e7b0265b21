"""`manage.py check_loops`: prove that nothing outstanding is invisible or unowned."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.rls import ALL, clinics
from workflows.loops import check, settle_broken
from workflows.models import step_name, tally


class Command(BaseCommand):
    help = (
        "Check that each open step has exactly one owner, one next door and one due date (what "
        "waits for another step has that one's), and that all of it follows from what people did."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--recount",
            action="store_true",
            help="first count the steps of each stage and day again",
        )

        parser.add_argument(
            "--settle",
            action="store_true",
            help="first derive again the cases that a new release or a restored backup left behind",
        )

    def handle(self, *, recount, settle, **options):
        if recount:
            with clinics(ALL):
                tally.recount()
                step_name.complete()
        if settle:
            self.stdout.write(f"{settle_broken(timezone.now())} cases derived again.")
        report = check(timezone.now())
        self.stdout.write(
            f"{report.cases} open cases, {report.steps} open steps; open loops: "
            f"{report.unread} reported and not reviewed, {report.untold} reviewed and not told."
        )
        for key, sentence in report.broken[:100]:
            self.stdout.write(f"step {key or '(new)'} {sentence}")
        if report.broken:
            kinds = "; ".join(f"{count} × {kind}" for kind, count in report.kinds.most_common())
            raise CommandError(f"{len(report.broken)} promises are broken: {kinds}.")
        self.stdout.write("Each has one owner, one next door and one due date.")
