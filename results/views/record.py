"""One form for every modality: a first report, its completion, its correction."""

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseLocation

from results import describe
from results.attachments import services as attachments
from results.attachments.forms import AttachForm
from results.base import Status
from results.drafts import services as drafts
from results.drafts.models import Draft
from results.growing import ADD
from results.last_visit import latest_report, take_over
from results.registry import MODALITIES
from results.services import FINAL, correct_result, current_result, record_result
from results.views.pages import act, page, step_of


@require_http_methods(["GET", "POST"])
def record(request, pk):
    """A first report, preliminary or final; a final one is corrected, not recorded again."""
    step = step_of(request, pk, may="record")
    standing = current_result(step) if step.result_status else None
    if standing and standing.status in FINAL and request.method == "GET":
        return redirect("results:correct", step.pk)
    if standing and standing.status == Status.ENTERED_IN_ERROR:
        standing = None  # taken back: the next report starts from nothing
    return Desk(request, step, standing).answer()


@require_http_methods(["GET", "POST"])
def correct(request, pk):
    """A new version of a final report; the earlier one stays on record."""
    step = step_of(request, pk, may="record")
    standing = current_result(step)
    if standing is None or standing.status not in FINAL:
        return redirect("results:record", step.pk)
    return Desk(request, step, standing, correcting=True).answer()


@require_POST
def reading(request, pk):
    """What the form says so far: sentences and hints. Nothing is stored."""
    step = step_of(request, pk, may="record")
    modality = MODALITIES[step.modality]
    if not modality.reading_template:
        raise Http404
    standing = current_result(step) if step.result_status else None
    form = modality.form(request.POST, step=step, standing=standing)
    context = {"reading": form.reading(), "form": form}
    return render(request, modality.reading_template, context)


@dataclass
class Desk:
    """One request for the form of a step."""

    request: object
    step: object
    standing: object = None
    correcting: bool = False
    uploads: AttachForm | None = None

    def answer(self):
        if self.request.method == "GET":
            return self._opened()
        form, self.uploads = self._form(self.request.POST), AttachForm({}, self.request.FILES)
        if ADD in self.request.POST:  # a table asked for a further line: nothing is judged yet
            return self._page(form.unjudged())
        if not (form.is_valid() & self.uploads.is_valid()):
            return self._unsaved(form)
        draft = form.draft()
        try:
            self._save(form, draft)
        except ValidationError as refusal:
            return self._refused(form, refusal)
        return self._saved(draft)

    def _form(self, data=None):
        form = MODALITIES[self.step.modality].form
        return form(data, step=self.step, standing=self.standing, correcting=self.correcting)

    def _save(self, form, draft):
        if self.correcting:
            reason = form.cleaned_data["correction_reason"]
            correct_result(self.step, draft, reason=reason, **act(self.request, form))
        else:
            record_result(self.step, draft, **act(self.request, form))

    def _saved(self, draft):
        files = self.uploads.cleaned_data["attach"]
        attachments.attach(self.step, files, by=self.request.user, at=draft.recorded_at)
        word = draft.get_status_display().lower()
        messages.success(self.request, f"{self.step.label}: {word} report saved.")
        if draft.flag() == "critical":
            messages.warning(
                self.request,
                "This result is critical: review it today. Who has it in hand is told at once.",
            )
        return self._go(reverse("workflows:step", args=[self.step.pk]))

    def _go(self, address):
        """On to the next page; a script takes it in whole, without leaving the one it runs in."""
        if not self.request.htmx:
            return redirect(address)
        return HttpResponseLocation(address, target="body", headers={"HX-Request": "false"})

    def _opened(self):
        """The empty form, or what was typed into it before."""
        draft = self._draft()
        if draft is None or self._offers_only(draft):
            return self._begun(expired=draft)
        form = self._form(_with_version(draft.typed(), self.step)).unjudged()
        if draft.step_version == self.step.version:
            return self._page(form, kept=draft)
        return self._page(form, kept=draft, **self._moved_on(draft))

    def _begun(self, **more):
        """An empty first form, or, asked for, one that begins as the last visit ended."""
        form, last = self._form(), None if self.standing else latest_report(self.step)
        same = bool(last) and self.request.GET.get("from") == "last"
        if same:
            take_over(form, last)
        return self._page(form, last=last, same=same, **more)

    def _draft(self):
        key = self.request.GET.get("draft", "")
        if not key.isdecimal():
            return drafts.own_draft(self.step, self.request.user)
        own = Draft.objects.for_user(self.request.user).filter(step=drafts.leader_of(self.step))
        return get_object_or_404(own, pk=key)

    def _offers_only(self, draft):
        """An expired draft is filled in again only when she asks for it."""
        return draft.has_expired(timezone.now()) and "draft" not in self.request.GET

    def _moved_on(self, draft):
        """What came to stand since the draft was begun, beside what the draft says."""
        theirs = self.standing
        if theirs is None or theirs.recorded_at < draft.started_at:
            return {"stale": "This step has moved on since your draft was saved."}
        form = self._form(draft.typed())
        mine = form.draft() if form.is_valid() else None
        return {
            "stale": "Another report was saved since your draft.",
            "theirs": theirs,
            "pairs": _changed(theirs, mine) if mine else None,
        }

    def _unsaved(self, form, status=422, **more):
        """Refused: all that was typed stays in the form, and in a draft if the session ends."""
        try:
            drafts.keep(self.step, self.request.POST, by=self.request.user, at=timezone.now())
        except drafts.Overtaken:
            return self._page(form, status=status, **more)  # the later draft is hers as well
        kept = drafts.own_draft(self.step, self.request.user)
        return self._page(form, status=status, kept=kept, **more)

    def _refused(self, form, refusal):
        """Say why; after somebody else's save, show both versions and keep what was typed."""
        if getattr(refusal, "code", "") != "stale":
            form.add_error(None, refusal)
            return self._unsaved(form)
        mine = form.draft()
        self.step = step_of(self.request, self.step.pk, may="record")
        self.standing = theirs = current_result(self.step) if self.step.result_status else None
        self.correcting = bool(theirs and theirs.status in FINAL)
        return self._unsaved(
            self._form(_with_version(self.request.POST, self.step)),
            status=409,
            stale=str(refusal.messages[0]),
            theirs=theirs,
            pairs=_changed(theirs, mine) if theirs else [],
        )

    def _page(self, form, *, status=200, kept=None, **more):
        """htmx swaps in only what comes with 200; a browser and a script learn the true status."""
        status = 200 if self.request.htmx else status
        window = self.request.POST.get("draft-window") or secrets.token_hex(8)
        act = "correct" if self.correcting else "record"
        context = {"form": form, "act": act, "kept": kept, "window": window, **more}
        context |= {
            "uploads": self.uploads or AttachForm(),
            "attached": attachments.of_step(self.step),
        }
        return page(self.request, "record", self.step, status=status, **context)


def _changed(theirs, mine):
    return [pair for pair in describe.pairs(theirs, mine) if pair.changed]


def _with_version(posted, step):
    """What was typed, with the token of what stands now: saving again is a decision."""
    posted = posted.copy()
    posted["version"] = step.version
    return posted
