"""The numbers beside the tabs are kept by whatever changes a step, and are exact at each commit."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.rls import ALL, clinics
from tests import make
from workflows import services, worklist
from workflows.models import Step, Tally, tally
from workflows.reminders.sweep import plan_missing


@pytest.fixture
def steps(case):
    return Step.objects.filter(case=case).open()


def counted(user):
    return worklist.Listing(user, worklist.Filter(), timezone.localdate()).counts()


def test_acts_bulk_writes_and_plain_sql_are_counted(case, steps, doctor):
    assert tally.wrong() == 0 < steps.count()
    services.order(steps.filter(stage="to_order").first(), by=doctor, at=timezone.now())
    assert tally.wrong() == 0
    Step.objects.filter(case=case).update(stage="on_hold", due_on=timezone.localdate())
    assert tally.wrong() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workflows_step SET is_open = false, stage = 'done', door = ''")
    assert tally.wrong() == 0
    there = Step.objects.filter(case=case).count()
    by_tab, standing = counted(doctor)
    assert (by_tab["open"], by_tab["done"]) == (worklist.Count(), worklist.Count(there))
    assert standing["late"] == 0, "what is done is not late, whatever its day was"


@pytest.mark.parametrize(
    ("words", "is_known"),
    [({}, True), ({"overdue": True}, True), ({"modality": "labs"}, False), ({"q": "e"}, False)],
)
def test_the_done_are_counted_where_no_filter_reads_each_of_them(
    case, steps, doctor, words, is_known
):
    services.start_pathway(case, "als", by=doctor, at=timezone.now())
    bloods = steps.filter(stage="to_order", modality="labs").first()
    make.reported(bloods, doctor, {})
    now = {"by": doctor, "at": timezone.now()}
    services.review(bloods, outcome="nothing", **now)
    services.tell(bloods, how="visit", **now)
    listing = worklist.Listing(doctor, worklist.Filter(**words), timezone.localdate())
    by_tab, _ = listing.counts()
    shown = worklist.Listing(doctor, worklist.Filter(tab="done", **words), timezone.localdate())
    assert by_tab.get("done") == (worklist.Count(len(shown.page().rows)) if is_known else None)
    assert bool(shown.page().rows) is not ("overdue" in words)
    assert not any("no date yet" in row["due"] for row in shown.page().rows), "it needs none"


def test_what_is_taken_back_was_never_counted(steps, doctor):
    before = counted(doctor)
    with transaction.atomic():
        steps.update(due_on=timezone.localdate() - timedelta(days=400))
        late = steps.overdue(timezone.localdate()).count()
        assert counted(doctor)[0]["open"][1] == late > 0
        transaction.set_rollback(True)
    assert counted(doctor) == before
    assert tally.wrong() == 0


def test_what_touches_neither_stage_nor_day_writes_no_row(steps):
    before = Tally.objects.count()
    steps.update(note="the lift is broken")
    assert Tally.objects.count() == before


def test_several_changes_are_folded_into_one_row_every_hour(steps, doctor):
    for days in (1, 2, 3):
        steps.update(due_on=timezone.localdate() + timedelta(days=days))
    before = counted(doctor)
    plan_missing()
    kept = list(Tally.objects.values_list("clinic", "stage", "sort_on"))
    assert len(kept) == len(set(kept))
    assert (counted(doctor), tally.wrong()) == (before, 0)


def test_a_wrong_number_is_found_and_counted_again(steps, clinic, doctor):
    before = counted(doctor)
    Tally.objects.create(clinic=clinic, stage="to_book", sort_on=timezone.localdate(), n=7)
    with pytest.raises(CommandError, match="not what a recount finds"):
        call_command("check_loops")
    call_command("check_loops", "--recount")
    assert counted(doctor) == before


def test_a_recount_leaves_other_clinics_alone(steps, clinic):
    there = make.clinic("south")
    Tally.objects.create(clinic=there, stage="to_book", sort_on=timezone.localdate(), n=7)
    with clinics([clinic.pk]):
        tally.recount()
        assert tally.wrong() == 0
    assert Tally.objects.filter(clinic=there).get().n == 7


@pytest.mark.django_db(transaction=True)
def test_people_at_work_do_not_wait_for_each_other_and_lose_no_count():
    """Cases of one clinic, several connections, folds and recounts between: still exact."""
    with clinics(ALL):
        clinic = make.clinic()
        doctor = make.user(clinic, "clinician")
        keys = [make.case(make.patient(clinic, mrn=str(n)), doctor).pk for n in range(3)]

    def work(key):
        for turn in range(12):
            with clinics(ALL):
                day = timezone.localdate() + timedelta(days=turn % 3)
                Step.objects.filter(case=key).update(due_on=day)
                if turn % 4 == 0:
                    tally.fold()
                elif turn % 4 == 2:
                    tally.recount()
        connection.close()

    threads = [threading.Thread(target=work, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with clinics(ALL):
        assert tally.wrong() == 0
        assert Tally.objects.exists()
