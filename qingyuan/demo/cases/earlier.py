"""Deeds of people about sewage in the river last year: an alert, a suggestion, advice of the
procuratorate and a document that was amended.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace

from alerting.alert import Alert, Level, Verdict
from alerting.events.event import AlertEvent, EventState, area_of, joined
from api.platforms.documents.texts import actions as texts
from api.platforms.environment import acts
from api.platforms.environment.alerts import actions as alerts
from api.platforms.judicial.advice import actions as advice
from api.platforms.judicial.advice.procedure import PROCEDURE as ADVICE
from api.services import Services
from config.vocabulary.time import HOUR_MS
from qingyuan.demo import handling
from qingyuan.demo.documents.papers import RIVERS
from qingyuan.demo.hands import (
    CLERK,
    DEPUTY,
    HOUSING,
    NEIGHBOUR,
    OFFICER,
    PROCURATORATE,
    WATER,
    account,
    on_day,
    take,
    today,
)
from qingyuan.demo.history.case_days import (
    AMMONIA,
    RULE,
    SPILLED,
    STATION,
    last_year,
    measured,
    spill_of,
)
from simulators.incidents import Spill

PAUSE_S, MOST_PAUSES, MOST_ALERTS = 0.2, 100, 1000
SUGGESTED = {
    "title": "关于整治平潮镇北街雨污混排的建议",
    "body": "平潮镇北街沿河几十户的污水和雨水走同一根管子，下雨就排进通吕运河。\n"
    "建议查清沿河排口，把混接的管子改过来，并请镇里管好以后的接管。",
    "topic": "environment",
    "town": "pingchao",
}
_REPLY = {
    "text": "代表：您提出的建议收悉。经现场排查，北街沿河有5处雨污混接，现答复如下：\n"
    "一、5处混接六月底前全部改接。\n二、改接后由镇水利站每月巡查一次。",
    "signer": "孙涛",
    "result": "A",
}
_ADVISED = {
    "title": "通吕运河平潮段沿河排口底数不清",
    "addressee": "water",
    "topic": "environment",
    "text": "在办理一类公益诉讼案件中发现，通吕运河平潮段沿河排口没有台账，雨污混接无人发现。\n"
    "建议建立排口台账，明确每个排口由谁巡查。",
}
_ADVICE_REPLY = "平潮段47个沿河排口已全部建档，逐个明确巡查人，台账每季度更新。"
_AMENDED = (
    *RIVERS.articles,
    "沿河排口由区水利局建立台账，镇水利站每月巡查一次，巡查情况向社会公布。",
)


def alert_of(services: Services, stop: threading.Event) -> Alert | None:
    """The alert of last year's spill, as soon as it and the readings of those days are on record;
    None where they are not in time, as in data that were begun before there was a spill.
    """
    day = today(services)
    spill, (*_, last) = spill_of(day), measured(day)
    for _ in range(MOST_PAUSES):
        alert = next((of for of in _alerts(services) if _is_of(spill, of)), None)
        if alert and len(services.store.track(f"{STATION}/{AMMONIA}", last[-1], last[-1] + 1).t):
            return alert
        if stop.wait(PAUSE_S):
            break
    return None


def _alerts(services: Services) -> Iterator[Alert]:
    return (of.alert for of in services.alerts.listing(station=STATION, most=MOST_ALERTS))


def _is_of(spill: Spill, alert: Alert) -> bool:
    same = (alert.rule_id, alert.level) == (RULE, Level.ALARM)
    ended = alert.resolved_ms is not None
    return same and ended and spill.began_ms <= alert.began_ms <= spill.ended_ms


def acknowledged(services: Services, alert: Alert) -> None:
    """A deputy acknowledged the alert that evening; it was over when an officer looked back."""
    day = last_year(today(services), *SPILLED)
    then, later = on_day(services, day, 8.5), on_day(services, day, 24)
    events = _joined(then, alert)
    acts.acknowledge(then, events[alert.id], account(then, DEPUTY))
    note = "北街雨污混接，雨后溢流进河。"
    alerts.review(later, alert.id, account(later, OFFICER), Verdict.TRUE, note)


def _joined(services: Services, alert: Alert) -> Mapping[str, str]:
    """All alerts of the spill in their events, which are over; event by alert. A centre that ran
    then had joined them, and this one leaves alone what is long ago.
    """
    until, events = alert.began_ms + HOUR_MS, dict[str, AlertEvent]()
    members, found = dict[str, list[Alert]](), dict[str, str]()
    same = [of for of in _alerts(services) if of.about == "pollution" and of.began_ms < until]
    area = area_of(alert, services.catalogue.subjects[alert.station])
    with services.state.begin() as connection:
        for of in sorted(same, key=lambda one: one.fired_ms):
            one = joined(events.values(), members, of, area, of.fired_ms, services.grouping)
            events[one.id] = one
            members.setdefault(one.id, []).append(of)
            ended = max(each.resolved_ms or each.fired_ms for each in members[one.id])
            gravest = max(int(each.level) for each in members[one.id])
            over = replace(one, state=EventState.OVER, ended_ms=ended, gravest=gravest)
            services.events.save(connection, over)
            services.events.join(connection, of.id, one.id)
            found[of.id] = one.id
    return found


def suggested(services: Services) -> str:
    """A deputy's suggestion, which the housing bureau answered to their satisfaction; its id."""
    day = today(services)
    came, given, signed, answered, rated = (
        on_day(services, last_year(day, *of))
        for of in ((3, 10), (3, 12), (3, 13), (5, 20), (5, 25))
    )
    lead, unit, office = (account(services, of) for of in (NEIGHBOUR, HOUSING, CLERK))
    item_id = handling.accepted(came, lead, office, SUGGESTED, 12)
    handling.assigned(given, office, item_id, "housing")
    handling.signed_for(signed, unit, item_id)
    reply = {**_REPLY, "paper": f"通住建复〔{day.year - 1}〕21号"}
    handling.answered(answered, unit, item_id, reply)
    handling.closed(rated, lead, item_id)
    return item_id


def advised(services: Services) -> str:
    """Procuratorial advice, replied to and checked; its id."""
    day = today(services)
    issued, replied, checked = (last_year(day, *of) for of in ((3, 20), (5, 10), (5, 30)))
    sent, answered = on_day(services, issued), on_day(services, replied)
    made = advice.write(sent, account(sent, PROCURATORATE), _ADVISED)
    until = last_year(day, 5, 20).isoformat()
    days = {"issued_day": issued.isoformat(), "reply_day": until}
    take(sent, ADVICE, PROCURATORATE, made, "send", **days)
    said = {"reply": _ADVICE_REPLY, "replied_day": replied.isoformat()}
    take(answered, ADVICE, WATER, made, "reply", **said)
    seen = {"effect": "in-force", "how": "到镇里抽查了十个排口，台账和现场一致。"}
    take(on_day(services, checked), ADVICE, PROCURATORATE, made, "check", **seen)
    return made


def amended(services: Services, text: int) -> None:
    """The second version of the water bureau's document, as it came out that summer."""
    day = today(services)
    then = on_day(services, last_year(day, 7, 15))
    paper = replace(RIVERS, articles=_AMENDED)
    file = io.BytesIO(paper.text(day).encode())
    facts, name = paper.facts(day), f"{paper.title}.txt"
    texts.send(then, account(then, CLERK), facts, name, file, (text, 1))
