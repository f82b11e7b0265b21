"""Lists of outstanding work: the worklist, a person's day, the caseload."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.services import record
from workflows import caseload as caseloads
from workflows import contradictions as findings
from workflows import look, worklist
from workflows.day import my_day as day_of
from workflows.expected import EXPECTED_FROM, outlook_of
from workflows.models import Step
from workflows.rows import drawn
from workflows.standing import hers
from workflows.views import saved_views
from workflows.views.bulk import offered_in_bulk

MODALITIES = tuple((code, label) for code, (label, _) in look.MODALITIES.items())
URGENCIES = tuple((code, label) for code, (label, _) in look.URGENCIES.items())


@require_GET
def worklist_page(request):
    if not request.GET and (words := saved_views.default_words(request.user)):
        return redirect(f"{request.path}?{words}")
    today = timezone.localdate()
    chosen = worklist.Filter.from_query(request.GET)
    listing = worklist.Listing(request.user, chosen, today)
    found = listing.page()
    counts, request.standing = listing.counts()
    record(request.user, "worklist.view", shown=len(found.rows), tab=chosen.tab)
    columns = request.user.wishes.columns or list(worklist.OPTIONAL)
    here = counts.get(chosen.tab)
    context = {
        "page": found,
        "drawn": drawn(found.rows, columns, here.of_groups() if here else {}),
        "chosen": chosen,
        "tabs": [_tab(request, tab, counts, chosen) for tab in worklist.TABS],
        "shown_of": here.n if here else len(found.rows),
        "next_url": _with(request, after=found.next_after) if found.next_after else "",
        "chips": list(_chips(request, chosen)),
        "team": _team(request.user) if chosen.team else "",
        "first_url": _with(request),
        "modalities": MODALITIES,
        "bulk": offered_in_bulk(request.user),
        "query": chosen.words,
        "awaited": urlencode([("step", row["step"]) for row in found.rows if row["awaits"]]),
        "columns": columns,
        "clinics": list(worklist.clinics_of(request.user).values()),
        "kept": chosen.kept_but("modality", "urgency", "clinic", "q"),
        "urgencies": URGENCIES,
    }
    template = "workflows/_worklist.html" if request.htmx else "workflows/worklist.html"
    return render(request, template, context)


@require_GET
def expected_by(request):
    """By when each awaited report of a list is expected: asked for after it, so that it costs the

    list nothing; one statement for the steps, one for the history of all their laboratories.
    """
    keys = [int(key) for key in request.GET.getlist("step")[: worklist.PAGE] if _is_key(key)]
    steps = Step.objects.for_user(request.user).filter(pk__in=keys).only(*EXPECTED_FROM)
    today = timezone.localdate()
    context = {"outlooks": outlook_of(list(steps), today).items(), "today": today}
    return render(request, "workflows/_worklist_expected.html", context)


def _is_key(text):
    return text.isdecimal() and len(text) < 18


def _with(request, **changes):
    """The present address with some words changed; an empty value takes the word out."""
    query = {**request.GET.dict(), "after": "", **changes}
    words = urlencode({name: value for name, value in query.items() if value})
    return f"?{words or 'tab=open'}"  # an empty address opens the reader's own view


def _tab(request, tab, counts, chosen):
    word = {"open": "All open", "done": "Done"}.get(tab) or look.STAGES[tab][0]
    count = counts.get(tab)
    return {
        "word": word,
        "n": str(count.n) if count else "",
        "late": str(count.late) if count and count.late else "",
        "url": _with(request, tab="" if tab == "open" else tab),
        "current": tab == chosen.tab,
    }


WHOSE = {"mine": "Mine", "team": "My team", "nobody": "Nobody’s"}  # one of them at a time
WHICH = {"overdue": "Overdue only", "week": "Due this week", "loops": "Open loops"}


def _chips(request, chosen):
    """Filters that are on or off: (word, whether it is on, the address that changes it)."""
    for name, word in (WHOSE | WHICH).items():
        is_on = getattr(chosen, name)
        others = dict.fromkeys(WHOSE, "") if name in WHOSE else {}
        yield word, is_on, _with(request, **(others | {name: "" if is_on else "1"}))


def _team(user):
    """“clinicians”, “coordinators”: whose work the list of her team is."""
    return " and ".join(f"{role}s" for role in worklist.team_of(user))


@require_GET
def my_day(request):
    today = timezone.localdate()
    record(request.user, "day.view")
    return render(request, "workflows/my_day.html", day_of(request.user, today) | {"today": today})


@require_GET
def contradictions(request):
    """Findings that do not fit together; each is dismissed with a reason or settled by a result."""
    mine = request.GET.get("mine") == "1"
    whose = hers(request.user, timezone.localdate()) if mine else None
    rows = list(findings.contradictions_of(request.user, whose=whose)[: findings.SHOWN + 1])
    record(request.user, "contradictions.view", shown=len(rows[: findings.SHOWN]))
    context = {
        "contradictions": findings.with_steps(rows[: findings.SHOWN], request.user),
        "more": len(rows) > findings.SHOWN,
        "mine": mine,
    }
    return render(request, "workflows/contradictions.html", context)


@require_GET
def caseload(request):
    today = timezone.localdate()
    record(request.user, "caseload.view")
    context = caseloads.figures(request.user, today) | {"today": today}
    return render(request, "workflows/caseload.html", context)
