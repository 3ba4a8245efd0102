"""Files as loggers, portals and offices write them: the right value, or a refusal with its remedy.

The shapes are those of public files; the values are made up.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from config.vocabulary.errors import FaultyInput
from config.vocabulary.quality import Cause
from config.vocabulary.time import HOUR_MS
from qingyuan.commands.records import qc
from tabular.columns import Table, table_of
from tabular.options import Choice, shielded
from tabular.readings import cells_of, readings

DO = "溶解氧(mg/L)=w01009"
LINES = "监测时间,溶解氧(mg/L),备注\n2024-08-26 00:00,4.70,a\n2024-08-26 04:00,6.49,b\n"
EXPECTED = [("2024-08-25T16:00", 4.7), ("2024-08-25T20:00", 6.49)]
"""In UTC."""


def table(folder: Path, content: str | bytes, choice: Choice, name: str = "a.csv") -> Table:
    """A file of this content, opened."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return table_of(file, choice)


def values(of: Table, position: int = 0) -> list[tuple[str, float]]:
    """Instants in UTC and values of a column."""
    read = cells_of(of)
    t, rows = readings(read, position)
    instants = [f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M}" for at in t.tolist()]
    return list(zip(instants, read.values[position][rows].tolist(), strict=True))


def zipped(content: bytes, *names: str) -> bytes:
    """A zip of files of one content."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return packed.getvalue()


def book(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook of these sheets."""
    workbook, saved = openpyxl.Workbook(), io.BytesIO()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = workbook.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(list(row))
    workbook.save(saved)
    return saved.getvalue()


ROWS: list[list[object]] = [
    ["水质自动监测"],
    ["监测时间", "溶解氧\n(mg/L)"],
    [datetime(2024, 8, 26), 4.7],  # noqa: DTZ001 - the zone's
    [datetime(2024, 8, 26, 4), "6.49"],  # noqa: DTZ001 - the zone's
]


@pytest.mark.parametrize(
    "content",
    [
        LINES.encode(),
        LINES.encode("utf-8-sig"),
        LINES.encode("gb18030"),
        LINES.replace(",", "\t").encode("utf-16"),
        LINES.replace("\n", "\r").encode(),
        LINES.replace("\n", "\r\n").encode(),
        LINES.replace("溶解氧(mg/L)", '"溶解氧\n(mg/L)"').encode(),
        LINES.replace("溶解氧(mg/L)", '"溶解氧 （mg/L）"').encode(),
        f"# of a portal\n#\nDownloaded,yesterday\n\n{LINES}".encode(),
        LINES.replace("备注\n", "备注\n,mg/L,\n").encode(),
        LINES.replace(",", ";").replace("备注\n", "备注\n5s;14n;10s\n").encode(),
        gzip.compress(LINES.encode()),
        zipped(LINES.encode(), "readings.csv", "__MACOSX/readings.csv"),
        book(ROWS, [["说明"]]),
    ],
    ids=[
        *("utf8", "bom", "gb18030", "utf16", "cr", "crlf", "broken-name", "wide-name"),
        *("preamble", "units", "usgs", "gzip", "zip", "xlsx"),
    ],
)
def test_a_file_is_read_as_it_is_written(tmp_path: Path, content: bytes) -> None:
    """Whatever it is called, and wherever its header stands."""
    assert values(table(tmp_path, content, Choice("监测时间", (DO,)))) == EXPECTED


@pytest.mark.parametrize(
    ("header", "lines", "choice", "first"),
    [
        ("time,v", ["2024-01-01 24:00,5", "20240102,6"], {}, "2024-01-01T16:00"),
        ("time,v", ["202401010500,5"], {}, "2023-12-31T21:00"),
        ("time,v", ["2024年1月1日 5时,5"], {}, "2023-12-31T21:00"),
        ("日期,时,v", ["2024/1/1,5,5"], {"time": "日期,时"}, "2023-12-31T21:00"),
        ("日期,时,v", ["20240101,24,5"], {"time": "日期,时"}, "2024-01-01T16:00"),
        ("y,m,d,h,v", ["2024,1,1,5,5"], {"time": "y,m,d,h"}, "2023-12-31T21:00"),
        ("time,v", ["31/12/2023 5:00,5"], {"dates": "dmy"}, "2023-12-30T21:00"),
        ("time,v", ["12/31/2023 5:00 PM,5"], {"dates": "mdy"}, "2023-12-31T09:00"),
    ],
)
def test_a_time_is_read_as_it_is_written(
    tmp_path: Path, header: str, lines: list[str], choice: dict[str, str], first: str
) -> None:
    """Also in columns of its own, and with the year behind where a person says its order."""
    said = Choice(**{"time": "time", "maps": ("v=w01009",)} | choice)  # type: ignore[arg-type]
    assert values(table(tmp_path, "\n".join([header, *lines]), said))[0] == (first, 5.0)


def test_a_stamp_of_the_end_belongs_to_the_span_before_it(tmp_path: Path) -> None:
    """A day's 24:00 is its last hour."""
    begin = datetime(2024, 1, 1)  # noqa: DTZ001 - the zone's
    hours = [f"2024-01-01 {hour:02}:00,{hour}" for hour in range(1, 25)]
    choice = Choice("time", ("v=w01009",), "UTC", stamps="end")
    found = values(table(tmp_path, "\n".join(["time,v", *hours]), choice))
    assert found == [
        (f"{begin + timedelta(milliseconds=hour * HOUR_MS):%Y-%m-%dT%H:%M}", hour + 1.0)
        for hour in range(24)
    ]
    with pytest.raises(FaultyInput, match="--stamps end: asks for two instants"):
        cells_of(table(tmp_path, "time,v\n2024-01-01 01:00,1\n", choice))


