"""A real centre in a folder, into which things of all platforms are brought by its own actions."""

from __future__ import annotations

import io
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from argon2 import PasswordHasher

from alerting.alert import Alert as Raised
from alerting.alert import Change, Level, State, Transition, alert_id
from alerting.events.event import EventState, area_of, joined
from alerting.notify.links import Links
from api.accounts.credentials import passwords
from api.accounts.enrolment.enrolling import enrol, enrol_units
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import OWN
from api.centre import Centre
from api.imports import actions as imports
from api.imports.loading.worker import Worker
from api.live import LiveFeed
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts.records import Facts
from api.platforms.judicial.advice import actions as advice
from api.platforms.judicial.advice.procedure import PROCEDURE as ADVICE
from api.platforms.judicial.hearings.actions import announcing
from api.platforms.judicial.hearings.procedure import PROCEDURE as HEARING
from api.platforms.judicial.matters import actions as matters
from api.platforms.judicial.matters.procedure import PROCEDURES
from api.ports import Reference
from api.roster import ROSTER
from api.services import Services
from config.settings import ChannelSettings, Settings
from config.vocabulary.time import HOUR_MS, ZONE, begins_ms
from qingyuan.demo import handling
from qingyuan.demo.hands import CLERK, DEPUTY, PROCURATORATE, account, on_day, take
from qingyuan.maintenance.replay import RemoteDeadLetters
from qingyuan.runtime.site import SharedResources, calendar_of, files_of, open_shared
from simulators.connections.records import (
    Advice,
    Alert,
    Connections,
    Document,
    Hearing,
    Matter,
    Project,
    Suggestion,
    Thing,
)
from simulators.treasury import records as treasury
from simulators.treasury.writing import write

EVERYWHERE = "gongzuo"
"""Somebody who works for every unit."""
CHANNEL = ChannelSettings("console", "console")
_EVENING = 18
_SOURCE = "区财政局国库支付系统"
_TO_REPLY = timedelta(days=30)
_ANNOUNCED_BEFORE = timedelta(days=15)
_OF_KINDS = {"budget.projects": "projects", "budget.payments": "payments"}
Known = Mapping[tuple[str, str, str], str]
"""The simulator's id of a thing by platform, kind and id; an event is the thing of its alert."""


@contextmanager
def centre(as_of: date) -> Iterator[Services]:
    """An empty one on the evening of a day, with its people."""
    evening = datetime(as_of.year, as_of.month, as_of.day, _EVENING, tzinfo=ZONE)
    at_ms = round(evening.timestamp() * 1000)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        with open_shared(settings) as shared:
            _enrol(shared, at_ms)
            yield _services(shared, at_ms)


def _enrol(shared: SharedResources, at_ms: int) -> None:
    units = [of.id for of in shared.units if of.kind not in ("committee", "delegation")]
    everywhere = Newcomer(EVERYWHERE, "何平", unit_roles=("handler",), units=tuple(units))
    everybody = [*shared.people, everywhere]
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    enrol_units(shared.state, shared.units)
    with patch.object(passwords, "_hasher", light):
        given = {of.username: f"right for {of.username}" for of in everybody}
        enrol(shared.state, everybody, given, at_ms, OWN)


def _services(shared: SharedResources, at_ms: int) -> Services:
    settings = shared.settings
    return Services(
        catalogue=shared.catalogue,
        rule_repository=shared.rule_repository,
        store=shared.store,
        state=shared.state,
        alerts=shared.repository,
        wording=shared.wording,
        words=shared.words,
        live=LiveFeed(),
        libraries=settings.data_dir,
        files=files_of(settings),
        district=settings.catalogue,
        now_ms=lambda: at_ms,
        centre=Centre(lambda: at_ms),
        corrections=shared.corrections,
        publish=lambda _: None,
        deadletters=RemoteDeadLetters(settings.data_dir),
        roles=shared.roles.without_second_factor(),
        site_key=shared.site_key,
        grouping=shared.grouping,
        links=Links(shared.site_key.of("event-link"), "http://127.0.0.1"),
        channels=(CHANNEL,),
        calendar=calendar_of(shared).working_days,
    )


def bring(services: Services, made: Connections) -> Known:
    """All things of a seed, each on its day; projects and payments come in one file each."""
    found: dict[tuple[str, str, str], str] = {}
    for thing in made.things:
        then = on_day(services, thing.on)
        reference = _brought(then, thing)
        found[reference.platform, reference.kind, reference.id] = thing.id
    _load(services, [of for of in made.things if isinstance(of, Project)])
    alerts = [(of, name) for (_, kind, of), name in found.items() if kind == "alert"]
    events = ((services.alerts.get(of), name) for of, name in alerts)
    return found | {
        ("environment", "event", of.event): name for of, name in events if of and of.event
    }


def _brought(then: Services, thing: Thing) -> Reference:
    match thing:
        case Alert():
            made = Reference("environment", "alert", _raised(then, thing))
        case Suggestion():
            made = Reference("duty", "suggestion", _submitted(then, thing))
        case Project():
            made = Reference("budget", "project", thing.code)
        case Hearing():
            made = Reference("judicial", "hearing", _announced(then, thing))
        case Matter():
            made = Reference("judicial", "matter", _begun(then, thing))
        case Advice():
            made = Reference("judicial", "advice", _advised(then, thing))
        case Document():
            made = Reference("documents", "text", str(_kept(then, thing)))
    return made


