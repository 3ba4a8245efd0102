"""Samples to bytes and back, and the topics they travel on; version 1.

Everything lives below ``qy/v1/{site}/{station}/``. The station is the topic's, never the
payload's: the broker's access list binds a user to its own topics.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from config.vocabulary.bounds import (
    FAULTS,
    HELD_BOOTS,
    MISHAPS,
    MOST,
    Boot,
    Code,
    Count,
    FileName,
    Instant,
    Offset,
    PerCode,
    PerRow,
    Seq,
    Text,
    Unit,
    cut,
)
from config.vocabulary.errors import QingyuanError
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample, clock_is_off
from config.vocabulary.refusals import Details, PassedOverCount, Reason, RefusalCount

VERSION = 1
ROOT = "qy/v1"
HISTORY_BYTES = 16 * 1024
ACK_RANGES = 64

Range = tuple[Seq, Seq]
"""First and last seq, both included."""

_BOOT = re.compile(r"[0-9a-f]{32}")
_SPAN = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")


class Malformed(QingyuanError):
    """A message that cannot be read; ``details`` are kept with the dead letter."""

    def __init__(self, details: Details) -> None:
        self.details = details
        super().__init__(str(details))


def malformed(reason: Reason, fault: str = "") -> Malformed:
    """For this reason, with the fault in the program's own words."""
    return Malformed(Details(reason, fault=cut(fault)))


