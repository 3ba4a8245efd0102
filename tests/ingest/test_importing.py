"""An import: lines become samples once, whatever stands in the file and wherever it was ended."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import FaultyInput, Refused
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import Measured
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.importing import feeding
from ingest.importing.feeding import Feed, Objection, Survey, Tally, surveyed
from ingest.importing.plan import Order, Plan, planned
from ingest.journal.columns import Columns
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.writer import StoreWriter
from tabular import cells
from tabular.cells import NoNumber
from tabular.instants import NoInstant, instant
from tabular.options import Choice

NOW = 1_800_000_000_000
STATION = "tonglv-jinsha"
SHANGHAI = ZoneInfo("Asia/Shanghai")
MAPS = ("NH4=w21003", "DO=w01009:mg/L")


class Centre:
    """Journal, ledger and dead letters in a folder."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.catalogue = catalogue
        self.letters = DeadLetters(folder / "deadletters.sqlite")
        self.journal = Journal(folder / "journal")
        ledger = SequenceLedger.rebuilt(self.journal)
        intake = Intake(catalogue, ledger, self.letters)
        self.committer = Committer(intake, self.journal, ledger, lambda: NOW)

    def plan(self, file: Path, maps: tuple[str, ...] = MAPS, zone: str = "UTC") -> Plan:
        """A file of two columns and `time`."""
        choice = Choice("time", maps, zone, ("-999",))
        return planned(Order(file, STATION, choice), self.catalogue)

    def feed(self, file: Path, now_ms: int = NOW, maps: tuple[str, ...] = MAPS) -> Feed:
        """An import that is about to begin."""
        plan = self.plan(file, maps)
        return Feed(plan, survey_of(plan, now_ms), self.committer)

    def take(self, file: Path, now_ms: int = NOW) -> tuple[Tally, list[Objection]]:
        """A whole import."""
        feed = self.feed(file, now_ms)
        found = [objection for step in feed.steps() for objection in step]
        return feed.tally, found

    def columns(self) -> Columns:
        """All that is journaled."""
        return Columns.joined([entry.columns for entry in self.journal.read(0, limit=10_000)])

    def readings(self) -> Counter[tuple[str, int, float | None]]:
        """Indicator, instant and value of each row."""
        columns = self.columns()
        series = [columns.names[i].partition("/")[2] for i in columns.series.tolist()]
        values = [None if np.isnan(value) else value for value in columns.value.tolist()]
        return Counter(zip(series, columns.t.tolist(), values, strict=True))

    def close(self) -> None:
        """Let go."""
        self.journal.close()
        self.letters.close()


@contextmanager
def opened(catalogue: Catalogue, folder: Path | None = None) -> Iterator[Centre]:
    """A centre, in a folder of its own where none is given."""
    with tempfile.TemporaryDirectory() as fresh:
        centre = Centre(catalogue, folder or Path(fresh))
        try:
            yield centre
        finally:
            centre.close()


@pytest.fixture
def centre(catalogue: Catalogue, tmp_path: Path) -> Iterator[Centre]:
    """One that has seen nothing."""
    with opened(catalogue, tmp_path / "centre") as fresh:
        yield fresh


def survey_of(plan: Plan, now_ms: int = NOW) -> Survey:
    """What looking a file over comes to."""
    looking = surveyed(plan, now_ms)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            found: Survey = end.value
            return found