def _raised(then: Services, thing: Alert) -> str:
    began = begins_ms(thing.on) + thing.hour * HOUR_MS
    ended = began + thing.hours * HOUR_MS
    rule = next(of for of in then.rule_repository.all() if of.id == thing.rule)
    level = Level.ALARM if thing.pollution else Level.WARNING
    series = f"{thing.station}/{thing.indicator}"
    made = alert_id(f"{thing.rule}{thing.id}", rule.version, level, series, began)
    peak = thing.peak if thing.pollution else None
    alert = Raised(
        made, thing.rule, rule.version, level, rule.about, thing.station, thing.indicator,
        State.RESOLVED, began, began + HOUR_MS // 2, ended, peak, ended - HOUR_MS // 3, peak,
        ended, fired_value=peak,
    )  # fmt: skip
    area = area_of(alert, then.catalogue.subjects[alert.station])
    event = joined((), {}, alert, area, began, then.grouping)
    over = replace(event, state=EventState.OVER, ended_ms=ended)
    with then.state.begin() as connection:
        change = Transition(Change.RESOLVED, alert, ended, "")
        then.alerts.record(connection, 1, [change])
        then.events.save(connection, over)
        then.events.join(connection, alert.id, over.id)
    return made


def _submitted(then: Services, thing: Suggestion) -> str:
    text = {"title": thing.title, "body": thing.body, "topic": thing.topic, "town": thing.town}
    deputy, office = account(then, DEPUTY), account(then, CLERK)
    with patch.object(handling, "_key", lambda _: str(uuid.uuid5(uuid.NAMESPACE_OID, thing.id))):
        number = int(uuid.uuid5(uuid.NAMESPACE_URL, thing.id).int % 10**6)
        made = handling.accepted(then, deputy, office, text, number)
    handling.assigned(then, office, made, thing.unit)
    return made


def _announced(then: Services, thing: Hearing) -> str:
    before = on_day(then, thing.on - _ANNOUNCED_BEFORE)
    given = {
        "kind": "hearing",
        "title": thing.title,
        "matter": thing.matter,
        "location": "区人民检察院听证室",
        "link": "",
        "openness": "open",
        "closed_why": "",
        "seats": "2",
        "from": f"{thing.on}T09:00",
        "until": f"{thing.on}T11:00",
    }
    made = announcing.make(before, account(before, PROCURATORATE), given)
    take(before, HEARING, PROCURATORATE, made, "announce")
    return made


def _begun(then: Services, thing: Matter) -> str:
    given = {"title": thing.title, "unit": thing.unit}
    made = matters.begin(then, account(then, CLERK), thing.kind, given)
    if thing.kind == "inspection":
        last = thing.on + timedelta(days=20)
        said = {"law": thing.law, "plan": thing.plan}
        days = {"from_day": thing.on.isoformat(), "until_day": last.isoformat()}
        take(then, PROCEDURES["inspection"], CLERK, made, "plan", **said, **days)
    return made


def _advised(then: Services, thing: Advice) -> str:
    given = {
        "title": thing.title,
        "addressee": thing.addressee,
        "topic": thing.topic,
        "text": thing.text,
    }
    made = advice.write(then, account(then, PROCURATORATE), given)
    days = {
        "issued_day": thing.on.isoformat(),
        "reply_day": (thing.on + _TO_REPLY).isoformat(),
    }
    take(then, ADVICE, PROCURATORATE, made, "send", **days)
    return made


def _kept(then: Services, thing: Document) -> int:
    facts = Facts(
        thing.maker, thing.kind, thing.title, thing.number, published=thing.on.isoformat()
    )
    file = io.BytesIO(thing.text.encode())
    return texts.send(then, account(then, CLERK), facts, f"{thing.id}.txt", file)


def _load(services: Services, projects: Sequence[Project]) -> None:
    parts, by = imports.parts_of(services, ROSTER), account(services, CLERK).actor
    with tempfile.TemporaryDirectory() as folder:
        write(_books(projects), Path(folder))
        for kind, name in _OF_KINDS.items():
            path = Path(folder) / f"{name}.csv"
            with path.open("rb") as content:
                load = imports.send(parts, by, parts.kinds[kind], _SOURCE, path.name, content)
            load = imports.load_at_once(Worker(), parts, by, load, good_rows=False, dry_run=False)
            assert load.state == "in-force", (kind, load)


def _books(projects: Sequence[Project]) -> treasury.Treasury:
    registered = tuple(
        treasury.Project(
            of.code,
            of.name,
            of.unit,
            of.unit_name,
            min(paid.on.year for paid in of.payments),
            of.on.year,
            of.environment,
            of.stations,
        )
        for of in projects
    )
    paid = [
        treasury.Payment(
            voucher=f"{of.code}{at:03}",
            application=f"S{of.code}{at:03}",
            unit=of.unit,
            unit_name=of.unit_name,
            payee=one.payee,
            payee_account=_bank_account(one.payee),
            payer=of.unit_name,
            payer_account=_bank_account(of.unit_name),
            amount=one.amount,
            paid_on=one.on,
            purpose=one.purpose,
            function="2110302 水体",
            item="30227 委托业务费",
            project=of.code,
            project_name=of.name,
            fund="一般公共预算资金",
            settlement="直接支付",
            indicator="",
            contract="",
            invoice="",
        )
        for of in projects
        for at, one in enumerate(of.payments, start=1)
    ]
    paid.sort(key=lambda of: (of.paid_on, of.voucher))
    nothing: tuple[()] = ()
    return treasury.Treasury(
        0, tuple(paid), nothing, nothing, nothing, nothing, nothing, registered,
        nothing, nothing, nothing, nothing, nothing, nothing,
    )  # fmt: skip


def _bank_account(name: str) -> str:
    return f"32{uuid.uuid5(uuid.NAMESPACE_OID, name).int % 10**15:015}"
