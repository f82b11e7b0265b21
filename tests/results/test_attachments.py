"""Files beside a report: what they are, who may look, and that none is lost."""

import hashlib
import stat
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Event
from results.attachments.models import Attachment
from results.drafts.models import Draft
from results.labs.models import LabResult
from tests import make

TODAY = timezone.localdate().isoformat()
MB = 1_000_000


def _chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(20) + b"\xff\xd9"


@pytest.fixture
def labs(case, media):
    return case.steps.get(code="tri_labs")


def record(page, step, *files, **fields):
    step.refresh_from_db()
    data = {"performed_on": TODAY, "status": "final", "version": step.version} | fields
    answer = page.post(f"/results/record/{step.pk}/", data | {"attach": list(files)})
    step.refresh_from_db()
    return answer


def files_of(folder):
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_file_is_attached_with_the_report_and_given_back_as_it_was(page, labs, media):
    assert record(page, labs, make.pdf("IV 2026.pdf"), **{"lab-ck-value": "300"}).status_code == 302
    row = Attachment.objects.get()
    assert (row.kind, row.size_bytes) == ("application/pdf", len(make.PDF))
    assert row.sha256 == hashlib.sha256(make.PDF).hexdigest()
    [path] = files_of(media)
    assert "IV" not in str(path.relative_to(media))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    answer = page.get(f"/results/file/{row.pk}/")
    assert b"".join(answer.streaming_content) == make.PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="IV 2026.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    looked = Event.objects.get(verb="attachment.view")
    assert (looked.detail, looked.step_id) == ({"attachment": row.pk}, labs.pk)
    for address in (f"/results/step/{labs.pk}/", f"/steps/{labs.pk}/"):
        assert "IV 2026.pdf" in page.get(address).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "kind", "given_back_as"),
    [
        (PNG, "slice.png", "image/png", "slice.png"),
        (JPEG, "photo.JPG", "image/jpeg", "photo.JPG"),
        (PNG, "slice.pdf", "image/png", "slice.png"),
        (b"\xef\xbb\xbf\n" + make.PDF, "report", "application/pdf", "report.pdf"),
    ],
)
def test_the_content_says_what_a_file_is(page, labs, content, name, kind, given_back_as):
    page.post(f"/results/step/{labs.pk}/attach/", {"attach": SimpleUploadedFile(name, content)})
    row = Attachment.objects.get()
    assert (row.kind, row.download_name) == (kind, given_back_as)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x90\0" + bytes(900), "is no PDF, PNG or JPEG, whatever its name says"),
        (b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", "is no PDF, PNG or JPEG"),
        (b"", "empty"),
        (make.PDF[:40], "is cut off"),
        (PNG[:-12], "is cut off"),
    ],
)
def test_another_file_is_refused_at_its_field_and_the_form_is_kept(page, labs, content, sentence):
    file = SimpleUploadedFile("scan.pdf", content)
    answer = record(page, labs, file, **{"lab-ck-value": "300", "comment": "seen by phone"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert "seen by phone" in html
    assert 'id="id_attach_error"' in html
    assert not LabResult.objects.exists()
    assert not Attachment.objects.exists()
    assert Draft.objects.get().data["comment"] == ["seen by phone"]


def test_sixty_megabytes_that_are_no_pdf_are_refused_without_being_read(page, labs, tmp_path):
    path = tmp_path / "scan.pdf"
    with path.open("wb") as file:
        file.truncate(60 * MB)
    with path.open("rb") as file:
        answer = record(page, labs, file, comment="seen by phone")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "“scan.pdf” is no PDF, PNG or JPEG, whatever its name says" in html
    assert "“scan.pdf” has 60 MB: at most 25 MB can be attached." in html
    assert "seen by phone" in html


def test_no_more_than_the_limit_is_written_and_nothing_into_memory(settings):
    from results.attachments.upload import Limited

    settings.NMD_ATTACHMENT_MB = 1
    handler, piece = Limited(), bytes(64 * 1024)
    handler.new_file("attach", "a.pdf", "application/pdf", None)
    for start in range(0, 6 * MB, len(piece)):
        assert handler.receive_data_chunk(piece, start) is None
    file = handler.file_complete(6 * MB)
    assert file.size == 6 * MB
    with open(file.temporary_file_path(), "rb") as written:
        assert len(written.read()) <= MB + 2 * len(piece)


def test_a_withdrawn_file_is_marked_kept_and_still_readable(page, labs, media):
    record(page, labs, make.pdf(), **{"lab-ck-value": "300"})
    row = Attachment.objects.get()
    assert "Say why" in page.post(f"/results/file/{row.pk}/withdraw/").content.decode()
    page.post(f"/results/file/{row.pk}/withdraw/", {"reason": "Of another patient"})
    html = page.get(f"/results/step/{labs.pk}/").content.decode()
    assert "Of another patient" in html
    assert page.get(f"/results/file/{row.pk}/").status_code == 200
    assert len(files_of(media)) == 1
    again = page.post(f"/results/file/{row.pk}/withdraw/", {"reason": "twice"})
    assert "withdrawn already" in again.content.decode()


def test_two_steps_done_together_share_their_files(page, labs, case, doctor):
    twin = case.steps.get(code="tri_resp")
    type(twin).objects.filter(pk=twin.pk).update(twin_of=labs.pk)
    twin.refresh_from_db()
    from results.attachments.services import attach, of_step

    attach(twin, [make.pdf()], by=doctor, at=timezone.now())
    assert [row.step_id for row in of_step(labs)] == [labs.pk]


def test_a_lost_file_is_a_plain_answer(page, labs, media):
    record(page, labs, make.pdf(), **{"lab-ck-value": "300"})
    for path in files_of(media):
        path.unlink()
    assert page.get(f"/results/file/{Attachment.objects.get().pk}/").status_code == 404


def test_no_address_leads_to_the_folder(page, labs):
    record(page, labs, make.pdf(), **{"lab-ck-value": "300"})
    name = Attachment.objects.get().file.name
    for address in (f"/{name}", f"/media/{name}", f"/static/{name}", f"/static/../files/{name}"):
        assert page.get(address).status_code == 404
