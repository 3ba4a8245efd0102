"""`qingyuan qc`: the file again, with a flag and a cause behind each line; or one line of woe."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary.errors import FaultyInput, Refused
from config.vocabulary.quality import Cause
from qingyuan.__main__ import main
from qingyuan.commands.records.qc import run

HOLD = ["7.5", "7.52", "7.49", "7.51"]
Table = list[list[str]]


def written(
    path: Path, columns: Sequence[str], lines: Sequence[Sequence[str]], delimiter: str = ","
) -> Path:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([columns, *lines])
    return path


def quarters(values: Sequence[str]) -> list[list[str]]:
    """Lines a quarter of an hour apart from midnight on."""
    begin, step = datetime(2026, 11, 1), timedelta(minutes=15)  # noqa: DTZ001 - the zone's
    return [[f"{begin + row * step:%Y-%m-%d %H:%M}", value] for row, value in enumerate(values)]


def answer(
    capsys: pytest.CaptureFixture[str], file: Path, *maps: str, delimiter: str = ","
) -> Table:
    """The lines that the command prints, the header among them; it has nothing to complain of."""
    assert run([str(file), "--time", "time", "--map", *maps]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return list(csv.reader(io.StringIO(printed.out), delimiter=delimiter))


def said(table: Table) -> list[tuple[str, str]]:
    """Flag and cause of the last column that was judged."""
    return [(line[-2], line[-1]) for line in table[1:]]


def test_every_cell_stays_as_it_is_and_the_flags_stand_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of each column in the order in which it was mapped, wherever it stands."""
    lines = [
        ["2026-11-01T00:00+08:00", " 7.50 ", 'he said "so, so"', "0.00500"],
        ["2026/11/1 0:15", "15", "清源\nsecond line", "NA"],
        ["2026-11-01 00:30", "7:5", "", "-9999.0"],
    ]
    file = written(tmp_path / "a.csv", ["time", "pH", "备注", "NH4"], lines)
    table = answer(capsys, file, "NH4=w21003", "pH=w01001")
    assert table[0] == [
        "time",
        "pH",
        "备注",
        "NH4",
        "NH4_flag",
        "NH4_cause",
        "pH_flag",
        "pH_cause",
    ]
    assert [line[:4] for line in table[1:]] == lines
    assert [line[4:] for line in table[1:]] == [
        ["1", "below-detection", "1", ""],
        ["9", "sentinel", "4", "range"],
        ["9", "sentinel", "9", "not-a-number"],
    ]


@pytest.mark.parametrize(
    ("cell", "cause"),
    [
        *[
            (cell, "sentinel")
            for cell in ("", " ", "NA", "na", "NULL", "null", "-9999", "-9999.0")
        ],
        *[(cell, "sentinel") for cell in ("--", "*", "无", "n/a")],
        *[(cell, "not-a-number") for cell in ("NaN", "nan", "much", "7_5", "inf", "-inf", "7 5")],
    ],
)
def test_what_is_no_value_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: str, cause: str
) -> None:
    file = written(tmp_path / "a.csv", ["time", "pH"], quarters(["7.5", cell, "7.5"]))
    assert said(answer(capsys, file, "pH=w01001")) == [("1", ""), ("9", cause), ("1", "")]


@pytest.mark.parametrize("cell", ["14.01", "-0.1", "1e7", "-1e300", "9999"])
def test_a_number_that_cannot_be_is_bad_and_not_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: str
) -> None:
    file = written(tmp_path / "a.csv", ["time", "pH"], quarters(["7.5", cell, "7.5"]))
    assert said(answer(capsys, file, "pH=w01001"))[1] == ("4", "range")


