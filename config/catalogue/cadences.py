"""How far apart readings of a station were at which time: a dated part of the catalogue."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Origin = Literal["catalogue", "import"]


class CadenceSpan(Struct, frozen=True):
    """A cadence of ``from_ms <= t < to_ms``, UTC epoch ms; ``to_ms`` None: it holds on.

    Of one indicator, or with "" of the whole station. A span of an import speaks of readings that
    were brought in from a file, one of the catalogue of those that the station itself sends.
    """

    indicator: str
    from_ms: int
    to_ms: int | None
    cadence_ms: int
    origin: Origin
