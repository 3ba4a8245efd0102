"""Every sentence of the store's protocol, on every store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from config.settings import Settings
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.journal.columns import Columns
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.quality.checks import to_resolution
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.durability import DurableMark
from ingest.store.influxdb import InfluxDBStore
from ingest.store.opening import open_store
from ingest.store.protocol import Store, StoreAway
from ingest.store.victoriametrics import VictoriaMetricsStore
from ingest.store.writer import StoreWriter
from tests.conftest import InfluxDB, VictoriaMetrics, wait_until

T0 = 1_772_323_200_000  # 2026-03-01 00:00 UTC, an hour's and a month's beginning
BOOT = "ef" * 16


def columns(*rows: tuple[str, int, float], quality: int = 1, cause: int = 0) -> Columns:
    """Rows of series, instant and value."""
    names = tuple(dict.fromkeys(row[0] for row in rows))
    count = len(rows)
    return Columns(
        names=names,
        series=np.array([names.index(row[0]) for row in rows], np.uint32),
        t=np.array([row[1] for row in rows], np.int64),
        value=np.array([row[2] for row in rows]),
        quality=np.full(count, quality, np.uint8),
        cause=np.full(count, cause, np.uint8),
        received=np.full(count, T0, np.int64),
        boots=(BOOT,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(count),
    )


def shows(store: Store, rows: Columns) -> bool:
    """Whether every instant of a batch can be read."""
    return all(
        np.isin(
            rows.t[rows.series == place],
            store.track(name, int(rows.t.min()), int(rows.t.max()) + 1).t,
        ).all()
        for place, name in enumerate(rows.names)
    )


SERVERS = {
    "victoria_metrics": (VictoriaMetrics, VictoriaMetricsStore),
    "influxdb": (InfluxDB, InfluxDBStore),
}


@pytest.fixture(params=["duckdb", *SERVERS])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the store, closing it first where it is open. What is appended is shown at once."""
    opened: list[Store] = []

    def duckdb() -> Store:
        return DuckDBStore(tmp_path / "readings.duckdb")

    def served() -> Store:
        server = request.getfixturevalue(request.param)
        site = f"site{abs(hash(request.node.nodeid))}"
        _, kind = SERVERS[request.param]
        store = kind(server.url, site, tmp_path / "position", lambda: T0 + 7_200_000)
        append = store.append

        def shown(n: int, rows: Columns) -> None:
            append(n, rows)
            wait_until(lambda: shows(store, rows), server.flush)

        request.getfixturevalue("monkeypatch").setattr(store, "append", shown)
        return store

    def anew() -> Store:
        while opened:
            opened.pop().close()
        opened.append(duckdb() if request.param == "duckdb" else served())
        return opened[0]

    yield anew
    for store in opened:
        store.close()


def test_what_is_appended_is_given_back_by_time_and_survives_reopening(
    reopen: Callable[[], Store],
) -> None:
    """Rows may come in any order, from two months."""
    store = reopen()
    store.append(1, columns(("s/a", T0 + 5, 2.0), ("s/a", T0 - 5, 1.0), ("s/b", T0, 9.0)))
    for _ in range(2):
        track = store.track("s/a", T0 - 10, T0 + 10)
        assert track.t.tolist() == [T0 - 5, T0 + 5]
        assert track.value.tolist() == [1.0, 2.0]
        assert track.received.tolist() == [T0, T0]
        store = reopen()


def test_a_span_is_half_open_and_an_unknown_series_is_empty(reopen: Callable[[], Store]) -> None:
    """from <= t < to."""
    store = reopen()
    store.append(1, columns(("s/a", T0, 1.0), ("s/a", T0 + 10, 2.0)))

    assert store.track("s/a", T0, T0 + 10).value.tolist() == [1.0]
    assert len(store.track("s/none", 0, T0 * 2)) == 0
    assert len(store.track("s/a", 0, 253_402_300_799_000)) == 2, "to the end of time"


def test_a_repeated_entry_does_no_harm(reopen: Callable[[], Store]) -> None:
    """The store writer repeats what it is not sure of."""
    store = reopen()
    for _ in range(2):
        store.append(1, columns(("s/a", T0, 1.0)))

    assert len(store.track("s/a", 0, T0 * 2)) == 1


def test_every_flag_and_cause_comes_back_as_it_was(reopen: Callable[[], Store]) -> None:
    """One entry after the other; the position follows."""
    store = reopen()
    flags = list(zip([1, 2, 3, 4, 9, 4, 3], [0, 1, 5, 40, 20, 6, 41], strict=True))
    for n, (quality, cause) in enumerate(flags, start=1):
        store.append(n, columns(("s/a", T0 + n, n / 8), quality=quality, cause=cause))

    track = store.track("s/a", 0, T0 * 2)

    assert track.value.tolist() == [n / 8 for n in range(1, 8)]
    assert list(zip(track.quality.tolist(), track.cause.tolist(), strict=True)) == flags
    assert store.position() == len(flags)


