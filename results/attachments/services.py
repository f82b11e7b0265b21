"""Attach files to a step, and withdraw one. Nothing is deleted, on disk neither."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import record
from results.attachments.models import Attachment
from results.attachments.upload import kind_of
from results.services import leader_of

CHUNK_BYTES = 256 * 1024


def attach(step, files, *, by, at):
    """Keep uploaded files (checked by AttachForm); one event for all of them."""
    return _attach(step, files, by, at) if files else []


@transaction.atomic
def _attach(step, files, by, at):
    rows = [_row(step, file, by, at) for file in files]
    Attachment.objects.bulk_create(rows)
    _log(by, "attachment.add", step, at, kinds=[row.kind for row in rows])
    return rows


def _row(step, file, by, at):
    digest = hashlib.sha256()
    for piece in file.chunks(CHUNK_BYTES):
        digest.update(piece)
    kind = kind_of(file)
    file.seek(0)
    return Attachment(
        clinic_id=step.clinic_id,
        step_id=leader_of(step),
        file=file,
        name=file.name[:200],
        kind=kind,
        size_bytes=file.size,
        sha256=digest.hexdigest(),
        added_by=by,
        added_at=at,
    )


@transaction.atomic
def withdraw(attachment, *, reason, by, at):
    """It stays readable, marked. Raises ValidationError if somebody withdrew it before."""
    row = Attachment.objects.select_for_update().select_related("step").get(pk=attachment.pk)
    if row.withdrawn_at:
        raise ValidationError("This file has been withdrawn already.")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = at, by, reason
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _log(by, "attachment.withdraw", row.step, at, attachment=row.pk)
    return row


def of_step(step):
    found = Attachment.objects.filter(step_id=leader_of(step))
    return found.select_related("added_by", "withdrawn_by")


def _log(by, verb, step, at, **detail):
    record(
        by,
        verb,
        clinic_id=step.clinic_id,
        patient_id=step.patient_id,
        case_id=step.case_id,
        step_id=leader_of(step),
        at=at,
        **detail,
    )
