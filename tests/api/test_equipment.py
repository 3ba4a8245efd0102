"""How a station's sensors and instruments are, by its own report, on its page."""

from __future__ import annotations

import httpx
import msgspec
import pytest

from alerting.formats import instant
from config.vocabulary import topics
from config.vocabulary.health import (
    ClockHealth,
    Declared,
    DeviceHealth,
    Health,
    LoggerHealth,
    SensorHealth,
    Unsettled,
    UplinkHealth,
)
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock
from config.vocabulary.reports import Pulse, StationPulse
from tests.api.conftest import NOW_MS, RunningCentre

STATION = "tonglv-jinsha"
REPORT = Health(
    v=1,
    t=NOW_MS - 20_000,
    b="ab" * 16,
    up_ms=7_200_000,
    sensors={
        "w21003": SensorHealth(
            58, 2, NOW_MS - 25_000, Cause.TIMEOUT, 3, NOW_MS - 20_000, Cause.DEVICE_REFUSED
        ),
        "w01009": SensorHealth(60, 0, NOW_MS - 20_500),
    },
    devices={
        "hengtai-nh4@2@10.0.0.1:4001": DeviceHealth(58, 2, 41, 4, 1, 77),
        "hengtai-nh4@2@/dev/ttyS1": DeviceHealth(),
        "gone@9": DeviceHealth(0, 60),
    },
    held=1200,
    oldest_ms=NOW_MS - 3_600_000,
    days_left=21.4,
    given_up=3,
    loggers={
        "A110000_0001": LoggerHealth(
            {
                "stored": 5,
                "repeated": 1,
                "late": 2,
                "good readings": 9,
                "failed readings": 6,
            },
            behind_ms=-7_200_000,
            data_time_behind_ms=28_800_000,
            senders=["10.0.0.5:4001", "10.0.0.6:4002"],
        )
    },
    uplink=UplinkHealth(7, 8),
    rss_mb=31.5,
    peak_mb=33.0,
)


def hear(centre: RunningCentre, report: Health) -> None:
    """As the bus hands it over."""
    topic = topics.health_topic("tongzhou", STATION)
    centre.services.centre.hear_health(topic, msgspec.json.encode(report))


def test_an_officer_sees_what_is_wrong_and_what_to_try(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Sensor by sensor, with the instruments, the spool and the memory."""
    hear(centre, REPORT)
    page = officer.get(f"/environment/stations/{STATION}").text
    for text in (
        "58 / 60", "仪器无应答", "请检查仪器电源、接线和站号", "无应答 2 次", "还可存 21 天",
        "已放弃 3 组", "已存 5 包", "31.5 MB",
    ):  # fmt: skip
        assert text in page, text
    assert "没有报告设备状况" not in page


def test_the_quality_of_the_lines_is_reported_instrument_by_instrument(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """By make and model; two of one make and unit are told apart by their lines."""
    hear(centre, REPORT)
    page = officer.get(f"/environment/stations/{STATION}").text
    for text in (
        "恒泰分析 NP-2000 氨氮总磷（2 号从站，10.0.0.1:4001）", "2 号从站，/dev/ttyS1", "gone（9 号从站）",
        "应答 58 次，无应答 2 次，错误应答 4 次，线路重连 1 次",
        "平均 41 毫秒，95% 在 77 毫秒内", "重连 7 次，重发 8 条",
        "有效监测数据 9 条，无效 6 条，迟到 2 包", "时钟比采集器快约 2 小时，请在数采仪上校准；数据时间慢 8 小时", "（10.0.0.5:4001 / 10.0.0.6:4002）", "其中迟到 3 条", "，仪器拒绝应答",
    ):  # fmt: skip
        assert text in page, text
    assert page.count("95% 在") == 1, "of whom nobody answered no time is told"


def test_what_was_set_at_the_station_is_reported_with_its_end(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Of everything, of an instrument, of a logger; a torn switch too."""
    times = (NOW_MS - 60_000, NOW_MS + 3_600_000)
    declared = [
        Declared(Cause.MAINTENANCE, "all", *times, "王工"),
        Declared(Cause.POWER_FAILURE, "hengtai-nh4@2@/dev/ttyS1", *times, "<b>"),
        Declared(Cause.PURGE, "A110000_0001", *times, "李工"),
    ]
    hear(centre, msgspec.structs.replace(REPORT, declared=declared))
    page = officer.get(f"/environment/stations/{STATION}").text
    assert "全站仪器：仪器维护中，" in page
    assert "自动结束（设定人：王工）" in page
    assert "/dev/ttyS1）：停电，" in page
    assert "数采仪 A110000_0001：仪器清洗吹扫中，" in page
    assert "设定人：&lt;b&gt;" in page
    assert "现场设定文件已损坏" not in page

    hear(centre, msgspec.structs.replace(REPORT, switch_fault="s.state.json: cannot be read"))
    assert "现场设定文件已损坏" in officer.get(f"/environment/stations/{STATION}").text


def test_the_room_of_a_spool_is_told_in_units_that_fit(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """No 0 days while there is room for hours; never more than there is."""
    for days, words in (
        (2.99, "还可存 2 天"),
        (1.99, "还可存 1 天 23 小时"),
        (0.04, "还可存 57 分钟"),
        (0.0008, "还可存 1 分钟"),
        (0.0, "存储空间一分钟内用尽"),
    ):
        hear(centre, msgspec.structs.replace(REPORT, days_left=days))
        assert words in officer.get(f"/environment/stations/{STATION}").text, days
    hear(centre, msgspec.structs.replace(REPORT, days_left=None))
    assert "按目前速度" not in officer.get(f"/environment/stations/{STATION}").text


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (ClockHealth(), "已自动对时"),
        (ClockHealth(Clock.FREE_RUNNING), "没有自动对时"),
        (ClockHealth(Clock.NEVER_SET), "监测数据先存在站内，对时后补上时间再上传"),
        (
            ClockHealth(set_ms=NOW_MS - 1, set_by_ms=10_800_000, redated=14),
            "，向前拨 3 小时；待传的 14 组数据已改按新时间记录",
        ),
        (
            ClockHealth(set_ms=NOW_MS - 1, set_by_ms=-2000, unknown=2),
            "，向后拨 2 秒；有 2 组数据采于对时之前",
        ),
        (
            ClockHealth(Clock.STEPPED, 2, -3_600_500),
            "刚刚被调整 · 这一分钟内被调整 2 次，共 -3600.5 秒",
        ),
    ],
)
def test_the_state_of_the_clock_is_reported(
    centre: RunningCentre, officer: httpx.Client, clock: ClockHealth, words: str
) -> None:
    hear(centre, msgspec.structs.replace(REPORT, clock=clock))
    assert words in officer.get(f"/environment/stations/{STATION}").text


