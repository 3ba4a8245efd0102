"""A dozen letters of the last quarter that ended, passed on and answered; two are not closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from api.platforms.judicial.letters import actions
from api.platforms.judicial.letters.procedure import PROCEDURE
from api.platforms.judicial.letters.records import Asked, Petitioner, last_ended, months_of
from api.services import Services
from qingyuan.demo.hands import (
    CLERK,
    COURT,
    HOUSING,
    PROCURATORATE,
    TOWN,
    WATER,
    account,
    on_day,
    take,
    today,
)

_BODIES = {
    "court": COURT,
    "procuratorate": PROCURATORATE,
    "housing": HOUSING,
    "water": WATER,
    "pingchao": TOWN,
}
_LETTERS = """
lawsuit enforcement pingchao court 反映执行工作进展告知不及时，建议公布查询办法
lawsuit enforcement pingchao court 希望执行服务窗口延长开放时间
lawsuit trial pingchao court 反映立案大厅排队时间长，建议增加网上预约
lawsuit enforcement jinsha court 建议定期公布执行工作的总体情况
lawsuit trial jinsha court 反映送达文书的快递无人联系
lawsuit prosecution jinsha procuratorate 希望了解法律监督热线怎样接听和答复
lawsuit enforcement pingchao court 反映失信名单修复的办理指南不好找
suggestion other pingchao pingchao 建议镇村公开排水设施养护安排
petition other pingchao water 反映泵站雨天运行噪声大，希望说明运行时段
petition other jinsha housing 反映小区维修资金使用公开不够
lawsuit trial wujie court 建议乡镇法庭公布开庭公告
suggestion conduct wujie pingchao 建议窗口单位公布服务电话
"""
_WRITERS = ("王小兰", "陈国平", "徐美华", "顾永明")
_DAYS = (4, 12, 35, 42)
"""From receipt until it was passed on, accepted, answered and closed."""
_APART = timedelta(days=7)
_NOT_CLOSED = 2


def begin_letters(services: Services) -> None:
    """Register them on their days, unless that was done before."""
    day = today(services)
    if actions.listed(services, account(services, CLERK), Asked(show="all"))[1]:
        return
    first = date.fromisoformat(f"{months_of(last_ended(day), day)[0]}-02")
    lines = _LETTERS.split("\n")[1:-1]
    for at, line in enumerate(lines):
        kind, topic, town, unit, summary = line.split(" ", 4)
        came = first + at * _APART
        given = {"kind": kind, "topic": topic, "town": town, "summary": summary}
        given |= {"way": "letter", "received": came.isoformat()}
        then = on_day(services, came)
        writer = Petitioner(_WRITERS[at % len(_WRITERS)], f"139 0000 {1000 + at:04}")
        made = actions.register(then, account(then, CLERK), given, writer)
        open_still = at >= len(lines) - _NOT_CLOSED
        for on, username, step, said in _way(came, unit):
            if on <= day and not (open_still and step == "close"):
                take(on_day(services, on), PROCEDURE, username, made, step, **said)


def _way(came: date, unit: str) -> Iterator[tuple[date, str, str, Mapping[str, str]]]:
    passed, accepted, answered, closed = (came + timedelta(days=of) for of in _DAYS)
    yield passed, CLERK, "pass-on", {"unit": unit, "passed": passed.isoformat()}
    yield accepted, _BODIES[unit], "accept", {"accepted": accepted.isoformat()}
    answer = {"outcome": "explained", "answered": answered.isoformat(), "answer": "已说明并改进。"}
    yield answered, _BODIES[unit], "answer", answer
    yield closed, CLERK, "close", {}
