"""What one station sends stops nobody else, whatever it is."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
from paho.mqtt.client import Client

from config.vocabulary.bounds import BODY_BYTES, HISTORY_SAMPLES
from qingyuan.runtime.page_server import served
from tests.attack.attacked import BASE, THIEF, Attacked, attacked
from tests.chaos.path import SOAK
from tests.conftest import free_port, wait_until
from tests.signing_in import sign_in

ROUNDS = 300 if SOAK else 12
BOOT = "ab" * 16
HUGE = int("9" * 400)
LIVE = {"v": 1, "o": 1, "t": 1, "q": 1, "k": 0, "r": {"w21003": [0.5, 0]}}
BATCH = {"v": 1, "o": 1, "q": 1, "s": [1], "t": [1], "k": [0], "r": {"w21003": [[0.5], [0]]}}


def body(form: dict[str, object], **changes: object) -> bytes:
    """A message body with some fields changed."""
    return json.dumps(form | changes).encode()


BAD = {
    "$.t": ("readings", body(LIVE, t=HUGE)),
    "$.q": ("readings", body(LIVE, q=HUGE)),
    "$.o": ("readings", body(LIVE, o=-HUGE)),
    "$.r": ("readings", body(LIVE, r={f"x{n}": [1, 0] for n in range(1000)})),
    "$.r[...]": ("readings", body(LIVE).replace(b"0.5", b"1e999")),
    "$.t[0]": ("history", body(BATCH, t=[HUGE])),
    "$.s": ("history", body(BATCH, s=list(range(1, HISTORY_SAMPLES + 2)))),
    "too-large": ("readings", b" " * BODY_BYTES + body(LIVE)),
}
"""What the letter must name, and the message."""


def send(centre: Attacked, seq: int) -> None:
    """Each of them once, with seqs of their own."""
    for place, (kind, payload) in enumerate(BAD.values(), seq * len(BAD) + 1):
        span = f"{place}-{place}" if kind == "history" else f"{place}"
        centre.bad(f"{kind}/{BOOT}/{span}", payload)


def test_given_numbers_beyond_all_bounds_when_sent_beside_honest_stations_all_of_theirs_is_settled(
    tmp_path: Path,
) -> None:
    """And each of the bad ones is a dead letter that says what is wrong with it."""
    with attacked(tmp_path) as centre:
        for seq in range(ROUNDS):
            send(centre, seq)
            centre.measured()
        wait_until(centre.settled)
        wait_until(lambda: centre.running.deadletters.count() >= ROUNDS * len(BAD))
        for name in BAD:
            assert any(name in reason for reason in centre.reasons()), name
        wait_until(lambda: THIEF in centre.stations_refused())
        acked = centre.running.ledger.ack_for(THIEF, BOOT)
        assert acked == [(1, ROUNDS * len(BAD))], "it would send them for ever"


def test_given_numbers_within_bounds_that_no_calendar_has_pages_and_metrics_answer(
    tmp_path: Path,
) -> None:
    """The largest that decode, in every message of a station."""
    most = 2**53
    status = {
        "v": 1,
        "online": True,
        "t": most,
        "held": [{"b": f"{n:032x}", "low": 1, "high": most} for n in range(400)],
        "mishaps": [{"t": most, "what": "copied", "aside": "\x01" * 100}] * 20,
        "further": most,
    }
    sensors = {"w21003": {"last_good_ms": most, "last_failed_ms": most, "good": most}}
    state = {"state": 7, "instrument": "all", "since_ms": most, "until_ms": most, "by": "x"}
    health = {"v": 1, "t": most, "b": "", "up_ms": most, "sensors": sensors, "devices": {}}
    with attacked(tmp_path) as centre:
        centre.bad("status", json.dumps(status).encode(), retain=True)
        centre.bad("health", json.dumps(health | {"declared": [state]}).encode(), retain=True)
        for q in (0, most):
            centre.bad(f"readings/{BOOT}/{most - q}", body(LIVE, q=q, t=most, o=most))
        parts = centre.running.services
        wait_until(lambda: parts.centre.station(THIEF).waiting == most)
        wait_until(lambda: parts.centre.health(THIEF) is not None)
        port = free_port()
        with (
            served(parts, "127.0.0.1", port),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client,
        ):
            sign_in(client, tmp_path / "centre", "huanbao")
            for path in (
                "/metrics",
                "/environment/operations",
                f"/environment/stations/{THIEF}",
                "/environment/",
            ):
                assert client.get(path).status_code == 200, path


def test_given_thousands_of_retained_readings_when_the_centre_starts_none_of_them_is_taken(
    tmp_path: Path,
) -> None:
    """A retained reading is none; they would come again at every connect."""

    def litter(bad: Client) -> None:
        for n in range(1, ROUNDS * 20):
            last = bad.publish(f"{BASE}/readings/{BOOT}/{n}", body(LIVE), 1, retain=True)
        last.wait_for_publish(20)

    with attacked(tmp_path, litter) as centre:
        centre.measured()
        wait_until(centre.settled)
        assert THIEF not in centre.running.ledger.stations()
        assert centre.running.deadletters.count() == 0


def test_given_the_limits_of_deploy_a_body_that_is_too_large_never_comes_so_far(
    tmp_path: Path,
) -> None:
    """The broker hangs up on its sender; who sends what agents send is heard."""
    with attacked(tmp_path, limits=True) as centre:
        centre.bad(f"readings/{BOOT}/1", b" " * 100_000 + body(LIVE))
        for _ in range(3):
            centre.measured()
        wait_until(centre.settled)
        assert THIEF not in centre.running.ledger.stations()
        assert centre.running.bus.connected.is_set()
