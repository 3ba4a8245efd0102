"""Settings -> store; the only place that names one."""

from __future__ import annotations

from collections.abc import Callable

from config.settings import Settings
from config.vocabulary.errors import Refused
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.influxdb import InfluxDBStore
from ingest.store.protocol import Store


def open_store(settings: Settings, site: str, now_ms: Callable[[], int]) -> Store:
    """The store that the settings ask for.

    Raises:
        Refused: it cannot be used as it is.
    """
    if settings.store == "duckdb":
        if settings.store_url:
            remedy = "set store to victoriametrics or influxdb, or leave store_url out"
            raise Refused("store_url", "is set, but the store is duckdb", remedy)
        return DuckDBStore(settings.data_dir / "readings.duckdb")
    if not settings.store_url:
        remedy = "set it to where the server listens, e.g. http://127.0.0.1:8428"
        raise Refused("store_url", "is missing", remedy)
    position = settings.data_dir / "store.position"
    where = (settings.store_url, site, position, now_ms)
    if settings.store == "influxdb":
        return InfluxDBStore(*where)
    # A house without it shall not wait for influxdb-client's import, a second long.
    from ingest.store.victoriametrics import VictoriaMetricsStore  # noqa: PLC0415

    return VictoriaMetricsStore(*where)
