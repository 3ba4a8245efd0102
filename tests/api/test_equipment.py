"""How a station's sensors and instruments are, by its own report, on its page."""

from __future__ import annotations

import httpx
import msgspec
import pytest

from config.vocabulary import wire
from config.vocabulary.quality import Cause
from tests.api.conftest import NOW_MS, House

STATION = "tonglv-jinsha"
REPORT = wire.Health(
    v=1,
    t=NOW_MS - 20_000,
    b="ab" * 16,
    up_ms=7_200_000,
    sensors={
        "w21003": wire.SensorHealth(58, 2, NOW_MS - 25_000, Cause.TIMEOUT),
        "w01009": wire.SensorHealth(60, 0, NOW_MS - 20_500),
    },
    devices={"hengtai-nh4@2": wire.DeviceHealth(58, 2, 41)},
    held=1200,
    oldest_ms=NOW_MS - 3_600_000,
    days_left=21.4,
    given_up=3,
    loggers={"A110000_0001": {"stored": 5, "repeated": 1}},
    rss_mb=31.5,
    peak_mb=33.0,
)


def hear(house: House, report: wire.Health) -> None:
    """As the bus hands it over."""
    topic = wire.health_topic("tongzhou", STATION)
    house.parts.centre.hear_health(topic, msgspec.json.encode(report))


def test_an_officer_sees_what_is_wrong_and_what_to_try(
    house: House, officer: httpx.Client
) -> None:
    """Sensor by sensor, with the instruments, the spool and the memory."""
    hear(house, REPORT)
    page = officer.get(f"/stations/{STATION}").text
    for text in (
        "58 / 60", "仪器无应答", "请检查仪器电源、接线和站号", "无应答 2 次", "还可存 21 天",
        "已放弃 3 组", "已存 5 包", "31.5 MB",
    ):  # fmt: skip
        assert text in page, text
    assert "没有报告设备状况" not in page


def test_an_old_report_says_so(house: House, officer: httpx.Client) -> None:
    """After three minutes it tells of the past."""
    hear(house, msgspec.structs.replace(REPORT, t=NOW_MS - 200_000))
    assert "几分钟没有报告设备状况" in officer.get(f"/stations/{STATION}").text


def test_a_deputy_is_not_troubled_with_it(house: House, deputy: httpx.Client) -> None:
    """Nor is anybody before the first report."""
    assert "设备状况" not in deputy.get(f"/stations/{STATION}").text
    hear(house, REPORT)
    assert "设备状况" not in deputy.get(f"/stations/{STATION}").text


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"v":1}'])
def test_what_does_not_decode_is_passed_over(
    house: House, officer: httpx.Client, body: bytes
) -> None:
    """The report before it stands."""
    hear(house, REPORT)
    house.parts.centre.hear_health(wire.health_topic("tongzhou", STATION), body)
    assert "58 / 60" in officer.get(f"/stations/{STATION}").text
