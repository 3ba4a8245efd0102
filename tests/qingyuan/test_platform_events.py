"""Platforms of a running centre."""

from __future__ import annotations

import asyncio
from pathlib import Path

from api.live import LiveEvent
from config.settings import DISTRICTS, BrokerSettings, Settings
from qingyuan.assembly import opened
from tests.conftest import Mosquitto


def test_what_a_platform_tells_reaches_open_pages_over_the_broker(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """So it does where core and pages are two processes."""
    broker = BrokerSettings(port=mosquitto.port, username="centre", password="c")
    settings = Settings(
        catalogue=DISTRICTS / "tongzhou", data_dir=tmp_path / "centre", broker=broker
    )

    async def heard() -> bytes:
        stream = services.live.events(session="s", username="daibiao", stands=lambda: True)
        assert (await anext(stream)).startswith(b"retry")
        LiveEvent("toy.written").tell(services.publish, {"id": 7})
        return await asyncio.wait_for(anext(stream), 10)

    with opened(settings) as running:
        services = running.services
        assert running.bus.connected.wait(60)
        assert asyncio.run(heard()) == b'event: toy.written\ndata: {"id":7}\n\n'