def written(folder: Path, *lines: str, header: str = "time,NH4,DO", name: str = "a.csv") -> Path:
    """A file of these lines."""
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00"),
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00"),
        ("2026-03-01T08:00", "2026-03-01T00:00:00"),
        ("2026-03-01 08:00", "2026-03-01T00:00:00"),
        ("2026-03-01 08:00:30", "2026-03-01T00:00:30"),
        ("2026-03-01 08:00:30.250", "2026-03-01T00:00:30.250"),
        ("2026-03-01 08:00:30.000", "2026-03-01T00:00:30"),
        ("2026/3/1 8:00", "2026-03-01T00:00:00"),
        ("2026/03/01 08:00:30", "2026-03-01T00:00:30"),
        ("2026-3-1 8:00", "2026-03-01T00:00:00"),
        ("2026-03-01", "2026-02-28T16:00:00"),
        ("20260301T080000", "2026-03-01T00:00:00"),
        ("20260301T000000Z", "2026-03-01T00:00:00"),
        ("20260301", "2026-02-28T16:00:00"),
        ("202603010800", "2026-03-01T00:00:00"),
        ("2026030108", "2026-03-01T00:00:00"),
        ("20260301 8", "2026-03-01T00:00:00"),
        ("2026年3月1日 8时", "2026-03-01T00:00:00"),
        ("2026年3月1日8时30分", "2026-03-01T00:30:00"),
        ("2026/3/1 下午 5:00", "2026-03-01T09:00:00"),
        ("2026-02-28 24:00", "2026-02-28T16:00:00"),
        ("2026-02-28T24:00:00", "2026-02-28T16:00:00"),
    ],
)
def test_times_are_read_as_they_are_written(text: str, iso: str) -> None:
    """Without an offset they are those of the zone, here Asia/Shanghai."""
    expected = int(np.datetime64(iso, "ms").astype(np.int64))
    assert instant(text, SHANGHAI) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NoInstant.NO_TIME),
        ("soon", NoInstant.NO_TIME),
        ("2026-13-01 08:00", NoInstant.NO_TIME),
        ("2026-02-30 08:00", NoInstant.NO_TIME),
        ("1772323200", NoInstant.NO_TIME),
        ("20260301110", NoInstant.NO_TIME),
        ("8:00", NoInstant.NO_TIME),
        ("01/03/2026 08:00", NoInstant.YEAR_LAST),
        ("03-01 08:00", NoInstant.YEARLESS),
        ("3月1日 8时", NoInstant.YEARLESS),
        ("2026-03/01 08:00", NoInstant.NO_TIME),
        ("2026-03-01_08:00", NoInstant.NO_TIME),
        ("2026-03-01 24:01", NoInstant.NO_TIME),
        ("2026-03-01 13:00 PM", NoInstant.NO_TIME),
    ],
)
def test_what_is_no_time_says_why(text: str, why: NoInstant) -> None:
    """Nothing is guessed: a day and a month could change places."""
    assert instant(text, SHANGHAI) is why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-31 02:30", NoInstant.PASSED_OVER),
        ("2024-10-27 02:30", NoInstant.TWICE),
        ("2024-10-27 02:30+01:00", "2024-10-27T01:30"),
        ("2024-03-31 03:00", "2024-03-31T01:00"),
        ("2024-10-26 24:00", "2024-10-26T22:00"),
    ],
)
def test_where_clocks_are_set_no_time_is_guessed(text: str, expected: str) -> None:
    """An hour that is not there would be another one; one that is there twice, either."""
    found = instant(text, ZoneInfo("Europe/Berlin"))
    said = found if isinstance(found, NoInstant) else str(np.datetime64(found, "ms"))[:16]
    assert said == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5", Measured(0.5, Cause.NORMAL)),
        ("-1e-3", Measured(-0.001, Cause.NORMAL)),
        *[
            (text, Measured(None, Cause.SENTINEL))
            for text in (
                "",
                "--",
                "—",
                "*",
                "NA",
                "n/a",
                "NULL",
                "无",
                "缺测",
                "-9999",
                "-9999.00",
            )
        ],
        ("nan", Measured(None, Cause.NOT_A_NUMBER)),
        ("NaN", Measured(None, Cause.NOT_A_NUMBER)),
        ("-999", Measured(None, Cause.SENTINEL)),
        ("-999.0", Measured(None, Cause.SENTINEL)),
        ("down", Measured(None, Cause.SENTINEL)),
        ("<0.02", Measured(0.01, Cause.UNDETECTED)),
        ("0.01L", Measured(0.005, Cause.UNDETECTED)),
        ("未检出", Measured(0.02, Cause.UNDETECTED)),
        ("inf", NoNumber.NUMBER),
        ("1_000", NoNumber.NUMBER),
        ("1,5", NoNumber.NUMBER),
        ("0.5 mg/L", NoNumber.NUMBER),
    ],
)
def test_a_cell_is_a_number_or_missing_or_below_detection_or_none_of_them(
    text: str, expected: Measured | NoNumber
) -> None:
    """What stands for no value may be a word or a number, however that is written. A text without
    a limit has the one of the catalogue, here 0.04.
    """
    marks = cells.marks_of(["-999", "down"])
    assert cells.measured(text, marks, 1.0, 0.04) == expected


def test_below_detection_without_any_limit_is_refused() -> None:
    """There is nothing to halve."""
    assert cells.measured("ND", cells.marks_of(()), 1.0) is NoNumber.LIMIT


