"""What one station sends stops nobody else, whatever it is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest
from paho.mqtt.client import Client

from config.vocabulary import topics
from config.vocabulary.bounds import BODY_BYTES, HISTORY_SAMPLES
from tests.attack.honest import SITE, THIEF
from tests.attack.serving import ROOT, Serving, serving
from tests.chaos.path import SOAK
from tests.conftest import wait_until

ROUNDS = 300 if SOAK else 12
BOOT = uuid.uuid4().hex
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


def send(centre: Serving, seq: int) -> None:
    """Each of them once, with seqs of their own."""
    for place, (kind, payload) in enumerate(BAD.values(), seq * len(BAD) + 1):
        span = f"{place}-{place}" if kind == "history" else f"{place}"
        centre.bad(f"{kind}/{BOOT}/{span}", payload)


def test_given_numbers_beyond_all_bounds_when_sent_beside_honest_stations_all_of_theirs_is_settled(
    centre: Serving,
) -> None:
    """And each of the bad ones is a dead letter that says what is wrong with it."""
    with centre.undisturbed():
        for seq in range(ROUNDS):
            send(centre, seq)
        # Unsettled it would send them for ever.
        wait_until(lambda: centre.acked.get(BOOT) == [(1, ROUNDS * len(BAD))])
    reasons = centre.reasons()
    for name in BAD:
        assert name in reasons, name


def test_given_numbers_within_bounds_that_no_calendar_has_pages_and_metrics_answer(
    centre: Serving,
) -> None:
    """The largest that decode, in every message of a station."""
    most = 2**53
    status = {
        "v": 1,
        "online": True,
        "t": most,
        "held": [{"b": f"{n:x}".rjust(32, "e"), "low": 1, "high": most} for n in range(400)],
        "mishaps": [{"t": most, "what": "copied", "aside": "\x01" * 100}] * 20,
        "further": most,
    }
    sensors = {"w21003": {"last_good_ms": most, "last_failed_ms": most, "good": most}}
    state = {"state": 7, "instrument": "all", "since_ms": most, "until_ms": most, "by": "x"}
    health = {"v": 1, "t": most, "b": "", "up_ms": most, "sensors": sensors, "devices": {}}
    with centre.undisturbed():
        centre.bad("health", json.dumps(health | {"declared": [state]}).encode(), retain=True)
        for q in (0, most):
            centre.bad(f"readings/{BOOT}/{most - q}", body(LIVE, q=q, t=most, o=most))
        centre.bad("status", json.dumps(status).encode(), retain=True)
        wait_until(lambda: centre.counts().waiting == most)
        for path in (
            "/metrics",
            "/environment/operations",
            f"/environment/stations/{THIEF}",
            "/environment/",
        ):
            assert centre.officer.get(path).status_code == 200, path


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A centre at a broker with the limits of deploy/, on which readings were retained before."""

    def litter(bad: Client) -> None:
        for n in range(1, ROUNDS * 20):
            topic = topics.readings_topic(SITE, THIEF, BOOT, n)
            last = bad.publish(topic, body(LIVE), 1, retain=True)
        last.wait_for_publish(20)

    lines = (ROOT / "deploy/mosquitto.conf").read_text().splitlines()
    own = [line for line in lines if line.startswith(("message_size", "max_packet"))]
    assert own
    with serving(tmp_path_factory.mktemp("limited"), litter, own) as found:
        yield found


def test_given_thousands_of_retained_readings_when_the_centre_starts_none_of_them_is_taken(
    limited: Serving,
) -> None:
    """A retained reading is none; they would come again at every connect."""
    with limited.undisturbed():
        assert limited.counts().arrived == 0
        assert limited.letters() == 0


def test_given_the_limits_of_deploy_a_body_that_is_too_large_never_comes_so_far(
    limited: Serving,
) -> None:
    """The broker hangs up on its sender; who sends what agents send is heard."""
    with limited.undisturbed():
        limited.bad(f"readings/{BOOT}/1", b" " * 100_000 + body(LIVE))
    assert limited.counts().arrived == 0
