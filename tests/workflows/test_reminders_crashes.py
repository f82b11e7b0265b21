"""Several workers, and workers that die: nothing is lost, nothing is doubled unseen."""

import random
import subprocess
import sys
import time
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from redis import Redis

from accounts.rls import ALL, clinics
from audit.models import Event
from bench.owed import Outcome, none_waits, owed, rows_of
from bench.programs import Worker
from nmdtracker import embedded
from nmdtracker.celery import app
from nmdtracker.embedded import testing
from nmdtracker.embedded.paths import ROOT
from tests import make
from tests.mailbox import Mailbox
from workflows import services
from workflows.models import Reminder, Step
from workflows.reminders import claims
from workflows.reminders.deliver import deliver_due

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings):
    with Mailbox() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.NMD_REMINDER_QUIET_HOURS = False
        yield box


def owed_now(count):
    """A doctor and the keys of so many reminders that are due to her now."""
    with clinics(ALL):
        clinic = make.clinic()
        doctor = make.user(clinic)
    return doctor, owed([(clinic, doctor)], count)


def environment(mailbox, **more):
    return testing.environment(
        connection.settings_dict["NAME"],
        EMAIL_URL=f"smtp://127.0.0.1:{mailbox.port}",
        NMD_REMINDER_QUIET_HOURS="False",
        **more,
    )


def test_two_workers_never_claim_the_same_reminder(mailbox):
    _, keys = owed_now(200)
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


def test_two_workers_make_one_daily_message_of_what_can_wait(mailbox):
    _, keys = owed_now(60)
    with clinics(ALL):
        Reminder.objects.filter(pk__in=keys).update(in_digest=True)
    start = Barrier(2)

    def work():
        start.wait()
        deliver_due()
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    [mail] = mailbox.messages
    assert mail["Subject"].startswith("NMD Tracker: 60 steps of 3 patients")
    assert {row.state for row in rows_of(keys)} == {"sent"}
    assert len({row.digest_id for row in rows_of(keys)}) == 1


def test_two_workers_send_each_reminder_once(mailbox):
    _, keys = owed_now(60)
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
    doctor, keys = owed_now(1)
    mailbox.before_text = ordered_by(doctor)
    assert deliver_due(batch=1)["sent"] == 0
    assert (mailbox.raw, rows_of(keys)[0].state) == ([], "withdrawn")


def test_an_act_that_crosses_the_mail_is_recorded(mailbox):
    doctor, _ = owed_now(1)
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
    _, keys = owed_now(20)
    poison = rows_of(keys)[9]
    with clinics(ALL):
        Reminder.objects.filter(pk=poison.pk).update(attempts=11)
    env = environment(
        mailbox,
        NMD_REMINDER_LEASE_SECONDS="2",
        POISON=f"/steps/{poison.step_id}/",
        DJANGO_SETTINGS_MODULE="nmdtracker.settings",
    )
    codes = []
    while rows_of([poison.pk])[0].state != "dead" and len(codes) < 8:
        codes.append(subprocess.run([sys.executable, "-c", POISON], env=env, cwd=ROOT).returncode)
        time.sleep(2)
    assert codes.count(9) == 1
    assert codes[-1] == 0
    others = [row for row in rows_of(keys) if row.pk != poison.pk]
    assert {row.state for row in others} == {"sent"}
    assert sorted(mailbox.ids) == sorted(row.message_id for row in others)
    # claimed alone, once; once more if a busy machine outlasts the lease of a second
    assert max(row.attempts for row in others) <= 3


def test_the_loop_sends_without_a_broker_and_ends_when_told(mailbox):
    _, keys = owed_now(5)
    env = environment(mailbox, REDIS_URL="redis://127.0.0.1:9/0")  # nobody listens there
    command = [sys.executable, "manage.py", "deliver", "--loop"]
    loop = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert loop.stdout.readline() == "5 sent\n"
    loop.terminate()
    assert loop.wait(timeout=10) == 0
    assert {row.state for row in rows_of(keys)} == {"sent"}


def wake_until(enough, seconds=40, every=0.002):
    """Be the beat until `enough()`, which is asked every so many seconds."""
    deadline = time.monotonic() + seconds
    while not enough() and time.monotonic() < deadline:
        app.send_task("workflows.reminders.tasks.deliver_reminders", expires=5)
        pause = time.monotonic() + 0.5
        while not enough() and time.monotonic() < pause:
            time.sleep(every)
    assert enough()


def test_an_attack_loses_nothing_and_doubles_nothing_unseen(settings, capsys):
    """The small brother of `bench/chaos.py`: workers die, the broker forgets, mail is refused."""
    began, chance = time.monotonic(), random.Random(500)
    settings.NMD_REMINDER_QUIET_HOURS = False
    app.control.purge()
    acts = [(25, "kill one"), (60, "flush"), (80, "kill"), (110, "flush"), (130, "kill")]
    with Mailbox(pause_s=0.005, refuse=0.1, lose=0.01) as mailbox:
        env = environment(
            mailbox, NMD_REMINDER_LEASE_SECONDS="2", NMD_REMINDER_BACK_OFF_SECONDS="0.2,0.4"
        )
        workers = [Worker(env), Worker(env)]
        _, keys = owed_now(160)
        try:
            for count, act in acts:
                wake_until(lambda: len(mailbox.raw) >= count)  # noqa: B023
                time.sleep(chance.uniform(0, 0.02))
                if act == "flush":
                    Redis.from_url(embedded.redis_url()).flushall()
                elif act == "kill one":
                    assert any(worker.kill_one(chance) for worker in workers)
                else:
                    workers.append(Worker(env))
                    workers.pop(0).kill()
            wake_until(lambda: none_waits(keys), every=0.2)
        finally:
            for worker in workers:
                worker.kill()
            app.control.purge()
        found = Outcome(rows_of(keys), mailbox.messages)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n160 reminders, 3 kill -9, Redis flushed twice, {mailbox.answers['refused']} tries "
            f"refused, {time.monotonic() - began:.0f} s: {found}"
        )
    assert found.broken == []
    assert mailbox.answers["refused"] > 5
