"""Several workers, and workers that die: nothing is lost, nothing is doubled unseen."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from accounts.rls import ALL, clinics
from audit.models import Event
from nmdtracker.celery import app
from nmdtracker.embedded import testing
from nmdtracker.embedded.paths import ROOT
from tests import make
from tests.mailbox import Mailbox
from tests.workflows.reminding import FIELDS
from workflows import services
from workflows.models import Case, Reminder, Step
from workflows.reminders import claims
from workflows.reminders.deliver import deliver_due
from workflows.reminders.sweep import plan_missing

pytestmark = pytest.mark.django_db(transaction=True)
LATE_DAYS, OPEN_DAYS = 30, 3  # late, but not yet for a second person


@pytest.fixture
def mailbox(settings):
    with Mailbox() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.NMD_REMINDER_QUIET_HOURS = False
        yield box


def owed(count, of_case=20):
    """A doctor with so many late steps, and one reminder for each that is due now."""
    with clinics(ALL):
        clinic = make.clinic()
        doctor = make.user(clinic)
        for first in range(0, count, of_case):
            _late_steps(clinic, doctor, range(first, min(count, first + of_case)))
    plan_missing()
    with clinics(ALL):
        due = Reminder.objects.filter(state="planned", next_attempt_at__lte=timezone.now())
        keys = list(due.values_list("pk", flat=True))
    assert len(keys) == count
    return doctor, keys


def _late_steps(clinic, doctor, numbers):
    late, opened = (timezone.localdate() - timedelta(days=n) for n in (LATE_DAYS, OPEN_DAYS))
    case = Case.objects.create(
        clinic=clinic,
        patient=make.patient(clinic, doctor, given_names=f"Nr {numbers[0]}"),
        referral_on=late,
        opened_at=timezone.now(),
        clinician=doctor,
    )
    place = {"clinic": clinic, "case": case, "patient_id": case.patient_id}
    fields = FIELDS | place | {"due_on": late, "door_open_since": opened, "owner": doctor}
    Step.objects.bulk_create(Step(code=f"s{number}", **fields) for number in numbers)


def rows_of(keys):
    with clinics(ALL):
        return list(Reminder.objects.filter(pk__in=keys).order_by("pk"))


def environment(mailbox, **more):
    return testing.environment(
        connection.settings_dict["NAME"],
        EMAIL_URL=f"smtp://127.0.0.1:{mailbox.port}",
        NMD_REMINDER_QUIET_HOURS="False",
        **more,
    )


def test_two_workers_never_claim_the_same_reminder(mailbox):
    _, keys = owed(200)
    claimed, start = [], Barrier(2)

    def work():
        start.wait()
        while rows := claims.claim(8)[0]:
            claimed.extend(row.pk for row in rows)
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(claimed) == sorted(keys)


def test_two_workers_send_each_reminder_once(mailbox):
    _, keys = owed(60)
    workers = [Thread(target=lambda: (deliver_due(), connection.close())) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mailbox.ids) == sorted(row.message_id for row in rows_of(keys))


def ordered_by(doctor):
    """An act that somebody commits while the mail is under way."""

    def act():
        with clinics(ALL):
            for row in Step.objects.filter(code="s0", ordered_at=None):
                services.order(row, by=doctor, at=timezone.now())
        connection.close()

    return act


def test_an_act_between_claim_and_text_stops_the_mail(mailbox):
    doctor, keys = owed(1)
    mailbox.before_text = ordered_by(doctor)
    assert deliver_due(batch=1)["sent"] == 0
    assert (mailbox.raw, rows_of(keys)[0].state) == ([], "withdrawn")


def test_an_act_that_crosses_the_mail_is_recorded(mailbox):
    doctor, _ = owed(1)
    mailbox.after_text = ordered_by(doctor)
    assert deliver_due(batch=1) == {"sent": 1}
    with clinics(ALL):
        assert Event.objects.get(verb="reminder.sent").detail["crossed"] is True


POISON = """
import os, django
django.setup()
from workflows.reminders import deliver, message
render = message.render_to_string
def fatal(name, words):
    if words["link"].endswith(os.environ["POISON"]):
        os._exit(9)
    return render(name, words)