@pytest.mark.parametrize("quality", [Quality.GOOD, Quality.BAD])
def test_no_figure_loses_a_digit_to_another(reopen: Callable[[], Store], quality: Quality) -> None:
    """The smallest and the largest that the intake lets through, side by side, and thousands of
    every magnitude between them.
    """
    rough = 10.0 ** np.random.default_rng(5).uniform(-9, 7, 20_000)
    figures = [1e-8, 9_999_999.9999, 0.0, -7.25, 40.11325455, *to_resolution(rough).tolist()]
    rows = [("s/a", T0 + place, figure) for place, figure in enumerate(figures)]
    store = reopen()

    store.append(1, columns(*rows, quality=quality))

    assert store.track("s/a", 0, T0 * 2).value.tolist() == figures


def test_a_missing_value_is_nan_and_keeps_its_cause(reopen: Callable[[], Store]) -> None:
    """Missing is data too."""
    store = reopen()
    store.append(1, columns(("s/a", T0, np.nan), quality=Quality.MISSING, cause=Cause.TIMEOUT))

    track = store.track("s/a", 0, T0 * 2)

    assert np.isnan(track.value[0])
    assert (track.quality[0], track.cause[0]) == (Quality.MISSING, Cause.TIMEOUT)
    assert store.latest()[0].value is None


def test_latest_is_the_newest_reading_and_a_doubted_clock_moves_none(
    reopen: Callable[[], Store],
) -> None:
    """Late readings do not move it either; it survives reopening."""
    store = reopen()
    store.append(1, columns(("s/a", T0, 1.0)))
    store.append(2, columns(("s/a", T0 - 50, 0.0)))
    store.append(3, columns(("s/a", T0 + 50, 7.0), quality=Quality.SUSPECT, cause=Cause.CLOCK))
    for _ in range(2):
        assert [(row.series, row.t_ms, row.value) for row in store.latest()] == [("s/a", T0, 1.0)]
        store = reopen()


def test_good_readings_are_those_of_a_track_that_are_good(reopen: Callable[[], Store]) -> None:
    """Without their other columns."""
    store = reopen()
    store.append(1, columns(("s/a", T0 + 5, 2.0), ("s/a", T0, 1.0), ("s/b", T0, 9.0)))
    store.append(2, columns(("s/a", T0 + 3, 7.0), quality=Quality.SUSPECT, cause=Cause.OVER_RANGE))

    t, value = store.good("s/a", T0, T0 + 10)

    assert (t.tolist(), value.tolist()) == ([T0, T0 + 5], [1.0, 2.0])
    assert [len(column) for column in store.good("s/none", T0, T0 + 10)] == [0, 0]


def test_some_series_at_once_are_those_one_by_one(reopen: Callable[[], Store]) -> None:
    """Out of order, of two months, tidied or not; one that nobody measured holds nothing."""
    store, asked = reopen(), ["s/b", "s/none", "s/a"]
    store.append(1, columns(("s/a", T0 + 5, 2.0), ("s/b", T0, np.nan), ("s/a", T0, 1.0)))
    store.append(2, columns(("s/b", T0 + 40 * DAY_MS, 3.0), ("s/a", T0 + 3, 7.0)))
    for to_ms, counts in ((T0 + 4, [1, 0, 2]), (T0 + 50 * DAY_MS, [2, 0, 3])):
        tracks = store.tracks(asked, T0, to_ms)

        assert list(tracks) == asked
        for name, track in tracks.items():
            alone = store.track(name, T0, to_ms)
            for of in ("t", "value", "quality", "cause", "received"):
                np.testing.assert_array_equal(getattr(track, of), getattr(alone, of))
        assert [len(track) for track in tracks.values()] == counts
        store.tidy()


def test_a_drawing_keeps_the_extremes_and_what_is_doubted(reopen: Callable[[], Store]) -> None:
    """One spike among thousands is still there, and so is one reading with a flag."""
    store = reopen()
    values = np.zeros(5000)
    values[1234], values[3456] = 50, -50
    store.append(1, columns(*[("s/a", T0 + i, float(v)) for i, v in enumerate(values)]))
    doubted = columns(("s/a", T0 + 5001, 0.0), quality=Quality.SUSPECT, cause=Cause.OVER_RANGE)
    store.append(2, doubted)

    drawn = store.drawing("s/a", T0, T0 + 6000, 100)

    assert len(drawn) <= 110
    assert drawn.t[drawn.quality == Quality.SUSPECT].tolist() == [T0 + 5001]
    assert {50.0, -50.0} <= set(drawn.value.tolist())
    assert np.all(np.diff(drawn.t) > 0)


