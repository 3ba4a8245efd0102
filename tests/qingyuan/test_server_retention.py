"""What a store would drop is refused before it is taken."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary import topics, wire
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.refusals import Reason
from config.vocabulary.time import DAY_MS
from ingest.arrival.intake import Message
from ingest.arrival.replay import Replay, replay
from ingest.store.influxdb import InfluxDBStore
from ingest.store.protocol import Retention
from ingest.store.victoriametrics import VictoriaMetricsStore, retention_of
from qingyuan.commands.records import backup as backup_command
from qingyuan.commands.records import importing as importing_command
from qingyuan.commands.records import restore as restore_command
from qingyuan.runtime.site import opened
from tests.conftest import InfluxDB, VictoriaMetrics, wait_until

STATION = "tonglv-jinsha"
DEDUP = "-dedup.minScrapeInterval=1ms"


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("1", 31),
        ("3", 93),
        ("1.5", 46),
        ("36h", 1),
        ("30d", 30),
        ("2w", 14),
        ("100y", 36_500),
        ("0.5y", 182),
    ],
)
def test_every_form_of_a_retention_period_is_understood(period: str, days: int) -> None:
    """Months where it has no unit."""
    page = f'flag{{name="retentionPeriod", value="{period}", is_set="true"}} 1\n'
    found = retention_of(page)
    assert found is not None
    assert found.days == days
    assert f"-retentionPeriod={period}" in found.said


def test_a_page_that_says_nothing_of_it_is_none() -> None:
    """As of another product that speaks the same."""
    assert retention_of("") is None
    assert retention_of('flag{name="retentionPeriod", value="soon"} 1') is None


class Kept:
    """A centre on VictoriaMetrics, and a file of its past."""

    def __init__(self, folder: Path, server: VictoriaMetrics, catalogue: Path) -> None:
        self.folder, self.server = folder, server
        (folder / "data").mkdir()
        self.settings = Settings(
            catalogue=catalogue,
            data_dir=folder / "data",
            store="victoriametrics",
            store_url=server.url,
        )

    def again(self, *flags: str) -> None:
        """The server, started anew with other flags."""
        self.server.kill()
        self.server.start(DEDUP, *flags)

    def file(self, days_ago: int, name: str = "past.csv") -> Path:
        """An hour each, up to now."""
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        begin = hour - timedelta(days=days_ago)
        rows = [
            f"{(begin + timedelta(hours=at)).isoformat()},0.3" for at in range(24 * days_ago - 1)
        ]
        path = self.folder / name
        path.write_text("\n".join(["time,NH3", *rows]), encoding="utf-8")
        return path

    def imports(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> int:
        """By the command."""
        monkeypatch.setenv("QINGYUAN_STORE", "victoriametrics")
        monkeypatch.setenv("QINGYUAN_STORE_URL", self.server.url)
        monkeypatch.setenv("QINGYUAN_CATALOGUE", str(self.settings.catalogue))
        where = ["--data", str(self.settings.data_dir), "--station", STATION]
        return importing_command.run([str(file), *where, "--time", "time", "--map", "NH3=w21003"])


@pytest.fixture
def kept(tmp_path: Path, district: Path) -> Iterator[Kept]:
    """One that keeps thirty days."""
    server = VictoriaMetrics(tmp_path)
    server.start(DEDUP, "-retentionPeriod=30d")
    yield Kept(tmp_path, server, district)
    server.kill()


def test_an_import_of_which_a_part_would_be_dropped_is_refused_as_a_whole(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the first instants and the remedy; once that was followed all of it is kept."""
    file = kept.file(40)
    first = file.read_text().splitlines()[1].partition(",")[0]
    with pytest.raises(Refused) as refused:
        kept.imports(file, monkeypatch)
    said = str(refused.value)
    assert first in said
    assert "-retentionPeriod=30d" in said
    assert "100y" in said
    assert kept.imports(kept.file(20, "recent.csv"), monkeypatch) == 0

    kept.again("-retentionPeriod=100y")
    file = kept.file(60)
    assert kept.imports(file, monkeypatch) == 0
    far_ms = time.time_ns() // 10**6 - 59 * DAY_MS
    with opened(kept.settings) as resources:
        kept_store, series = resources.shared.kept, f"{STATION}/w21003"
        wait_until(lambda: len(kept_store.track(series, 0, far_ms)) > 0, kept.server.flush)


