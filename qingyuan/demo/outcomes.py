"""Suggestions of the demonstration that are far on: one whose promise the instruments watch, one
under key supervision, one that the public reads.
"""

from __future__ import annotations

from datetime import date, timedelta

from api.accounts.records import Account
from api.platforms.duty.key_supervision import actions as key_supervision
from api.platforms.duty.key_supervision.procedure import PROCEDURE as KEY_SUPERVISION
from api.platforms.duty.publication import actions as publication
from api.platforms.duty.publication.procedure import PROCEDURE as RELEASE
from api.procedures import taking
from api.services import Services
from config.vocabulary.time import day_of
from qingyuan.demo import handling
from qingyuan.demo.hands import (
    CLERK,
    COLLEAGUE,
    DEPUTY,
    HEAD,
    HOUSING,
    NEIGHBOUR,
    WATER,
    account,
)

WATCHED = {
    "title": "关于改善通吕运河平潮断面水质的建议",
    "body": "通吕运河平潮断面水质时好时差，氨氮多次高于Ⅲ类标准，下游取水口群众担心。\n"
    "建议排查沿线泵站和排口，用监测数据说明整治是否见效。",
    "topic": "water",
    "town": "pingchao",
}
_WATCHED_REPLY = {
    "text": "代表：您提出的建议收悉。经会同属地排查，断面上游两座泵站存在雨天溢流，现答复如下：\n"
    "一、两座泵站已调整运行方式，雨天先截后排。\n"
    "二、承诺断面氨氮连续七天达到Ⅲ类，由自动监测站的数据证明。",
    "paper": "通水复〔2026〕15号",
    "signer": "何敏",
    "result": "B",
}
BY_INSTRUMENT = {
    "measure": "平潮断面氨氮连续七天达到Ⅲ类标准",
    "evidence": "environment/in-range",
    "environment/in-range/station": "tonglv-pingchao",
    "environment/in-range/indicator": "w21003",
    "environment/in-range/days": "7",
    "environment/in-range/target": "III",
}
_SUPERVISED = {
    "title": "关于系统整治平潮镇雨污混接的建议",
    "body": "平潮镇老镇区管网建成早，雨污混接点多，零星改造后仍有反复。\n"
    "建议一次查清、分年改造，改造计划和进度向代表通报。",
    "topic": "environment",
    "town": "pingchao",
}
_RELEASED = {
    "title": "关于为金沙街道社区服务站增设无障碍坡道的建议",
    "body": "金沙街道几处社区服务站门前有台阶，坐轮椅的居民和推婴儿车的家长进出不便。\n"
    "建议增设坡道和扶手，并在门口标明。",
    "topic": "housing",
    "town": "jinsha",
}
_RELEASED_REPLY = {
    "text": "代表：您提出的建议收悉，现答复如下：\n"
    "四处社区服务站的坡道和扶手已全部建成，门口设有标识；今后新建服务站同步建设。",
    "paper": "通住建复〔2026〕8号",
    "signer": "孙涛",
    "result": "A",
}
_DAYS_OF_PROMISE = 60


def bring_outcomes(services: Services) -> None:
    """Bring three suggestions further by the acts of the pages, unless they are there from before.
    The public reads the last one: where it is there, all are.
    """
    if handling.is_begun(services, _RELEASED):
        return
    office, head = account(services, CLERK), account(services, HEAD)
    _watched(services, office)
    _supervised(services, office, head)
    _released(services, office, head)


def _watched(services: Services, office: Account) -> None:
    lead, unit = account(services, COLLEAGUE), account(services, WATER)
    item_id = handling.accepted(services, lead, office, WATCHED, 3)
    handling.assigned(services, office, item_id, "water")
    handling.signed_for(services, unit, item_id)
    due = date.fromisoformat(day_of(services.now_ms())) + timedelta(days=_DAYS_OF_PROMISE)
    promise = {**BY_INSTRUMENT, "due_day": due.isoformat()}
    handling.answered(services, unit, item_id, _WATCHED_REPLY, promise)
    handling.closed(services, lead, item_id)


def _supervised(services: Services, office: Account, head: Account) -> None:
    lead, unit = account(services, NEIGHBOUR), account(services, HOUSING)
    item_id = handling.accepted(services, lead, office, _SUPERVISED, 4)
    handling.assigned(services, office, item_id, "housing")
    handling.signed_for(services, unit, item_id)
    why = {"committee": "environment-committee", "why": "群众反映集中，多年反复提出。"}
    made = key_supervision.propose(services, head, item_id, why)
    assert made is not None
    decided = {
        "meeting": "主任会议第38次会议",
        "day": day_of(services.now_ms()),
        "unit": "housing",
    }
    with taking.acts(services, KEY_SUPERVISION, head) as acting:
        taking.take(acting, made, "decide", decided)


def _released(services: Services, office: Account, head: Account) -> None:
    lead, unit = account(services, DEPUTY), account(services, HOUSING)
    item_id = handling.accepted(services, lead, office, _RELEASED, 5)
    handling.assigned(services, office, item_id, "housing")
    handling.signed_for(services, unit, item_id)
    handling.answered(services, unit, item_id, _RELEASED_REPLY)
    handling.closed(services, lead, item_id)
    _, texts = publication.prefilled(services, office, item_id)
    made = publication.prepare(services, office, item_id, texts)
    with taking.acts(services, RELEASE, head) as acting:
        taking.take(acting, made, "release", {})
