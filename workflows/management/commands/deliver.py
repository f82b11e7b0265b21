"""`manage.py deliver [--loop]`: send reminders without a broker."""

import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from workflows.reminders.deliver import deliver_due
from workflows.reminders.sweep import plan_missing

PERIOD_S, SWEEP_S = 15, 3600


class Command(BaseCommand):
    help = "Plan what is missing and send the reminders that are due."

    def add_arguments(self, parser):
        parser.add_argument(
            "--loop", action="store_true", help="go on until stopped, as a worker and beat do"
        )

    def handle(self, *, loop, **options):
        self.stop = threading.Event()
        if loop:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop.set())
        self.once(sweep=True)
        if loop:
            self.go_on()

    def go_on(self):
        swept = time.monotonic()
        while not self.stop.wait(PERIOD_S):
            due = time.monotonic() - swept >= SWEEP_S
            swept = time.monotonic() if due else swept
            try:
                self.once(sweep=due)
            except (OperationalError, InterfaceError) as error:  # the database restarts
                self.stderr.write(type(error).__name__)
                connection.close()

    def once(self, *, sweep):
        if sweep:
            plan_missing()
        while done := deliver_due():
            words = ", ".join(f"{count} {name}" for name, count in sorted(done.items()))
            self.stdout.write(words.replace("_", " "))
            if done["no_server"] or self.stop.is_set():
                break
