"""The month's paper in words: sections, figures and tables of what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from alerting.alert import Alert, Level
from api.kinds.reports import Cell, Column, Figure, Means, Paper, Section, Table, Value
from api.platforms.environment.month_report.records import (
    ABOUTS,
    LEVELS,
    Counted,
    Exceeded,
    Happened,
    Levels,
    Month,
    alerts_path,
    events_path,
    levels_of,
    spans,
    waits,
)
from config.catalogue.words import Words

MOST_EVENTS = 500
"""Events that a paper lists; the page lists all."""


def month_said(words: Words, month: Month) -> str:
    """A month as people write it."""
    first = month.first
    return words("month-report.month", year=first.year, month=words(f"month.{first.month}"))


def title(words: Words, month: Month) -> str:
    """Of the paper."""
    return words("month-report.title", month=month_said(words, month))


def paper(means: Means, of: Counted) -> Paper:
    """The whole of it."""
    t = means.words
    subtitle = t("month-report.subtitle", first=f"{of.month.first}", last=f"{of.month.last}")
    sections = (
        _overview(means, of),
        _by_what(means, of),
        _answers(means, of),
        _exceedances(means, of),
        _data(means, of),
        _events(means, of),
    )
    return Paper(title(t, of.month), subtitle, means.catalogue.site.name, sections)


def _overview(means: Means, of: Counted) -> Section:
    t, month = means.words, of.month
    about = Counter(alert.about for alert in of.alerts)
    withdrawn = sum(1 for event in of.events if event.withdrawn)
    named = {"alerts": len(of.alerts), **{f"alerts-{one}": about[one] for one in ABOUTS}}
    paths = {"alerts": alerts_path(month)} | {
        f"alerts-{one}": alerts_path(month, about=one) for one in ABOUTS
    }
    figures = [
        Figure(name, t(f"month-report.figure-{name}"), value, path=paths[name])
        for name, value in named.items()
    ]
    figures += [
        Figure("events", t("month-report.figure-events"), len(of.events), path=events_path(month)),
        Figure("withdrawn", t("month-report.figure-withdrawn"), withdrawn),
    ]
    text = [] if of.ended else [t("month-report.goes-on")]
    text += [_compared(t, of, name) for name in ("before", "year-before")]
    tables = (_levels(means, of),)
    return Section("overview", t("month-report.overview"), tuple(text), tuple(figures), tables)


def _compared(t: Words, of: Counted, name: str) -> str:
    other = of.before if name == "before" else of.year_before
    if other is None:
        return t(f"month-report.{name}-unknown")
    n, change = sum(other.values()), len(of.alerts) - sum(other.values())
    key = "more" if change > 0 else "fewer" if change < 0 else "same"
    return t(f"month-report.{name}-{key}", of=n, n=abs(change))


def _levels(means: Means, of: Counted) -> Table:
    """By level; the last row is the sum."""
    t, month, levels = means.words, of.month, levels_of(of.alerts)
    columns = (
        Column("level", t("month-report.column-level")),
        *(Column(one, t(f"month-report.column-{one}"), "count") for one in ABOUTS),
        *(
            Column(name, t(f"month-report.column-{name}"), "count")
            for name in ("total", "before", "year-before")
        ),
    )
    rows = [_level_row(t, of, levels, level) for level in LEVELS]
    ends = [
        sum(levels.values()),
        *(None if other is None else sum(other.values()) for other in _others(of)),
    ]
    paths = [alerts_path(month), *_other_paths(month)]
    last = (
        Cell(t("month-report.all")),
        *(
            Cell(
                sum(levels.get((level, one), 0) for level in LEVELS), alerts_path(month, about=one)
            )
            for one in ABOUTS
        ),
        *(_counted(n, path) for n, path in zip(ends, paths, strict=True)),
    )
    return Table("levels", t("month-report.table-levels"), columns, (*rows, last))


def _level_row(t: Words, of: Counted, levels: Levels, level: Level) -> tuple[Cell, ...]:
    name, month = level.name.lower(), of.month
    total = sum(levels.get((level, one), 0) for one in ABOUTS)
    others = [
        None if other is None else sum(other.get((level, one), 0) for one in ABOUTS)
        for other in _others(of)
    ]
    return (
        Cell(t(f"level.{name}")),
        *(
            Cell(levels.get((level, one), 0), alerts_path(month, level=name, about=one))
            for one in ABOUTS
        ),
        Cell(total, alerts_path(month, level=name)),
        *(
            _counted(n, path)
            for n, path in zip(others, _other_paths(month, level=name), strict=True)
        ),
    )


def _others(of: Counted) -> tuple[Levels | None, Levels | None]:
    return of.before, of.year_before


def _other_paths(month: Month, **chosen: str) -> tuple[str, str]:
    return alerts_path(month.later(-1), **chosen), alerts_path(month.later(-12), **chosen)


def _counted(n: int | None, path: str) -> Cell:
    return Cell(n, path if n is not None else "")


def _by_what(means: Means, of: Counted) -> Section:
    """By rule, by station in the order of the district, and by river."""
    t, month = means.words, of.month
    stations = means.catalogue.subjects
    rivers = means.catalogue.rivers

    def river_of(alert: Alert) -> str:
        return stations[alert.station].river or ""

    tables = (
        _table(t, "rules", [
            (means.wording.kind(rule), n, alerts_path(month, rule=rule))
            for rule, n in sorted(_count(of.alerts, lambda one: one.rule_id).items())
        ]),
        _table(t, "stations", [
            (stations[one].name, n, alerts_path(month, station=one) if one else "")
            for one, n in _ordered(_count(of.alerts, lambda one: one.station), stations)
        ]),
        _table(t, "rivers", [
            (rivers[one].name, n, alerts_path(month, river=one))
            for one, n in _ordered(_count(of.alerts, river_of), rivers)
        ]),
        _table(t, "event-kinds", [
            (next(event.name for event in of.events if event.event.kind == kind), n,
             events_path(month, kind=kind))
            for kind, n in sorted(Counter(event.event.kind for event in of.events).items())
        ]),
        _table(t, "event-levels", list(_at_least(t, of))),
    )  # fmt: skip
    return Section("by-what", t("month-report.by-what"), tables=tables)


def _count(alerts: Iterable[Alert], key: Callable[[Alert], str]) -> Counter[str]:
    return Counter(key(alert) for alert in alerts)


def _ordered(found: Counter[str], order: Iterable[str]) -> Iterator[tuple[str, int]]:
    return ((one, found[one]) for one in order if found[one])


def _at_least(t: Words, of: Counted) -> Iterator[tuple[str, int, str]]:
    for level in LEVELS:
        name = level.name.lower()
        n = sum(1 for event in of.events if event.level is not None and event.level >= level)
        said = t("month-report.at-least", level=t(f"level.{name}"))
        yield said, n, events_path(of.month, level=name)


def _table(t: Words, name: str, rows: Sequence[tuple[str, int, str]]) -> Table:
    """Of names with how many there are."""
    columns = (
        Column("name", t(f"month-report.column-{name}")),
        Column("count", t("month-report.column-count"), "count"),
    )
    cells = tuple((Cell(said), Cell(n, path)) for said, n, path in rows)
    note = t("month-report.none") if not rows else ""
    if rows and name == "rivers":
        note = t("month-report.rivers-mean")
    return Table(name, t(f"month-report.table-{name}"), columns, cells, note)


def _answers(means: Means, of: Counted) -> Section:
    t = means.words
    valid = [event for event in of.events if not event.withdrawn]
    answered = sum(1 for event in valid if event.waited_ms is not None)
    middle, slowest = waits(of.events)
    figures = (
        Figure("answered", t("month-report.figure-answered"), answered),
        Figure("answerable", t("month-report.figure-answerable"), len(valid)),
        Figure("answered-share", t("month-report.figure-answered-share"),
               answered / len(valid) if valid else None, "percent"),
        Figure("median-wait", t("month-report.figure-median-wait"), middle, "duration"),
        Figure("longest-wait", t("month-report.figure-longest-wait"),
               slowest.waited_ms if slowest else None, "duration",
               path=f"/environment/events/{slowest.event.id}" if slowest else ""),
    )  # fmt: skip
    text = (t("month-report.answers-mean"),)
    return Section("answers", t("month-report.answers"), text, figures)


def _exceedances(means: Means, of: Counted) -> Section:
    t = means.words
    heads = ("rule", "level", "basis", "limit", "worst", "stations-n", "count")
    kinds = {"stations-n": "count", "count": "count"}
    columns = tuple(
        Column(name, t(f"month-report.column-{name}"), "count" if name in kinds else "text")
        for name in heads
    )
    rows = tuple(_exceeded(t, of.month, row) for row in of.exceeded)
    note = t("month-report.exceedances-mean") if rows else t("month-report.none")
    table = Table("exceedances", t("month-report.table-exceedances"), columns, rows, note)
    return Section("exceedances", t("month-report.exceedances"), tables=(table,))


def _exceeded(t: Words, month: Month, row: Exceeded) -> tuple[Cell, ...]:
    level = row.level.name.lower()
    path = alerts_path(month, rule=row.rule, level=level) if row.alone else ""
    return (
        Cell(row.name),
        Cell(t(f"level.{level}")),
        Cell(row.basis),
        Cell(row.limit),
        Cell(row.worst),
        Cell(len(row.stations)),
        Cell(len(row.alerts), path),
    )


def _data(means: Means, of: Counted) -> Section:
    t = means.words
    columns = (
        Column("station", t("month-report.column-station")),
        Column("silent-days", t("month-report.column-silent-days"), "count"),
        Column("silent", t("month-report.column-silent")),
        Column("readings", t("month-report.column-readings"), "count"),
        Column("not-good", t("month-report.column-not-good"), "percent"),
    )
    rows = tuple(
        (
            Cell(
                means.catalogue.stations[one.station].name, f"/environment/stations/{one.station}"
            ),
            Cell(len(one.silent)),
            Cell(_days(t, one.silent)),
            Cell(one.readings),
            Cell(1 - one.good / one.readings if one.readings else None),
        )
        for one in of.measured
    )
    silent = sum(1 for one in of.measured if one.silent)
    figures = (Figure("silent-stations", t("month-report.figure-silent-stations"), silent),)
    note = t("month-report.data-mean")
    table = Table("data", t("month-report.table-data"), columns, rows, note)
    return Section("data", t("month-report.data"), (), figures, (table,))


def _days(t: Words, days: Sequence[str]) -> Value:
    """Days of the month, those in a row as from and to."""
    parts = []
    for first, last in spans(days):
        one, other = int(first[-2:]), int(last[-2:])
        key = "one-day" if one == other else "some-days"
        parts.append(t(f"month-report.{key}", first=one, last=other))
    return t.listed(parts)


def _events(means: Means, of: Counted) -> Section:
    t = means.words
    columns = (
        Column("began", t("month-report.column-began"), "instant"),
        Column("level", t("month-report.column-level")),
        Column("name", t("month-report.column-name")),
        Column("said", t("month-report.column-said")),
        Column("lasted", t("month-report.column-lasted"), "duration"),
        Column("waited", t("month-report.column-waited"), "duration"),
    )
    listed = of.events[:MOST_EVENTS]
    rows = tuple(_event(t, one) for one in listed)
    left = len(of.events) - len(listed)
    note = t("month-report.events-left", n=left, most=MOST_EVENTS) if left else ""
    note = note or (t("month-report.events-mean") if rows else t("month-report.none"))
    table = Table("event-list", t("month-report.table-event-list"), columns, rows, note)
    return Section("event-list", t("month-report.event-list"), tables=(table,))


def _event(t: Words, one: Happened) -> tuple[Cell, ...]:
    level = t(f"level.{one.level.name.lower()}") if one.level else ""
    lasted = None if one.ended_ms is None else max(one.ended_ms - one.event.began_ms, 0)
    said = t("month-report.withdrawn", said=one.said) if one.withdrawn else one.said
    return (
        Cell(one.event.began_ms, f"/environment/events/{one.event.id}"),
        Cell(level),
        Cell(t("events.name", name=one.name, place=one.location)),
        Cell(said),
        Cell(lasted),
        Cell(one.waited_ms),
    )
