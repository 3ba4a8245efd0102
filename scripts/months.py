"""A district with the shipped rules and four months of made readings, on a port of its own: what a
rule is tuned on. Run by itself it stays until it is stopped: months.py [PORT].
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from alerting import alert as records
from alerting.alert import Alert, Change, Level, Transition
from alerting.events.event import Grouping
from alerting.notify.links import Links
from alerting.record.repository import Repository
from alerting.rules import documents
from alerting.rules.repository import RuleRepository
from alerting.wording.sentences import Wording
from api.accounts.enrolment.enrolling import enrol
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import OWN
from api.centre import Centre
from api.live import LiveFeed
from api.roster import ROSTER, roles_of, words_of
from api.services import Services
from config import site_key
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import DISTRICTS, Settings
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Findings
from ingest.annotations.overlay import Overlaid
from ingest.journal.columns import Columns
from ingest.state.database import State, open_state
from ingest.store.opening import open_store
from qingyuan.assembly import LIBRARIES
from qingyuan.maintenance.replay import RemoteDeadLetters
from qingyuan.runtime.page_server import served
from qingyuan.runtime.site import MIGRATIONS

FOLDER = DISTRICTS / "tongzhou"
RULES = DISTRICTS.parent / "rules" / "defaults.toml"
USERNAME, PASSWORD = "huanbao", "a password for pictures"
CADENCE_MS, DAYS = 300_000, 120
# Level, daily course (share of the level and the hour of its peak), slow and fast noise (shares).
COURSES = {
    "w01010": (16.0, 0.10, 15, 0.15, 0.005),
    "w01001": (7.6, 0.03, 15, 0.02, 0.003),
    "w01009": (7.2, 0.18, 15, 0.12, 0.02),
    "w01014": (620.0, 0.02, 9, 0.10, 0.01),
    "w01003": (24.0, 0.10, 8, 0.30, 0.06),
    "w21003": (0.55, 0.12, 6, 0.28, 0.03),
    "w21011": (0.13, 0.10, 7, 0.25, 0.04),
    "w01019": (4.1, 0.08, 8, 0.18, 0.02),
    "a34004": (52.0, 0.18, 7, 0.55, 0.06),
    "a34002": (82.0, 0.18, 7, 0.50, 0.06),
    "a21026": (9.0, 0.15, 9, 0.30, 0.06),
    "a21004": (36.0, 0.25, 8, 0.35, 0.05),
    "a21005": (0.8, 0.15, 8, 0.30, 0.04),
    "a05024": (78.0, 0.55, 15, 0.30, 0.03),
}


@contextmanager
def months(
    port: int,
    days: int = DAYS,
    cadence_ms: int = CADENCE_MS,
    codes: Collection[str] = tuple(COURSES),
    stations: int = 0,
    alerts: int = 0,
) -> Iterator[str]:
    """The address at which its pages answer; an officer signs in as ``USERNAME``. So many days of
    these indicators, where a station has them, are there; of as many stations and with as many
    alerts of the past as are asked for, beside the district's own.
    """
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data))
        state = open_state(settings)
        catalogue = _district(cadence_ms, stations)
        store = open_store(settings, catalogue.site.id, _now_ms)
        _enrol(state)
        _raise_alerts(state, catalogue, alerts, days)
        _fill(store, catalogue, np.arange(*_span(days, cadence_ms), dtype=np.int64), codes)
        words, corrections = Words.load("zh-CN", words_of(ROSTER), FOLDER), Corrections(state)
        rule_repository = RuleRepository(state, documents.load(RULES, catalogue))
        key = site_key.load(settings)
        parts = Services(
            catalogue,
            rule_repository,
            Overlaid(store, corrections, Findings(state)),
            state,
            Repository(state),
            Wording(words, catalogue, rule_repository.all),
            words,
            LiveFeed(),
            LIBRARIES,
            settings.data_dir / "files",
            FOLDER,
            _now_ms,
            Centre(_now_ms),
            corrections,
            RemoteDeadLetters(Path(data)),
            roles_of(ROSTER, FOLDER),
            key,
            Grouping(),
            Links(key.of("event-link"), "http://127.0.0.1"),
            channels=(),
        )
        with served(parts, "127.0.0.1", port):
            yield f"http://127.0.0.1:{port}"
        store.close()
        state.close()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _span(days: int, cadence_ms: int) -> tuple[int, int, int]:
    """From when until when, and how far apart."""
    now_ms = _now_ms()
    return (now_ms - days * DAY_MS) // cadence_ms * cadence_ms, now_ms, cadence_ms


def _district(cadence_ms: int, stations: int) -> Catalogue:
    """The demonstration's, at the pace of instruments in service; each of its stations as often as
    makes so many, a little further on.
    """
    found = loading.load(FOLDER)
    known = list(found.stations.values())
    for number in range(max(len(known), stations)):
        turn, of = divmod(number, len(known))
        one = known[of]
        name = f"{one.id}-{turn}" if turn else one.id
        longitude, latitude = one.position
        found.stations[name] = msgspec.structs.replace(
            one,
            id=name,
            name=f"{one.name}{turn or ''}",
            position=(longitude + turn * 0.003, latitude + turn * 0.002),
            cadence_ms=cadence_ms,
        )
        found.plans[name] = found.plans[one.id]
    return found


def _raise_alerts(state: State, catalogue: Catalogue, alerts: int, days: int) -> None:
    """Of ammonia, spread over the days and the stations on water; all are over."""
    names = [one.id for one in catalogue.stations.values() if one.kind == "water"]
    since_ms = _now_ms() - days * DAY_MS
    with state.begin() as connection:
        Repository(state).record(
            connection,
            1,
            [
                _alert(number, names, since_ms + number * days * DAY_MS // alerts)
                for number in range(alerts)
            ],
        )


def _alert(number: int, names: list[str], began_ms: int) -> Transition:
    over_ms = began_ms + HOUR_MS // 2
    alert = Alert(
        id=f"{number:020d}",
        rule_id="ammonia-over-class",
        rule_version=1,
        level=Level.ALARM,
        about="pollution",
        station=names[number % len(names)],
        indicator="w21003",
        state=records.State.RESOLVED,
        began_ms=began_ms,
        fired_ms=began_ms,
        fired_value=1.2,
        peak=2.5,
        peak_ms=began_ms,
        last_value=0.4,
        last_ms=over_ms,
        resolved_ms=over_ms,
    )
    return Transition(Change.RESOLVED, alert, over_ms, "")


def _enrol(state: State) -> None:
    state.migrate(MIGRATIONS)
    somebody = Newcomer(USERNAME, "李岚", ("officer",))
    enrol(state, [somebody], {USERNAME: PASSWORD}, _now_ms(), OWN)


def _fill(store: object, catalogue: Catalogue, t: np.ndarray, codes: Collection[str]) -> None:
    rng = np.random.default_rng(7)
    begin, days = int(t[0]), int(t[-1] - t[0]) // DAY_MS + 1
    spills = np.sort(rng.uniform(0, days, 14))
    for number, (name, plan) in enumerate(catalogue.plans.items()):
        station = catalogue.stations[name]
        late = (station.order or 1) * 2 * HOUR_MS
        for code in plan:
            if code in COURSES and code in codes:
                value = _course(code, t, rng)
                cause = np.zeros(len(t), np.uint8)
                _events(code, number, spills, t - begin - late, value, cause)
                _put(store, f"{name}/{code}", t, value, cause, number)


def _course(code: str, t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    level, daily, hour, slow, fast = COURSES[code]
    local = (t + 8 * HOUR_MS) % DAY_MS / HOUR_MS
    course = daily * np.cos((local - hour) / 24 * 2 * np.pi)
    at = (t - t[0]) / DAY_MS
    anchors = rng.normal(size=int(at[-1]) + 3)
    found = level * (1 + course + slow * np.interp(at, np.arange(len(anchors)), anchors))
    return np.maximum(found * (1 + fast * rng.normal(size=len(t))), level * 0.05)


def _events(
    code: str,
    number: int,
    spills: np.ndarray,
    since_ms: np.ndarray,
    value: np.ndarray,
    cause: np.ndarray,
) -> None:
    """Spills that run down the river, a slow rise, maintenance, and a silence."""
    days = since_ms / DAY_MS
    for place, spill in enumerate(spills):
        if place % 3 == number % 3:
            continue
        wave = np.exp(-(((days - spill) / 0.12) ** 2))
        if code in ("w21003", "w01019", "w21011"):
            value *= 1 + (1.0 + 0.25 * place) * wave
        elif code == "w01009":
            value *= 1 - 0.5 * wave
    if code == "w01019":
        value *= 1 + 0.3 * days / days[-1]
    cause[(days % 30 > 11.2) & (days % 30 < 11.5)] = Cause.MAINTENANCE
    cause[(days % 14 > 6.3) & (days % 14 < 6.35)] = Cause.CALIBRATION
    silent = (days > 52 + number) & (days < 52.4 + number)
    value[silent] = np.nan
    cause[silent] = Cause.LINE_DOWN


def _put(
    store: object, series: str, t: np.ndarray, value: np.ndarray, cause: np.ndarray, boot: int
) -> None:
    flags = {int(one): quality_of(Cause(int(one))) for one in np.unique(cause)}
    rows = len(t)
    store.append(
        store.position() + 1,
        Columns(
            names=(series,),
            series=np.zeros(rows, np.uint32),
            t=t,
            value=np.round(value, INDICATORS[series.partition("/")[2]].decimals),
            quality=np.array([flags[one] for one in cause.tolist()], np.uint8),
            cause=cause,
            received=t,
            boots=(f"{boot:032x}",),
            boot=np.zeros(rows, np.uint16),
            seq=np.arange(rows, dtype=np.int64),
        ),
    )


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    with months(int(sys.argv[1]) if sys.argv[1:] else free_port()) as address:
        print(address, USERNAME, PASSWORD, flush=True)
        input()
