"""Air of a period in words: days by level, first pollutants, items beside their limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from alerting.wording.sentences import figure
from api.kinds.reports import Cell, Figure, Means, Section, Table
from api.platforms.environment.days.records import Measured
from api.platforms.environment.period_report.records.air import (
    PERCENTILES,
    AirPiece,
    Levels,
    district_of,
    figures,
    pieces_of,
)
from api.platforms.environment.period_report.wording.parts import (
    Counted,
    caveats,
    change,
    changed,
    columns,
    percent,
    piece_cell,
    piece_said,
    share,
    unmixed,
)
from config.catalogue.words import Words
from ingest.standards.air import air_classes, air_items
from ingest.standards.limits import AirLimits, limits_of


def pieces(of: Counted) -> Sequence[AirPiece]:
    """The days of each part of a period."""
    return pieces_of(of.pieces, of.now, of.before)


def sections(means: Means, of: Counted) -> Iterator[Section]:
    """The parts of a paper that are about air."""
    t, found = means.words, pieces(of)
    alone = len(found) == 1
    text = [*caveats(t, of), *(summary(t, one, alone=alone) for one in found)]
    own = unmixed(_figures(t, found[0]), alone=alone)
    tables = (_levels(t, found), _primary(t, found))
    yield Section("air", t("period.air"), tuple(text), own, tables)
    yield Section("pollutants", t("period.items"), tables=(_values(t, of), _over(t, found)))
    yield Section("air-stations", t("period.air-stations"), tables=(_stations(t, found),))


def summary(t: Words, of: AirPiece, *, alone: bool) -> str:
    """How the air was, in a sentence."""
    days = of.district
    names = [t.indicators[code].name for code, _ in _most(days.primary)[:3]]
    text = t(
        "period.air-said" if days.valid else "period.air-nothing",
        standard=piece_said(t, of.piece, alone=alone),
        valid=days.valid,
        good=days.good,
        share=percent(days.share or 0),
        names=t.listed(names) or t("period.no-primary"),
    )
    return text + changed(t, change(days.share, of.before.share))


def _most(primary: Mapping[str, int]) -> list[tuple[str, int]]:
    """The commonest first; ties in the order of the standard."""
    order = air_items()
    return sorted(primary.items(), key=lambda row: (-row[1], order.index(row[0])))


def _figures(t: Words, of: AirPiece) -> Iterator[Figure]:
    days = of.district
    yield Figure("air-valid", t("period.figure-air-valid"), days.valid)
    yield Figure("air-good", t("period.figure-air-good"), days.good)
    yield Figure("air-share", t("period.figure-air-share"), days.share, "percent")
    yield Figure(
        "air-share-before", t("period.figure-air-share-before"), of.before.share, "percent"
    )
    worst = days.worst
    yield Figure("air-worst", t("period.figure-air-worst"), worst[0] if worst else None)


def _levels(t: Words, found: Sequence[AirPiece]) -> Table:
    heads = columns(
        t, "standard", "level-air", ("days-n", "count"), ("share", "percent"),
        ("days-before", "count"), ("share-before", "percent"), ("change", "percent"),
        ("days-then", "count"),
    )  # fmt: skip
    rows = []
    for of in found:
        standard = piece_cell(t, of.piece, alone=len(found) == 1)
        three = of.district, of.before, of.then
        rows += [
            _level(standard, t.name(name), three, [at.levels.get(name, 0) for at in three])
            for name in air_classes()
        ]
        rows.append(_level(standard, t("period.good-days"), three, [at.good for at in three]))
    return Table("levels", t("period.table-levels"), heads, tuple(rows), t("period.levels-mean"))


def _level(
    standard: str, name: str, three: tuple[Levels, Levels, Levels], days: Sequence[int]
) -> tuple[Cell, ...]:
    shares = [share(n, of.valid) for n, of in zip(days, three, strict=True)]
    counts = [n if of.valid else None for n, of in zip(days, three, strict=True)]
    return (
        Cell(standard),
        Cell(name),
        Cell(counts[0]),
        Cell(shares[0]),
        Cell(counts[1]),
        Cell(shares[1]),
        Cell(change(shares[0], shares[1])),
        Cell(counts[2]),
    )


def _primary(t: Words, found: Sequence[AirPiece]) -> Table:
    heads = columns(t, "standard", "item", ("days-n", "count"), ("days-before", "count"))
    rows = tuple(
        (
            Cell(piece_cell(t, of.piece, alone=len(found) == 1)),
            Cell(t.indicators[code].name),
            Cell(of.district.primary.get(code, 0)),
            Cell(of.before.primary.get(code, 0) if of.before.valid else None),
        )
        for of in found
        for code in air_items()
        if of.district.primary.get(code) or of.before.primary.get(code)
    )
    note = t("period.primary-mean") if rows else t("period.none")
    return Table("primary", t("period.table-primary"), heads, rows, note)


def _values(t: Words, of: Counted) -> Table:
    """Concentrations are of no standard; a limit of the year stands where one holds all year."""
    now, before = (figures(district_of(one)[0]) for one in (of.now, of.before))
    heads = columns(
        t, "item", "how", "value", "value-before", ("rise", "percent"), "unit", "limit-year"
    )
    rows = []
    for code, value in now.items():
        then, indicator = before.get(code), t.indicators[code]
        key = f"percentile-{PERCENTILES[code]}" if code in PERCENTILES else "mean"
        rows.append(
            (
                Cell(indicator.name),
                Cell(t(f"period.{key}")),
                Cell(figure(value, indicator)),
                Cell(figure(then, indicator) if then is not None else ""),
                Cell(value / then - 1 if then else None),
                Cell(indicator.unit),
                Cell(_year_limit(of, code)),
            )
        )
    return Table(
        "concentrations", t("period.table-values"), heads, tuple(rows), t("period.values-mean")
    )


def _year_limit(of: Counted, code: str) -> str:
    if of.period.span != "year" or len(of.pieces) > 1:
        return ""
    found = limits_of(code, of.period.first)
    year = found.limits.get("year") if isinstance(found, AirLimits) else None
    return f"{year[1]:g}" if year else ""


def _over(t: Words, found: Sequence[AirPiece]) -> Table:
    heads = columns(
        t, "standard", "item", "limit-day", ("over-days", "count"), ("over-share", "percent"),
        "worst", ("worst-day", "day"), ("worst-multiple", "number"),
    )  # fmt: skip
    rows = []
    for of in found:
        standard = piece_cell(t, of.piece, alone=len(found) == 1, at=1)
        for one in of.over:
            indicator = t.indicators[one.code]
            worst = one.worst
            rows.append(
                (
                    Cell(standard),
                    Cell(indicator.name),
                    Cell(f"{one.limit:g} {indicator.unit}"),
                    Cell(one.days if one.valid else None),
                    Cell(share(one.days, one.valid)),
                    Cell(figure(worst[0], indicator) if worst else ""),
                    Cell(worst[1].isoformat() if worst else None),
                    Cell(one.multiple),
                )
            )
    return Table("over", t("period.table-over"), heads, tuple(rows), t("period.over-mean"))


def _stations(t: Words, found: Sequence[AirPiece]) -> Table:
    heads = columns(
        t, "standard", "station", ("valid-days", "count"), ("good-days", "count"),
        ("share", "percent"), "primaries", ("worst-aqi", "count"), ("worst-day", "day"),
    )  # fmt: skip
    rows = tuple(
        _station(t, piece_cell(t, of.piece, alone=len(found) == 1), one, days)
        for of in found
        for one, days in of.stations
    )
    return Table("air-stations", t("period.table-air-stations"), heads, rows)


def _station(t: Words, standard: str, of: Measured, days: Levels) -> tuple[Cell, ...]:
    primaries = [
        t("period.days-of", name=t.indicators[code].name, n=n) for code, n in _most(days.primary)
    ]
    worst = days.worst
    return (
        Cell(standard),
        Cell(of.station.name, f"/environment/stations/{of.station.id}"),
        Cell(days.valid),
        Cell(days.good if days.valid else None),
        Cell(days.share),
        Cell(t.listed(primaries)),
        Cell(worst[0] if worst else None),
        Cell(worst[1].isoformat() if worst else None),
    )