def test_what_is_below_detection_is_half_of_its_limit(tmp_path: Path) -> None:
    """Of the text, else of the catalogue; the unit of the file is that of the limit too."""
    lines = "time,NH3\n2024-01-01 00:00,<40\n2024-01-01 01:00,0.02L\n2024-01-01 02:00,未检出\n"
    read = cells_of(table(tmp_path, lines, Choice("time", ("NH3=w21003:ug/L",))))
    assert read.values[0].tolist() == [0.02, 0.00001, 0.01]
    assert set(read.causes[0].tolist()) == {Cause.UNDETECTED}


@pytest.mark.parametrize("cell", ["7,25", "0,694", "1.234,5", "<0,02"])
def test_a_file_of_decimal_commas_is_refused_as_a_whole_unless_a_person_says_so(
    tmp_path: Path, cell: str
) -> None:
    """Its whole numbers with it."""
    lines = f"time;DO\n2024-01-01 00:00;12\n2024-01-01 01:00;{cell}\n"
    with pytest.raises(FaultyInput, match=r"line 3, column 'DO': .* --decimal ,"):
        cells_of(table(tmp_path, lines, Choice("time", ("DO=w01009",))))
    if "." not in cell:
        said = Choice("time", ("DO=w01009",), decimal=",")
        (_, first), (_, second) = values(table(tmp_path, lines, said))
        assert (first, second > 0) == (12.0, True)


def test_a_unit_of_the_file_is_heeded(tmp_path: Path) -> None:
    """In the name of a column or below it; what a person says goes before, and what cannot be
    converted is refused.
    """
    micro = "time,TP(μg/L),NH3\n,,ug/L\n2024-01-01 00:00,20,30\n"
    both = ("TP(μg/L)=w21011", "NH3=w21003")
    found = table(tmp_path, micro, Choice("time", both))
    assert [values(found, position)[0][1] for position in (0, 1)] == [0.02, 0.03]
    with pytest.raises(FaultyInput, match="wrong unit ppm of a21005, which a.csv names"):
        table(tmp_path, "time,CO(ppm)\n2024-01-01 00:00,1\n", Choice("time", ("CO(ppm)=a21005",)))


WIDE = """date,hour,type,1001A,1002A
20240101,0,AQI,60,63
20240101,0,PM2.5,40,43
20240101,0,CO,0.7,
20240101,1,PM2.5,41,44
20240101,1,CO,0.8,0.9
"""
SITE = {"time": "date,hour", "item": "type", "value": "1002A"}


def test_of_the_files_of_the_nation_a_site_and_its_kinds_are_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line holds one value; lines of one instant are no repeats."""
    choice = Choice(maps=("PM2.5=a34004", "CO=a21005"), **SITE)  # type: ignore[arg-type]
    found = table(tmp_path, WIDE, choice)
    assert values(found) == [("2023-12-31T16:00", 43.0), ("2023-12-31T17:00", 44.0)]
    assert values(found, 1)[1] == ("2023-12-31T17:00", 0.9)

    argv = [str(found.file), "--time", "date,hour", "--item", "type", "--value", "1002A"]
    assert qc.run([*argv, "--map", "PM2.5=a34004", "CO=a21005"]) == 0
    flags = [line.split(",")[5:] for line in capsys.readouterr().out.splitlines()]
    assert flags[1:4] == [["", "", "", ""], ["1", "", "", ""], ["", "", "9", "sentinel"]]


@pytest.mark.parametrize(
    ("content", "choice", "words"),
    [
        (book(ROWS, ROWS), {}, "has these columns on 表1, 表2; name one of them with --sheet"),
        (book(ROWS), {"sheet": "年报"}, "--sheet: no '年报' in .*; it has 表1"),
        (LINES.encode(), {"sheet": "年报"}, "--sheet: .* is no workbook"),
        (zipped(LINES.encode(), "a.csv", "b.csv"), {}, "is a zip with 2 tables .*; send one"),
        (LINES.encode(), {"item": "备注"}, "--item and --value: belong together"),
    ],
    ids=["two-sheets", "no-sheet", "text", "zip-of-two", "item"],
)
def test_what_is_not_plain_is_asked(
    tmp_path: Path, content: bytes, choice: dict[str, str], words: str
) -> None:
    """With what there is to choose from."""
    said = Choice(**{"time": "监测时间", "maps": (DO,)} | choice)  # type: ignore[arg-type]
    with pytest.raises(FaultyInput, match=words):
        table(tmp_path, content, said)


def test_marks_of_no_value_that_look_like_options_are_none() -> None:
    """Wherever they stand behind --missing."""
    argv = ["a.csv", "--missing", "--", "---", "-999", "--zone", "UTC"]
    assert shielded(argv) == ["a.csv", "--missing", " --", " ---", " -999", "--zone", "UTC"]
    assert shielded(["--missing=--", "b"]) == ["--missing", " --", "b"]