@pytest.mark.parametrize(
    ("given_", "own", "factor"),
    [
        ("mg/m3", "μg/m³", 1000.0),
        ("ug/m3", "mg/m³", 0.001),
        ("µg/m³", "μg/m³", 1.0),
        ("ug/L", "mg/L", 0.001),
        ("mg/l", "mg/L", 1.0),
        ("ugm-3", "μg/m³", 1.0),
        ("μg·m-3", "mg/m³", 0.001),
        ("mg·L-1", "mg/L", 1.0),
        ("°C", "℃", 1.0),
        ("ppb", "μg/m³", None),
        ("mg/L", "μg/m³", None),
        ("mS/cm", "μS/cm", None),
        ("K", "℃", None),
        ("%", "", None),
    ],
)
def test_obvious_units_are_converted_and_no_others(
    given_: str, own: str, factor: float | None
) -> None:
    """Written with any of the signs that look alike."""
    assert cells.factor(given_, own) == factor


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_are_read_as_programs_write_them(
    centre: Centre, tmp_path: Path, delimiter: str, packed: bool, mark: str
) -> None:
    """Comma, semicolon or tab; packed or not; with or without BOM, CRLF and blank lines."""
    rows = [["time", "DO", '"a note, with commas; \tand all"', "NH4"]]
    rows += [["2026-03-01 08:00", "7.5", '"x; ""y"""', "0.5"], []]
    text = (mark + "\r\n".join(delimiter.join(row) for row in rows)).encode()
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(text) if packed else text)

    tally, objections = centre.take(path)

    at = 1_772_352_000_000
    assert (tally.taken, objections) == (1, [])
    assert centre.readings() == {("w21003", at, 0.5): 1, ("w01009", at, 7.5): 1}


def test_every_fault_of_an_order_is_reported_at_once(catalogue: Catalogue, tmp_path: Path) -> None:
    """Each with where it is and what to do."""
    path = written(tmp_path, header="time,NH4,DO,DO")
    maps = ("NH4=x1", "NH4=a34004", "DO=w01009", "NH4=w01009", "T=w01010:K", "pH", "pH=")
    with pytest.raises(FaultyInput) as told:
        planned(Order(path, STATION, Choice("when", maps, "Asia/Atlantis")), catalogue)

    faults = [str(fault) for fault in told.value.faults]
    for words in (
        "--map NH4=x1: unknown indicator 'x1'; use one of w01010",
        f"--map NH4=a34004: {STATION} does not measure a34004",
        "--map T=w01010:K: wrong unit K of w01010; it is taken in ℃",
        "--map pH: is not column=code",
        "--map pH=: is not column=code",
        "--map NH4=w01009: w01009 is mapped from 'DO' already",
        "--zone: unknown 'Asia/Atlantis'; write it as Asia/Shanghai",
        "--time: no column 'when' in a.csv; its header has time, NH4, DO, DO",
        "--map T=w01010:K: no column 'T' in a.csv",
        "--map DO=w01009: column 'DO' stands 2 times in a.csv",
    ):
        assert any(words in fault for fault in faults), (words, faults)


