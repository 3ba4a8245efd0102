"""The attacks of ``benchmarks.attack``: of a station that was taken over, and of strangers."""

from __future__ import annotations

import json
import resource
import select
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException

import msgspec

from benchmarks.attack_stations import MQTT, SITE, client_of, now_ms
from config.vocabulary import bounds, topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.reports import Held, Mishap, Status

HTTP = 19_885
ATTACKER = "s5"
BODY_BYTES = 3_000_000_000
CONNECTIONS = 1100
"""More than a process may open files where nobody allowed it more."""
BOOT = "ab" * 16
AS_FAST_AS_IT_CAN = 1e6
UNCONFIRMED = 500
"""Messages after which the attacker waits for its broker."""


def _paced(rate: float, until: float) -> Iterator[int]:
    """So many turns a second."""
    begun, turn = time.time(), 0
    while (now := time.time()) < until:
        time.sleep(max(begun + turn / rate - now, 0))
        yield turn
        turn += 1


Message = tuple[str, bytes]
"""Topic and body."""


def _speak(
    rate: float, message: Callable[[int], Message], until: float, *, retain: bool = False
) -> None:
    """Publish as a station that was taken over."""
    client = client_of(f"{SITE}.{ATTACKER}")
    client.connect("127.0.0.1", MQTT)
    client.loop_start()
    for turn in _paced(rate, until):
        sent = client.publish(*message(turn), qos=1, retain=retain)
        if turn % UNCONFIRMED == UNCONFIRMED - 1:
            sent.wait_for_publish(5)


def _sample(t: int) -> Sample:
    return Sample(t, Clock.SYNCHRONISED, {"w21003": Measured(0.4, Cause.NORMAL)})


def _live(t: int) -> bytes:
    return wire.encode_live(_sample(t), oldest=1, sent_ms=now_ms())


def _flood(turn: int) -> Message:
    return topics.readings_topic(SITE, ATTACKER, BOOT, turn + 1), _live(now_ms())


def _integer(turn: int) -> Message:
    body = _live(1).replace(b'"t":1,', f'"t":{"9" * 400},'.encode())
    return topics.readings_topic(SITE, ATTACKER, BOOT, turn + 1), body


def _boot(_turn: int) -> Message:
    return topics.readings_topic(SITE, ATTACKER, uuid.uuid4().hex, 1), _live(now_ms())


def _batch(turn: int, rows: int, t: int) -> Message:
    first = turn * rows + 1
    samples = [Numbered(BOOT, first + row, _sample(t + row)) for row in range(rows)]
    body = wire.encode_history(samples, oldest=1, sent_ms=now_ms())
    return topics.history_topic(SITE, ATTACKER, BOOT, first, first + rows - 1), body


def _oversized(turn: int) -> Message:
    """Ten times as many rows as a batch may have; each fifth is beyond a body's bytes too."""
    return _batch(turn, bounds.HISTORY_SAMPLES * (10 if turn % 5 else 100), now_ms())


def _impossible(turn: int) -> Message:
    """As many instants before the year 2000 as a batch may have."""
    return _batch(turn, bounds.HISTORY_SAMPLES, 1)


def _repeat(turn: int) -> Message:
    return topics.readings_topic(SITE, ATTACKER, BOOT, turn % 5000 + 1), _live(1)


def _report(turn: int) -> Message:
    """A status or a health report: as large as one may be, or one that cannot be read."""
    kind = "status" if turn % 2 else "health"
    if turn % 4 < 2:
        return topics.station_topic(SITE, ATTACKER, kind), b'{"a":' * (bounds.BODY_BYTES // 6)
    held = [Held(f"{turn * 1000 + n:032x}", 1, bounds.MOST) for n in range(600)]
    mishaps = [Mishap(bounds.MOST, "copied", "x" * 100)] * bounds.MISHAPS
    status = Status(wire.VERSION, True, now_ms(), held, mishaps=mishaps)
    return topics.station_topic(SITE, ATTACKER, "status"), msgspec.json.encode(status)


def _idle(until: float) -> None:
    """Connections to pages and to the broker on which nothing is said."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        for port in [HTTP, MQTT] * CONNECTIONS:
            with suppress(OSError):
                stack.enter_context(socket.create_connection(("127.0.0.1", port), 1))
        time.sleep(max(until - time.time(), 0))


def _many(count: int, connection: Callable[[float], None], until: float) -> None:
    threads = [threading.Thread(target=connection, args=(until,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sign_in(until: float) -> None:
    """Wrong passwords of people who may not exist, one after the other."""
    while time.time() < until:
        body = json.dumps({"username": uuid.uuid4().hex[:20], "password": "wrong"})
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", HTTP, timeout=10)
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/api/v1/session", body, headers)
            connection.getresponse().read()
            connection.close()


def _upload(until: float) -> None:
    """A body of 3 GB, given up when it is refused, and after a second tried again."""
    head = (
        f"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{HTTP}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {BODY_BYTES}\r\n\r\n"
    )
    part = b" " * (1 << 20)
    while time.time() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", HTTP), 5) as connection:
            connection.sendall(head.encode())
            left = BODY_BYTES
            while left > 0 and time.time() < until:
                left -= connection.send(part)
                if select.select([connection], [], [], 0)[0]:
                    break  # answered, or closed
        time.sleep(1)


ATTACKS: dict[str, Callable[[float], None]] = {
    "floods": partial(_speak, AS_FAST_AS_IT_CAN, _flood),
    "boots": partial(_speak, 1400, _boot),
    "oversized": partial(_speak, 50, _oversized),
    "instants": partial(_speak, 100, _impossible),
    "retained": partial(_speak, 1400, _repeat, retain=True),
    "reports": partial(_speak, 200, _report),
    "integers-1": partial(_speak, 1, _integer),
    "integers-2": partial(_speak, 2, _integer),
    "integers-2000": partial(_speak, 2000, _integer),
    "idle": _idle,
    "sign-in-20": partial(_many, 20, _sign_in),
    "sign-in-60": partial(_many, 60, _sign_in),
    "bodies": partial(_many, 6, _upload),
}
"""Each runs in a process of its own until an instant, epoch s."""
