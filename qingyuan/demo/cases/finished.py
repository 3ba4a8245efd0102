"""A case of last year that is over: its things out of five platforms, a question, a list that was
struck off, the report to a meeting, and the archive.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date

from alerting.alert import Alert
from api.cases.means import actions as means
from api.cases.means.procedure import PROCEDURE as MEASURE
from api.cases.procedure import PROCEDURE
from api.cases.questions import actions as questions
from api.cases.questions.procedure import PROCEDURE as QUESTION
from api.cases.rectification import actions as rectification
from api.cases.rectification.procedure import PROCEDURE as POINT
from api.cases.register import actions
from api.ports import Reference
from api.procedures.procedure import Row
from api.roster import ROSTER
from api.services import Services
from api.shape import CoreServices
from qingyuan.demo import handling
from qingyuan.demo.cases import earlier
from qingyuan.demo.documents.filings import text_of
from qingyuan.demo.documents.papers import RIVERS
from qingyuan.demo.hands import (
    CLERK,
    DIRECTOR,
    HEAD,
    HOUSING,
    OFFICER,
    WATER,
    account,
    on_day,
    take,
    today,
)
from qingyuan.demo.history.case_days import AMMONIA, IN_RANGE_DAYS, STATION, last_year, this_year

_GIVEN = {
    "title": "平潮镇北街雨污混排",
    "matter": "雨后通吕运河平潮断面氨氮超标，北街污水混入雨水管：查清排口，改掉混接，定好谁来管。",
    "openness": "open",
    "unit": "environment-committee",
}
_PROJECT = "320612105001220001"
"""Of the environment bureau, from which outlets are surveyed."""
_MEETING = "区十八届人大常委会第三十一次会议"
_QUESTION = {
    "title": "通吕运河平潮段有多少排口",
    "text": "请说明沿河排口总数、有无台账、雨污混接几处。",
    "unit": "water",
}
_ANSWER = "沿河排口47个，原来没有台账，现已全部建档；雨污混接5处，都在北街。"
_RECONNECTED = {
    "title": "北街5处雨污混接改接完成",
    "text": "逐处改接，附改接前后照片和验收单。",
    "unit": "housing",
}
_CONNECTIONS = {
    "title": "把沿河排口写进河道管理规定",
    "text": "河道管理范围内活动管理规定没有写排口，应当写明谁建台账、谁巡查。",
    "unit": "water",
    "evidence": "documents/amended",
    "documents/amended/document": RIVERS.title,
}
_CLEAN = {
    "title": "平潮断面氨氮稳定达标",
    "text": "改接后断面氨氮全天不劣于Ⅲ类，由自动监测站的数据证明。",
    "unit": "water",
    "evidence": "environment/in-range",
    "environment/in-range/station": STATION,
    "environment/in-range/indicator": AMMONIA,
    "environment/in-range/days": f"{IN_RANGE_DAYS}",
    "environment/in-range/target": "III",
}
_DONE: Mapping[str, tuple[tuple[int, int], str]] = {
    "opinions": ((10, 20), "汇总代表和群众意见6条，转区水利局研究。"),
    "draft": ((11, 20), "报告稿送环资工委征求意见。"),
    "final": ((12, 3), "修改后的报告送常委会。"),
    "members": ((12, 8), "报告发给常委会组成人员。"),
    "heard": ((12, 18), "局长向常委会报告并回答询问。"),
    "response": ((12, 26), "审议意见4条逐条办理，书面报告常委会。"),
    "published": ((12, 29), "报告、审议意见和办理情况已通报代表，并在区人大网站公布。"),
}
"""Steps of a special work report: the day, and what was done."""


def begin_finished(services: Services, stop: threading.Event) -> str | None:
    """The case, unless it was begun before or the spill of last year is not on record; its id
    where it was made.
    """
    if handling.is_begun(services, earlier.SUGGESTED):
        return None
    alert = earlier.alert_of(services, stop)
    if alert is None:
        return None
    earlier.acknowledged(services, alert)
    suggestion, advice = earlier.suggested(services), earlier.advised(services)
    text = text_of(services, RIVERS)
    case = _opened(services, alert)
    _join(services, case, (3, 26), Reference("duty", "suggestion", suggestion), "代表提出过")
    _join(services, case, (3, 26), Reference("judicial", "advice", advice), "检察机关建议过")
    _join(
        services,
        case,
        (3, 27),
        Reference("documents", "text", str(text)),
        "区里的河道规定没有写排口",
    )
    _asked(services, case)
    _put_right(services, case, text)
    _heard(services, case)
    _concluded(services, case)
    return case


def _opened(services: Services, alert: Alert) -> str:
    then = _on(services, 3, 25)
    officer, reference = account(then, OFFICER), Reference("environment", "alert", alert.id)
    copy = actions.copied(ROSTER, then, officer, reference)
    return actions.open_case(then, officer, _GIVEN, [copy], "自动监测站发现，雨后溢流")


def _join(
    services: Services, case: str, on: tuple[int, int], reference: Reference, why: str
) -> None:
    then = _on(services, *on)
    actions.join(ROSTER, then, account(then, CLERK), case, reference, why)


def _asked(services: Services, case: str) -> None:
    asked = _on(services, 4, 1)
    given = {**_QUESTION, "due_day": _day(services, 4, 20).isoformat()}
    question = questions.ask(asked, account(asked, CLERK), case, given)
    take(_on(services, 4, 14), QUESTION, WATER, question, "answer", answer=_ANSWER)
    take(_on(services, 4, 16), QUESTION, CLERK, question, "accept")


def _put_right(services: Services, case: str, text: int) -> None:
    """One by a paper of the body, one by the amended document, one by the instruments."""
    pipes = _listed(services, case, _RECONNECTED, (4, 20), (6, 30))
    rule = _listed(services, case, _CONNECTIONS, (4, 20), (7, 31))
    said = "5处混接已全部改接，附照片和验收单。"
    take(_on(services, 6, 26), POINT, HOUSING, pipes, "report", report=said)
    _struck_off(services, pipes, (CLERK, (7, 3), "到现场逐处看过"), (OFFICER, (7, 10)))
    earlier.amended(services, text)
    rectification.watch(_core(_on(services, 7, 16)))
    _struck_off(services, rule, (CLERK, (7, 20), "第四条写明了台账和巡查"), (HEAD, (7, 24)))
    clean = _listed(services, case, _CLEAN, (8, 10), (9, 30))
    rectification.watch(_core(_on(services, 8, 19)))
    _struck_off(services, clean, (OFFICER, (8, 25), "数据完整，天气有雨"), (HEAD, (8, 28)))


def _listed(
    services: Services,
    case: str,
    given: Mapping[str, str],
    on: tuple[int, int],
    until: tuple[int, int],
) -> str:
    then = _on(services, *on)
    point = {**given, "due_day": _day(services, *until).isoformat()}
    return rectification.put_on_list(then, ROSTER, account(then, CLERK), case, point)


def _struck_off(
    services: Services,
    point: str,
    confirmed: tuple[str, tuple[int, int], str],
    struck_off: tuple[str, tuple[int, int]],
) -> None:
    """By two persons."""
    first, on, said = confirmed
    take(_on(services, *on), POINT, first, point, "confirm", confirmation=said)
    second, then = struck_off
    take(_on(services, *then), POINT, second, point, "strike-off")


def _heard(services: Services, case: str) -> None:
    """The committee heard a special work report, each step on its day."""
    day = _day(services, 12, 18).isoformat()
    chosen = {"means_why": "整改已经见效，请水利局向常委会报告怎样管住。", "meeting_day": day}
    supervised = {"body": "water", "topic": "沿河排口整治"}
    then = _on(services, 10, 10)
    take(then, PROCEDURE, HEAD, case, "choose", means="report", **chosen, **supervised)
    office = account(services, CLERK)
    for row in means.of_case(services, office, int(case)):
        (month, of), note = _DONE[row["name"]]
        _take_measure(services, row, _day(services, month, of), note)
    decided = "听取并审议了报告，形成审议意见4条，交区水利局研究处理。"
    take(
        _on(services, 12, 19), PROCEDURE, HEAD, case, "decide",
        meeting=_MEETING, day=day, result=decided,
    )  # fmt: skip


def _take_measure(services: Services, row: Row, day: date, note: str) -> None:
    """The body reports what it did; what is the office's the office records."""
    then, item = on_day(services, day), str(row["id"])
    if row["unit"]:
        take(then, MEASURE, WATER, item, "report", note=note)
    else:
        take(then, MEASURE, CLERK, item, "record", day=day.isoformat(), note=note)


