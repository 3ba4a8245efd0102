"""The buffered client: the same packets however the stream is cut, plain and with TLS."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.client import MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from ingest.arrival import client as module
from ingest.arrival.client import BufferedClient, BufferedSocket
from tests.conftest import examples, need

CONNACK = bytes.fromhex("20 03 00 00 00")
CONNECT, DISCONNECT = 0x10, b"\xe0\x00"


class Stream:
    """A connected socket of which the test knows what arrives, piece by piece; then its end."""

    def __init__(self, pieces: Sequence[bytes], error: OSError | None) -> None:
        self._pieces, self._error = list(pieces), error

    def recv(self, size: int) -> bytes:
        if not self._pieces:
            if self._error:
                raise self._error
            return b""
        piece = self._pieces.pop(0)
        if len(piece) > size:
            self._pieces.insert(0, piece[size:])
        return piece[:size]

    def send(self, data: bytes | bytearray) -> int:
        return len(data)

    def close(self) -> None: ...

    def fileno(self) -> int:
        return -1

    def setblocking(self, flag: bool) -> None: ...


@given(
    st.lists(st.binary(min_size=1, max_size=200), max_size=20),
    st.lists(st.integers(1, 70), min_size=1, max_size=10),
    st.sampled_from([None, BlockingIOError(), ConnectionResetError()]),
)
def test_whatever_is_asked_for_the_bytes_come_in_order_and_an_end_or_error_behind_them(
    pieces: list[bytes], sizes: list[int], error: OSError | None
) -> None:
    buffered, heard = BufferedSocket(Stream(pieces, error)), b""
    raised: OSError | None = None
    for turn in range(10_000):
        here = buffered.pending()
        try:
            part = buffered.recv(sizes[turn % len(sizes)])
        except OSError as failed:
            raised = failed
            break
        assert not here or part, "what is said to be here is here"
        heard += part
        if not part:
            break
    assert heard == b"".join(pieces)
    assert raised is error


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, signed, both = folder / "key", folder / "signed", folder / "both"
    command = [
        need("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-noenc", "-days", "2", "-subj", "/CN=broker",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(signed),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    both.write_text(key.read_text() + signed.read_text())
    return both


class Broker:
    """One connection on loopback that says what the test wants, and keeps what it hears."""

    def __init__(self, pieces: Sequence[bytes], certificate: Path | None) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(20)
        self.port: int = self._listening.getsockname()[1]
        self._pieces, self._certificate = pieces, certificate
        self.heard = b""
        self._thread = threading.Thread(target=self._serve)

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        connection.settimeout(20)
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            connection = context.wrap_socket(connection, server_side=True)
        with connection, suppress(OSError):
            self.heard = connection.recv(1 << 16)
            for piece in (CONNACK, *self._pieces):
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                self.heard += part

    @contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._thread.join()
            self._listening.close()


def publish(mid: int, payload: bytes) -> bytes:
    """A PUBLISH of MQTT 5 with QoS 1 (section 3.3)."""
    body = b"\x00\x01t" + mid.to_bytes(2, "big") + b"\x00" + payload
    length, left = b"", len(body)
    while True:
        left, digit = left >> 7, left & 127
        length += bytes([digit | 128 if left else digit])
        if not left:
            return b"\x32" + length + body


def cut(stream: bytes, at: Sequence[float]) -> list[bytes]:
    """A stream in pieces, cut at parts of its length."""
    edges = sorted({0, len(stream), *(int(share * len(stream)) for share in at)})
    return [stream[first:end] for first, end in pairwise(edges)]


def received(broker: Broker, certificate: Path | None) -> list[bytes]:
    """The payloads that a client hears until the broker hangs up."""
    found: list[bytes] = []
    ended = threading.Event()
    client = BufferedClient(CallbackAPIVersion.VERSION2, protocol=MQTTv5, manual_ack=True)
    if certificate:
        client.tls_set(str(certificate))
    client.on_message = lambda _c, _u, message: found.append(bytes(message.payload))
    client.on_disconnect = lambda *_: ended.set()
    with broker.running():
        client.connect("127.0.0.1", broker.port)
        while not ended.is_set():
            client.loop(5)
    return found


payloads = st.lists(
    st.one_of(st.integers(0, 300), st.just(module.READ_BYTES), st.just(200_000)), max_size=30
).map(lambda sizes: [bytes([place]) * size for place, size in enumerate(sizes)])


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@given(payloads, st.lists(st.floats(0, 1), max_size=5), st.floats(0, 1, exclude_max=True))
@settings(max_examples=examples(20))
def test_any_cut_of_the_stream_gives_every_whole_packet_before_the_end(
    certificate: Path, tls: bool, payloads: list[bytes], at: list[float], torn: float
) -> None:
    """Large and small ones; the last one is torn off in its middle, and is none."""
    whole = b"".join(publish(place + 1, of) for place, of in enumerate(payloads))
    last = publish(99, b"torn" * 50)
    stream = whole + last[: int(torn * len(last))]
    with_tls = certificate if tls else None
    assert received(Broker(cut(stream, at), with_tls), with_tls) == payloads


def test_packets_that_arrive_together_are_handled_before_the_next_wait() -> None:
    """paho waits for the kernel between two packets; what is here already would lie there."""
    found: list[bytes] = []
    client = BufferedClient(CallbackAPIVersion.VERSION2, protocol=MQTTv5, manual_ack=True)
    client.on_message = lambda _c, _u, message: found.append(bytes(message.payload))
    broker = Broker([b"".join(publish(place + 1, b"x") for place in range(100))], None)
    with broker.running():
        client.connect("127.0.0.1", broker.port)
        while not found:
            client.loop(5)
        assert found == [b"x"] * 100
        client.disconnect()


def test_a_rounds_acknowledgements_are_the_packets_that_paho_would_have_sent() -> None:
    """One PUBACK a message (section 3.4), in their order; none for none."""
    broker, mids = Broker([], None), [1, 2, 500, 65_535]
    client = BufferedClient(CallbackAPIVersion.VERSION2, protocol=MQTTv5, manual_ack=True)
    with broker.running():
        client.connect("127.0.0.1", broker.port)
        while not client.is_connected():
            client.loop(5)  # what is not read when it is closed makes the kernel drop the rest
        client.acknowledge([])
        client.acknowledge(mids)
        client.ack(7, 1)
        client.disconnect()
    packets = b"".join(b"\x40\x02" + mid.to_bytes(2, "big") for mid in [*mids, 7])
    connect, found, rest = broker.heard.partition(packets)
    assert (connect[0], found, rest) == (CONNECT, packets, DISCONNECT)
