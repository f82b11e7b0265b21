"""From the first symptom to now: what happened in a case, each day as exactly as it is known."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from patients.partial import PartialDate, of_day
from workflows.clock import day_passed, is_overdue, local_day
from workflows.facts import onset_of
from workflows.look import DOORS
from workflows.models.step import Ended
from workflows.say import act_words

FIRST, LAST = datetime.min, datetime.max
TOLD = []  # functions (case) → [Moment] of the rooms above: what a history tells of the time before


@dataclass(frozen=True)
class Moment:
    """One line: `step` is what it was about; `mark` is late, next or ""."""

    when: PartialDate
    what: str
    who: str = ""
    step: object = None
    mark: str = ""
    order: tuple = ()  # among the moments of one day


@dataclass(frozen=True)
class _Act:
    """What somebody did to a step on a day; `at` orders the acts of one day."""

    step: object
    on: object
    at: datetime
    word: str
    who: str


def timeline_of(case, names):
    """Moments of a case as `charted` reads it, the newest first."""
    steps, diagnoses = case.every_step, case.lists["diagnoses"]
    acts = [act for step in steps for act in _doors(case, step, names)]
    by_key = {step.pk: step for step in steps}
    found = []
    for event in case.lists["acts"]:
        on, who = local_day(event.at, case.clinic), _who(event.actor)
        step, words = by_key.get(event.step_id), act_words(event)
        if step:
            acts.append(_Act(step, on, _plain(event.at), words[0].lower() + words[1:], who))
        else:
            found.append(Moment(of_day(on), words, who, order=(_plain(event.at),)))
    found += [*_beginning(case), *_plans(case, steps), *_diagnoses(case, diagnoses, names)]
    found += [*_of_steps(acts), *(moment for tell in TOLD for moment in tell(case))]
    return sorted(found, key=lambda moment: (moment.when.on, *moment.order), reverse=True)


def _who(person):
    return person.get_full_name() if person else "by rule"


def _plain(at):
    return timezone.make_naive(at)


def _on_the_day(at, on):
    """The instant of an act among those of its day; what was entered on another day leads."""
    plain = _plain(at) if at else FIRST
    return plain if plain.date() == on else FIRST


def _doors(case, step, names):
    """The doors that a step has passed, and how it left the list otherwise."""
    if step.twin_of_id:
        return
    for door, (passed, _, _) in DOORS.items():
        if on := day_passed(step, door, case.clinic):
            at = getattr(step, f"{door}_at", None)
            word = "done" if door == "performed" else passed.lower()
            who = names.get(getattr(step, f"{door}_by_id"), "")
            yield _Act(step, on, _on_the_day(at, on), word, who)
    if step.ended:
        who = names.get(step.ended_by_id, "by rule")
        on = local_day(step.ended_at, case.clinic)
        yield _Act(step, on, _plain(step.ended_at), Ended(step.ended).label.lower(), who)


def _of_steps(acts):
    """What happened to one step on one day is one line: "Core bloods: done, reported"."""
    days = defaultdict(list)
    for act in acts:
        days[act.step.pk, act.on].append(act)
    for (_, on), group in days.items():
        group.sort(key=lambda act: act.at)
        words = list(dict.fromkeys(act.word for act in group))
        if any(word.startswith("reported: ") for word in words):
            words = [word for word in words if word != "reported"]
        who = ", ".join(dict.fromkeys(act.who for act in group if act.who))
        yield Moment(of_day(on), ", ".join(words), who, group[0].step, order=(group[-1].at,))


def _beginning(case):
    onset, said = onset_of(case), case.onset_text
    if onset.on:
        what = f"First symptom: “{said}”" if said and said != str(onset) else "First symptom"
        yield Moment(onset, what, order=(FIRST,))
    yield Moment(of_day(case.referral_on), "Referral received", order=(FIRST,))


def _plans(case, steps):
    """What is booked and has not been done, and what is late: the next door and since when."""
    today = timezone.localdate()
    for step in steps:
        if step.is_open and step.booked_for and not step.performed_on and not step.twin_of_id:
            on = local_day(step.booked_for, case.clinic)
            mark = "next" if on >= today else ""
            yield Moment(of_day(on), "booked", "", step, mark, (_plain(step.booked_for),))
        if is_overdue(step, today):
            what = f"{DOORS[step.door][1]} was due"
            yield Moment(of_day(step.due_on), what, "", step, "late", (LAST,))


def _diagnoses(case, diagnoses, names):
    for each in diagnoses:
        words = f"{each.label}, {each.get_certainty_display()}"
        set_on = of_day(local_day(each.set_at, case.clinic))
        who = names.get(each.set_by_id, "")
        yield Moment(set_on, f"Diagnosis: {words}", who, order=(_plain(each.set_at),))
        if each.told_at:
            on = of_day(local_day(each.told_at, case.clinic))
            who = names.get(each.told_by_id, "")
            yield Moment(on, f"Diagnosis told: {words}", who, order=(_plain(each.told_at),))