def test_the_checks_of_the_catalogue_are_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A spike, an excursion, a value that is not usual, and a day and a half on one value."""
    column = [*HOLD * 14, "2", *HOLD * 14, "3", "3", *HOLD * 14, *["7.5"] * 145, "3.9"]
    found = said(
        answer(capsys, written(tmp_path / "a.csv", ["time", "pH"], quarters(column)), "pH=w01001")
    )
    assert [row for row, of in enumerate(found) if of == ("3", "spike")] == [56]
    assert [row for row, of in enumerate(found) if of == ("3", "rate")] == [113, 114]
    flat = [row for row, of in enumerate(found) if of == ("3", "flat-line")]
    assert flat == list(range(171, 316))
    assert found[316] == ("3", "unusual")
    assert found.count(("1", "")) == len(found) - 149


def test_the_columns_are_one_station(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So fine particles are held against the coarse; a unit is converted."""
    lines = [["2026-11-01 00:00", "130", "100"], ["2026-11-01 01:00", "0.131", "0.1"]]
    file = written(tmp_path / "a.csv", ["time", "fine", "coarse"], lines)
    table = answer(capsys, file, "fine=a34004", "coarse=a34002")
    assert [line[3:5] for line in table[1:]] == [["1", ""], ["1", ""]]
    table = answer(capsys, file, "fine=a34004:mg/m3", "coarse=a34002:mg/m3")
    assert [line[3:5] for line in table[1:]] == [["4", "range"], ["3", "cross-check"]]


def test_lines_are_judged_in_the_order_of_time_and_printed_in_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Newest first, as many a logger writes them."""
    lines = quarters([*HOLD * 14, "2", *HOLD * 14])
    forward = answer(capsys, written(tmp_path / "a.csv", ["time", "pH"], lines), "pH=w01001")
    file = written(tmp_path / "b.csv", ["time", "pH"], lines[::-1])
    backward = answer(capsys, file, "pH=w01001")
    assert said(forward)[56] == ("3", "spike")
    assert backward[1:] == forward[:0:-1]


def test_of_one_instant_the_first_line_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other is not evaluated, and neither a spike nor a part of the level; be it written in
    another zone. What is missing there is missing all the same.
    """
    lines = [*quarters([*HOLD * 14]), ["2026-10-31T16:15Z", "2"], ["2026-11-01 00:15", "NA"]]
    table = answer(capsys, written(tmp_path / "a.csv", ["time", "pH"], lines), "pH=w01001")
    assert said(table) == [*[("1", "")] * 56, ("2", ""), ("9", "sentinel")]


def test_lines_without_a_time_are_kept_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One warning for all of them, and no error."""
    lines = quarters(["7.5", "7.51", "7.5"])
    lines[1:1] = [["soon", "2"], ["", "NaN"], ["2026-11-01"]]
    file = written(tmp_path / "a.csv", ["time", "pH"], lines)
    assert run([str(file), "--time", "time", "--map", "pH=w01001"]) == 0
    printed = capsys.readouterr()
    (warning,) = printed.err.splitlines()
    assert warning.startswith(f"qingyuan: {file}: 3 rows are not evaluated; their time cannot")
    assert list(csv.reader(io.StringIO(printed.out)))[1:] == [
        ["2026-11-01 00:00", "7.5", "1", ""],
        ["soon", "2", "2", ""],
        ["", "NaN", "9", "not-a-number"],
        ["2026-11-01", "", "9", "sentinel"],
        ["2026-11-01 00:15", "7.51", "1", ""],
        ["2026-11-01 00:30", "7.5", "1", ""],
    ]


def test_without_offset_times_are_those_of_the_zone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here they are made to fall together."""
    lines = [["2026-11-01 00:00", "7.5"], ["2026-10-31T16:00Z", "7.6"]]
    file = written(tmp_path / "a.csv", ["time", "pH"], lines)
    assert said(answer(capsys, file, "pH=w01001")) == [("1", ""), ("2", "")]
    assert said(answer(capsys, file, "pH=w01001", "--zone", "UTC")) == [("1", ""), ("1", "")]


