"""Promises of three units that are due this year: kept by data, kept by word, reported, running,
overdue and given up. They were made in 2025, of which year the treasury has its last budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api.evidence import watching
from api.evidence.records import Evidence
from api.platforms.duty import centre
from api.platforms.duty.promises import repository
from api.platforms.duty.promises.procedure import PROCEDURE
from api.procedures import taking
from api.procedures.procedure import Row
from api.roster import ROSTER
from api.services import Services
from qingyuan.demo import handling
from qingyuan.demo.hands import (
    CLERK,
    HOUSING,
    NEIGHBOUR,
    TOWN,
    WATER,
    account,
    on_day,
    take,
    today,
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A promise: due so many days from today on, and how far it is: one of the steps below."""

    measure: str
    due: int
    how: str
    report: str = ""


@dataclass(frozen=True, slots=True)
class _Handled:
    """A suggestion that a unit answered with promises; ``first`` is the day of its submission."""

    unit: str
    by: str
    number: int
    first: date
    text: Mapping[str, str]
    reply: Mapping[str, str]
    promises: Sequence[_Kept]


_IN_RANGE = {
    "evidence": "environment/in-range",
    "environment/in-range/station": "tonglv-pingchao",
    "environment/in-range/indicator": "w21003",
    "environment/in-range/days": "3",
    "environment/in-range/target": "III",
}
_BY_DATA = "data"
_HANDLED = (
    _Handled(
        "water",
        WATER,
        21,
        date(2025, 8, 11),
        {
            "title": "关于排查通吕运河平潮段入河排口的建议",
            "body": "通吕运河平潮段入河排口底数不清，雨后河水发黑。\n"
            "建议请专业单位逐个排查，按月公开排查进度和水质。",
            "topic": "water",
            "town": "pingchao",
        },
        {"paper": "通水复〔2025〕21号", "signer": "何敏"},
        (
            _Kept("平潮断面氨氮连续三天达到Ⅲ类标准", -5, _BY_DATA),
            _Kept("公布排口清单", -60, "confirm", "排口清单已在区政府网站公布。"),
        ),
    ),
    _Handled(
        "housing",
        HOUSING,
        22,
        date(2025, 8, 25),
        {
            "title": "关于改造兴东街道老旧污水管网的建议",
            "body": "兴东街道几条老路的污水管网破损，雨天冒溢，影响出行和河道。\n"
            "建议列入年度改造计划，分段公布工期。",
            "topic": "housing",
            "town": "xingdong",
        },
        {"paper": "通住建复〔2025〕33号", "signer": "孙涛"},
        (
            _Kept("完成兴东街道污水管网检测", -90, "confirm", "检测完成，报告已送代表。"),
            _Kept("完成两条道路的管网改造", -20, "wait"),
            _Kept("公布改造后的养护单位和电话", 25, "wait"),
        ),
    ),
    _Handled(
        "pingchao",
        TOWN,
        23,
        date(2025, 9, 8),
        {
            "title": "关于补齐平潮镇农村生活污水处理设施的建议",
            "body": "平潮镇部分村组没有污水收集设施，化粪池外溢进入沟渠。\n"
            "建议先补齐沿河村组，明确日常养护由谁负责。",
            "topic": "environment",
            "town": "pingchao",
        },
        {"paper": "平政复〔2025〕7号", "signer": "朱琳"},
        (
            _Kept("沿河四个村组接通污水管", 15, "report", "四个村组已全部接通，请代表核实。"),
            _Kept("年内建成一座污水处理站", -10, "give-up", "选址没有通过，改为接入镇区管网。"),
        ),
    ),
)
_TEXT = "代表：您提出的建议收悉，经现场查看和研究，逐项答复并承诺如下。"
_ASSIGNED, _ANSWERED, _RATED = (timedelta(days=of) for of in (4, 42, 50))
"""From the submission."""
_REPORTED = timedelta(days=3)
"""Before the day that was promised, or today."""


def begin_promises(services: Services) -> None:
    """Let each be made and go on by the acts of the pages, unless they are there from before."""
    if handling.is_begun(services, _HANDLED[-1].text):
        return
    for of in _HANDLED:
        item_id = _answered(services, of)
        with services.state.read() as connection:
            office = account(services, CLERK)
            rows = repository.of_suggestion(connection, office, int(item_id))
        for row, promise in zip(rows, of.promises, strict=True):
            _go_on(services, of, row, promise)


def _answered(services: Services, of: _Handled) -> str:
    first, day = of.first, today(services)
    submitted = on_day(services, first)
    lead, office = account(submitted, NEIGHBOUR), account(submitted, CLERK)
    item_id = handling.accepted(submitted, lead, office, of.text, of.number)
    then = on_day(services, first + _ASSIGNED)
    handling.assigned(then, office, item_id, of.unit)
    handling.signed_for(then, account(then, of.by), item_id)
    promises = [
        {"measure": one.measure, "due_day": (day + timedelta(days=one.due)).isoformat()}
        | (_IN_RANGE if one.how == _BY_DATA else {})
        for one in of.promises
    ]
    reply = {"text": _TEXT, "result": "B", **of.reply}
    then = on_day(services, first + _ANSWERED)
    handling.answered(then, account(then, of.by), item_id, reply, *promises)
    handling.closed(on_day(services, first + _RATED), lead, item_id)
    return item_id


def _go_on(services: Services, of: _Handled, row: Row, promise: _Kept) -> None:
    """By the unit, the centre and the deputy, as far as it has come."""
    if promise.how == "wait":
        return
    day = min(row["due_day"], today(services)) - _REPORTED
    then, item = on_day(services, day), str(row["id"])
    if promise.how == "give-up":
        take(then, PROCEDURE, of.by, item, "give-up", why=promise.report)
    elif promise.how == _BY_DATA:
        _prove(services, row)
    else:
        said = {"report": promise.report, "day": day.isoformat()}
        take(then, PROCEDURE, of.by, item, "report", **said)
        if promise.how == "confirm":
            take(then, PROCEDURE, NEIGHBOUR, item, "confirm")


def _prove(services: Services, row: Row) -> None:
    """The centre reports what the instruments show, as its job does, and the deputy confirms."""
    said = watching.proved(services, ROSTER, Evidence.of(row["evidence"]))
    if said is None:
        return
    with taking.acts(services, PROCEDURE, centre.account(services)) as acting:
        taking.take(acting, str(row["id"]), "evidence-met", {"report": said})
    take(services, PROCEDURE, NEIGHBOUR, str(row["id"]), "confirm")
