"""A hostile file costs its own reading, never the server."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import msgspec
import pytest

from api.files import receiving
from api.files.inspection import process
from api.files.inspection.findings import FAILED, Inspection
from api.files.receiving import FileRefused, Receiver
from tests.files.conftest import packed, picture, saved, word

NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def memory_bomb() -> bytes:
    """A Word file below every bound that people may set, whose paragraphs fill a gigabyte."""
    paragraph = b"<w:p><w:r/></w:p>" * 50_000

    def write(into: io.BytesIO) -> None:
        packing = zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED)
        with packing as file, file.open("word/document.xml", "w") as part:
            part.write(b"<w:document " + NAMESPACE + b"><w:body>")
            for _ in range(100):
                part.write(paragraph)
            part.write(b"</w:body></w:document>")

    return saved(write)


def test_given_a_file_that_would_fill_the_memory_then_its_reading_ends_and_the_file_is_kept(
    receiver: Receiver,
) -> None:
    """Its text and what it hides are not known, and that is said."""
    content = memory_bomb()
    assert len(content) < 1_000_000
    stored = receiver.received("建议.docx", io.BytesIO(content))
    assert stored.kind == "docx"
    found = receiver.inspection(stored.sha256, "docx")
    assert (found.note, [of.kind for of in found.hidden]) == ("failed", ["unread"])
    assert stored.hides
    after = receiver.received("好的.docx", io.BytesIO(word("紫琅湖")))
    assert receiver.inspection(after.sha256, "docx").text == ("紫琅湖",)


def test_given_a_reading_that_takes_too_long_then_it_is_ended(tmp_path: Path) -> None:
    """With its process; nothing of it is left."""
    (tmp_path / "file").write_bytes(word("x"))
    with pytest.raises(process.ReadingFailed, match="too long"):
        process.answer_of("read", str(tmp_path / "file"), "docx", patience_s=0.0)
    with pytest.raises(process.ReadingFailed, match="status 1"):
        process.answer_of("read", str(tmp_path / "none"))
    answer = process.answer_of("read", str(tmp_path / "file"), "docx")
    assert msgspec.json.decode(answer, type=Inspection).text == ("x",)


def test_given_a_reading_that_fails_then_the_file_is_kept_all_the_same(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's paper is lost for a fault of ours."""

    def fails(*_words: str) -> bytes:
        raise process.ReadingFailed("killed")

    monkeypatch.setattr(receiving.process, "answer_of", fails)
    stored = receiver.received("建议.docx", io.BytesIO(word("x")))
    assert receiver.contents.is_whole(stored.sha256)
    assert receiver.inspection(stored.sha256, "docx") == FAILED


def test_the_child_process_has_no_secret_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings may stand in the environment."""
    monkeypatch.setenv("QINGYUAN_METRICS_TOKEN", "secret")
    (tmp_path / "show.py").write_text(
        "import os, sys\nsys.stdout.write(','.join(sorted(os.environ)))\n"
    )
    monkeypatch.setattr(process, "_CHILD", "show")
    monkeypatch.syspath_prepend(tmp_path)
    names = process.answer_of("read").decode().split(",")
    assert set(names) <= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}


def test_a_reading_is_made_once_and_again_when_it_is_gone_or_of_another_version(
    receiver: Receiver,
) -> None:
    """It lies beside the content, which it never replaces."""
    stored = receiver.received("建议.docx", io.BytesIO(word("紫琅湖")))
    beside = receiver.contents.found(stored.sha256)
    kept = receiver.inspection(stored.sha256, "docx")
    for broken in (b"", b"[]", msgspec.json.encode({"version": 0}), b"not json"):
        beside.write_bytes(broken)
        assert receiver.inspection(stored.sha256, "docx") == kept
    beside.unlink()
    assert receiver.inspection(stored.sha256, "docx") == kept
    assert list(receiver.contents.hashes()) == [stored.sha256]


def test_parts_that_lie_outside_of_the_package_are_never_written(
    receiver: Receiver, tmp_path: Path
) -> None:
    """A package that has some is refused before anything of it is unpacked."""
    content = packed(
        {
            "word/document.xml": b"<w:document " + NAMESPACE + b"/>",
            "../../../evil.txt": b"evil",
            "/tmp/evil.txt": b"evil",
        }
    )
    with pytest.raises(FileRefused) as refused:
        receiver.received("建议.docx", io.BytesIO(content))
    assert refused.value.why == "broken"
    assert not list(tmp_path.rglob("evil*"))
    assert list(receiver.contents.hashes()) == []


def test_given_many_who_wait_for_their_turn_then_the_next_is_asked_to_come_again(
    receiver: Receiver,
) -> None:
    """Whoever waits holds a thread of the pages. A paper is kept and read later, a picture is not
    kept before it was drawn anew.
    """
    for _ in range(process.MOST_WAITING):
        assert process._WAITING.acquire(blocking=False)
    try:
        stored = receiver.received("建议.docx", io.BytesIO(word("紫琅湖")))
        assert receiver.inspection(stored.sha256, "docx") == FAILED
        with pytest.raises(FileRefused) as refused:
            receiver.received("照片.jpg", io.BytesIO(picture()))
        assert refused.value.why == "busy"
    finally:
        process._WAITING.release(process.MOST_WAITING)
    assert receiver.inspection(stored.sha256, "docx").text == ("紫琅湖",)


def test_given_a_disk_that_is_nearly_full_then_no_file_is_taken(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal lies on it too, and readings come first."""
    usage = shutil.disk_usage("/")._replace(free=receiving.ROOM)
    monkeypatch.setattr(receiving.shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(FileRefused) as refused:
        receiver.received("建议.docx", io.BytesIO(word("x")))
    assert refused.value.why == "room"
    assert list(receiver.contents.hashes()) == []
