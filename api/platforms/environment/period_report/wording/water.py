"""Water of a period in words: class shares, sections with what decides them, targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from alerting.formats import water_class
from alerting.wording.sentences import figure
from api.kinds.reports import Cell, Figure, Means, Section, Table
from api.platforms.environment.period_report.records.water import (
    SectionState,
    WaterPiece,
    good,
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
from ingest.standards.water import WaterJudgement, water_class_names


def pieces(of: Counted) -> Sequence[WaterPiece]:
    """The sections of each part of a period."""
    return pieces_of(of.pieces, of.now, {one.station.id: one for one in of.before})


def sections(means: Means, of: Counted) -> Iterator[Section]:
    """The parts of a paper that are about water."""
    t, found = means.words, pieces(of)
    alone = len(found) == 1
    text = [*caveats(t, of), *(summary(t, one, alone=alone) for one in found)]
    figures = unmixed(_figures(t, found[0]), alone=alone)
    classes = Table(
        "classes",
        t("period.table-classes"),
        columns(
            t, "standard", "class", ("sections", "count"), ("share", "percent"),
            ("sections-before", "count"), ("share-before", "percent"), ("change", "percent"),
        ),
        tuple(row for one in found for row in _classes(t, one, alone=alone)),
        t("period.classes-mean"),
    )  # fmt: skip
    yield Section("water", t("period.water"), tuple(text), figures, (classes,))
    table = Table(
        "sections",
        t("period.table-sections"),
        columns(
            t, "standard", "station", "target", "class", "class-before", "met",
            "deciding", "exceeding", ("valid-days", "count"),
        ),
        tuple(
            _section(means, one, state, alone=alone) for one in found for state in one.sections
        ),
        t("period.sections-mean"),
    )  # fmt: skip
    yield Section("sections", t("period.sections"), tables=(table,))


def summary(t: Words, of: WaterPiece, *, alone: bool) -> str:
    """How the water was, in a sentence."""
    known = sum(of.classes.values())
    key = "period.water-said" if known else "period.water-nothing"
    fine, beyond = good(of.classes), of.classes.get(water_class_names()[-1], 0)
    met = sum(one.meets is True for one in of.held)
    text = t(
        key,
        standard=piece_said(t, of.piece, alone=alone),
        n=len(of.sections),
        known=known,
        good=fine,
        share=percent(share(fine, known) or 0),
        beyond=beyond,
        met=met,
        held=len(of.held),
        rate=percent(share(met, len(of.held)) or 0),
    )
    before = change(share(fine, known), share(good(of.classes_before), _n(of.classes_before)))
    return text + changed(t, before)


def _n(classes: Mapping[str, int]) -> int:
    return sum(classes.values())


def _figures(t: Words, of: WaterPiece) -> Iterator[Figure]:
    known, held = _n(of.classes), len(of.held)
    met = sum(one.meets is True for one in of.held)
    values = (
        ("water-sections", known, "count"),
        ("water-good", share(good(of.classes), known), "percent"),
        ("water-beyond", share(of.classes.get(water_class_names()[-1], 0), known), "percent"),
        ("water-met", met, "count"),
        ("water-held", held, "count"),
        ("water-rate", share(met, held), "percent"),
    )
    for name, value, kind in values:
        yield Figure(name, t(f"period.figure-{name}"), value, kind)  # type: ignore[arg-type]


def _classes(t: Words, of: WaterPiece, *, alone: bool) -> Iterator[tuple[Cell, ...]]:
    now, before = of.classes, of.classes_before
    standard = piece_cell(t, of.piece, alone=alone)
    lines = [(water_class(t, name), now.get(name, 0), before.get(name, 0))
             for name in water_class_names()]  # fmt: skip
    lines.append((t("period.good-classes"), good(now), good(before)))
    for name, n, then in lines:
        shares = share(n, _n(now)), share(then, _n(before))
        yield (
            Cell(standard),
            Cell(name),
            Cell(n),
            Cell(shares[0]),
            Cell(then if before else None),
            Cell(shares[1]),
            Cell(change(*shares)),
        )


def _section(
    means: Means, piece: WaterPiece, of: SectionState, *, alone: bool
) -> tuple[Cell, ...]:
    t, station = means.words, of.station
    met = "" if of.meets is None else t(f"period.{'met' if of.meets else 'missed'}")
    return (
        Cell(piece_cell(t, piece.piece, alone=alone)),
        Cell(station.name, f"/environment/stations/{station.id}"),
        Cell(water_class(t, station.target) if station.target else ""),
        Cell(_class(t, of.judged)),
        Cell(_class(t, of.before)),
        Cell(met),
        Cell(t.listed(_deciding(t, of))),
        Cell(t.listed(_exceeding(t, of))),
        Cell(of.valid),
    )


def _class(t: Words, judged: WaterJudgement | None) -> str:
    return water_class(t, judged.class_name) if judged and judged.class_name else ""


def _deciding(t: Words, of: SectionState) -> Iterator[str]:
    """Items that make the class, with their means; of class I all do, and none is named."""
    if of.judged is None or of.judged.class_name == water_class_names()[0]:
        return
    for code in of.judged.deciding:
        indicator = t.indicators[code]
        value = figure(of.means[code], indicator)
        yield t("period.item", name=indicator.name, value=value, unit=indicator.unit)


def _exceeding(t: Words, of: SectionState) -> Iterator[str]:
    """Items beyond the target, by how many times its limit."""
    for code, multiple in (of.judged.exceeding if of.judged else {}).items():
        name = t.indicators[code].name
        if multiple is None:
            yield name
        else:
            yield t("period.multiple", name=name, multiple=f"{multiple:.2f}")