@pytest.mark.parametrize(
    ("behind_ms", "words"),
    [
        (2 * 3_600_000, "站点时钟比中心慢约 2 小时"),
        (-90_000, "站点时钟比中心快约 1 分 30 秒"),
        (60_000, ""),
        (None, ""),
    ],
)
def test_a_clock_that_is_wrong_is_reported_with_what_to_do(
    centre: RunningCentre, officer: httpx.Client, behind_ms: int | None, words: str
) -> None:
    """Its report is no older for it."""
    pulse = Pulse(1, NOW_MS, 0, 0, 0, stations={STATION: StationPulse(behind_ms=behind_ms)})
    centre.services.centre.hear("", msgspec.json.encode(pulse))
    hear(centre, msgspec.structs.replace(REPORT, t=REPORT.t - (behind_ms or 0)))
    page = officer.get(f"/environment/stations/{STATION}").text
    assert words in page
    assert ("请运维人员设置网络对时（NTP）" in page) is bool(words)
    assert "没有报告设备状况" not in page
    assert ("时钟不准" in officer.get("/environment/operations").text) is bool(words)


def test_an_old_report_says_so(centre: RunningCentre, officer: httpx.Client) -> None:
    """After three minutes it tells of the past."""
    hear(centre, msgspec.structs.replace(REPORT, t=NOW_MS - 200_000))
    assert "几分钟没有报告设备状况" in officer.get(f"/environment/stations/{STATION}").text


def test_a_report_by_a_clock_that_was_never_set_is_not_called_old(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """It says 1970, and nobody knows when it was made."""
    clock = ClockHealth(Clock.NEVER_SET)
    hear(centre, msgspec.structs.replace(REPORT, t=600_000, clock=clock))
    assert "几分钟没有报告设备状况" not in officer.get(f"/environment/stations/{STATION}").text


def test_a_deputy_is_not_troubled_with_it(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Nor is anybody before the first report."""
    assert "设备状况" not in deputy.get(f"/environment/stations/{STATION}").text
    hear(centre, REPORT)
    assert "设备状况" not in deputy.get(f"/environment/stations/{STATION}").text


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"v":1}'])
def test_what_does_not_decode_is_passed_over(
    centre: RunningCentre, officer: httpx.Client, body: bytes
) -> None:
    """The report before it stands."""
    hear(centre, REPORT)
    centre.services.centre.hear_health(topics.health_topic("tongzhou", STATION), body)
    assert "58 / 60" in officer.get(f"/environment/stations/{STATION}").text


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        ("not-authorized", "qingyuan broker acl"),
        ("packet-size", "max_packet_size"),
        ("quota", "配额"),
        ("refused", "日志"),
        ("hung-up", "日志"),
        ("silent", "qingyuan broker acl"),
    ],
)
def test_given_that_nothing_is_settled_then_the_page_says_since_when_and_why(
    centre: RunningCentre, officer: httpx.Client, why: Unsettled, remedy: str
) -> None:
    """In the broker's words, and with the remedy."""
    hear(centre, REPORT)
    assert "没有数据被中心收妥" not in officer.get(f"/environment/stations/{STATION}").text
    uplink = UplinkHealth(
        trouble="x", unsettled_ms=NOW_MS - 7_200_000, why=why, said="<Not> authorized"
    )
    hear(centre, msgspec.structs.replace(REPORT, uplink=uplink))
    page = officer.get(f"/environment/stations/{STATION}").text
    assert (
        f"自 {instant(centre.services.words, NOW_MS - 7_200_000, NOW_MS)} 起，本站没有数据被中心收妥"
        in page
    )
    assert "消息服务器答复：&lt;Not&gt; authorized。" in page
    assert remedy in page
