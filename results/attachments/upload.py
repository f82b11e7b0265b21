"""How a file comes in: to disk in pieces, up to the limit; what it is, its content says."""

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from results.attachments.models import Kind

LOOKED_AT = 1024  # bytes at either end
PNG_START, BOM = b"\x89PNG\r\n\x1a\n", b"\xef\xbb\xbf"
ENDS = {Kind.PDF: b"%%EOF", Kind.PNG: b"IEND\xaeB`\x82"}


def most_bytes():
    return settings.NMD_ATTACHMENT_MB * 1_000_000


class Limited(TemporaryFileUploadHandler):
    """Writes no more than the limit, and no file into memory; the size stays the true one, so
    that the form can refuse what is too large with everything else that was typed in hand.
    """

    def receive_data_chunk(self, raw_data, start):
        if start <= most_bytes():
            super().receive_data_chunk(raw_data, start)


def kind_of(file):
    """The Kind of an open file by its first bytes, or None.

    Sources: ISO 32000-1 7.5.2 (%PDF-), PNG specification 5.2 and 11.2.2, ITU-T T.81 B.1.1.3 (SOI).
    """
    file.seek(0)
    start = file.read(LOOKED_AT)
    if start.removeprefix(BOM).lstrip().startswith(b"%PDF-"):
        return Kind.PDF
    if start.startswith(PNG_START) and start[12:16] == b"IHDR":
        return Kind.PNG
    return Kind.JPEG if start.startswith(b"\xff\xd8\xff") else None


def is_cut_off(file, kind):
    """Is the mark missing that ends such a file? (JPEG cameras write more after theirs.)"""
    file.seek(max(0, file.size - LOOKED_AT))
    return kind in ENDS and ENDS[kind] not in file.read(LOOKED_AT)
