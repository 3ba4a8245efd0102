"""The checks of quality control for each indicator: shapes, defaults, and settings of a station.

The defaults lie in ``config/data/quality.toml``; they are engineering judgement, tuned on real
river recordings (``benchmarks/quality.py``), not taken from a standard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

import config
from config.files import read_toml
from config.vocabulary.indicators import INDICATORS

Hours = Annotated[float, Meta(gt=0, le=24 * 60)]
Span = tuple[float, float]
"""Lowest and highest, in the indicator's unit."""
Amount = tuple[Annotated[float, Meta(ge=0)], Annotated[float, Meta(ge=0)]]
"""So much in the indicator's unit, plus so many times the level it is compared with."""


class Flat(Struct, frozen=True, forbid_unknown_fields=True):
    """It may not stay within ``tolerance`` for ``hours`` and ``readings``, but where it is
    ``exempt``.

    ``hours`` are for values that are written in steps of ``resolution``. Where all of them around
    are written five times as coarse, or more, ``coarse_hours`` take their place; a hundred times,
    and nothing is asked, for so written the water does stand still.
    """

    hours: Hours
    tolerance: Annotated[float, Meta(ge=0)] = 0.0
    exempt: Span | None = None
    readings: Annotated[int, Meta(ge=2, le=100)] = 9
    resolution: Annotated[float, Meta(gt=0)] | None = None
    coarse_hours: Hours | None = None

    def __post_init__(self) -> None:
        if (self.resolution is None) != (self.coarse_hours is None):
            raise ValueError("resolution and coarse_hours go together: give both or neither")


class Attenuated(Struct, frozen=True, forbid_unknown_fields=True):
    """It must move by ``range`` within ``hours``."""

    hours: Hours
    range: Annotated[float, Meta(gt=0)]


class Held(Struct, frozen=True, forbid_unknown_fields=True):
    """A value repeated while somebody works at the sensor, and then a step of this size."""

    step: Amount


class Excursion(Struct, frozen=True, forbid_unknown_fields=True):
    """Leaving its level in one step and coming back in one step, within ``hours``.

    ``settle_hours`` it must stay at the level to count as back, within ``returns`` times the
    step. With ``background_hours`` a fall is measured from the low side of what was usual for so
    long, so that the end of a natural peak is no fall. ``gradual``: only the way back must be a
    step; a fall of that kind has no natural end. But ``dilution``: where turbidity rises by this,
    beside the beginning or the end of a fall, rain came down the river, and all of it is water.
    ``each`` reading of it is doubted that is not at the level, and not all between two steps.
    ``mixing``: where conductivity makes such a step beside, it is a wave of other water.
    """

    hours: Hours
    settle_hours: Hours
    below: Amount | None = None
    above: Amount | None = None
    returns: Annotated[float, Meta(gt=0)] = 1.0
    background_hours: Annotated[int, Meta(gt=0, le=240)] | None = None
    gradual: bool = False
    dilution: Amount | None = None
    mixing: Amount | None = None
    each: bool = False


class Erratic(Struct, frozen=True, forbid_unknown_fields=True):
    """Most steps within ``hours`` are larger than ``ratio`` times (the value + ``offset``);
    while the water is about to freeze ``ice_ratio`` holds, with ``ice_offset`` and ``ice_hours``
    where they are given; conductivity below the part ``iced`` of what it was that day tells then
    of ice on the sonde, and on the lens.
    """

    hours: Hours
    offset: Annotated[float, Meta(ge=0)]
    ratio: Annotated[float, Meta(gt=0)]
    ice_ratio: Annotated[float, Meta(gt=0)] | None = None
    ice_offset: Annotated[float, Meta(ge=0)] | None = None
    ice_hours: Hours | None = None
    iced: Annotated[float, Meta(gt=0, lt=1)] | None = None


class Dry(Struct, frozen=True, forbid_unknown_fields=True):
    """Conductivity of air: below ``nothing``, or below ``film`` and below ``part`` times what it
    was, or came to be, within a day: a probe that has left the water is wet for a while.
    """

    nothing: Annotated[float, Meta(gt=0)]
    film: Annotated[float, Meta(gt=0)]
    part: Annotated[float, Meta(gt=0, lt=1)]


