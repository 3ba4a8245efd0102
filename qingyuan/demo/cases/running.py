"""A supervision case that joins what the demonstration has on the ammonia of one river section. It
waits for visitors: an answer, a point to report, one to confirm and one to strike off.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta

from alerting.alert import Alert
from api.cases.procedure import PROCEDURE
from api.cases.questions import actions as questions
from api.cases.questions.procedure import PROCEDURE as QUESTION
from api.cases.records import RUNNING
from api.cases.rectification import actions as rectification
from api.cases.rectification.procedure import PROCEDURE as POINT
from api.cases.register import actions
from api.cases.register.records import Asked
from api.platforms.judicial.advice import actions as advice
from api.platforms.judicial.advice.procedure import PROCEDURE as ADVICE
from api.ports import Reference
from api.procedures.procedure import Row
from api.roster import ROSTER
from api.services import Services
from config.vocabulary.time import DAY_MS
from qingyuan.demo import handling
from qingyuan.demo.documents.filings import text_of
from qingyuan.demo.documents.papers import DRAINAGE
from qingyuan.demo.hands import (
    CLERK,
    HEAD,
    OFFICER,
    PROCURATORATE,
    TOWN,
    WATER,
    account,
    on_day,
    take,
    today,
)
from qingyuan.demo.history.case_days import RULE, STATION
from qingyuan.demo.outcomes import BY_INSTRUMENT, WATCHED

TITLE = "平潮氨氮超标"
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
_FENCED = {
    "title": "两座泵站加装截流设施",
    "text": "雨天先截后排，附安装和试运行记录。",
    "unit": "water",
}
_CONNECTED = {
    "title": "改接已查出的5处雨污混接",
    "text": "已改3处，其余2处改接完成后附照片报告。",
    "unit": "pingchao",
}
_SURVEYED = {
    "title": "公布沿河排口台账",
    "text": "台账在镇政府网站公布，写明每个排口的巡查人。",
    "unit": "pingchao",
}
_ADVISED = {
    "title": "平潮镇沿河泵站雨天溢流",
    "addressee": "water",
    "topic": "environment",
    "text": "在办理一类公益诉讼案件中发现，平潮镇沿河泵站雨天溢流没有记录，下游取水口存在风险。\n"
    "建议逐站记录每次溢流的时间和水量，并向下游通报。",
}
_ADVICE_REPLY = "两座泵站已安装流量计，溢流时间和水量自动记录，当日向下游取水口通报。"
_ADVISED_ON, _ADVICE_REPLIED = timedelta(days=40), timedelta(days=12)
_OPENED, _ASKED, _REPLIED, _REPORTED, _CONFIRMED = (timedelta(days=of) for of in (10, 9, 3, 2, 1))
"""Before today."""
_TO_ANSWER, _TO_RECTIFY = timedelta(days=20), timedelta(days=60)
PAUSE_S = 1.0


def begin_running(services: Services) -> None:
    """Open it, join what there is, ask two bodies and list four points, unless it is there."""
    if _case(services) is not None:
        return
    day = today(services)
    opened = on_day(services, day - _OPENED)
    made = actions.open_case(opened, account(opened, CLERK), _GIVEN)
    for reference, why in _belonging(services):
        actions.join(ROSTER, services, account(services, CLERK), made, reference, why)
    means = {"means": "inquiry", "means_why": "先向有关单位问清楚，再决定是否听取专项报告。"}
    supervised = {"body": "water", "topic": "平潮断面氨氮治理"}
    take(opened, PROCEDURE, HEAD, made, "choose", **means, **supervised)
    _ask(services, made)
    _list(services, made)


def _ask(services: Services, case: str) -> None:
    """The town has answered, the water bureau has not."""
    day = today(services)
    asked, due = on_day(services, day - _ASKED), (day + _TO_ANSWER).isoformat()
    office = account(asked, CLERK)
    answered = questions.ask(asked, office, case, {**_ANSWERED, "due_day": due})
    take(on_day(services, day - _REPLIED), QUESTION, TOWN, answered, "answer", answer=_ANSWER)
    questions.ask(asked, office, case, {**_WAITING, "due_day": due})


def _list(services: Services, case: str) -> None:
    """One point waits to be struck off, one to be confirmed, one for the town's report, and one
    for the instruments.
    """
    day = today(services)
    reported, confirmed = (on_day(services, day - of) for of in (_REPORTED, _CONFIRMED))
    fenced = _listed(services, case, _FENCED)
    said = "两座泵站已装截流设施，试运行三次降雨，没有溢流。"
    take(reported, POINT, WATER, fenced, "report", report=said)
    take(confirmed, POINT, CLERK, fenced, "confirm", confirmation="到两座泵站看过，记录完整。")
    surveyed = _listed(services, case, _SURVEYED)
    take(reported, POINT, TOWN, surveyed, "report", report="台账已在镇政府网站公布。")
    _listed(services, case, _CONNECTED)
    # Seven days of readings since would prove it as soon as the core looks.
    _listed(services, case, {**_POINT, **BY_INSTRUMENT}, before=_REPLIED)


def _listed(
    services: Services, case: str, given: Mapping[str, str], before: timedelta = _ASKED
) -> str:
    day = today(services)
    then = on_day(services, day - before)
    point = {**given, "due_day": (day + _TO_RECTIFY).isoformat()}
    return rectification.put_on_list(then, ROSTER, account(then, CLERK), case, point)


def _belonging(services: Services) -> list[tuple[Reference, str]]:
    suggestion = handling.begun_before(services, WATCHED)
    assert suggestion is not None
    text = str(text_of(services, DRAINAGE))
    return [
        (Reference("duty", "suggestion", suggestion), "代表提出过，单位承诺由数据证明"),
        (Reference("budget", "project", _PROJECT), "泵站和排口养护从这笔经费列支"),
        (Reference("judicial", "advice", _advised(services)), "检察机关发现泵站雨天溢流没有记录"),
        (Reference("documents", "text", text), "镇里的规定设定了罚款，正在审查"),
    ]


def _advised(services: Services) -> str:
    """Advice that the water bureau replied to: the procuratorate has to look what came of it."""
    issued, replied = today(services) - _ADVISED_ON, today(services) - _ADVICE_REPLIED
    sent = on_day(services, issued)
    made = advice.write(sent, account(sent, PROCURATORATE), _ADVISED)
    take(sent, ADVICE, PROCURATORATE, made, "send", issued_day=issued.isoformat())
    said = {"reply": _ADVICE_REPLY, "replied_day": replied.isoformat()}
    take(on_day(services, replied), ADVICE, WATER, made, "reply", **said)
    return made


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
    """Of this spill, not of the one of last year."""
    found = (of.alert for of in services.alerts.listing(station=STATION))
    since = services.now_ms() - DAY_MS
    return next((of for of in found if of.rule_id == RULE and of.began_ms > since), None)


def _joins_alert(services: Services, row: Row) -> bool:
    belonging = actions.belonging(ROSTER, services, account(services, CLERK), row)
    return any(of.of.kept.frozen.reference.kind == "alert" for of in belonging)


def _case(services: Services) -> Row | None:
    rows = actions.listed(services, account(services, CLERK), Asked(q=TITLE)).rows
    return next(iter(rows), None)
