"""The log of a process that runs on: lines on stderr that say when, how grave, where and what."""

from __future__ import annotations

import logging
import time

OURS = ("api", "alerting", "broker", "edge_agent", "ingest", "qingyuan")
"""Rooms that may say what is no trouble too."""


class Line(logging.Formatter):
    """Instants in UTC; what a message holds stays on its line, so nobody can write another one. A
    traceback follows on lines of its own.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as it is called
        """With every control character as its escape."""
        record.message = "".join(
            one if one.isprintable() else one.encode("unicode_escape").decode()
            for one in record.message
        )
        return super().formatMessage(record)


def begin() -> None:
    """From here on the process logs like this."""
    handler = logging.StreamHandler()
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    for room in OURS:
        logging.getLogger(room).setLevel(logging.INFO)