class Checks(Struct, frozen=True, forbid_unknown_fields=True):
    """The checks of one indicator; checks left out are not made. In the indicator's unit."""

    usual: Span | None = None
    """Outside it a value is possible, but suspect."""
    detection: Annotated[float, Meta(ge=0)] | None = None
    """Below it the instrument cannot tell it from nothing."""
    seasonal: dict[Annotated[str, Meta(pattern=r"^(1[0-2]|[1-9])$(?!\n)")], Span] = {}
    """Month -> what is usual in it."""
    spike: Annotated[float, Meta(gt=0)] | None = None
    """Most that a reading may lie off the mean of its two neighbours (QARTOD)."""
    rate: Annotated[float, Meta(gt=0)] | None = None
    """Most that it may change in an hour (QARTOD)."""
    flat: Flat | None = None
    attenuated: Attenuated | None = None
    held: Held | None = None
    excursion: Excursion | None = None
    erratic: Erratic | None = None
    saturation: Annotated[float, Meta(gt=1)] | None = None
    """Dissolved oxygen: most times the saturation of the water's temperature at sea level."""
    at_most: dict[str, Amount] = {}
    """Code -> it cannot exceed that indicator of the station by more than this."""
    ozone_and_nitrogen_dioxide: Annotated[float, Meta(gt=0)] | None = None
    """Ozone: the level above which it cannot stand beside as much nitrogen dioxide."""
    neighbours: Amount | None = None
    """Most that it may lie beyond both neighbours on the river, which agree within that."""
    dry: Dry | None = None
    """Conductivity: when it says that its sonde hangs in the air."""
    sonde: bool = False
    """It is measured by the sonde that measures conductivity, and doubted with it when dry."""
    placeholders: list[Annotated[float, Meta(gt=0)]] = []
    """Numbers that instruments write for no value; doubted where nothing beside bears it."""
    surge: Amount | None = None
    """Most that it may rise above what was before, unless the reading behind it bears it."""

    def __post_init__(self) -> None:
        for key in self.at_most:
            if key not in INDICATORS:
                raise ValueError(f"at_most names no indicator: {key!r}")
        for low, high in [s for s in (self.usual, *self.seasonal.values()) if s]:
            if not low < high:
                raise ValueError(f"a span must grow: [{low:g}, {high:g}]")


CONDUCTIVITY = "w01014"
Overrides = Mapping[str, Mapping[str, Any]]
"""Code -> the checks that a station sets otherwise; ``false`` leaves one out."""


@cache
def defaults() -> dict[str, Checks]:
    """The checks of every indicator, by code."""
    path = Path(config.__file__).parent / "data" / "quality.toml"
    rows = read_toml(path, "install Qingyuan anew")
    found = {code: msgspec.convert(row, Checks) for code, row in rows.items()}
    return {code: found.get(code, Checks()) for code in INDICATORS}


def checks_of(code: str, overrides: Overrides) -> Checks:
    """The checks of an indicator at a station.

    Raises:
        msgspec.ValidationError: an override has not the shape of a check.
    """
    own = overrides.get(code)
    if not own:
        return defaults()[code]
    merged = msgspec.to_builtins(defaults()[code]) | dict(own)
    kept = {key: value for key, value in merged.items() if value is not False}
    return msgspec.convert(kept, Checks)


def checks_at(
    codes: Iterable[str], instruments: Iterable[Collection[str]], overrides: Overrides
) -> dict[str, Checks]:
    """The checks of a station that measures some codes, by code. What is known to be measured by
    an instrument without conductivity, hangs on no sonde; a logger may carry what it likes.

    Raises:
        msgspec.ValidationError: an override has not the shape of a check.
    """
    apart = {code for of in instruments if CONDUCTIVITY not in of for code in of}
    found = {code: checks_of(code, overrides) for code in codes}
    for code in apart & found.keys():
        if "sonde" not in overrides.get(code, {}):
            found[code] = msgspec.structs.replace(found[code], sonde=False)
    return found
