"""A hostile workbook costs a child process, never the server."""

from __future__ import annotations

import io
import resource
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from api.files.inspection.kinds import NotTaken, kind_of
from config.vocabulary.errors import FaultyInput
from tabular.files import apart
from tabular.understanding import understood
from tests.tabular.offices import book

TABLE = [["部门", "金额"], ["水利局", 1.5], ["教育局", 2.5]]


def far_apart() -> bytes:
    """A workbook with a cell in each of the two far corners of its sheet."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(表=TABLE))) as honest,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in honest.namelist():
            part = honest.read(name)
            if name.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                part = part.replace(b"</sheetData>", far)
            packed.writestr(name, part)
    return made.getvalue()


def test_given_two_cells_in_far_corners_then_a_child_refuses_and_the_server_goes_on() -> None:
    """A dense sheet of that extent has 17 thousand million cells."""
    content = far_apart()
    assert len(content) < 10_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(
        FaultyInput, match="more memory or time|more than 5,000,000 cells"
    ) as error:
        understood(content, "远.xlsx")
    assert (error.value.faults[0].where, bool(error.value.faults[0].remedy)) == ("远.xlsx", True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert understood(book(表=TABLE)).main.rows == 2


@pytest.mark.parametrize("bound", ["time", "turn"])
def test_given_a_workbook_that_takes_too_long_then_it_is_refused(
    bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its child is ended; and whoever waits for a turn does not wait for ever."""
    with monkeypatch.context() as patched:
        patched.setattr(apart, "PATIENCE_S", 0.0)
        if bound == "turn":
            assert apart._TURN.acquire(blocking=False)
        try:
            with pytest.raises(FaultyInput, match="memory or time" if bound == "time" else "wait"):
                understood(book(表=TABLE), "a.xlsx")
        finally:
            if bound == "turn":
                apart._TURN.release()
    assert understood(book(表=TABLE)).main.rows == 2


def test_nothing_opens_a_workbook_in_the_server_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even an honest one; and the child has no secret of ours."""
    monkeypatch.setenv("QINGYUAN_METRICS_TOKEN", "secret")
    started: list[dict[str, str]] = []
    spawn = apart.os.posix_spawn

    def watched(path: str, words: list[str], env: dict[str, str], **more: object) -> int:
        started.append(env)
        return spawn(path, words, env, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(apart.os, "posix_spawn", watched)
    monkeypatch.setattr(apart.workbooks, "opened", lambda _content: pytest.fail("opened here"))
    assert understood(book(表=TABLE), "a.xlsx").main.rows == 2
    assert [sorted(of) for of in started] == [["PYTHONDONTWRITEBYTECODE", "PYTHONPATH"]]


def crowd(parts: int, *, zip64: bool) -> bytes:
    """A zip of so many entries without names, whose end record says that there is one."""
    head = b"PK\x03\x04".ljust(30, b"\0")
    listed = b"PK\x01\x02".ljust(46, b"\0") * parts
    if not zip64:
        said = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(listed), len(head), 0)
        return head + listed + b"PK\x05\x06" + said
    said = struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, len(listed), len(head))
    finds = struct.pack("<IQI", 0, len(head) + len(listed), 1)
    end = struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return head + listed + b"PK\x06\x06" + said + b"PK\x06\x07" + finds + b"PK\x05\x06" + end


@pytest.mark.parametrize("parts", [200_000, 30_000])
@pytest.mark.parametrize("zip64", [False, True])
def test_given_a_zip_of_many_empty_entries_then_it_is_refused_before_they_are_made(
    parts: int, zip64: bool, tmp_path: Path
) -> None:
    """As a file at a thing, behind a PDF, and as a table: each entry would take hundreds of bytes."""
    (tmp_path / "a.docx").write_bytes(crowd(parts, zip64=zip64))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" + crowd(parts, zip64=False))
    tracemalloc.start()
    try:
        for name, why in (("a.docx", "bomb"), ("a.pdf", "two-kinds")):
            with pytest.raises(NotTaken) as refused:
                kind_of(tmp_path / name, "docx")
            assert refused.value.why == why
        with pytest.raises(FaultyInput, match="too large|too many parts"):
            understood(tmp_path / "a.docx")
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()
