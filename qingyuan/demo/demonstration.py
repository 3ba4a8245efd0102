"""`qingyuan demo`: a whole district in one process, on real Modbus, MQTT and HTTP sockets."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import threading
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from api.accounts.enrolment.enrolling import enrol
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import OWN
from api.accounts.repositories.units import Units
from api.services import Services, Visitor
from api.web.public_address import LOOPBACK
from broker.access_list import CENTRE
from broker.embedded import EmbeddedBroker
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.files import read_toml
from config.settings import BrokerSettings, Settings, load
from edge_agent.agent import Agent
from ingest.annotations.cadences import CadenceRecord
from ingest.state.database import open_state
from qingyuan.arguments import Parser
from qingyuan.assembly import RunningCentre, opened
from qingyuan.demo.cases.finished import begin_finished
from qingyuan.demo.cases.running import begin_running, join_alert
from qingyuan.demo.cases.sharing import share_up, take_in
from qingyuan.demo.documents.filings import begin_filings
from qingyuan.demo.documents.reviews import begin_reviews
from qingyuan.demo.hands import DIRECTOR
from qingyuan.demo.history.writing import spool_path, write_history
from qingyuan.demo.judicial.draws import begin_draw
from qingyuan.demo.judicial.figures import begin_figures
from qingyuan.demo.judicial.hearings import begin_hearings
from qingyuan.demo.judicial.letters import begin_letters
from qingyuan.demo.judicial.matters import begin_matters
from qingyuan.demo.judicial.suits import begin_suits
from qingyuan.demo.outcomes import bring_outcomes
from qingyuan.demo.ports import claimed
from qingyuan.demo.promises import begin_promises
from qingyuan.demo.register import fill_register
from qingyuan.demo.report import account, settled
from qingyuan.demo.sittings import begin_sittings
from qingyuan.demo.suggestions import begin_suggestions
from qingyuan.demo.treasury import begin_treasury
from qingyuan.runtime.page_server import served
from qingyuan.runtime.passwords import FILE, OF_VISITORS, drawn
from qingyuan.runtime.site import MIGRATIONS, now_ms
from simulators.district import District
from simulators.incidents import Spill

_DIRECTOR = {
    "username": DIRECTOR,
    "name": "汪洋",
    "roles": ["supervisor"],
    "units": ["npc-office"],
}
"""Who archives what the head of the committee concluded: a case takes two."""
SPILL_AFTER_MS = 20_000
DRAIN_S = 20.0
WORST_STATUS = 100
UPTO_GRACE_MS, RECONNECT_GRACE_MS = 3000, 10_000


def run(argv: list[str]) -> int:
    """Run until told to stop, or for a time; the exit status is the number of lost samples."""
    parser = Parser("qingyuan demo", "the whole centre on simulated stations, in one process")
    parser.add_argument("--for", dest="seconds", type=float, help="stop after this many seconds")
    parser.add_argument("--report", type=Path, help="write what happened as JSON")
    parser.add_argument("--port", type=int, default=8000, help="of the pages")
    parser.add_argument("--data", type=Path, default=Path("data") / "demo")
    parser.add_argument(
        "--settings",
        type=Path,
        help="channels, district and more; data folder, broker and port stay its own",
    )
    parser.add_argument("--no-incident", action="store_true", help="leave the river in peace")
    parser.add_argument(
        "--environment-only", action="store_true", help="begin nothing on the other platforms"
    )
    given = parser.parse_args(argv)
    settings = replace(
        load(given.settings, {}),
        data_dir=given.data,
        http_port=given.port,
        upto_grace_ms=UPTO_GRACE_MS,
        reconnect_grace_ms=RECONNECT_GRACE_MS,
    )
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        return _run(settings, given, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(settings: Settings, given: Namespace, stop: threading.Event) -> int:
    data, port, folder = settings.data_dir, settings.http_port, settings.catalogue
    with ExitStack() as stack:
        broker_port, catalogue = stack.enter_context(claimed(loading.load(folder)))
        users = {name: secrets.token_hex(16) for name in (CENTRE, *_users(catalogue).values())}
        broker_settings = BrokerSettings(port=broker_port, username=CENTRE, password=users[CENTRE])
        settings = replace(settings, broker=broker_settings)
        district = District(catalogue, seed=1, now_ms=now_ms)
        # Before the first reading is judged: by which cadence its time is on record.
        with closing(open_state(settings)) as state:
            state.migrate(MIGRATIONS)
            cadences, years = CadenceRecord(state), not given.environment_only
            write_history(catalogue, cadences, district, data, years=years)
        broker = stack.enter_context(EmbeddedBroker(broker_port, users))
        seeds = [*read_toml(folder / "people.toml", "install Qingyuan anew")["person"], _DIRECTOR]
        _take_over(data)
        passwords = drawn([person["username"] for person in seeds], data, OF_VISITORS)
        running = stack.enter_context(
            opened(
                settings,
                passwords,
                second_factor=False,
                attempts=lambda: tuple(broker.attempts),
                own_address=f"http://{settings.http_host}:{port}",
            )
        )
        stack.enter_context(_simulated(district))
        services = running.services
        director = msgspec.convert(_DIRECTOR, Newcomer)
        enrol(services.state, [director], passwords, now_ms(), OWN)
        if settings.http_host in LOOPBACK:
            services = replaced(services, visitors=_visitors(services, seeds, passwords))
        stack.enter_context(served(services, settings.http_host, port))
        with _agents(catalogue, data, broker_port, users), _ended_after(given.seconds, stop):
            if not given.no_incident:
                district.incidents.append(_spill(catalogue))
            _greet(settings, seeds, passwords)
            if not given.environment_only:
                _begin_work(services, stop)
                if not given.no_incident:
                    join_alert(services, stop)
            stop.wait()
        settled(running, DRAIN_S)
        return _close(running, data, district, given.report)


@contextmanager
def _ended_after(seconds: float | None, stop: threading.Event) -> Iterator[None]:
    """Told to stop after so many seconds; None: by a person alone."""
    timer = threading.Timer(seconds or 0, stop.set)
    if seconds is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if seconds is not None:
            timer.join()


def _begin_work(services: Services, stop: threading.Event) -> None:
    fill_register(services)
    begin_suggestions(services)
    begin_sittings(services)
    bring_outcomes(services)
    # Files are read by children: meanwhile this process reads the treasury's tables.
    with ThreadPoolExecutor(1, "documents") as beside:
        filed = beside.submit(begin_filings, services)
        begin_treasury(services)
        filed.result()
    begin_reviews(services)
    begin_promises(services)
    begin_figures(services)
    begin_suits(services)
    begin_matters(services)
    begin_letters(services)
    begin_draw(services)
    begin_hearings(services)
    finished = begin_finished(services, stop)
    if finished is not None:
        share_up(services, finished)
        take_in(services)
    begin_running(services)


def _close(running: RunningCentre, data: Path, district: District, report: Path | None) -> int:
    found = account(running, data / "spool", [incident.label for incident in district.incidents])
    if report:
        report.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    samples: dict[str, int] = found["samples"]
    print(" ".join(f"{name} {number}" for name, number in samples.items()), flush=True)
    return min(samples["lost"], WORST_STATUS)


def _take_over(data: Path) -> None:
    """Visitors of before had their passwords in the file of first ones."""
    before = data / FILE
    if before.exists():
        before.replace(data / OF_VISITORS)


def _greet(
    settings: Settings, seeds: Iterable[Mapping[str, Any]], passwords: Mapping[str, str]
) -> None:
    print(f"http://{settings.http_host}:{settings.http_port}/", flush=True)
    for person in seeds:
        role, username = _role(person), person["username"]
        print(f"  {role:13} {username:8} {passwords[username]}  {person['name']}", flush=True)


def _visitors(
    services: Services, seeds: Iterable[Mapping[str, Any]], passwords: Mapping[str, str]
) -> list[Visitor]:
    units = {unit.id: unit.name for unit in Units(services.state).all()}
    return [
        Visitor(
            person["username"],
            passwords[person["username"]],
            person["name"],
            _role(person),
            units[person["units"][0]],
        )
        for person in seeds
    ]


def _role(person: Mapping[str, Any]) -> str:
    return str((person.get("roles") or person["unit_roles"])[0])


def _users(catalogue: Catalogue) -> dict[str, str]:
    return {name: f"{catalogue.site.id}.{name}" for name in catalogue.stations}


def _spill(catalogue: Catalogue) -> Spill:
    river = next(iter(catalogue.rivers))
    path = tuple(station.id for station in catalogue.downstream(river))
    return Spill(path, now_ms() + SPILL_AFTER_MS)


@contextmanager
def _agents(catalogue: Catalogue, data: Path, port: int, users: dict[str, str]) -> Iterator[None]:
    """An agent a station; at the end each sends what it still holds."""
    stop = threading.Event()
    threads = []
    for station_id, username in _users(catalogue).items():
        broker = BrokerSettings(port=port, username=username, password=users[username])
        agent = Agent(
            catalogue,
            station_id,
            spool_path(data, station_id),
            broker,
            reconnect_wait_s=(0.0, 0.5),
        )
        threads.append(
            threading.Thread(
                target=agent.run,
                args=(stop,),
                kwargs={"drain_s": DRAIN_S},
                name=f"agent {station_id}",
            )
        )
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def _simulated(district: District) -> Iterator[None]:
    """The district's instruments on a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulators")
    thread.start()
    serving = district.serving()
    try:
        asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(30)
        try:
            yield
        finally:
            leaving = serving.__aexit__(None, None, None)
            asyncio.run_coroutine_threadsafe(leaving, loop).result(30)
    finally:
        asyncio.run_coroutine_threadsafe(_cancel_rest(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _cancel_rest() -> None:
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
