"""The shapes of a catalogue: sites, rivers, stations, and instruments described once by make.

These are the shapes as they stand in TOML and as everything else reads them; cross-references
are checked in ``loading``, so a ``Catalogue`` that exists holds together.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from config.catalogue.cadences import CadenceSpan
from config.catalogue.oddities import Oddities
from config.catalogue.quality import Checks, checks_at
from config.catalogue.words import Words
from config.vocabulary.data_flags import Profile
from config.vocabulary.indicators import INDICATORS, Indicator, Kind
from config.vocabulary.quality import Cause
from config.vocabulary.time import HOUR_MS

# `$` alone would let a closing newline through, and ids stand in topics and paths.
Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$(?!\n)")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]
Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:_-]{1,200}$(?!\n)")]
Interval = Annotated[int, Meta(gt=0, le=86_400_000)]
"""Milliseconds, a day at most."""
Point = tuple[
    Annotated[float, Meta(ge=-180, le=180)],
    Annotated[float, Meta(ge=-90, le=90)],
]
"""Longitude and latitude in degrees, WGS 84."""
WaterClass = Literal["I", "II", "III", "IV", "V"]
WaterBody = Literal["river", "lake", "reservoir"]
RegisterType = Literal[
    "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64",
    "bcd16", "bcd32", "bit",
]  # fmt: skip
"""``bcd``: a decimal digit in each half byte."""
WordOrder = Literal["ABCD", "BADC", "CDAB", "DCBA"]
"""Order in which the bytes of a big-endian value arrive; one-word types use AB.. or BA.. of it."""
WordOrder64 = Literal["ABCDEFGH", "BADCFEHG", "GHEFCDAB", "HGFEDCBA"]
Function = Literal["coil", "discrete", "holding", "input"]
"""Function codes 1 to 4."""
SINGLE_BITS: frozenset[Function] = frozenset({"coil", "discrete"})
"""Functions whose addresses hold one bit each."""
Address = Annotated[int, Meta(ge=0, le=65536)]
Bit = Annotated[int, Meta(ge=0, le=15)]
"""Of a word; 0 is the lowest."""


class Site(Struct, frozen=True, forbid_unknown_fields=True):
    """A district: the unit of spreading; rules never cross sites."""

    id: Identifier
    name: Text


class River(Struct, frozen=True, forbid_unknown_fields=True):
    """A river with its line on the map, drawn downstream."""

    id: Identifier
    name: Text
    line: Annotated[list[Point], Meta(min_length=2)]


class Town(Struct, frozen=True, forbid_unknown_fields=True):
    """A town or street office, with a point on the map where its name stands."""

    id: Identifier
    name: Text
    position: Point


class Validity(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an instrument says whether a value holds: a word (or coil) that ``equals`` a number,
    or a ``bit`` of a word that is set.
    """

    address: Address
    equals: Annotated[int, Meta(ge=0, le=65535)] | None = None
    bit: Bit | None = None
    function: Function | None = None
    """The instrument's own where it is not said, as with every register."""


_WORDS = {"32": 2, "64": 4}


class Register(Struct, frozen=True, forbid_unknown_fields=True):
    """One value of an instrument. Physical value = raw x ``scale`` + ``offset``, in the
    indicator's unit; ``sentinels`` are raw values that mean "no value".
    """

    indicator: str
    address: Address
    type: RegisterType
    scale: float = 1.0
    offset: float = 0.0
    sentinels: list[int | float] = field(default_factory=list)
    bit: Bit | None = None
    """Where the value is one bit of a word."""
    bits: tuple[Bit, Bit] | None = None
    """Lowest and highest bit where the value is a part of a uint16."""
    function: Function | None = None
    valid: Validity | None = None

    @property
    def words(self) -> int:
        """16-bit registers, or coils, that the value takes."""
        return _WORDS.get(self.type[-2:], 1)

    @property
    def part(self) -> tuple[int, int] | None:
        """Lowest and highest bit where the value takes a part of a word."""
        return self.bits if self.bit is None else (self.bit, self.bit)


class StateRegister(Struct, frozen=True, forbid_unknown_fields=True):
    """The register in which an instrument says what it is doing (one uint16)."""

    address: Address
    words: dict[str, str]
    """Raw value (as text) -> name of a cause in lower case; an unlisted value is a fault."""
    function: Function | None = None

    def cause(self, raw: int) -> Cause:
        """The operation state that a raw value means."""
        return Cause[self.words.get(str(raw), "fault").upper()]