def test_hourly_means_leave_out_what_is_not_good(reopen: Callable[[], Store]) -> None:
    """And say how many of how many were good."""
    store = reopen()
    store.append(1, columns(("s/a", T0, 1.0), ("s/a", T0 + 3_599_999, 3.0)))
    store.append(2, columns(("s/a", T0 + 7, 900.0), quality=Quality.BAD, cause=Cause.RANGE))

    rows = store.means(["s/a", "s/none"], T0 - 3_600_000, T0 + 3_600_000)

    assert [(r.series, r.begin_ms, r.mean, r.good, r.samples) for r in rows] == [
        ("s/a", T0, 2.0, 2, 3)
    ]


def test_every_series_that_was_kept_is_named(reopen: Callable[[], Store]) -> None:
    """Also one that is doubted or silent for months."""
    store = reopen()
    assert store.series() == []
    store.append(1, columns(("s/a", T0, 1.0), ("s/b", T0 - 80 * DAY_MS, 1.0)))
    store.append(2, columns(("s/c", T0, 1.0), quality=Quality.SUSPECT, cause=Cause.CLOCK))
    for _ in range(2):
        assert sorted(store.series()) == ["s/a", "s/b", "s/c"]
        store = reopen()


def test_tidied_it_gives_back_the_same(reopen: Callable[[], Store]) -> None:
    """Given late readings, and some that come after; it survives reopening."""
    store = reopen()
    store.append(1, columns(("s/a", T0 + 5, 2.0), ("s/a", T0 - 5, np.nan), ("s/b", T0, 9.0)))
    store.append(2, columns(("s/a", T0 + 1, -7.25)))
    store.tidy()
    store.tidy()
    store.append(3, columns(("s/a", T0 + 3, 0.1)))
    for _ in range(2):
        track = store.track("s/a", T0 - 10, T0 + 10)
        assert track.t.tolist() == [T0 - 5, T0 + 1, T0 + 3, T0 + 5]
        np.testing.assert_array_equal(track.value, [np.nan, -7.25, 0.1, 2.0])
        assert track.received.tolist() == [T0] * 4
        store = reopen()
        store.tidy()


@pytest.mark.parametrize("before_ms", [T0, T0 + 30 * DAY_MS], ids=["its end", "mid-month"])
def test_months_that_ended_are_let_go(reopen: Callable[[], Store], before_ms: int) -> None:
    """Whole ones, tidied or not; where a server keeps time by itself nothing is let go."""
    store = reopen()
    store.append(1, columns(("s/old", T0 - 9, 4.0), ("s/a", T0 - 40 * DAY_MS, 1.0)))
    store.tidy()
    store.append(2, columns(("s/a", T0 - 1, 2.0), ("s/a", T0, 3.0)))

    store.drop_before(before_ms)

    assert store.position() == 2
    stays = isinstance(store, VictoriaMetricsStore)
    for _ in range(2):
        values = store.track("s/a", 0, T0 * 2).value.tolist()
        assert values == ([1.0, 2.0, 3.0] if stays else [3.0])
        assert {row.series for row in store.latest()} == {"s/a"} | ({"s/old"} if stays else set())
        store = reopen()


def test_of_a_month_that_has_not_ended_nothing_is_let_go(reopen: Callable[[], Store]) -> None:
    """Up to its last millisecond."""
    store = reopen()
    store.append(1, columns(("s/a", T0 - 28 * DAY_MS, 1.0)))

    store.drop_before(T0 - 1)

    assert len(store.track("s/a", 0, T0 * 2)) == 1


def test_means_of_a_day_are_those_of_the_district_s_calendar(reopen: Callable[[], Store]) -> None:
    """A day begins at midnight in Asia/Shanghai, sixteen hours into the day of UTC before it."""
    midnight = T0 + 16 * HOUR_MS
    store = reopen()
    store.append(1, columns(("s/a", midnight - 1, 9.0), ("s/a", midnight, 1.0)))
    store.append(2, columns(("s/a", midnight + 24 * HOUR_MS - 1, 3.0)))

    rows = store.means(["s/a"], midnight - 24 * HOUR_MS, midnight + 24 * HOUR_MS, 24)

    assert [(r.begin_ms, r.mean, r.good) for r in rows] == [
        (midnight - 24 * HOUR_MS, 9.0, 1),
        (midnight, 2.0, 2),
    ]


def test_a_second_process_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """DuckDB belongs to one process; here a damaged lock stands for the other one."""
    (tmp_path / "readings.duckdb").mkdir()
    with pytest.raises(Refused, match="data_dir"):
        DuckDBStore(tmp_path / "readings.duckdb")