message.render_to_string = fatal
deliver.deliver_due()
"""


def test_a_row_that_kills_its_worker_ends_dead_and_the_others_arrive(mailbox):
    _, keys = owed(20)
    poison = rows_of(keys)[9]
    with clinics(ALL):
        Reminder.objects.filter(pk=poison.pk).update(attempts=11)
    env = environment(
        mailbox,
        NMD_REMINDER_LEASE_SECONDS="1",
        POISON=f"/steps/{poison.step_id}/",
        DJANGO_SETTINGS_MODULE="nmdtracker.settings",
    )
    codes = []
    while rows_of([poison.pk])[0].state != "dead" and len(codes) < 8:
        codes.append(subprocess.run([sys.executable, "-c", POISON], env=env, cwd=ROOT).returncode)
        time.sleep(1)
    assert codes.count(9) == 1
    assert codes[-1] == 0
    others = [row for row in rows_of(keys) if row.pk != poison.pk]
    assert {row.state for row in others} == {"sent"}
    assert sorted(mailbox.ids) == sorted(row.message_id for row in others)
    assert max(row.attempts for row in others) == 2, "what the crash left behind was claimed alone"


def test_the_loop_sends_without_a_broker_and_ends_when_told(mailbox):
    _, keys = owed(5)
    env = environment(mailbox, REDIS_URL="redis://127.0.0.1:9/0")  # nobody listens there
    command = [sys.executable, "manage.py", "deliver", "--loop"]
    loop = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert loop.stdout.readline() == "5 sent\n"
    loop.terminate()
    assert loop.wait(timeout=10) == 0
    assert {row.state for row in rows_of(keys)} == {"sent"}


class Worker:
    """A real Celery worker of two processes."""

    def __init__(self, env):
        command = ["celery", "--quiet", "--app", "nmdtracker.celery:app", "worker"]
        quick = [
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
            "--loglevel",
            "ERROR",
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, *quick], env=env, cwd=ROOT, start_new_session=True
        )

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def all_sent(keys):
    with clinics(ALL):
        return not Reminder.objects.filter(pk__in=keys).exclude(state="sent").exists()


def wake_until(enough, seconds=40, every=0.002):
    """Be the beat until `enough()`, which is asked every so many seconds."""
    deadline = time.monotonic() + seconds
    while not enough() and time.monotonic() < deadline:
        app.send_task("workflows.reminders.tasks.deliver_reminders", expires=5)
        pause = time.monotonic() + 0.5
        while not enough() and time.monotonic() < pause:
            time.sleep(every)
    assert enough()


def test_killing_the_worker_loses_none_of_500_reminders(settings, capsys):
    began, chance = time.monotonic(), random.Random(500)
    settings.NMD_REMINDER_QUIET_HOURS = False
    kills = [90, 230, 400]
    app.control.purge()
    with Mailbox(pause_s=0.01) as mailbox:
        _, keys = owed(500)
        env = environment(mailbox, NMD_REMINDER_LEASE_SECONDS="2")
        for count in kills:
            worker = Worker(env)
            wake_until(lambda: len(mailbox.raw) >= count)  # noqa: B023
            time.sleep(chance.uniform(0, 0.02))
            worker.kill()
        worker = Worker(env)
        try:
            wake_until(lambda: all_sent(keys), every=0.2)
        finally:
            worker.kill()
            app.control.purge()
        copies, rows = Counter(mailbox.ids), rows_of(keys)
    lost = [row for row in rows if not copies[row.message_id]]
    doubled = {row.message_id for row in rows if copies[row.message_id] > 1}
    flagged = {row.message_id for row in rows if row.uncertain}
    with capsys.disabled():
        print(  # noqa: T201
            f"\n500 reminders, {len(kills)} kill -9: {copies.total()} messages taken, "
            f"{len(lost)} lost, {len(doubled)} doubled, {len(flagged)} marked as maybe doubled, "
            f"{time.monotonic() - began:.0f} s"
        )
    assert lost == []
    assert doubled <= flagged
    assert set(copies) == {row.message_id for row in rows}
