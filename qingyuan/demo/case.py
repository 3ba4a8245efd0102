"""A supervision case that joins what the demonstration has on the ammonia of one river section."""

from __future__ import annotations

import threading
from datetime import timedelta

from alerting.alert import Alert
from api.cases.procedure import PROCEDURE
from api.cases.questions import actions as questions
from api.cases.questions.procedure import PROCEDURE as QUESTION
from api.cases.records import RUNNING
from api.cases.rectification import actions as rectification
from api.cases.register import actions
from api.cases.register.records import Asked
from api.ports import Reference
from api.procedures.procedure import Row
from api.roster import ROSTER
from api.services import Services
from qingyuan.demo import handling
from qingyuan.demo.documents.filings import text_of
from qingyuan.demo.documents.papers import DRAINAGE
from qingyuan.demo.hands import CLERK, HEAD, OFFICER, TOWN, account, on_day, take, today
from qingyuan.demo.outcomes import BY_INSTRUMENT, WATCHED

TITLE = "平潮氨氮超标"
RULE, STATION = "ammonia-over-class", "tonglv-pingchao"
_GIVEN = {
    "title": TITLE,
    "matter": "通吕运河平潮断面氨氮多次超标：排口排查到哪一步，经费用在哪里，镇里的规定是否合法。",
    "openness": "open",
    "unit": "environment-committee",
}
_PROJECT = "320612106001210001"
"""Of the water bureau, from which pumps and outlets are kept."""
_ANSWERED = {
    "title": "平潮镇沿河排口排查到哪一步",
    "text": "请说明已查清多少个排口，还有多少没有查，什么时候查完。",
    "unit": "pingchao",
}
_ANSWER = "沿河排口共47个，已查清39个，其余8个本月查完；查出混接5处，已改3处。"
_WAITING = {
    "title": "两座泵站雨天怎样运行",
    "text": "请说明雨天先截后排的执行情况，附最近三次降雨的运行记录。",
    "unit": "water",
}
_POINT = {
    "title": "平潮断面氨氮稳定达标",
    "text": "断面氨氮连续七天不劣于Ⅲ类，由自动监测站的数据证明。",
    "unit": "water",
}
_OPENED, _ASKED, _REPLIED = (timedelta(days=of) for of in (10, 9, 3))
"""Before today."""
_TO_ANSWER, _TO_RECTIFY = timedelta(days=20), timedelta(days=60)
PAUSE_S = 1.0


def begin_case(services: Services) -> None:
    """Open it, join what there is, ask two bodies and list a point, unless it is there."""
    if _case(services) is not None:
        return
    day = today(services)
    opened, asked = on_day(services, day - _OPENED), on_day(services, day - _ASKED)
    made = actions.open_case(opened, account(opened, CLERK), _GIVEN)
    for reference, why in _belonging(services):
        actions.join(ROSTER, services, account(services, CLERK), made, reference, why)
    means = {"means": "inquiry", "means_why": "先向有关单位问清楚，再决定是否听取专项报告。"}
    take(opened, PROCEDURE, HEAD, made, "choose", **means)
    office, due = account(asked, CLERK), (day + _TO_ANSWER).isoformat()
    answered = questions.ask(asked, office, made, {**_ANSWERED, "due_day": due})
    take(on_day(services, day - _REPLIED), QUESTION, TOWN, answered, "answer", answer=_ANSWER)
    questions.ask(asked, office, made, {**_WAITING, "due_day": due})
    point = {**_POINT, **BY_INSTRUMENT, "due_day": (day + _TO_RECTIFY).isoformat()}
    rectification.put_on_list(asked, ROSTER, office, made, point)


def _belonging(services: Services) -> list[tuple[Reference, str]]:
    suggestion = handling.begun_before(services, WATCHED)
    assert suggestion is not None
    text = str(text_of(services, DRAINAGE))
    return [
        (Reference("duty", "suggestion", suggestion), "代表提出过，单位承诺由数据证明"),
        (Reference("budget", "project", _PROJECT), "泵站和排口养护从这笔经费列支"),
        (Reference("documents", "text", text), "镇里的规定设定了罚款，正在审查"),
    ]


def join_alert(services: Services, stop: threading.Event) -> None:
    """The officer joins the alert of the spill as soon as it is on record, unless one is there."""
    row = _case(services)
    if row is None or row["state"] not in RUNNING or _joins_alert(services, row):
        return
    while (alert := _alert(services)) is None:
        if stop.wait(PAUSE_S):
            return
    reference = Reference("environment", "alert", alert.id)
    why = "自动监测站发现氨氮超标"
    actions.join(ROSTER, services, account(services, OFFICER), str(row["id"]), reference, why)


def _alert(services: Services) -> Alert | None:
    found = (of.alert for of in services.alerts.listing(station=STATION))
    return next((of for of in found if of.rule_id == RULE), None)


def _joins_alert(services: Services, row: Row) -> bool:
    belonging = actions.belonging(ROSTER, services, account(services, CLERK), row)
    return any(of.of.kept.frozen.reference.kind == "alert" for of in belonging)


def _case(services: Services) -> Row | None:
    rows = actions.listed(services, account(services, CLERK), Asked(q=TITLE)).rows
    return next(iter(rows), None)