def test_a_restore_of_which_a_part_would_be_dropped_is_refused_before_anything_is_taken(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder stays as empty as it was."""
    monkeypatch.setattr(VictoriaMetricsStore, "forgets_ms", 500)
    kept.again("-retentionPeriod=100y")
    assert kept.imports(kept.file(60), monkeypatch) == 0
    with opened(kept.settings):
        pass
    copy = tmp_path / "copy"
    monkeypatch.setenv("QINGYUAN_KEY_FILE", str(tmp_path / "site.key"))
    assert backup_command.run([str(copy), "--data", str(kept.settings.data_dir)]) == 0
    folder = tmp_path / "other"
    folder.mkdir()
    other = VictoriaMetrics(folder)
    other.start(DEDUP, "-retentionPeriod=1")
    monkeypatch.setenv("QINGYUAN_STORE_URL", other.url)
    try:
        with pytest.raises(Refused, match="retentionPeriod=1 keeps none before"):
            restore_command.run([str(copy), "--data", str(folder / "data")])
        assert not (folder / "data" / "journal").exists()

    finally:
        other.kill()


def test_a_sample_that_would_be_dropped_is_a_dead_letter_that_a_longer_retention_brings_back(
    kept: Kept,
) -> None:
    """It is neither taken nor lost."""
    kept.again("-retentionPeriod=1w")
    t = time.time_ns() // 10**6 - 10 * DAY_MS
    sample = Sample(t, Clock.SYNCHRONISED, {"w21003": Measured(0.3, Cause.NORMAL)})
    topic = topics.readings_topic("tongzhou", STATION, "ab" * 16, 1)
    body = wire.encode_live(sample, oldest=1, sent_ms=t)
    with opened(kept.settings) as resources:
        taken = resources.committer.take([Message(topic, body)])
        (letter,) = resources.deadletters.newest()
        assert len(taken.columns) == 0
        assert letter.reason is Reason.BEYOND_RETENTION

    kept.again("-retentionPeriod=1y")
    with opened(kept.settings) as resources:
        message = Replay("tongzhou").message_of(letter)
        taken, _ = replay([letter], [message], resources.committer, resources.deadletters)
        assert taken.columns.t.tolist() == [t]


def test_a_short_retention_is_said_at_the_start(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """With how long it is."""
    with caplog.at_level(logging.WARNING), opened(kept.settings):
        pass
    said = [record.getMessage() for record in caplog.records]
    assert any("30 days only" in line and "-retentionPeriod" in line for line in said)

    caplog.clear()
    kept.again("-retentionPeriod=2y")
    with caplog.at_level(logging.WARNING), opened(kept.settings):
        pass
    assert not any("-retentionPeriod" in record.getMessage() for record in caplog.records)


def test_a_retention_policy_of_influxdb_counts_as_well(
    influxdb: InfluxDB, tmp_path: Path, catalogue: Catalogue
) -> None:
    """Of the policy that readings are written by."""
    store = InfluxDBStore(influxdb.url, catalogue.site.id, tmp_path / "at", lambda: 0)
    store.position()
    assert store.retention() is None
    store._query('ALTER RETENTION POLICY "autogen" ON "qingyuan" DURATION 30d')
    try:
        again = InfluxDBStore(influxdb.url, catalogue.site.id, tmp_path / "at", lambda: 0)
        again.position()
        found = again.retention()
        assert isinstance(found, Retention)
        assert found.days == 30
        again.close()
    finally:
        store._query('ALTER RETENTION POLICY "autogen" ON "qingyuan" DURATION INF')
        store.close()
