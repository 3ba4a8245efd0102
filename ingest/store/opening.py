"""Settings -> store; the only place that names one."""

from __future__ import annotations

from config.settings import Settings
from ingest.store.duckdb import DuckDBStore
from ingest.store.protocol import Store


def open_store(settings: Settings) -> Store:
    """The store that the settings ask for."""
    return DuckDBStore(settings.data_dir / "readings.duckdb")
