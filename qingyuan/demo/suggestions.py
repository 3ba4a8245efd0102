"""Suggestions of the demonstration, each waiting for another visitor's hand."""

from __future__ import annotations

from datetime import date, timedelta

from api.accounts.records import Account
from api.platforms.duty.suggestions import actions
from api.services import Services
from config.vocabulary.time import day_of
from qingyuan.demo import handling
from qingyuan.demo.hands import CLERK, COLLEAGUE, DEPUTY, HOUSING, NEIGHBOUR, WATER, account

_DRAFT = {
    "title": "关于尽快治理通吕运河平潮段氨氮超标的建议",
    "body": "通吕运河平潮段近来多次出现氨氮超标，傍晚河边有异味，沿岸居民反映强烈。\n"
    "据走访，上游有几处雨污混接，雨后尤其明显。\n"
    "建议查清排口，限期整改，并在断面旁公开每周监测结果。",
    "topic": "environment",
    "town": "pingchao",
}
_SUBMITTED = {
    "title": "关于平潮镇中心小学上下学时段交通安全的建议",
    "body": "平潮镇中心小学门前道路窄，接送车辆与货车混行，去年发生过两次擦碰。\n"
    "建议上下学时段限行货车，增设减速带和护学岗。",
    "topic": "transport",
    "town": "pingchao",
}
_HANDLED = {
    "title": "关于加快金沙街道老旧住宅加装电梯的建议",
    "body": "金沙街道建成二十年以上的住宅没有电梯，老人上下楼困难，邻里对费用分摊意见不一。\n"
    "建议简化审批，出一份费用分摊的参考办法，先选两幢试点。",
    "topic": "housing",
    "town": "jinsha",
}
_ANSWERED = {
    "title": "关于疏通五接镇村级河道的建议",
    "body": "五接镇几条村级河道淤积多年，汛期排水不畅，夏天水草腐烂。\n"
    "建议分批清淤，明确日常管护由谁负责，并请群众监督。",
    "topic": "water",
    "town": "wujie",
}
_REPLY = {
    "text": "代表：您提出的建议收悉。经现场查看，三条河道确有淤积，现答复如下：\n"
    "一、三条河道列入冬春清淤，两个月内完成。\n二、日常管护由镇水利站负责，公示牌写明电话。",
    "paper": "通水复〔2026〕12号",
    "signer": "何敏",
    "result": "B",
}


def begin_suggestions(services: Services) -> None:
    """Write four suggestions by the acts of the pages, unless they are there from before."""
    if handling.is_begun(services, _DRAFT):
        return
    deputy, colleague = account(services, DEPUTY), account(services, COLLEAGUE)
    office, unit = account(services, CLERK), account(services, WATER)
    _draft(services, deputy, colleague)
    handling.submitted(services, colleague, _SUBMITTED)
    neighbour = account(services, NEIGHBOUR)
    handled = handling.accepted(services, neighbour, office, _HANDLED, 1)
    handling.assigned(services, office, handled, "housing", ("natural-resources",))
    handling.signed_for(services, account(services, HOUSING), handled)
    answered = handling.accepted(services, deputy, office, _ANSWERED, 2)
    handling.assigned(services, office, answered, "water")
    handling.signed_for(services, unit, answered)
    due = date.fromisoformat(day_of(services.now_ms())) + timedelta(days=60)
    promise = {"measure": "完成三条村级河道清淤并立公示牌", "due_day": due.isoformat()}
    handling.answered(services, unit, answered, _REPLY, promise)


def _draft(services: Services, lead: Account, signer: Account) -> None:
    item_id = handling.begun(services, lead, _DRAFT)
    actions.invite(services, lead, item_id, [COLLEAGUE, NEIGHBOUR])
    read = actions.row_for(services, signer, item_id)["text_hash"]
    actions.sign(services, signer, item_id, read)
