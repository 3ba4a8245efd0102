"""Parts that papers of water and of air share, in words: title, alerts, data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from alerting.alert import Alert, Level, State
from api.kinds.reports import Cell, Column, Figure, Means, Section, Table
from api.platforms.environment.days.records import Measured, Medium
from api.platforms.environment.period_report.records.periods import Period, Piece
from api.platforms.environment.standards_wording import standard_name
from api.web.workbooks import ValueKind
from config.catalogue.words import Words
from ingest.standards.limits import completeness

MOST_ALERTS = 200
"""Alerts that a paper lists; the page lists all."""
STATES = (State.FIRING, State.RESOLVED)
LEVELS = tuple(reversed(Level))
LEAST_SHARE = 0.75
"""An item of which less was measured is named."""


@dataclass(frozen=True, slots=True)
class Counted:
    """All that a paper of one medium is made of, in a ``period`` of which ``over`` days are over.
    Of ``before`` there are no stations with days where nothing is kept of the year before.
    """

    medium: Medium
    period: Period
    over: Sequence[date]
    pieces: Sequence[Piece]
    now: Sequence[Measured]
    before: Sequence[Measured]
    alerts: Sequence[Alert]

    @property
    def ended(self) -> bool:
        """Whether the period is over."""
        return bool(self.over) and self.over[-1] == self.period.last

    @property
    def lacking(self) -> Sequence[Measured]:
        """Stations without a single valid day."""
        return [of for of in self.now if not of.days]


def period_said(words: Words, period: Period) -> str:
    """A period as people write it."""
    first = period.first
    if period.span == "week":
        year, week, _ = first.isocalendar()
        return words("period.week", year=year, week=week)
    return words(
        f"period.{period.span}",
        year=first.year,
        quarter=first.month // 3 + 1,
        month=words(f"month.{first.month}"),
        day=first.day,
    )


def subtitle(words: Words, period: Period) -> str:
    """From when to when."""
    return words("period.subtitle", first=f"{period.first}", last=f"{period.last}")


def standard_said(words: Words, piece: Piece) -> str:
    """The standards of a part of a period."""
    return words.listed(standard_name(words, of) for of in piece.standards)


def piece_said(words: Words, piece: Piece, *, alone: bool) -> str:
    """A part of a period by its standards, with its days where there are several parts."""
    standards = standard_said(words, piece)
    if alone:
        return standards
    return words("period.piece", first=f"{piece.first}", last=f"{piece.last}", standards=standards)


def piece_cell(words: Words, piece: Piece, *, alone: bool, at: int = 0) -> str:
    """The same for a narrow column, by one of its standards."""
    standard = standard_name(words, piece.standards[at])
    if alone:
        return standard
    first, last = f"{piece.first:%m-%d}", f"{piece.last:%m-%d}"
    return words("period.piece-short", first=first, last=last, standard=standard)


def caveats(words: Words, of: Counted) -> Iterator[str]:
    """Sentences without which the figures would be misread."""
    if not of.ended:
        yield words("period.goes-on", n=len(of.over))
    for piece in of.pieces[1:]:
        before = of.pieces[of.pieces.index(piece) - 1]
        yield words(
            "period.crosses",
            day=f"{piece.first}",
            old=standard_said(words, before),
            new=standard_said(words, piece),
        )
    if of.lacking:
        names = words.listed(one.station.name for one in of.lacking)
        yield words("period.lacking", n=len(of.lacking), names=names)
    if not any(one.days for one in of.before):
        yield words("period.before-unknown")


def numbered(words: Words, sections: Sequence[Section]) -> tuple[Section, ...]:
    """With their numbers before their titles."""
    return tuple(
        replace(of, title=words("period.numbered", n=words(f"period.number-{n}"), title=of.title))
        for n, of in enumerate(sections, start=1)
    )


def unmixed(figures: Iterable[Figure], *, alone: bool) -> tuple[Figure, ...]:
    """Figures of a period; none of several parts, for those of one standard are not put together
    with those of another.
    """
    return tuple(of if alone else replace(of, value=None) for of in figures)


def percent(share: float) -> str:
    """A share in a sentence."""
    return f"{share * 100:.1f}%"


def columns(words: Words, *named: tuple[str, ValueKind] | str) -> tuple[Column, ...]:
    """Columns by their names, texts where nothing else is said."""
    pairs = [(of, "text") if isinstance(of, str) else of for of in named]
    return tuple(
        Column(name, words(f"period.column-{name}"), kind, 2 if kind == "number" else 0)  # type: ignore[arg-type]
        for name, kind in pairs
    )


def share(part: int, whole: int) -> float | None:
    """A share, where there is a whole."""
    return part / whole if whole else None


def change(now: float | None, before: float | None) -> float | None:
    """By how many points of a hundred a share rose, a share itself."""
    return None if now is None or before is None else now - before


def changed(t: Words, points: float | None) -> str:
    """A share beside that of the year before, behind a sentence."""
    if points is None:
        return ""
    key = "same" if abs(points) < 0.0005 else "rose" if points > 0 else "fell"
    return t(f"period.share-{key}", points=f"{abs(points) * 100:.1f}")


def alerts_section(means: Means, of: Counted) -> Section:
    """Alerts of pollution by level and state, and the gravest of them in a sentence each."""
    t = means.words
    by = Counter((one.level, one.state) for one in of.alerts)
    rows = [
        (
            Cell(t(f"level.{level.name.lower()}")),
            *(Cell(by[level, state]) for state in STATES),
            Cell(sum(by[level, state] for state in STATES)),
        )
        for level in LEVELS
    ]
    heads = columns(t, "level", ("firing", "count"), ("resolved", "count"), ("total", "count"))
    counts = Table(f"{of.medium}-alert-levels", t("period.table-alert-levels"), heads, tuple(rows))
    steady = means.wording.steady()
    listed = sorted(of.alerts, key=lambda one: (-one.level, one.fired_ms, one.id))[:MOST_ALERTS]
    said = tuple(
        (
            Cell(one.fired_ms, f"/environment/alerts/{one.id}"),
            Cell(t(f"level.{one.level.name.lower()}")),
            Cell(steady.sentences(one, of.period.until_ms).summary),
            Cell(t(f"period.column-{one.state}")),
        )
        for one in listed
    )
    left = len(of.alerts) - len(listed)
    note = t("period.alerts-left", n=left, most=MOST_ALERTS) if left else ""
    note = note or ("" if said else t("period.none"))
    heads = columns(t, ("fired", "instant"), "level", "said", "state")
    table = Table(f"{of.medium}-alerts", t("period.table-alerts"), heads, said, note)
    return Section(f"{of.medium}-alerts", t(f"period.alerts-{of.medium}"), tables=(counts, table))


def data_section(t: Words, of: Counted) -> Section:
    """How much was validly measured, by station."""
    days = len(of.over)
    rows = tuple(
        (
            Cell(one.station.name, f"/environment/stations/{one.station.id}"),
            Cell(days),
            Cell(len(one.days)),
            Cell(one.share if days else None),
            Cell(t.listed(_short(t, one))),
        )
        for one in of.now
    )
    heads = columns(
        t,
        "station",
        ("days", "count"),
        ("valid-days", "count"),
        ("valid-share", "percent"),
        "short",
    )
    note = t("period.data-mean", hours=completeness().day_hours)
    if of.medium == "air":
        note += t("period.data-clauses")
    table = Table(f"{of.medium}-data", t("period.table-data"), heads, rows, note)
    return Section(f"{of.medium}-data", t(f"period.data-{of.medium}"), tables=(table,))


def _short(t: Words, one: Measured) -> Iterator[str]:
    """Items of which little was measured."""
    for code, of in one.shares.items():
        if of < LEAST_SHARE:
            yield t("period.short", name=t.indicators[code].name, share=percent(of))
