"""Suggestions of the demonstration, each waiting for another visitor's hand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.platforms.duty.assignment import actions as assignment
from api.platforms.duty.assignment.records import Assigned
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.replies import actions as replies
from api.platforms.duty.replies.records import Written
from api.platforms.duty.suggestions import actions
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures import taking
from api.roster import ROSTER
from api.services import Services
from config.vocabulary.time import day_of

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
    people = People(services.state)
    with services.state.read() as connection:
        if connection.execute(sa.select(PROCEDURE.table.c.id).limit(1)).first():
            return
    today = day_of(services.now_ms())

    def account(username: str) -> Account:
        with services.state.read() as connection:
            grants = people.grants(connection, username, today)
        name = people.names([username])[username]
        reaches = services.roles.reaches(grants)
        return Account(username, name, tuple(of.role for of in grants), reaches)

    _draft(services, account("daibiao"), account("xuhui"))
    office = account("lianluo")
    _submitted(services, account("xuhui"), _SUBMITTED)
    handled = _accepted(services, account("gujun"), office, _HANDLED, f"{today[:4]}-001")
    _assigned(services, office, handled, "housing", ("natural-resources",))
    _signed_for(services, account("zhujian"), handled)
    answered = _accepted(services, account("daibiao"), office, _ANSWERED, f"{today[:4]}-002")
    _assigned(services, office, answered, "water", ())
    unit = account("shuili")
    _signed_for(services, unit, answered)
    promise = {
        "measure": "完成三条村级河道清淤并立公示牌",
        "due_day": (date.fromisoformat(today) + timedelta(days=60)).isoformat(),
    }
    reply = Written({**_REPLY, "day": today}, (promise,), None)
    replies.reply(services, ROSTER, unit, answered, reply)
    actions.done(services, answered)


def _begun(services: Services, deputy: Account, text: Mapping[str, str]) -> str:
    given = {**text, "openness": "public"}
    return actions.begin(services, deputy, str(uuid.uuid4()), given).item_id


def _draft(services: Services, lead: Account, signer: Account) -> None:
    item_id = _begun(services, lead, _DRAFT)
    actions.invite(services, lead, item_id, ["xuhui", "gujun"])
    read = actions.row_for(services, signer, item_id)["text_hash"]
    actions.sign(services, signer, item_id, read)


def _submitted(services: Services, lead: Account, text: Mapping[str, str]) -> str:
    item_id = _begun(services, lead, text)
    actions.submit(services, lead, item_id, {}, None, none_of_grounds=True)
    actions.done(services, item_id)
    return item_id


def _accepted(
    services: Services, lead: Account, office: Account, text: Mapping[str, str], number: str
) -> str:
    item_id = _submitted(services, lead, text)
    given = {"number": number, "session": "between", "topic": text["topic"]}
    with taking.acts(services, PROCEDURE, office) as acting:
        taking.take(acting, item_id, "accept", given)
    return item_id


def _assigned(
    services: Services, office: Account, item_id: str, unit: str, further: tuple[str, ...]
) -> None:
    fields = {"unit": unit, "effort": "normal", "day": day_of(services.now_ms())}
    assignment.assign(services, office, item_id, Assigned(fields, further, (), None))


def _signed_for(services: Services, unit: Account, item_id: str) -> None:
    with taking.acts(services, PROCEDURE, unit) as acting:
        taking.take(acting, item_id, "sign-for", {})
    contact = {
        "way": "visit",
        "day": day_of(services.now_ms()),
        "text": "到现场一起看了情况，听取了代表意见。",
    }
    handling.log_contact(services, unit, item_id, contact)
    actions.done(services, item_id)
