"""`qingyuan export`: readings to a Parquet or CSV file, one a row."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from config.vocabulary.errors import Fault, FaultyInput, Refused
from config.vocabulary.time import DAY_MS

if TYPE_CHECKING:
    from ingest.store.parquet import Table
    from ingest.store.protocol import Track
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line

FIRST_DAY = "2000-01-01"


def exported(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: series by series, month by month; the file appears when it is whole.

    Raises:
        Refused: the file cannot be written.
    """
    from qingyuan.runtime.tasks import Line

    file = Path(options["file"])
    series, spans = _looked_over(resources, file, options)
    store = resources.shared.kept if options["raw"] else resources.shared.store
    part, count = file.with_name(file.name + ".part"), 0
    try:
        with _writer(part, options["format"]) as writer:
            for place, name in enumerate(series):
                for month, (begin, end) in enumerate(spans):
                    track = store.track(name, begin, end)
                    writer.add(name, track)
                    count += len(track)
                    if len(track) or not month:
                        share = (place + month / len(spans)) / len(series)
                        yield Line(f"{share:4.0%}  {name}  {count} readings", passing=True)
        part.replace(file)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise Refused(str(file), what, "name another file") from error
    finally:
        part.unlink(missing_ok=True)
    yield Line(f"{file}: {count} readings of {len(series)} series", status=0)


def _writer(part: Path, form: str) -> Table | _Csv:
    from ingest.store.parquet import Table

    return Table(part) if form == "parquet" else _Csv(part)


def _looked_over(
    resources: SiteResources, file: Path, options: Mapping[str, Any]
) -> tuple[list[str], list[tuple[int, int]]]:
    """The series that are asked for, and their span in months.

    Raises:
        FaultyInput: with every fault of the options.
    """
    faults: list[Fault] = []
    if not file.parent.is_dir():
        faults.append(Fault(str(file.parent), "is no folder", "make it, or name another file"))
    series = _series(resources, options["stations"], options["codes"], faults)
    first = day_of("--from", options["from"] or FIRST_DAY, faults)
    last = day_of("--to", options["to"], faults) if options["to"] else resources.committer.now_ms()
    if first is not None and last is not None and first > last:
        faults.append(Fault("--from", "lies behind --to", "name an earlier day"))
    if faults or first is None or last is None:
        raise FaultyInput(faults)
    return series, list(_months(first, last + DAY_MS))


def _series(
    resources: SiteResources, stations: Sequence[str], codes: Sequence[str], faults: list[Fault]
) -> list[str]:
    """The series of stations, by the catalogue or by the store."""
    planned = [
        f"{of}/{code}" for of, plan in resources.shared.catalogue.plans.items() for code in plan
    ]
    known = dict.fromkeys([*planned, *resources.shared.kept.series()])
    of_known = dict.fromkeys(name.partition("/")[0] for name in known)
    for station in dict.fromkeys(stations):
        if station not in of_known:
            remedy = f"use one of {', '.join(of_known)}"
            faults.append(Fault("--station", f"unknown station {station!r}", remedy))
    found = [name for station in dict.fromkeys(stations) for name in known if _of(name, station)]
    measured = dict.fromkeys(name.partition("/")[2] for name in found)
    for code in codes:
        if measured and code not in measured:
            remedy = f"use one of {', '.join(measured)}"
            faults.append(Fault("--code", f"{code!r} is not measured there", remedy))
    return [name for name in found if not codes or name.partition("/")[2] in codes]


def _of(series: str, station: str) -> bool:
    return series.startswith(f"{station}/")


def day_of(where: str, text: str, faults: list[Fault]) -> int | None:
    """When a day of Asia/Shanghai begins, UTC epoch ms; None, and a fault, where it is none."""
    """The begin of a day in Asia/Shanghai, UTC epoch ms."""
    from config.vocabulary.time import ZONE

    try:
        begin = datetime.combine(date.fromisoformat(text), time(), ZONE)
    except ValueError:
        faults.append(Fault(where, f"{text!r} is not a date", "write it as 2026-03-01"))
        return None
    return int(begin.timestamp()) * 1000


def _months(from_ms: int, to_ms: int) -> Iterator[tuple[int, int]]:
    """A span, cut where months begin in UTC: so do the tables of the embedded store."""
    import numpy as np

    months = np.array([from_ms, to_ms - 1], "datetime64[ms]").astype("datetime64[M]")
    edges = np.arange(months[0] + 1, months[1] + 1).astype("datetime64[ms]").astype(np.int64)
    inner: list[int] = edges.tolist()
    yield from zip([from_ms, *inner], [*inner, to_ms], strict=True)


class _Csv:
    """Readings as lines of text in UTF-8 as spreadsheets know it, times with the offset of
    Asia/Shanghai.
    """

    def __init__(self, path: Path) -> None:
        from ingest.store.csv_lines import HEADER

        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(HEADER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    def add(self, series: str, track: Track) -> None:
        """Readings of "station/indicator"."""
        from ingest.store.csv_lines import lines

        self._file.writelines(lines(series, track))