class Live(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of one sample: ``o`` oldest seq of this boot still spooled, ``q`` ms sent.

    ``u`` may name units of indicators, by code; one that is not the indicator's own is refused.
    """

    v: Count
    o: Seq
    t: Instant
    q: Instant
    k: Clock
    r: Annotated[dict[Code, tuple[float | None, Cause]], PerCode]
    u: Annotated[dict[Code, Unit], PerCode] = {}


class History(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of backlog, in columns. A cause of None means: not part of that sample."""

    v: Count
    o: Seq
    q: Instant
    s: Annotated[list[Seq], PerRow]
    t: Annotated[list[Instant], PerRow]
    k: Annotated[list[Clock], PerRow]
    r: Annotated[
        dict[
            Code,
            tuple[Annotated[list[float | None], PerRow], Annotated[list[Cause | None], PerRow]],
        ],
        PerCode,
    ]
    u: Annotated[dict[Code, Unit], PerCode] = {}


class Ack(msgspec.Struct, frozen=True):
    """What the centre has settled of one boot: at most ``ACK_RANGES`` ranges, the newest first."""

    v: Count
    b: Boot
    ranges: Annotated[list[Range], Meta(max_length=ACK_RANGES)]


class Held(msgspec.Struct, frozen=True):
    """One boot that a spool still holds, with its lowest and highest seq."""

    b: Boot
    low: Seq
    high: Seq


class Mishap(msgspec.Struct, frozen=True):
    """What befell a spool's file: ``broken``, it was damaged and begun anew, its samples lie in
    ``aside``; ``removed`` or ``replaced`` under the agent, which wrote all of it again and put
    aside what it found in its place; ``copied``, it is the copy of one that went on: an image was
    restored or a card cloned.
    """

    t: Instant
    what: Literal["broken", "removed", "replaced", "copied"]
    aside: FileName = ""
    """Name of the file that was set aside."""


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an agent says of itself, retained; ``online`` is false in its last will."""

    v: Count
    online: bool
    t: Instant
    held: Annotated[list[Held], Meta(max_length=HELD_BOOTS)]
    stalled: bool = False
    """Nothing was settled for ten minutes though something is held."""
    mishaps: Annotated[list[Mishap], Meta(max_length=MISHAPS)] = []
    """Of its spool, within the spool's bound in days, the newest last."""
    further: Count = 0
    """Samples of boots that ``held`` has no room for."""


class Applied(msgspec.Struct, frozen=True):
    """What became of the configuration ``n`` at a station."""

    v: Count
    n: Instant
    ok: bool
    faults: Annotated[list[Text], Meta(max_length=FAULTS)]


class StationPulse(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the centre knows of one station's samples, in numbers of samples."""

    arrived: Count = 0
    """Settled, kept and refused alike."""
    lost: Count = 0
    """Neither here nor at the station any more."""
    waiting: Count = 0
    """Still at the station, by its own last word."""
    repeated: Count = 0
    """Arrived again, since the centre's process began."""
    online: bool = False
    stalled: bool = False
    two_agents: bool = False
    """Two agents send as this station: a card was cloned, or an image restored."""
    behind_ms: Offset | None = None
    """How far its clock is behind the centre's; below zero where it is ahead, None: unknown."""
    heard_ms: Instant | None = None
    """When the station spoke of itself last."""
    mishaps: list[Mishap] = []

    @property
    def clock_off(self) -> bool:
        """Whether its clock is known to be wrong."""
        return clock_is_off(self.behind_ms)


class Attempt(msgspec.Struct, frozen=True):
    """Something that the broker's access rule refused."""

    at_ms: int
    user: str
    action: str
    topic: str


class Pulse(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the centre's core is, retained: ``journal``, ``stored`` and ``judged`` are journal
    numbers of what is settled, in the store, and seen by the rules.
    """

    v: int
    t: int
    journal: int
    stored: int
    judged: int
    store_away: bool = False
    turned_away: int = 0
    """Messages left to be sent again because too many were waiting."""
    deadletters: int = 0
    """Kept and dropped ones."""
    refusals: list[RefusalCount] = []
    """The dead letters that are kept; of many stations those with the most."""
    passed_over: list[PassedOverCount] = []
    stations: dict[str, StationPulse] = {}
    attempts: list[Attempt] = []


class LiveReading(msgspec.Struct, frozen=True):
    """One checked reading as browsers hear it."""

    t: int
    value: float | None
    quality: int
    cause: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message came from: the parts of its topic."""

    site: str
    station: str
    kind: Literal["readings", "history", "status"]
    boot: str = ""
    first: int = 0
    last: int = 0


def station_topic(site: str, station: str, *rest: str) -> str:
    """Topic below a station, e.g. ``ack``, ``status``, ``live``."""
    return "/".join((ROOT, site, station, *rest))


def health_topic(site: str, station: str) -> str:
    """Where an agent says how it and its sensors are, retained."""
    return station_topic(site, station, "health")


def alerts_topic(site: str) -> str:
    """Where alert transitions of a site are told to browsers."""
    return f"{ROOT}/{site}/alerts"


def pulse_topic(site: str) -> str:
    """Where the core of a site says how it is, retained."""
    return f"{ROOT}/{site}/pulse"


def readings_topic(site: str, station: str, boot: str, seq: int) -> str:
    """Topic of one live sample."""
    return station_topic(site, station, "readings", boot, str(seq))


def history_topic(site: str, station: str, boot: str, first: int, last: int) -> str:
    """Topic of a batch of backlog."""
    return station_topic(site, station, "history", boot, f"{first}-{last}")


def parse_topic(topic: str) -> Address:
    """Address of what a station may send.

    Raises:
        Malformed: the topic is not one of ours.
    """
    match topic.split("/"):
        case ["qy", "v1", site, station, "status"]:
            return Address(site, station, "status")
        case ["qy", "v1", site, station, ("readings" | "history") as kind, boot, span]:
            found = _SPAN.fullmatch(span)
            if not _BOOT.fullmatch(boot) or not found:
                raise malformed(Reason.STRAY_TOPIC, "no boot or no seq")
            first = int(found[1])
            last = int(found[2] or first)
            if last > MOST:
                raise malformed(Reason.STRAY_TOPIC, f"the last seq is {MOST}")
            if kind == "readings":
                return Address(site, station, "readings", boot, first, last)
            return Address(site, station, "history", boot, first, last)
    raise malformed(Reason.STRAY_TOPIC, "not one that a station sends on")


_NOT_THERE = (None, None)


def _plain(sample: Sample) -> dict[str, tuple[float | None, Cause]]:
    return {code: (value, cause) for code, (value, cause) in sample.readings.items()}


def encode_live(sample: Sample, *, oldest: int, sent_ms: int) -> bytes:
    """One sample as its message body."""
    body = Live(VERSION, oldest, sample.taken_ms, sent_ms, sample.clock, _plain(sample))
    return msgspec.json.encode(body)


def encode_history(rows: Sequence[Numbered], *, oldest: int, sent_ms: int) -> bytes:
    """Backlog of one boot as its message body; the caller bounds the number of rows."""
    samples = [row.sample.readings for row in rows]
    columns: dict[str, tuple[list[float | None], list[Cause | None]]] = {}
    for code in dict.fromkeys(chain.from_iterable(samples)):
        values, causes = zip(
            *[readings.get(code, _NOT_THERE) for readings in samples], strict=True
        )
        columns[code] = (list(values), list(causes))
    body = History(
        v=VERSION,
        o=oldest,
        q=sent_ms,
        s=[row.seq for row in rows],
        t=[row.sample.taken_ms for row in rows],
        k=[row.sample.clock for row in rows],
        r=columns,
    )
    return msgspec.json.encode(body)


class _Versioned(msgspec.Struct):
    v: Count = 0


_Body = TypeVar("_Body", Live, History, Status)


def _decoded(payload: bytes, shape: type[_Body]) -> _Body:
    try:
        body = msgspec.json.decode(payload, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            _check_version(msgspec.json.decode(payload, type=_Versioned).v)
        raise malformed(Reason.UNREADABLE, str(error)) from error
    _check_version(body.v)
    return body


def _check_version(version: int) -> None:
    if version != VERSION:
        raise Malformed(Details(Reason.WIRE_VERSION, version=version))


def decode_live(payload: bytes) -> Live:
    """Body of a live sample.

    Raises:
        Malformed: not JSON, not the shape, or another version.
    """
    return _decoded(payload, Live)


def decode_history(payload: bytes) -> History:
    """Body of a backlog batch; all its columns have one length.

    Raises:
        Malformed: not JSON, not the shape, another version, or columns of unlike length.
    """
    body = _decoded(payload, History)
    lengths = {len(body.s), len(body.t), len(body.k)}
    lengths.update(len(column) for pair in body.r.values() for column in pair)
    if len(lengths) != 1:
        raise malformed(Reason.UNREADABLE, "columns of a history batch differ in length")
    return body


def decode_status(payload: bytes) -> Status:
    """What an agent says of itself.

    Raises:
        Malformed: not JSON, not the shape, or another version.
    """
    return _decoded(payload, Status)


def samples_of(body: History, boot: str) -> list[Numbered]:
    """The rows of a backlog batch, as they were numbered."""
    rows = []
    for i, seq in enumerate(body.s):
        readings = {
            code: Measured(values[i], cause)
            for code, (values, causes) in body.r.items()
            if (cause := causes[i]) is not None
        }
        rows.append(Numbered(boot, seq, Sample(body.t[i], body.k[i], readings)))
    return rows