def test_an_unknown_station_and_a_missing_file_are_reported_together(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """The rest can wait."""
    with pytest.raises(FaultyInput) as told:
        planned(Order(tmp_path / "none.csv", "atlantis", Choice("t", ("x=w01010",))), catalogue)

    first, second = map(str, told.value.faults)
    assert "--station: unknown station 'atlantis'; use one of" in first
    assert "none.csv: cannot be read (No such file or directory)" in second


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"time,NH4,DO\n2026-03-01 08:00,\xff\xfe\xff,1\n", "is neither a workbook nor a text in"),
        (gzip.compress(b"time,NH4,DO\n" * 9999)[:-20], "cannot be read .*; send it again"),
        (b"time,NH4,DO\n" + b"x" * (1 << 21), "line 2 has no end"),
        (b'time,NH4,DO\n2026-03-01 08:00,1,"2"\n"' + b"x,1,1\n" * 40_000, "quote"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_refused_before_anything_is_taken(
    centre: Centre, tmp_path: Path, content: bytes, words: str
) -> None:
    """Half an import would be taken for a whole one."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with pytest.raises(FaultyInput, match=words):
        centre.take(path)
    assert centre.journal.last == 0


def test_what_cannot_be_read_is_refused_by_line_or_by_cell_and_the_rest_is_taken(
    centre: Centre, tmp_path: Path
) -> None:
    """A bad cell takes nothing with it; a bad time the whole line."""
    path = written(
        tmp_path,
        "2026-03-01 08:00,0.5,7",
        "2026-03-01 08:01,much,7",
        "yesterday,0.5,7",
        "1999-12-31 23:59,0.5,7",
        "2031-03-01 08:00,0.5,7",
        "2026-03-01 08:02,0.5",
        "2026-03-01 08:03,0,5,7",
        "2026-03-01 08:00,0.6,8",
        "2026-03-01 08:04,much,little",
        "2026-03-01 08:05,,-999,,",
    )

    tally, objections = centre.take(path)

    assert objections == [
        (3, "NH4", "much", "not a number"),
        (4, "time", "yesterday", "not a time"),
        (5, "time", "1999-12-31 23:59", "impossible-time: before 2000"),
        (6, "time", "2031-03-01 08:00", "impossible-time: in the future"),
        (7, "", "2026-03-01 08:02,0.5", "too few fields"),
        (8, "", "2026-03-01 08:03,0,5,7", "too many fields"),
        (9, "time", "2026-03-01 08:00", "the instant of an earlier line"),
        (10, "NH4", "much", "not a number"),
        (10, "DO", "little", "not a number"),
    ]
    assert (tally.lines, tally.taken, tally.refused) == (10, 3, 7)
    assert len(centre.columns()) == 5
    assert centre.letters.count() == 0


def test_a_missing_cell_is_a_missing_reading(centre: Centre, tmp_path: Path) -> None:
    """Missing is data too."""
    centre.take(written(tmp_path, "2026-03-01 08:00,,NaN"))

    columns = centre.columns()
    causes = {columns.names[s][-6:]: c for s, c in zip(columns.series, columns.cause, strict=True)}
    assert causes == {"w21003": Cause.SENTINEL, "w01009": Cause.NOT_A_NUMBER}
    assert columns.quality.tolist() == [Quality.MISSING] * 2


def test_lines_of_one_value_each_are_taken_by_instant_and_item(
    centre: Centre, tmp_path: Path
) -> None:
    """Lines of one instant are no repeats; those of what is not mapped are passed over."""
    lines = ("2026-03-01 08:00,NH4,0.5", "2026-03-01 08:00,DO,7", "2026-03-01 08:00,T,5")
    path = written(tmp_path, *lines, "2026-03-01 08:00,DO,8", header="time,what,v")
    choice = Choice("time", MAPS, "UTC", item="what", value="v")
    plan = planned(Order(path, STATION, choice), centre.catalogue)
    feed = Feed(plan, survey_of(plan), centre.committer)

    objections = [one for step in feed.steps() for one in step]

    at = 1_772_352_000_000
    assert centre.readings() == {("w21003", at, 0.5): 1, ("w01009", at, 7.0): 1}
    assert objections == [(5, "time", "2026-03-01 08:00", "the instant of an earlier line")]
    assert (feed.tally.lines, feed.tally.taken) == (3, 2)


def test_the_survey_knows_the_cadence_of_a_file(centre: Centre, tmp_path: Path) -> None:
    """The median step, whatever the order of its lines and its gaps."""
    hours = [f"2026-03-01 {hour:02}:00,1,1" for hour in (5, 4, 3, 2, 1, 9)]
    assert survey_of(centre.plan(written(tmp_path, *hours))).cadence_ms == 3_600_000


def test_a_unit_is_converted_on_the_way(centre: Centre, tmp_path: Path) -> None:
    """500 µg/L of ammonia are 0.5 mg/L."""
    path = written(tmp_path, "2026-03-01 08:00,500,7")
    for _ in centre.feed(path, maps=("NH4=w21003:µg/L",)).steps():
        pass

    assert centre.columns().value.tolist() == [0.5]


def test_refused_lines_leave_no_holes_that_would_be_taken_for_loss(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor do they wait to be sent by anybody."""
    monkeypatch.setattr(feeding, "LINES", 4)
    lines = [f"2026-03-01 08:{i:02},{'x' if i % 3 else 0.5},x" for i in range(60)]

    centre.take(written(tmp_path, *lines))

    ledger = centre.committer.ledger
    assert ledger.missing(STATION, {}) == (0, 0)
    assert (ledger.arrived(STATION), ledger.lost(STATION)) == (20, 0)


def test_a_second_import_of_a_file_takes_nothing_and_says_so(
    centre: Centre, tmp_path: Path
) -> None:
    """Packed or under another name too: what counts is what stands in it."""
    path = written(tmp_path, "2026-03-01 08:00,0.5,7", "2026-03-01 08:01,x,x", name="a.csv")
    first = centre.take(path)
    last = centre.journal.last
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(path.read_bytes()))

    tally, objections = centre.take(tmp_path / "b.csv.gz")

    assert (tally.taken, tally.known) == (0, 1)
    assert objections == first[1]
    assert centre.journal.last == last