class MeasuredAt(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an instrument says when it measured: seconds since 1970 UTC in two registers, or
    year, month, day, hour, minute and second in Asia/Shanghai, a register each.
    """

    address: Address
    type: Literal["epoch", "calendar"]
    function: Function | None = None

    @property
    def words(self) -> int:
        """Registers that it takes."""
        return 2 if self.type == "epoch" else 6


Row = Register | StateRegister | Validity | MeasuredAt
"""Whatever is read of an instrument."""


class Span(NamedTuple):
    """The place of one key of an instrument: ``words`` registers, or coils, from ``first`` on."""

    key: str
    function: Function
    first: int
    words: int


class Instrument(Struct, frozen=True, forbid_unknown_fields=True):
    """A make and model, described once."""

    id: Identifier
    make: Text
    model: Text
    function: Function
    first_address: Literal[0, 1]
    """The number that the manual gives to the first register."""
    word_order: WordOrder
    registers: Annotated[list[Register], Meta(min_length=1)]
    order64: WordOrder64 | None = None
    """Order of 64-bit values where it is not the one that ``word_order`` means."""
    state: StateRegister | None = None
    measured: MeasuredAt | None = None
    oddities: Oddities = field(default_factory=Oddities)

    @property
    def codes(self) -> tuple[str, ...]:
        """Indicators that it measures."""
        return tuple(register.indicator for register in self.registers)

    @property
    def spans(self) -> Iterator[Span]:
        """Everything that is read of it, values first."""
        yield from (self._span(f"registers[{n}]", row) for n, row in enumerate(self.registers, 1))
        if self.state:
            yield self._span("state", self.state)
        if self.measured:
            yield self._span("measured", self.measured)
        for n, row in enumerate(self.registers, 1):
            if row.valid:
                yield self._span(f"registers[{n}].valid", row.valid)

    def _span(self, key: str, row: Row) -> Span:
        words = row.words if isinstance(row, Register | MeasuredAt) else 1
        return Span(key, self.function_of(row), row.address, words)

    def function_of(self, row: Row) -> Function:
        """By which function it is read."""
        return row.function or self.function

    def order_of(self, row: Register) -> WordOrder | WordOrder64:
        """Order in which a value's bytes arrive; a 32-bit order means the like of 64 bits."""
        return self.order64 or self.word_order if row.words == 4 else self.word_order


class Placement(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One instrument at a station, on a line that it may share: ``host`` and ``port``, or
    ``serial``.
    """

    instrument: Identifier
    unit: Annotated[int, Meta(ge=0, le=255)]
    """1 to 247; on Modbus TCP also 0 and 255, the device that has the host for itself."""
    host: Host = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 0
    timeout_ms: Interval = 1000
    line: Literal["tcp", "rtu-over-tcp"] = "tcp"
    """How its frames travel to a host."""
    numbers: Literal["checked", "ignored"] = "checked"
    """Of answers on Modbus TCP. A device that counts them by itself is read with them ignored."""
    connect_pause_ms: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """Rest that the line needs between being connected and the first request."""
    serial: Annotated[str, Meta(pattern=r"^/[A-Za-z0-9._/:@-]{1,200}$(?!\n)")] | None = None
    """A serial device, on which frames are RTU."""
    baud: Annotated[int, Meta(ge=300, le=921_600)] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1

    @property
    def where(self) -> str:
        """The line, as people name it; who shares it shares this."""
        return self.serial or f"{self.host}:{self.port}"

    @property
    def rtu(self) -> bool:
        """Whether frames are RTU: without a number of their own, and guarded by a CRC."""
        return self.serial is not None or self.line == "rtu-over-tcp"


class Logger(Struct, frozen=True, forbid_unknown_fields=True):
    """A data logger that speaks HJ 212 and calls the agent; it has a port of its own."""

    mn: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_.-]{1,24}$(?!\n)")]
    """Its device number."""
    password: Annotated[str, Meta(pattern=r"^[!-%'-+.-:<>-~-]{1,64}$(?!\n)")]
    """Of any length that is seen: HJ 212-2017 has 6, loggers up to 24 and more."""
    profile: Profile
    port: Annotated[int, Meta(ge=1, le=65535)]
    """Where the agent listens for it, at ``host``, an address of the box."""
    host: Host
    codes: Annotated[list[str], Meta(min_length=1)]
    """Indicators that are taken from it; it sends them in the indicator's unit."""
    scale: dict[str, float] = field(default_factory=dict)
    """Code -> what its value is multiplied by, where it sends another unit."""
    of: Literal["real-time", "minute", "hour"] = "real-time"
    """Which of its data become readings."""
    key: Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{32}$(?!\n)")] | None = None
    """SM4 key in 32 hexadecimal digits, where it encrypts."""
    callers: list[Annotated[str, Meta(max_length=49)]] = field(default_factory=list)
    """Addresses and networks (CIDR) from which it calls; none: whoever reaches the port."""
    names: dict[str, Annotated[str, Meta(pattern=r"^[0-9A-Za-z_]{1,20}$(?!\n)")]] = field(
        default_factory=dict
    )
    """Code -> the name under which it sends that matter, where that is neither the code nor the
    name of 2005.
    """
    strict: bool = False
    """Take only what HJ 212 has to the letter, not all that can mean nothing else."""


class Station(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A monitoring station. ``target`` is the water class its river reach or lake must hold."""

    id: Identifier
    name: Text
    kind: Kind
    position: Point
    area: Text
    cadence_ms: Interval
    instruments: list[Placement] = field(default_factory=list)
    loggers: list[Logger] = field(default_factory=list, name="logger")
    river: str | None = None
    order: Annotated[int, Meta(ge=1)] | None = None
    """Place along the river, growing downstream."""
    target: WaterClass | None = None
    quality: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Code -> the checks of its readings that are set otherwise here, see ``quality.py``."""
    body: WaterBody = "river"
    """The water that it measures: GB 3838, table 1, has limits of its own for lakes and reservoirs
    (湖、库). Such a station need not lie on a river.
    """

    @property
    def lake(self) -> bool:
        """Whether the limits of lakes and reservoirs hold."""
        return self.body != "river"

    @property
    def late_after_ms(self) -> int:
        """A reading that is older than this when it is received is late."""
        return 2 * self.cadence_ms + 60_000

    @property
    def names(self) -> tuple[str, ...]:
        """A name that tells each of the instruments from the others: make and unit, and the line
        where another line has the same.
        """
        short = [f"{place.instrument}@{place.unit}" for place in self.instruments]
        return tuple(
            name if short.count(name) == 1 else f"{name}@{place.where}"
            for name, place in zip(short, self.instruments, strict=True)
        )


class Catalogue(Struct, frozen=True, dict=True):
    """A whole district that holds together; the only way to one is ``loading.load``."""

    site: Site
    rivers: dict[str, River]
    stations: dict[str, Station]
    instruments: dict[str, Instrument]
    known: dict[str, Indicator] = field(default_factory=lambda: INDICATORS)
    towns: dict[str, Town] = field(default_factory=dict)
    cadences: dict[str, tuple[CadenceSpan, ...]] = field(default_factory=dict)

    def in_words(self, words: Words) -> Catalogue:
        """The same, with every name in a language; areas stay, rules match them."""
        if not words.renames:
            return self
        return msgspec.structs.replace(
            self,
            site=_renamed(self.site, words),
            rivers={key: _renamed(row, words) for key, row in self.rivers.items()},
            stations={key: _renamed(row, words) for key, row in self.stations.items()},
            known=words.indicators,
            towns={key: _renamed(row, words) for key, row in self.towns.items()},
        )

    @cached_property
    def plans(self) -> dict[str, tuple[str, ...]]:
        """Indicator codes that each station measures, in the order of instruments and loggers."""
        return {
            station.id: tuple(
                chain(*self._measured(station), *(logger.codes for logger in station.loggers))
            )
            for station in self.stations.values()
        }

    @cached_property
    def checks(self) -> dict[str, dict[str, Checks]]:
        """The checks of quality control for each indicator of each station."""
        return {
            station.id: checks_at(self.plans[station.id], self._measured(station), station.quality)
            for station in self.stations.values()
        }

    def _measured(self, station: Station) -> list[tuple[str, ...]]:
        """Indicator codes of each of its instruments that are known."""
        return [self.instruments[place.instrument].codes for place in station.instruments]

    @cached_property
    def subjects(self) -> dict[str, Station]:
        """Subjects of alerts: the stations and, without a name, the centre itself."""
        site, anywhere = self.site, next(iter(self.stations.values()))
        centre = Station("", site.name, anywhere.kind, anywhere.position, site.name, HOUR_MS)
        return {"": centre, **self.stations}

    def along(self, station: str) -> tuple[str | None, str | None]:
        """The stations next to one on its river: above and below."""
        river = self.stations[station].river
        line = [None, *(s.id for s in self.downstream(river)), None] if river else []
        place = line.index(station) if station in line else 0
        return (line[place - 1], line[place + 1]) if place else (None, None)

    def beside(self, station: str) -> tuple[str, ...]:
        """Those of ``along`` that there are."""
        return tuple(name for name in self.along(station) if name)

    def indicators(self, station: str) -> tuple[Indicator, ...]:
        """The indicators of a station, ready to be shown."""
        return tuple(self.known[code] for code in self.plans[station])

    def downstream(self, river: str) -> tuple[Station, ...]:
        """Stations of a river from its source down."""
        along = (s for s in self.stations.values() if s.river == river)
        return tuple(sorted(along, key=lambda s: s.order or 0))


T = TypeVar("T", Site, River, Station, Town)


def _renamed(row: T, words: Words) -> T:
    return msgspec.structs.replace(row, name=words.name(row.name))
