"""Files, folders and archives as one stream of documents; nothing is unpacked to disk."""

import lzma
import os
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from interop.refused import Refused
from interop.strictjson import MAX_BYTES

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz")
SUFFIX = ".json"
MAX_ENTRIES = 100_000
MAX_TOTAL_BYTES = 2_000_000_000
BROKEN = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,  # zipfile: an encrypted entry
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Source:
    """One document: where it lies, and its bytes or why they cannot be had."""

    path: str
    data: bytes = b""
    reason: str = ""


def is_archive(path):
    return str(path).lower().endswith(ARCHIVES)


def count(paths):
    """How many documents there will be, or None when a tar archive would have to be read first."""
    total = 0
    for path in map(Path, paths):
        if path.is_dir():
            total += sum(1 for _ in _walk(path))
        elif not is_archive(path):
            total += 1
        elif not path.name.lower().endswith(".zip"):
            return None
        else:
            try:
                with zipfile.ZipFile(path) as archive:
                    total += sum(map(_is_wanted, archive.namelist()))
            except BROKEN:
                total += 1
    return total


def sources(paths):
    """Every document of the paths as a Source, one after the other."""
    for path in map(Path, paths):
        if path.is_dir():
            for found in _walk(path):
                yield _file(found)
        elif is_archive(path):
            yield from _archive(path)
        else:
            yield _file(path)


def _walk(folder):
    """*.json below a folder, in order; links to other folders are not followed."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if _is_wanted(name):
                yield Path(where) / name


def _is_wanted(name):
    """Documents only: no folders, no hidden companions such as those of macOS archives."""
    name = PurePosixPath(name.replace("\\", "/")).name
    return name.lower().endswith(SUFFIX) and not name.startswith("._")


def _file(path):
    try:
        if not path.is_file():
            return Source(str(path), reason="This is no plain file.")
        with path.open("rb") as file:
            return Source(str(path), _read(file))
    except OSError as error:
        return Source(str(path), reason=f"The file cannot be read: {error.strerror}.")
    except Refused as refusal:
        return Source(str(path), reason=str(refusal))


def _read(file):
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
    return data


def _archive(path):
    entries = _zip(path) if path.name.lower().endswith(".zip") else _tar(path)
    seen = total = 0
    try:
        for name, read in entries:
            seen += 1
            if seen > MAX_ENTRIES:
                raise Refused(f"The archive has more than {MAX_ENTRIES} entries.")
            if not _is_wanted(name):
                continue
            source = _entry(path, name, read)
            total += len(source.data)
            if total > MAX_TOTAL_BYTES:
                raise Refused(f"The archive holds more than {MAX_TOTAL_BYTES // 10**9} GB.")
            yield source
    except Refused as refusal:
        yield Source(str(path), reason=f"{refusal} What follows in it was not read.")
    except BROKEN as error:
        yield Source(str(path), reason=f"The archive is broken or locked ({_words(error)}).")


def _entry(path, name, read):
    label = f"{path}!{name}"
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
        return Source(label, reason="The name of this entry leads out of the archive.")
    try:
        return Source(label, read())
    except Refused as refusal:
        return Source(label, reason=str(refusal))


def _zip(path):
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield info.filename, lambda info=info: _zip_entry(archive, info)


def _zip_entry(archive, info):
    with archive.open(info) as file:
        return _read(file)


def _tar(path):
    with tarfile.open(path, "r|*") as archive:  # a stream: each entry is read once, in order
        for member in archive:
            if not member.isdir():
                yield member.name, lambda member=member: _tar_entry(archive, member)


def _tar_entry(archive, member):
    if not member.isreg():
        raise Refused("This entry is a link or a device, not a file.")
    return _read(archive.extractfile(member))


def _words(error):
    return str(error).split("\n")[0][:100] or type(error).__name__