@pytest.mark.parametrize("lines", [[], [["2026-11-01 00:00", "7.5"]]])
def test_a_file_of_a_line_or_none_is_no_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[list[str]]
) -> None:
    table = answer(capsys, written(tmp_path / "a.csv", ["time", "pH"], lines), "pH=w01001")
    assert said(table) == [("1", "")] * len(lines)


def test_a_packed_file_and_other_delimiters_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As an import reads them, and with the delimiter that it came with."""
    plain = written(tmp_path / "a.csv", ["time", "pH"], quarters(HOLD), delimiter=";")
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain.read_bytes()))
    table = answer(capsys, packed, "pH=w01001", delimiter=";")
    assert table == answer(capsys, plain, "pH=w01001", delimiter=";")
    assert table[0] == ["time", "pH", "pH_flag", "pH_cause"]


def test_maps_may_stand_behind_one_flag_or_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "a.csv", ["time", "a", "b"], [["2026-11-01 00:00", "7", "8"]])
    one = answer(capsys, file, "a=w01001", "b=w01009")
    assert answer(capsys, file, "a=w01001", "--map", "b=w01009") == one


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)


@given(st.lists(st.tuples(CELL, CELL), max_size=8))
def test_whatever_stands_in_a_file_is_printed_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cells: list[tuple[str, str]]
) -> None:
    """And each value has a flag, each flag but good and not evaluated a cause."""
    lines = [[f"2026-11-01 00:{row:02}", *cell] for row, cell in enumerate(cells)]
    file = written(tmp_path / "a.csv", ["time", "pH", "words"], lines)
    table = answer(capsys, file, "pH=w01001")
    assert [line[:3] for line in table[1:]] == lines
    causes = {"", *(cause.name.lower().replace("_", "-") for cause in Cause)}
    for flag, cause in said(table):
        assert (flag in "12") == (cause == "")
        assert flag in "12349"
        assert cause in causes


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--map", "x=w01001"], "--map x=w01001: no column 'x' in a.csv; its header has time, pH"),
        (["--map", "pH=w99"], "--map pH=w99: unknown indicator 'w99'; use one of w01010"),
        (["--map", "pH"], "--map pH: is not column=code; write e.g. PM2.5=a34004"),
        (["--map", "=w01001"], "--map =w01001: is not column=code"),
        (["--map", "pH="], "--map pH=: is not column=code"),
        (["--map", "p\nH=w01001"], "--map 'p\\\\nH=w01001': is not column=code"),
        (
            ["--map", "pH=w01001", "pH=w01009"],
            "--map pH=w01009: a.csv has a column 'pH_flag' already",
        ),
        (
            ["--map", "pH=w01001", "DO=w01001"],
            "--map DO=w01001: w01001 is mapped from 'pH' already",
        ),
        (["--map", "pH=w01001:mg/L"], "wrong unit mg/L of w01001; it is taken in a number"),
        (["--map", "DO=w01009:kg"], "wrong unit kg of w01009; it is taken in mg/L, or in ug/l"),
        (["--map", "two=w01001"], "column 'two' stands 2 times in a.csv"),
        (["--map", "NH4=w21003"], "--map NH4=w21003: a.csv has a column 'NH4_flag' already"),
        (["--map", "pH=w01001", "--zone", "Moon"], "--zone: unknown 'Moon'; write it as Asia/Sh"),
        (["--map", "pH=w01001", "--time", "when"], "--time: no column 'when' in a.csv"),
        ([], "the following arguments are required: --map"),
        (["--map", "pH=w01001", "--plot", "none/a.png"], "--plot: 'none/a.png' cannot be written"),
        (["--map", "pH=w01001", "--plot", "a.words"], "--plot: 'a.words' cannot be written"),
    ],
)
def test_a_mistake_is_reported_in_one_line_and_nothing_is_printed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    names: str,
) -> None:
    """With the field and the remedy, and status 2."""
    monkeypatch.chdir(tmp_path)
    columns = ["time", "pH", "DO", "two", "two", "NH4", "NH4_flag"]
    written(Path("a.csv"), columns, [["2026-11-01 00:00", *"123456"]])
    with pytest.raises((FaultyInput, Refused), match=names):
        run(["a.csv", "--time", "time", *arguments])
    monkeypatch.setattr(sys, "argv", ["qingyuan", "qc", "a.csv", "--time", "time", *arguments])
    assert main() == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (Path.unlink, "cannot be read \\(No such file or directory\\); name a file that"),
        (lambda path: path.unlink() or path.mkdir(), "cannot be read \\(Is a directory\\)"),
        (
            lambda path: path.write_bytes(b"time,pH\n2026-11-01 00:00,\xff\n"),
            "is neither a workbook nor a text in UTF-8, UTF-16 or GB 18030",
        ),
        (lambda path: path.write_bytes(b"\x1f\x8bnonsense"), "cannot be read .*; send it again"),
        (lambda path: path.write_bytes(b""), "--time: no column 'time' .* has no column"),
        (
            lambda path: path.write_text("time,pH\n2026-11-01 00:00,7,8\n"),
            "line 2 has more cells than the header; mend its delimiters",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], object],
    names: str,
) -> None:
    file = written(tmp_path / "a.csv", ["time", "pH"], quarters(HOLD))
    spoil(file)
    with pytest.raises(FaultyInput, match=names):
        run([str(file), "--time", "time", "--map", "pH=w01001"])
    assert capsys.readouterr().out == ""


def test_who_has_seen_enough_may_go(tmp_path: Path) -> None:
    """`| head` is no mistake of anybody's."""
    file = written(tmp_path / "a.csv", ["time", "pH"], quarters(HOLD * 2000))
    command = [sys.executable, "-m", "qingyuan", "qc", str(file), "--time", "time"]
    with subprocess.Popen(
        [*command, "--map", "pH=w01001"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as going:
        assert going.stdout
        assert going.stderr
        assert going.stdout.readline() == b"time,pH,pH_flag,pH_cause\n"
        going.stdout.close()
        assert going.stderr.read() == b""
        assert going.wait() == 0


def test_a_picture_is_drawn_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also of a column with nothing good in it; what is printed does not change."""
    lines = [
        [*line, extra]
        for line, extra in zip(
            quarters([*HOLD * 14, "2", "99", "NA", *HOLD * 14]), ["-5"] * 115, strict=True
        )
    ]
    lines += [["soon", "7", "7"], [*lines[0]]]
    file = written(tmp_path / "a.csv", ["time", "$pH^$", "always bad"], lines)
    arguments = [str(file), "--time", "time", "--map", "$pH^$=w01001", "always bad=w01009"]
    run(arguments)
    before = capsys.readouterr()
    assert run([*arguments, "--plot", str(tmp_path / "a.png")]) == 0
    assert capsys.readouterr() == before
    picture = (tmp_path / "a.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000


def test_without_a_font_for_them_names_are_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qingyuan.plots.CJK", ())
    titles = list[str]()
    monkeypatch.setattr(
        "matplotlib.axes.Axes.set_title", lambda _, title, **__: titles.append(title)
    )
    file = written(tmp_path / "a.csv", ["time", "温度"], quarters(HOLD))
    map_ = "温度=w01010"
    assert (
        run([str(file), "--time", "time", "--map", map_, "--plot", str(tmp_path / "a.png")]) == 0
    )
    assert titles == ["water temperature  w01010  温度"]
    assert capsys.readouterr().err == ""


def test_without_matplotlib_a_picture_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what to install is said, before anything is printed."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    file = written(tmp_path / "a.csv", ["time", "pH"], quarters(HOLD))
    names = r"--plot: needs the library matplotlib; install qingyuan\[plot\]"
    with pytest.raises(Refused, match=names):
        run([str(file), "--time", "time", "--map", "pH=w01001", "--plot", str(tmp_path / "a.png")])
    assert capsys.readouterr().out == ""
