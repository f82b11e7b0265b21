"""A person's day: what waits for her own hand, most dangerous first."""

from datetime import timedelta

from django.db.models import Case as When
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Value
from django.db.models import When as If
from django.utils import timezone

from accounts.models import Membership
from patients.models import clinics_for
from workflows.contradictions import contradictions_of
from workflows.models import Absence, Offer, Proposal, Reminder, Step
from workflows.models.proposal import CONTRADICTION
from workflows.reminders.watch import held_up
from workflows.standing import hers

SHOWN = 20
CRITICAL_FIRST = When(
    If(flag="critical", then=Value(0)),
    If(flag="abnormal", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def my_day(user, today):
    """Sections of the page; each a list of at most SHOWN rows with its exact count."""
    mine, roles, whose = _mine(user), _roles(user), hers(user, today)
    review = mine.filter(stage="to_review").annotate(rank=CRITICAL_FIRST)
    asked = Step.objects.overdue(today).filter(clinic_id__in=clinics_for(user), ordered_by=user)
    booked = mine.filter(stage="booked", booked_for__date__lte=today + timedelta(days=1))
    return {
        "unread": _section(_unread(user, whose).order_by("sort_on", "id")),
        "to_review": _section(review.order_by("rank", "sort_on", "id")),
        "to_tell": _section(mine.filter(stage="to_tell").order_by("sort_on", "id")),
        "to_order": _section(mine.filter(stage="to_order").order_by("sort_on", "id")),
        "visits": _section(booked.order_by("booked_for", "id")),
        "to_book": _section(mine.filter(stage="to_book").order_by("sort_on", "id")),
        "late_results": _section(
            mine.filter(stage="awaiting_result", sort_on__lt=today).order_by("sort_on", "id")
        ),
        "asked_late": _section(asked.exclude(owner=user).order_by("sort_on", "id")),
        "proposals": _proposals(user, whose),
        "contradictions": _contradictions(user, whose),
        "offers": _offers(user),
        "away": _away(user, today),
        **_of_the_clinic(user, today),
        "decides": "clinician" in roles,
        "coordinates": "coordinator" in roles,
    }


def _roles(user):
    return {each.role for each in getattr(user, "current_memberships", [])}


def _mine(user):
    """Steps that the user owns, and those of the pools she belongs to that nobody owns."""
    own = Step.objects.open().filter(clinic_id__in=clinics_for(user), owner=user)
    pools = _roles(user) & {"clinician", "coordinator"}
    if not pools:
        return own
    pooled = Step.objects.open().filter(
        clinic_id__in=clinics_for(user), owner=None, owner_role__in=pools
    )
    return own | pooled


def _section(steps):
    rows = list(
        steps.select_related("patient", "owner").prefetch_related("patient__identifiers")[:SHOWN]
    )
    return {"rows": rows, "n": len(rows) if len(rows) < SHOWN else steps.count()}


def _unread(user, whose):
    """Critical values of reports that are not final: nobody has to review them yet, but she knows.

    Their next door is the final report, which a coordinator awaits.
    """
    awaited = Step.objects.open().filter(
        clinic_id__in=clinics_for(user, may="decide"), stage="awaiting_result"
    )
    return awaited.filter(whose, flag="critical", reviewed_at=None)


def _proposals(user, whose):
    """What rules ask a clinician to decide, by patient, alerts first; the chart shows it to all."""
    found = Proposal.objects.open().filter(clinic_id__in=clinics_for(user, may="decide"))
    found = found.filter(whose).exclude(kind=CONTRADICTION)
    found = found.annotate(
        rank=When(
            If(level="emergency", then=Value(0)),
            If(level="urgent", then=Value(1)),
            If(kind="alert", then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
    )
    rows = found.select_related("patient").prefetch_related("patient__identifiers")
    rows = list(rows.order_by("rank", "raised_at", "id")[:SHOWN])
    by_case = {}
    for row in rows:
        by_case.setdefault(row.case_id, []).append(row)
    return {"rows": list(by_case.values()), "n": len(rows) if len(rows) < SHOWN else found.count()}


def _of_the_clinic(user, today):
    """What only whoever administers a clinic can mend; nothing for everybody else.

    Messages that nobody got or that do not leave, late work in nobody's hands, people who left
    and still own some.
    """
    clinics = clinics_for(user, may="administer")
    if not clinics:
        return {}
    dead = Reminder.objects.filter(clinic_id__in=clinics, state="dead", digest=None)
    late = Step.objects.overdue(today).filter(clinic_id__in=clinics, owner=None)
    return {
        "administers": True,
        "given_up": dead.count(),
        "held_up": held_up(clinics, timezone.now()),
        "nobodys": _section(late.order_by("sort_on", "id")),
        "left": _left(clinics, today),
    }


def _left(clinics, today):
    """Who works here no longer and still owns open steps, with the code of the clinic."""
    there = Membership.objects.filter(user=OuterRef("user"), clinic=OuterRef("clinic"))
    owned = Step.objects.open().filter(owner=OuterRef("user"), clinic_id=OuterRef("clinic_id"))
    gone = Membership.objects.filter(clinic_id__in=clinics, ends_on__lt=today)
    gone = gone.filter(~Exists(there.active(today)), Exists(owned))
    gone = gone.select_related("user", "clinic").order_by("user_id", "clinic_id", "-ends_on")
    return list(gone.distinct("user_id", "clinic_id")[:SHOWN])


def _offers(user):
    """Hand-overs that wait for her answer, came back to her, or were asked of others: counts."""
    waiting = Q(state="asked", to_user=user)
    back = Q(state__in=["declined", "lapsed"], noticed_at=None, from_user=user)
    asked = Q(state="asked", asked_by=user) & ~Q(to_user=user)
    mine = Offer.objects.filter(waiting | back | asked, clinic_id__in=clinics_for(user))
    return mine.aggregate(
        waiting=Count("pk", filter=waiting),
        back=Count("pk", filter=back),
        asked=Count("pk", filter=asked),
        late=Count("pk", filter=asked & Q(until__lt=timezone.localdate())),
    )


def _away(user, today):
    """Her own absence, which sends her work elsewhere, and those that bring others' work to her."""
    here = Absence.objects.on(today).filter(clinic_id__in=clinics_for(user))
    return list(
        here.filter(Q(user=user) | Q(deputy=user)).select_related("user", "deputy", "clinic")
    )


def _contradictions(user, whose):
    """Her patients' findings that do not fit together; the whole list is a page of its own."""
    found = contradictions_of(user, whose=whose)
    rows = list(found[:SHOWN])
    return {"rows": rows, "n": len(rows) if len(rows) < SHOWN else found.count()}