def _concluded(services: Services, case: str) -> None:
    """The year's payments are known; one concludes and another archives."""
    day = today(services)
    known, over, archived = (on_day(services, this_year(day, 1, of)) for of in (6, 12, 14))
    project = Reference("budget", "project", _PROJECT)
    office, why = account(known, CLERK), "排口排查和监测从这笔经费列支"
    actions.join(ROSTER, known, office, case, project, why)
    outcome = "排口全部建档，5处混接改接完成，河道管理规定写明了排口，断面氨氮稳定达标。"
    take(over, PROCEDURE, HEAD, case, "conclude", outcome=outcome)
    take(archived, PROCEDURE, DIRECTOR, case, "archive")


def _core(services: Services) -> CoreServices:
    """The means of the job that watches evidence, as the core has them."""
    return CoreServices(
        services.state,
        services.store,
        services.catalogue,
        services.now_ms,
        services.publish,
        services.words,
        services.roles,
        services.working_days,
        services.files,
        services.district,
        services.wording,
        services.grouping,
        ROSTER,
        services.attachments,
        services.imports,
    )


def _day(services: Services, month: int, day: int) -> date:
    return last_year(today(services), month, day)


def _on(services: Services, month: int, day: int) -> Services:
    return on_day(services, _day(services, month, day))