def test_a_damaged_duckdb_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    """Its blocks have check sums; the newest readings are read at the start."""
    path = tmp_path / "readings.duckdb"
    store = DuckDBStore(path)
    store.append(1, columns(*(("s/a", T0 + n, n / 7) for n in range(20_000))))
    store.close()
    with path.open("r+b") as file:
        for block in range(1, path.stat().st_size // 65_536):
            file.seek(block * 65_536)
            file.write(b"\xa5" * 5000)

    with pytest.raises(Refused, match=r"cannot be opened.*; restore it from a backup or"):
        DuckDBStore(path)


class Server:
    """Stands for a server whose life, and clock, the test sets."""

    def __init__(self) -> None:
        self.life, self.now_ms, self.away = "first", 0, False

    def incarnation(self) -> str:
        """Which life this is."""
        if self.away:
            raise StoreAway("away")
        return self.life


STEPS = st.lists(st.one_of(st.integers(1, 40_000), st.sampled_from(["take", "die", "away"])))


@given(STEPS)
def test_what_is_firm_was_taken_by_a_server_that_lived_on_long_enough(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int | str]
) -> None:
    """Whenever it dies; and what was taken and is not firm is written again after it."""
    server, file = Server(), tmp_path_factory.mktemp("pledge") / "position"
    durable_mark = DurableMark(file, 30_000, server.incarnation, lambda: server.now_ms)
    durable_mark.check_incarnation()
    memory, lives = dict[int, tuple[int, str]](), 0
    for step in steps:
        if isinstance(step, int):
            server.now_ms += step
        elif step == "die":
            lives += 1
            server.life = f"life {lives}"
        elif step == "away":
            server.away = not server.away
        elif not server.away:
            n = durable_mark.taken() + 1
            memory[n] = (server.now_ms, server.life)
            durable_mark.take(n)
        firm = durable_mark.firm()
        for n in range(1, firm + 1):
            assert server.now_ms - memory[n][0] >= 30_000
        assert DurableMark(file, 30_000, server.incarnation, lambda: 0)._firm == firm
    server.away, server.now_ms = False, server.now_ms + 2000
    assert all(
        memory[n][1] == server.life
        for n in range(durable_mark.firm() + 1, durable_mark.taken() + 1)
    )


@pytest.mark.parametrize("name", list(SERVERS))
def test_killed_right_after_its_answer_the_server_gets_everything_again(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    """Value by value; away meanwhile is said in one line with the address."""
    kind, opening = SERVERS[name]
    server = kind(tmp_path)
    request.addfinalizer(server.kill)
    server.start()
    journal, letters = Journal(tmp_path / "journal"), DeadLetters(tmp_path / "letters.sqlite")
    for place in range(20):
        journal.append(columns(("s/a", T0 + place, place / 8)))
    store = opening(server.url, "tongzhou", tmp_path / "position", lambda: T0)
    store_writer = StoreWriter(journal, store, letters, "tongzhou")
    store_writer.step()
    assert store.position() == 20
    server.kill()
    journal.append(columns(("s/a", T0 + 20, 2.5)))
    with pytest.raises(StoreAway, match=f"store_url {server.url}: .*; start it"):
        store.append(21, columns(("s/a", T0 + 20, 2.5)))

    server.start()
    expected = [place / 8 for place in range(21)]
    deadline, found = time.monotonic() + 30, list[float]()
    while found != expected:
        store_writer.step()
        server.flush()
        found = store.track("s/a", T0, T0 + 100).value.tolist()
        assert time.monotonic() < deadline, found
        threading.Event().wait(0.1)

    assert store.forgets_ms == 0 or store.firm() == 0, "the journal lets nothing go yet"
    store.close()
    journal.close()
    letters.close()


def test_a_server_that_does_not_tell_milliseconds_apart_is_refused(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """With the flag to set."""
    server = VictoriaMetrics(tmp_path)
    request.addfinalizer(server.kill)
    server.start("-dedup.minScrapeInterval=1s")

    with pytest.raises(Refused, match="start VictoriaMetrics with -dedup.minScrapeInterval=1ms"):
        VictoriaMetricsStore(server.url, "tongzhou", tmp_path / "position", lambda: T0)


@pytest.mark.parametrize(
    ("store", "url", "line"),
    [
        ("victoriametrics", "", "store_url: is missing; set it to where the server listens"),
        ("duckdb", "http://x", "store_url: is set, but the store is duckdb; set store to"),
    ],
)
def test_settings_that_do_not_go_together_are_named(
    tmp_path: Path, store: str, url: str, line: str
) -> None:
    """With the remedy."""
    settings = convert({"store": store, "store_url": url, "data_dir": tmp_path}, Settings)
    with pytest.raises(Refused, match=line):
        open_store(settings, "tongzhou", lambda: T0)
