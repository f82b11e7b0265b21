"""Files, folders and archives: read where they lie, bounded, and nothing leads out of them."""

import io
import os
import tarfile
import zipfile

import pytest

from interop import sources as module
from interop.sources import count, sources


def found(*paths):
    """{last part of the path: data or reason}"""
    return {source.path.split("/")[-1]: source.data or source.reason for source in sources(paths)}


def write_tar(path, mode, **files):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name.replace("_", "."))
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def test_a_folder_is_read_with_all_that_is_below_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.json").write_bytes(b"two")
    (tmp_path / "1.JSON").write_bytes(b"one")
    (tmp_path / "manifest.csv").write_bytes(b"no")
    (tmp_path / "._1.json").write_bytes(b"no")
    assert list(found(tmp_path).items()) == [("1.JSON", b"one"), ("2.json", b"two")]
    assert count([tmp_path]) == 2


def test_links_in_a_folder_do_not_go_round_in_circles(tmp_path):
    (tmp_path / "1.json").write_bytes(b"one")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert found(tmp_path) == {"1.json": b"one"}


def test_a_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/1.json", b"one")
        archive.writestr("readme.txt", b"no")
    assert found(tmp_path / "a.zip") == {"1.json": b"one"}
    assert count([tmp_path / "a.zip"]) == 1


@pytest.mark.parametrize(
    ("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tar.xz", "w:xz")]
)
def test_a_tar_is_read(tmp_path, name, mode):
    path = write_tar(tmp_path / name, mode, one_json=b"one", two_json=b"two", no_csv=b"no")
    assert found(path) == {f"{name}!one.json": b"one", f"{name}!two.json": b"two"}
    assert count([path]) is None


@pytest.mark.parametrize(
    "name", ["../up.json", "/etc/x.json", "a/../../b.json", r"..\up.json", "C:/x.json"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, b"{}")
    (only,) = sources([tmp_path / "a.zip"])
    assert only.reason == "The name of this entry leads out of the archive."


def test_a_link_in_a_tar_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("secret.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert found(tmp_path / "a.tar") == {
        "a.tar!secret.json": "This entry is a link or a device, not a file."
    }


def test_an_entry_that_unpacks_to_too_much_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.json", b" " * 50_000_000)
        archive.writestr("small.json", b"{}")
    assert found(tmp_path / "bomb.zip") == {
        "bomb.zip!big.json": "The file is larger than 5 MB.",
        "bomb.zip!small.json": b"{}",
    }


def test_an_archive_of_too_many_entries_or_too_much_is_left(tmp_path, monkeypatch):
    path = write_tar(tmp_path / "a.tar", "w", **{f"n{n}_json": b"12345" for n in range(5)})
    monkeypatch.setattr(module, "MAX_ENTRIES", 2)
    assert "more than 2 entries" in list(sources([path]))[-1].reason
    monkeypatch.setattr(module, "MAX_ENTRIES", 100)
    monkeypatch.setattr(module, "MAX_TOTAL_BYTES", 12)
    assert len(list(sources([path]))) == 3


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz"])
def test_a_broken_archive_is_one_refusal(tmp_path, name):
    (tmp_path / name).write_bytes(b"this is no archive at all" * 50)
    (only,) = sources([tmp_path / name])
    assert only.reason.startswith("The archive is broken or locked")
    assert count([tmp_path / name]) in (1, None)


@pytest.mark.parametrize(("name", "mode"), [("a.tar.gz", "w:gz"), ("a.tar.xz", "w:xz")])
def test_a_cut_archive_gives_what_it_holds_and_says_so(tmp_path, name, mode):
    whole = write_tar(
        tmp_path / name, mode, one_json=os.urandom(40_000), two_json=os.urandom(40_000)
    )
    whole.write_bytes(whole.read_bytes()[:60_000])
    assert list(sources([whole]))[-1].reason.startswith("The archive is broken")


def test_an_unreadable_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    assert found(tmp_path) == {"pipe.json": "This is no plain file."}