def test_a_line_whose_time_has_come_is_taken_by_the_next_import(
    centre: Centre, tmp_path: Path
) -> None:
    """And no other line twice into the store, nor under the number of another."""
    lines = ["2031-03-01 08:00,1,1", "2026-03-01 08:00,2,2", "2031-03-01 08:01,3,3"]
    path = written(tmp_path, *lines)
    later = 1_930_118_430_000  # 2031-03-01 08:00:30
    first, _ = centre.take(path)
    centre.committer.now_ms = lambda: later

    second, objections = centre.take(path, later)

    assert (first.taken, second.taken + second.known) == (1, 2)
    assert [objection.line for objection in objections] == [4]
    assert kept(centre, tmp_path) == [(1_772_352_000_000, 2.0), (1_930_118_400_000, 1.0)]
    assert centre.committer.ledger.missing(STATION, {}) == (0, 0)


def kept(centre: Centre, folder: Path) -> list[tuple[int, float]]:
    """Ammonia as a store has it."""
    store = DuckDBStore(folder / "readings.duckdb")
    store_writer = StoreWriter(centre.journal, store, centre.letters, "tongzhou")
    while store_writer.step():
        pass
    track = store.track(f"{STATION}/w21003", 0, 1 << 50)
    store.close()
    return list(zip(track.t.tolist(), track.value.tolist(), strict=True))


def test_what_the_store_writer_refused_is_reported_by_line_and_column(
    centre: Centre, tmp_path: Path
) -> None:
    """What is in the store stands; equal readings are no conflict. Refused lines shift no number."""
    centre.take(written(tmp_path, "2026-03-01 08:00,0.5,7", "2026-03-01 08:01,0.6,7"))
    other = written(
        tmp_path,
        "never,0,0",
        "2026-03-01 08:00,0.5,7",
        "never,0,0",
        "2026-03-01 08:01,0.9,7",
        name="b.csv",
    )
    feed = centre.feed(other)
    list(feed.steps())
    assert kept(centre, tmp_path) == [(1_772_352_000_000, 0.5), (1_772_352_060_000, 0.6)]

    (objection,) = feed.disputes(centre.letters)

    assert objection[:3] == (5, "NH4", "0.9")
    assert objection.reason.startswith(
        "conflict: indicators w21003; t 2026-03-01T16:01:00+08:00; kept 0.6"
    )


def test_a_file_that_is_changed_while_it_is_read_is_reported(
    centre: Centre, tmp_path: Path
) -> None:
    """Its lines may have come under each other's numbers."""
    feed = centre.feed(written(tmp_path, "2026-03-01 08:00,0.5,7"))
    written(tmp_path, "2026-03-01 08:00,0.5,8")

    with pytest.raises(Refused, match="was changed while it was read"):
        list(feed.steps())


MINUTES = st.integers(0, 9).map(lambda minute: f"2026-03-01 08:{minute:02}")
CELLS = st.sampled_from(["0.5", "1.5", "", "x"])
LINE = st.tuples(MINUTES | st.just("x") | st.just("2033-01-01"), CELLS, CELLS).map(",".join)


@given(st.lists(LINE, max_size=20), st.lists(st.integers(0, 8), max_size=3), st.integers(1, 5))
def test_wherever_an_import_is_ended_each_line_is_taken_once(
    catalogue: Catalogue, lines: list[str], ends: list[int], size: int
) -> None:
    """The next one goes on from there, and tells the same of the file as one that ran through."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name:
        patch.setattr(feeding, "LINES", size)
        path = written(Path(name), *lines)
        with opened(catalogue) as through:
            expected, complaints = through.take(path)
            readings = through.readings()
        for end in ends:
            with opened(catalogue, Path(name) / "centre") as ended:
                list(islice(ended.feed(path).steps(), end))
        with opened(catalogue, Path(name) / "centre") as last:
            tally, objections = last.take(path)

            assert last.readings() == readings
            assert set(readings.values()) <= {1}
            assert last.committer.ledger.missing(STATION, {}) == (0, 0)
        assert objections == complaints
        assert tally.taken + tally.known == expected.taken


@given(st.lists(st.integers(0, 400), max_size=300), st.integers(1, 20))
def test_instants_are_remembered_in_any_order(instants: list[int], size: int) -> None:
    """However they are put away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeding, "LINES", size)
        known, plain = feeding._Instants(), set[int]()
        for t in instants:
            assert (t in known) == (t in plain)
            if t not in plain:
                known.add(t)
                plain.add(t)
