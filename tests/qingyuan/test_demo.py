"""The demonstration, run as its user runs it."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cases.views.records import VIEWS
from api.platforms.environment.days.actions import measured
from api.platforms.environment.stations.wording import calendar
from config.settings import Settings
from config.vocabulary.time import day_of
from ingest.arrival import intake
from ingest.arrival.intake import Message
from qingyuan.demo import demonstration
from qingyuan.maintenance.attachments import FOLDERS
from qingyuan.runtime.site import core_services, open_shared
from tests.conftest import free_port, wait_until

ROOT = Path(__file__).parents[2]
SLOW = re.compile(r"waited \d+\.\d s for \w+ and has no answer")
"""What the workbench says on a machine that has much else to do."""


def command(data: Path, *more: str) -> list[str]:
    """The demonstration on a free port."""
    port = str(free_port())
    return [sys.executable, "-m", "qingyuan", "demo", "--data", str(data), "--port", port, *more]


def report_of(folder: Path, seconds: int, *more: str) -> dict[str, Any]:
    """Run it for a time; it must end well and say nothing on stderr."""
    path = folder / "report.json"
    spoken = command(folder / "data", "--for", str(seconds), "--report", str(path), *more)
    done = subprocess.run(
        spoken, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_in_ninety_seconds_nothing_is_lost_and_the_spill_is_found_where_and_when_it_began(
    tmp_path: Path,
) -> None:
    """Within two cadences of its label, at the first station below it."""
    report = report_of(tmp_path, 90)

    samples = report["samples"]
    assert samples["lost"] == 0
    assert samples["made"] == samples["stored"] + samples["refused"]
    assert samples["made"] > 15_600
    (incident,) = report["incidents"]
    found = [
        alert
        for alert in report["alerts"]
        if alert["rule"] == "ammonia-over-class" and alert["station"] == incident["station"]
        if alert["began"][:4] == incident["began"][:4]
    ]
    assert {alert["level"] for alert in found} == {"alarm", "critical"}
    began = min(datetime.fromisoformat(alert["began"]) for alert in found)
    late = (began - datetime.fromisoformat(incident["began"])).total_seconds()
    assert -2 <= late <= 2
    assert sum(alert["notified"] for alert in found) > 0
    assert report["notifications"] > 0


def test_without_an_incident_no_pollution_alert_fires(tmp_path: Path) -> None:
    """Nature alone stays within the rules, past included."""
    report = report_of(tmp_path, 25, "--no-incident", "--environment-only")

    assert report["incidents"] == []
    assert [a for a in report["alerts"] if a["rule"] != "station-silent"] == []
    assert days_lacking(tmp_path / "data") == {}


def days_lacking(data: Path) -> dict[str, list[date]]:
    """Of the days that a station's page shows, those whose class or AQI lacks something."""
    with open_shared(Settings(data_dir=data)) as shared:
        means, stations = core_services(shared, lambda _: None), shared.catalogue.stations
        today = date.fromisoformat(day_of(means.now_ms()))
        first, last = today - timedelta(days=calendar.DAYS), today - timedelta(days=1)
        found = measured(means, list(stations.values()), first, last)
    days = [first + timedelta(days=n) for n in range(calendar.DAYS)]
    lacking = {
        of.station.id: [day for day in days if of.days.get(day, {}).keys() != of.shares.keys()]
        for of in found
    }
    return {station: of for station, of in lacking.items() if of}


def working() -> set[threading.Thread]:
    """Threads but those that check passwords, which a process has once and keeps."""
    return {one for one in threading.enumerate() if not one.name.startswith("passwords")}


def test_an_intake_that_drops_samples_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It settles every 50th message without keeping it: the loss counter is no witness of its own."""
    real = intake.Intake.take
    seen = 0

    def dropping(self: intake.Intake, messages: list[Message], now_ms: int) -> intake.Taken:
        nonlocal seen
        taken = real(self, messages, now_ms)
        seen += len(messages)
        if seen < 50 or not len(taken.columns):
            return taken
        seen = 0
        return intake.Taken(intake.Columns.empty(), taken.settled, taken.touched)

    monkeypatch.setattr(intake.Intake, "take", dropping)
    threads = working()

    short = ["--for", "12", "--no-incident", "--environment-only"]
    status = demonstration.run([*short, "--data", str(tmp_path), "--port", str(free_port())])

    assert status > 0
    assert working() <= threads


def test_interrupted_it_ends_cleanly_and_started_again_it_goes_on(tmp_path: Path) -> None:
    """Ctrl-C; the second start answers on /, keeps the accounts and begins no duty work anew."""
    waiting = []
    for _ in range(2):
        spoken = command(tmp_path, "--no-incident")
        with subprocess.Popen(
            spoken, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            try:
                assert running.stdout is not None
                address = running.stdout.readline().strip()
                with urllib.request.urlopen(address, timeout=60) as answer:
                    assert answer.status == 200
                wait_until(partial(is_begun, tmp_path), seconds=150)
                waiting.append(waits(address, tmp_path))
                shown = lines_of_views(address, tmp_path)
                running.send_signal(signal.SIGINT)
                _, complaints = running.communicate(timeout=60)
                said = [line for line in complaints.splitlines() if not SLOW.fullmatch(line)]
                assert (running.returncode, said) == (0, [])
            finally:
                running.kill()
    assert (tmp_path / "demo-passwords.json").stat().st_mode & 0o777 == 0o600
    assert waiting == [WAITING, WAITING]
    assert rows(tmp_path) == BEGUN
    folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert folders == {*FOLDERS, "journal", "spool"}, (
        "a backup carries all but the stations' spool"
    )
    assert all(count >= 3 for count in shown.values()), shown


PIPES = "关于改造兴东街道老旧污水管网的建议"
TOPIC, WATCHED = "平潮断面氨氮治理：", "关于改善通吕运河平潮断面水质的建议"
OF_OFFICE = {
    ("/cases/questions", "平潮镇沿河排口排查到哪一步"),
    ("/cases/measures", f"{TOPIC}专题调查研究报告和汇总的意见发给常委会组成人员"),
    ("/cases/measures", f"{TOPIC}负责人到会听取意见、回答询问"),
    ("/cases/measures", f"{TOPIC}提交询问意见研究处理情况报告"),
    ("/cases/rectifications", "公布沿河排口台账"),
}
"""Of the case, for whoever keeps cases."""
STRIKE_OFF = ("/cases/rectifications", "两座泵站加装截流设施")
"""For all of them but whoever confirmed it."""
WAITING = {
    "daibiao": {
        ("/duty/suggestions", "关于尽快治理通吕运河平潮段氨氮超标的建议"),
        ("/deadlines", "关于疏通五接镇村级河道的建议 · 代表评价答复"),
        ("/duty/motions", "关于加强镇村河道长效管护的议案"),
        ("/duty/meetings/invitations", "视察通吕运河沿线排口整治"),
        ("/duty/meetings/invitations", "关于报送闭会期间活动计划的通知"),
        ("/duty/my-surveys", "河道管护情况问卷"),
        ("/judicial/hearings/2", "旁听一起劳动报酬纠纷庭审"),
    },
    "xuhui": {
        ("/duty/motions", "关于加强镇村河道长效管护的议案"),
        ("/duty/meetings/invitations", "关于报送闭会期间活动计划的通知"),
        ("/duty/my-surveys", "河道管护情况问卷"),
    },
    "lianluo": {
        ("/deadlines", "关于平潮镇中心小学上下学时段交通安全的建议 · 闭会期间建议交办"),
        ("/duty/meetings/invitations", "视察通吕运河沿线排口整治"),
        ("/budget", "条预算疑点待筛查"),
        ("/budget", "年有  个审计问题还没有下达整改"),
        ("/judicial/figures", "区人民法院-月度数据"),
        ("/deadlines", "河道污染类公益诉讼案件公开听证 · 听证会通知参加人员"),
        ("/deadlines", "关于民事执行工作情况的专项工作报告 · 专项工作报告发给组成人员"),
        ("/documents/catalogue", "平政规〔〕号"),
        ("/deadlines", "通州区电动自行车停放管理规定 · 告知补充审查要求、审查建议"),
        ("/deadlines", "通州区电动自行车停放管理规定 · 移送有权审查机关"),
        ("/deadlines", "通州区老旧住宅加装电梯资金补贴规定 · 分送专门委员会、工作机构同步审查"),
        ("/deadlines", "平潮镇农村河道保洁规定 · 有关委员会提出书面审查研究意见"),
        *OF_OFFICE,
    },
    "daigongwei": {
        ("/deadlines", "关于平潮镇中心小学上下学时段交通安全的建议 · 闭会期间建议交办"),
        ("/duty/meetings/invitations", "视察通吕运河沿线排口整治"),
        ("/budget", "条预算疑点待筛查"),
        ("/budget", "年有  个审计问题还没有下达整改"),
        ("/judicial/figures", "区人民法院-月度数据"),
        ("/judicial/draws", "执行案卷评查"),
        ("/deadlines", "河道污染类公益诉讼案件公开听证 · 听证会通知参加人员"),
        ("/deadlines", "关于民事执行工作情况的专项工作报告 · 专项工作报告发给组成人员"),
        ("/documents/catalogue", "平政规〔〕号"),
        ("/deadlines", "通州区电动自行车停放管理规定 · 告知补充审查要求、审查建议"),
        ("/deadlines", "通州区电动自行车停放管理规定 · 移送有权审查机关"),
        ("/deadlines", "通州区老旧住宅加装电梯资金补贴规定 · 分送专门委员会、工作机构同步审查"),
        ("/deadlines", "平潮镇农村河道保洁规定 · 有关委员会提出书面审查研究意见"),
        ("/cases", "- 平潮氨氮超标"),
        *OF_OFFICE,
        STRIKE_OFF,
    },
    "zhujian": {
        ("/deadlines", "关于加快金沙街道老旧住宅加装电梯的建议 · 答复代表建议"),
        ("/deadlines", "关于系统整治平潮镇雨污混接的建议 · 答复代表建议"),
        ("/deadlines", f"{PIPES}：公布改造后的养护单位和电话 · 兑现答复中的承诺"),
        ("/deadlines", f"{PIPES}：完成两条道路的管网改造 · 兑现答复中的承诺"),
        ("/duty/key-supervision", "关于系统整治平潮镇雨污混接的建议"),
        ("/deadlines", "物业小区消防通道管理 · 回复检察建议"),
    },
    "fayuan": {
        ("/deadlines", "关于民事执行工作情况的专项工作报告 · 专项工作报告送有关委员会征求意见"),
        ("/deadlines", "关于民事执行工作情况的专项工作报告 · 修改后的专项工作报告送交常委会"),
    },
    "huanbao": {*OF_OFFICE, STRIKE_OFF},
    "shuili": {
        ("/cases/measures", f"{TOPIC}负责人到会听取意见、回答询问"),
        ("/cases/measures", f"{TOPIC}提交询问意见研究处理情况报告"),
        ("/deadlines", "平潮断面氨氮稳定达标 · 完成监督案卷整改清单上的事项"),
        (
            "/deadlines",
            "关于疏通五接镇村级河道的建议：完成三条村级河道清淤并立公示牌 · 兑现答复中的承诺",
        ),
        ("/deadlines", f"{WATCHED}：平潮断面氨氮连续七天达到Ⅲ类标准 · 兑现答复中的承诺"),
        ("/deadlines", "两座泵站雨天怎样运行 · 答复监督案卷的问题"),
    },
    "jianchayuan": {
        ("/deadlines", "《未成年人保护法》实施情况执法检查 · 按写明的日期报告、答复或者完成检查"),
        ("/deadlines", "区人民检察院-月度数据 · 报送月度数据"),
        ("/judicial/advice", "平潮镇沿河泵站雨天溢流"),
    },
    "pingchaozhen": {
        ("/deadlines", "改接已查出的处雨污混接 · 完成监督案卷整改清单上的事项"),
        ("/deadlines", "平潮镇户外招牌设置管理规定 · 补充报备材料或者重新报送"),
        ("/deadlines", "平潮镇排水和排污管理规定 · 兑现修改或者废止的承诺"),
    },
}
"""By visitor: where a thing waits for them, and its title without digits."""
BEGUN = {
    "duty_suggestion": 11,
    "duty_promise": 9,
    "duty_key_supervision": 1,
    "duty_release": 1,
    "duty_motion": 1,
    "duty_survey": 1,
    "duty_deputy": 11,
    "meeting": 3,
    "load": 24,
    "judicial_table where state = 'accepted'": 23,
    "judicial_table where state = 'sent'": 1,
    "judicial_hearing": 2,
    "judicial_seat where state = 'confirmed'": 2,
    "judicial_matter": 2,
    "judicial_advice where state = 'sent'": 1,
    "judicial_advice": 3,
    "judicial_letter": 12,
    "judicial_draw where state = 'typed'": 1,
    "documents_text": 6,
    "documents_text_version": 7,
    "documents_filing where state = 'returned'": 1,
    "documents_filing": 3,
    "documents_register": 2,
    "documents_unfiled": 1,
    "documents_review where state = 'suspended'": 1,
    "documents_proposal where state = 'received'": 1,
    "supervision_case where state = 'archived'": 1,
    "supervision_case": 2,
    "supervision_case_copy": 9,
    "supervision_case_question where state = 'answered'": 1,
    "supervision_case_receipt": 1,
    "supervision_case_received": 1,
    "supervision_case_question": 3,
    "supervision_case_rectification where evidence is not null": 3,
    "supervision_case_rectification where state = 'struck-off'": 3,
    "duty_fact where source is null": 1,
}
"""How many of each there are, however often the demonstration began."""


def is_begun(data: Path) -> bool:
    """The case is begun last, and its list of rectification is the last of it."""
    return rows(data, "supervision_case_rectification")["supervision_case_rectification"] == 7


def waits(address: str, data: Path) -> dict[str, set[tuple[str, str]]]:
    """Everything that waits for each visitor on the workbench."""
    passwords = json.loads((data / "demo-passwords.json").read_text(encoding="utf-8"))
    found = {}
    for username in WAITING:
        with httpx.Client(base_url=address, timeout=60) as visitor:
            body = {"username": username, "password": passwords[username]}
            assert visitor.post("/api/v1/session", json=body).status_code == 204
            todos = visitor.get("/api/v1/workbench").json()["waiting"]
        found[username] = {
            (of["path"].rpartition("/")[0], re.sub(r"\d", "", of["title"]).strip()) for of in todos
        }
    return found


def lines_of_views(address: str, data: Path) -> dict[str, int]:
    """How many lines of each combined view have rows, none of which lacks a series."""
    passwords = json.loads((data / "demo-passwords.json").read_text(encoding="utf-8"))
    found = {}
    with httpx.Client(base_url=address, timeout=60) as supervisor:
        body = {"username": "daigongwei", "password": passwords["daigongwei"]}
        assert supervisor.post("/api/v1/session", json=body).status_code == 204
        for name in VIEWS:
            view = supervisor.get(f"/api/v1/cases/views/{name}").json()
            assert view["lacking"] == [], name
            filled = [of for of in view["lines"] if any(cell["rows"] for cell in of["cells"])]
            found[name] = len(filled)
    return found


def rows(data: Path, *tables: str) -> dict[str, int]:
    """So many rows has each of some tables by now, or of all that are begun."""
    with closing(sqlite3.connect(data / "state.sqlite")) as state:
        return {
            of: state.execute(f"select count(*) from {of}").fetchone()[0] for of in tables or BEGUN
        }
